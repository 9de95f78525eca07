// Compares a change's missing facts with its undecided connections in recorded meshes, one by one.
import { readYaml } from '../../../src/manifests/yaml/read-yaml';
import { Connection } from '../../../src/mesh/calls/connections';
import { MeshChange } from '../../../src/mesh/change/mesh-change';
import { Workload } from '../../../src/mesh/workloads/workload';
import { partialChanges, Split } from '../../support/meshes/changes';
import { deployment, injected, meshConfig, namespace, service } from '../../support/meshes/mesh';
import { someOf } from '../../support/random/cases';

const CHANGES = someOf(partialChanges(20261130));
const OPTIONS = [{}, { installedRevisions: ['stable'] }];
const changeOf = ({ own, existing }: Split, number = 0) => MeshChange.of(own, existing, { parseYaml: readYaml, ...OPTIONS[number % OPTIONS.length] });
const factsOf = (own: unknown[], existing: unknown[]) =>
  changeOf({ own: own.flat(3) as object[], existing: existing.flat(3) as object[] }).missingFacts()
    .map(({ need, subject, connections }) => [need, subject, connections]);

/** The fact that a connection lacks, if its reason alone implies it. */
function singleFact({ undecidedBecause, service: { name, host, subset } }: Connection): string[] {
  switch (undecidedBecause) {
    case undefined: case 'client-proxy-unknown': case 'server-proxy-unknown': case 'unknown-discovery': return [];
    case 'no-endpoints': case 'own-certificates': case 'exported-to-nobody': return [];
    case 'destination-elsewhere': return [name !== '' && subset !== undefined ? `subset ${subset} of ${host}` : `destination ${host}`];
    case 'ambiguous-service': return [`one-owner ${host}`];
    case 'refused-routes': return [`routes ${host}`];
    default: return [`model ${undecidedBecause}`];
  }
}

/** The facts that an unknown proxy at either end lacks. */
function proxyFacts({ client, server, undecidedBecause }: Connection, byName: ReadonlyMap<string, Workload>): string[] {
  const ends = undecidedBecause === 'client-proxy-unknown' ? [client, server] : undecidedBecause === 'server-proxy-unknown' ? [server] : [];
  const lacks = ends.flatMap((end) => (end && byName.get(`${end.kind}/${end.namespace}/${end.name}`)?.proxy.lacks) ?? []);
  return lacks.map(({ fact, name }) => `${fact} ${name}`);
}

test('each missing fact counts the listed connections that lack it', () => {
  const NEEDS = ['namespace', 'revision', 'template', 'subset', 'destination', 'one-owner', 'routes', 'model'];
  const kinds = new Set<string>();
  let fewer = 0;
  CHANGES.forEach((split, number) => {
    const made = changeOf(split, number);
    const byName = new Map(made.after.workloads.map((workload) => [`${workload.kind}/${workload.namespace}/${workload.name}`, workload]));
    const expected = new Map<string, number>();
    for (const connection of made.connections({ outcome: 'undecided' })) {
      for (const key of new Set([...singleFact(connection), ...proxyFacts(connection, byName)])) expected.set(key, (expected.get(key) ?? 0) + 1);
    }
    const told = made.missingFacts().filter(({ need }) => NEEDS.includes(need));
    expect([number, Object.fromEntries(told.map(({ need, subject, connections }) => [`${need} ${subject}`, connections]))]).toEqual([number, Object.fromEntries(expected)]);
    const whole = new Map(made.after.missingFacts().map(({ need, subject, connections }) => [`${need} ${subject}`, connections]));
    for (const { need, subject, connections } of told) {
      kinds.add(need);
      fewer += Number(connections < whole.get(`${need} ${subject}`)!);
    }
  });
  expect([...kinds]).toEqual(expect.arrayContaining(['namespace', 'revision', 'destination', 'model']));
  expect(fewer).toBeGreaterThan(0);
});

test('connections that the change doesn\'t affect have no missing facts', () => {
  const there = [deployment('x/a'), service('x/a', ['http:80']), deployment('y/b')];
  expect(factsOf([namespace('z')], there)).toEqual([]);
  expect(factsOf([deployment('z/c')], there)).toEqual([['namespace', 'x', 1], ['namespace', 'z', 1]]);
});

test('only the clients that the change affects have missing facts', () => {
  const discovery = meshConfig({ discoverySelectors: [{ matchLabels: { 'kubernetes.io/metadata.name': 'a' } }, { matchLabels: { team: 'a' } }] });
  const server = deployment('x/b', { labels: { 'app': 'b', 'sidecar.istio.io/inject': 'false' } });
  const there = [injected('a'), deployment('a/one'), deployment('a/two'), server, service('x/b', ['http:80']), discovery];
  expect(factsOf([], there)).toEqual([]);
  expect(factsOf([deployment('a/new')], there)).toEqual([['discovery', 'x', 1]]);
  expect(factsOf([service('x/b', ['http:80'])], there)).toEqual([['discovery', 'x', 2]]);
});

test('a workload\'s call to itself has no missing facts', () => {
  expect(factsOf([deployment('x/a')], [service('x/a', ['http:80']), deployment('x/b')])).toEqual([['namespace', 'x', 1]]);
});
