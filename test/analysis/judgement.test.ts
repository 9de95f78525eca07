import { loadAll } from 'js-yaml';
import { analyze } from '../../src/analysis/analysis';
import { Evidence } from '../../src/analysis/evidence';
import { duplicatesOf, findingsIn } from '../../src/analysis/judgement';
import { RULES } from '../../src/analysis/rules';
import { readYaml } from '../../src/manifests/yaml/read-yaml';
import { Mesh } from '../../src/mesh/mesh';
import { sampledTexts } from '../support/documents/examples-of-rules';
import { mode, peerAuthentication } from '../support/meshes/mesh';

const empty = peerAuthentication('shop/empty', { selector: {}, ...mode('STRICT') });
const isDuplicate = (...acknowledgements: { code: string; reason: string }[]) =>
  duplicatesOf(analyze(Mesh.of([empty], { parseYaml: readYaml }), { acknowledgements }));

test.each([
  ['a finding', isDuplicate()],
  ['an acknowledged finding', isDuplicate({ code: 'MTLS206', reason: 'the whole is meant' })],
])('%s duplicates the admission warning of its object', (_, told) => {
  expect(told(empty, 'ADMIT451')).toBe(true);
});

test('a finding doesn\'t duplicate other warnings, nor those of other objects', () => {
  expect([isDuplicate()({ ...empty }, 'ADMIT451'), isDuplicate()(empty, 'ADMIT108')]).toEqual([false, false]);
});

test('rules are only skipped if they would find nothing', () => {
  const missed = sampledTexts.flatMap((text) => {
    const objects = (loadAll(text) as any[]).filter((object) => object);
    const kinds = new Set(objects.map(({ kind }) => kind));
    const parts = [...kinds].flatMap((kind) => [objects.filter((one) => one.kind === kind), objects.filter((one) => one.kind !== kind)]);
    return [objects, ...parts].filter((part) => {
      const mesh = Mesh.of(part, { parseYaml: readYaml });
      const evidence = new Evidence(mesh);
      return findingsIn(mesh).length !== RULES.flatMap((rule) => [...rule.find(evidence)]).length;
    });
  });
  expect(missed).toEqual([]);
});
