import { readYaml } from '../../../src/manifests/yaml/read-yaml';
import { Connection } from '../../../src/mesh/calls/connections';
import { MeshChange } from '../../../src/mesh/change/mesh-change';
import { assumed } from '../../../src/mesh/workloads/missing-injection';
import { ConnectionsBothWays } from '../../../src/mesh/worlds/connections-both-ways';
import { dependingConnections } from '../../../src/mesh/worlds/depending-connections';
import { allValuesOf, Worlds } from '../../../src/mesh/worlds/worlds';
import { deployment, destinationRule, injected, mesh, service, tls, toHost, virtualService } from '../../support/meshes/mesh';
import { casesOf } from '../../support/random/cases';
import { partialMeshes } from '../../support/random/random-meshes';

const { seed, count } = casesOf('decisions');

const CALLED = [injected('a'), deployment('a/client'), deployment('b/web'), service('b/web', ['http:80'])];
const PATCHED = { apiVersion: 'networking.istio.io/v1alpha3', kind: 'EnvoyFilter', metadata: { namespace: 'b', name: 'f' }, spec: { configPatches: [{ applyTo: 'CLUSTER', patch: { operation: 'REMOVE' } }] } };
const OF_A = { ...PATCHED, metadata: { namespace: 'a', name: 'f' } };

test.each<[string, unknown[], number]>([
  ['the outcome differs', CALLED, 1],
  ['each of several clients counts', [CALLED, deployment('a/other'), deployment('a/third')], 3],
  ['the outcome is the same', [CALLED, destinationRule('b/web', { host: 'web', ...tls('DISABLE') })], 0],
  ['no fact is missing', [CALLED, injected('b')], 0],
  ['one case is undecided', [injected('b'), deployment('b/web'), service('b/web', ['http:80']), deployment('a/client'), OF_A], 1],
  ['all cases are undecided for the same reason', [CALLED, OF_A], 0],
  ['all cases are undecided for several reasons', [injected('a'), service('a/web', ['http:80']), deployment('b/client'), PATCHED], 0],
  ['a server is called in one case only', [deployment('a/client'), injected('b'), deployment('b/web'), service('b/web', ['http:80']), deployment('b/other'),
    service('b/other', ['http:80']), virtualService('b/web', { hosts: ['web'], http: [toHost('other')] })], 3],
])('%s', (_, objects, expected) => {
  expect(dependingConnections(mesh(objects))).toBe(expected);
});

test('of a change, the connections count that it concerns', () => {
  const facts = [injected('a'), deployment('a/client'), deployment('c/other'), service('a/client', ['http:80'])].flat();
  const change = MeshChange.of([deployment('b/web'), service('b/web', ['http:80'])], facts, { parseYaml: readYaml });
  expect([dependingConnections(change), dependingConnections(change, 1)]).toEqual([3, undefined]);
});

test('more than some decisions aren\'t counted', () => {
  expect(dependingConnections(mesh(CALLED), 1)).toBeUndefined();
});

test('each server of a call is a decision', () => {
  const facts = [injected('a'), deployment('a/client')].flat();
  const servers = (number: number) => [service('b/web', ['http:80'], { selector: { app: 'web' } }), Array.from({ length: number }, (_, index) => deployment(`b/web-${index}`, { labels: { app: 'web' } }))].flat();
  const change = (number: number) => MeshChange.of(servers(number), facts, { parseYaml: readYaml });
  // Clients are the servers, too; each is decided in three meshes.
  const [few, many] = [4, 40].map((number) => [mesh([facts, servers(number)]), change(number)]);
  expect(few.map((judged) => dependingConnections(judged, 100))).toEqual([16, 16]);
  expect(many.map((judged) => dependingConnections(judged, 40 * 41 * 3 - 1))).toEqual([undefined, undefined]);
  expect(many.map((judged) => dependingConnections(judged, 41 * 41 * 3))).toEqual([40 * 40, 40 * 40]);
});

const keyOf = ({ client, requested, server }: Connection): string => JSON.stringify([client, requested, server]);

test('of random meshes, the listed connections count that have several outcomes', () => {
  let [depending, compared] = [0, 0];
  for (const { id, objects } of partialMeshes(seed + 13, count(30))) {
    const whole = mesh(objects);
    const facts = Worlds.of(whole)?.facts ?? [];
    if (facts.length === 0) continue;
    const rows = [...ConnectionsBothWays.of(whole)!.connections({})];
    const several = rows.filter(({ branches = [] }) => new Set(branches.map(({ outcome }) => outcome)).size > 1).length;
    const open = [...ConnectionsBothWays.of(whole)!.connections({ outcome: 'undecided' })].length;
    const found = dependingConnections(whole)!;
    // A connection that depends on further facts than those of its ends counts too, and is listed as undecided.
    expect([id, found >= several, found <= several + open]).toEqual([id, true, true]);
    if (facts.length <= 2) expect([id, found]).toEqual([id, several]);
    depending += found;
    compared += facts.length <= 2 ? 1 : 0;
  }
  expect([depending > 0, compared > 0]).toEqual([true, true]);
});

test('of random meshes whose calls all have one server, those count whose outcome isn\'t the same with all facts stated', () => {
  let compared = 0;
  for (const { id, objects } of partialMeshes(seed + 17, count(100))) {
    const whole = mesh([CALLED, ...objects.filter(({ kind }) => !['ServiceEntry', 'VirtualService', 'Sidecar', 'Service', 'WorkloadEntry'].includes(kind))]);
    const facts = Worlds.of(whole)?.facts ?? [];
    if (facts.length === 0 || facts.length > 3) continue;
    const inEach = allValuesOf(facts).map((values) => [...whole.given({ assumed: assumed(facts, (index) => values[index]) }).connections()]);
    const outcomes = inEach.map((connections) => new Map(connections.map((one) => [keyOf(one), one.outcome])));
    if (inEach.some((connections, index) => connections.length !== outcomes[index].size)) continue;
    const keys = new Set(outcomes.flatMap((each) => [...each.keys()]));
    const different = [...keys].filter((key) => new Set(outcomes.map((each) => each.get(key))).size > 1);
    expect([id, dependingConnections(whole)]).toEqual([id, different.length]);
    compared += 1;
  }
  expect(compared).toBeGreaterThan(0);
});
