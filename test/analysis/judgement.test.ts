import { analyze } from '../../src/analysis/analysis';
import { duplicatesOf } from '../../src/analysis/judgement';
import { readYaml } from '../../src/manifests/yaml/read-yaml';
import { Mesh } from '../../src/mesh/mesh';
import { mode, peerAuthentication } from '../support/mesh';

const empty = peerAuthentication('shop/empty', { selector: {}, ...mode('STRICT') });
const isDuplicate = (...acknowledgements: { code: string; reason: string }[]) =>
  duplicatesOf(analyze(Mesh.of([empty], { parseYaml: readYaml }), acknowledgements));

test.each([
  ['a finding', isDuplicate()],
  ['an acknowledged finding', isDuplicate({ code: 'MTLS206', reason: 'the whole is meant' })],
])('%s tells of its object in full what admission warns of', (_, told) => {
  expect(told(empty, 'ADMIT451')).toBe(true);
});

test('of other objects, and what it doesn\'t say, it tells nothing', () => {
  expect([isDuplicate()({ ...empty }, 'ADMIT451'), isDuplicate()(empty, 'ADMIT108')]).toEqual([false, false]);
});
