import { Worlds } from '../../../src/mesh/worlds/worlds';
import { deployment, injected, mesh, namespace } from '../../support/meshes/mesh';

const unknown = (count: number) => Array.from({ length: count }, (_, index) => deployment(`n${index}/web`));
const worldsOf = (objects: unknown[], options = {}) => Worlds.of(mesh(objects, options));

test('a mesh without missing facts has no worlds', () => {
  expect(worldsOf([injected('a'), deployment('a/web')])).toBeUndefined();
});

test.each([[1, 2], [2, 4], [3, 5], [4, 6], [6, 6], [7, 7], [10, 7], [126, 11]])('any two of %i facts have each combination of values in %i worlds', (count, worlds) => {
  const { facts, all } = worldsOf(unknown(count))!;
  expect([facts.length, all.length]).toEqual([count, worlds]);
  const [one, two] = all.map((world) => world.facts.size);
  expect([one, two]).toEqual([count, 0]);
  const keys = facts.map(({ fact, name }) => `${fact} ${name}`);
  for (const [index, first] of keys.entries()) {
    for (const second of keys.slice(index + 1)) expect(new Set(all.map(({ facts: held }) => `${held.has(first)} ${held.has(second)}`)).size).toBe(4);
  }
});

test('more facts have only two worlds: all true and all false', () => {
  expect(worldsOf(unknown(127))!.all.map(({ facts }) => facts.size)).toEqual([127, 0]);
});

test('a revision that only pods of an unknown namespace request is a missing fact too', () => {
  const canary = deployment('a/web', { labels: { 'app': 'web', 'istio.io/rev': 'canary' } });
  const { facts, all } = worldsOf([canary], { installedRevisions: ['stable'] })!;
  expect(facts).toEqual([{ fact: 'namespace', name: 'a' }, { fact: 'revision', name: 'canary' }]);
  expect(all.map((world) => world.mesh.workloads[0].proxy.kind)).toEqual(['sidecar', 'none', 'sidecar', 'sidecar']);
});

test('a revision that isn\'t installed injects nothing', () => {
  const { all } = worldsOf([namespace('a', { 'istio.io/rev': 'canary' }), deployment('a/web')], { installedRevisions: ['stable'] })!;
  expect(all.map(({ mesh: { workloads: [{ proxy: { kind, because } }] } }) => [kind, because])).toEqual([
    ['sidecar', 'the namespace\'s label istio.io/rev is canary'], ['none', 'revision canary isn\'t installed'],
  ]);
});
