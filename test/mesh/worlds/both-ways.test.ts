import { readYaml } from '../../../src/manifests/yaml/read-yaml';
import { MeshChange } from '../../../src/mesh/change/mesh-change';
import type { Mesh } from '../../../src/mesh/mesh';
import { judgedBothWays, summaryBothWays } from '../../../src/mesh/worlds/both-ways';
import { deployment, injected, mesh, service } from '../../support/meshes/mesh';

const flat = (objects: readonly unknown[]): object[] => objects.flatMap((one) => (Array.isArray(one) ? flat(one) : [one as object]));
const SHOP = [deployment('a/client'), deployment('b/web'), service('b/web', ['http:80'])];
const decided = (judged: Mesh | MeshChange) => (judged instanceof MeshChange
  ? judgedBothWays<MeshChange>(judged, judged.after)
  : judgedBothWays<Mesh>(judged, judged));
const counts = (judged: Mesh | MeshChange) => {
  const worlds = decided(judged);
  const both = worlds && summaryBothWays(worlds);
  return both && [both.facts.map(({ name }) => name), both.with.outcomes.mtls, both.without.outcomes.plaintext];
};

test('connections are counted with all sidecars and with none', () => {
  expect(counts(mesh(SHOP))).toEqual([['a', 'b'], 1, 1]);
  expect(counts(mesh([injected('a', 'b'), SHOP]))).toBeUndefined();
});

test('a revision that only pods of an unknown namespace request is a missing fact too', () => {
  const pods = deployment('a/client', { labels: { 'app': 'client', 'istio.io/rev': 'canary' } });
  expect(counts(mesh([injected('b'), pods, SHOP.slice(1)], { installedRevisions: ['default'] }))).toEqual([['a', 'canary'], 1, 1]);
});

test('a change counts only the connections that it affects', () => {
  const change = MeshChange.of(flat([deployment('a/client')]), flat([injected('b'), SHOP.slice(1), deployment('c/other')]), { parseYaml: readYaml });
  expect(counts(change)).toEqual([['a', 'c'], 1, 1]);
});
