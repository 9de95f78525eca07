import { readYaml } from '../../../src/manifests/yaml/read-yaml';
import { ChangedConnections, connectionChanges } from '../../../src/mesh/compare/connection-changes';
import { diffOf } from '../../../src/mesh/compare/diff';
import { inventoryChange, objectChanges } from '../../../src/mesh/compare/object-changes';
import { pathOutcome } from '../../../src/mesh/compare/arrivals';
import { Inventory } from '../../../src/mesh/inventory/inventory';
import { Mesh } from '../../../src/mesh/mesh';
import { recordedChanges } from '../../support/meshes/changes';
import { changesOneByOne, linesOfChanges } from '../../support/meshes/changes-one-by-one';
import { deployment, destinationRule, injected, mesh, mode, namespace, peerAuthentication, service, sidecar, tls, virtualService } from '../../support/meshes/mesh';
import { casesOf, someOf } from '../../support/random/cases';
import { randomChanges, simpleChanges } from '../../support/random/random-changes';

const { seed, count } = casesOf('comparisons');

/** Each is compared both ways. */
const RANDOM = [
  { what: 'simple', changes: simpleChanges(seed, count(80)) },
  { what: 'crowded', changes: randomChanges(seed, count(80)) },
];

const CLUSTER = [injected('a', 'b'), ['a', 'b'].map((space) => [deployment(`${space}/client`), deployment(`${space}/server`, { ports: [{ containerPort: 80 }] }), service(`${space}/server`, ['http:80'])])];

/** `client host:port server: before → after`, a line for each client. */
function linesOf({ host, port, clients, before, after }: ChangedConnections): string[] {
  const endpoint = (after ?? before)!.path.hops.at(-1)!.received.endpoint ?? before?.path.hops.at(-1)!.received.endpoint;
  const server = endpoint?.workload ? `${endpoint.workload.namespace}/${endpoint.workload.name}:${endpoint.port}` : 'nobody';
  const of = (side: typeof before) => (side ? pathOutcome(side.path) : 'none');
  return clients.map(({ before: one, after: other }) => {
    const { namespace: space, name } = (other ?? one)!;
    return `${space}/${name} ${host.replace('.svc.cluster.local', '')}:${port} ${server}: ${of(before)} → ${of(after)}`;
  });
}

const changesOf = (before: unknown[], after: unknown[]) => connectionChanges(mesh(before), mesh(after));
const told = (before: unknown[], after: unknown[]) => changesOf(before, after).changes.flatMap(linesOf).sort();

test('a mesh doesn\'t differ from itself', () => {
  expect(changesOf(CLUSTER, CLUSTER)).toEqual({ changes: [], unchanged: 6 });
});

test.each<[string, unknown[], unknown[], string[]]>([
  ['a rule that turns TLS off', [], [destinationRule('a/r', { host: 'server.a.svc.cluster.local', ...tls('DISABLE') })],
    ['a/client server.a:80 a/server:80: mtls → plaintext', 'b/client server.a:80 a/server:80: mtls → plaintext', 'b/server server.a:80 a/server:80: mtls → plaintext']],
  ['a rule that turns TLS off for the clients of one namespace', [], [destinationRule('b/r', { host: 'server.a.svc.cluster.local', ...tls('DISABLE') })],
    ['b/client server.a:80 a/server:80: mtls → plaintext', 'b/server server.a:80 a/server:80: mtls → plaintext']],
  ['a policy that breaks plaintext', [destinationRule('b/r', { host: 'server.a.svc.cluster.local', ...tls('DISABLE') })],
    [destinationRule('b/r', { host: 'server.a.svc.cluster.local', ...tls('DISABLE') }), peerAuthentication('a/default', mode('STRICT'))],
    ['b/client server.a:80 a/server:80: plaintext → broken', 'b/server server.a:80 a/server:80: plaintext → broken']],
  ['a new client', [], [deployment('b/new')], ['b/new server.a:80 a/server:80: none → mtls', 'b/new server.b:80 b/server:80: none → mtls']],
  ['a removed client', [deployment('b/new')], [], ['b/new server.a:80 a/server:80: mtls → none', 'b/new server.b:80 b/server:80: mtls → none']],
  ['a new service', [], [service('a/other', ['http:80'], { selector: { app: 'server' } })],
    ['a/client other.a:80 a/server:80: none → mtls', 'b/client other.a:80 a/server:80: none → mtls', 'b/server other.a:80 a/server:80: none → mtls']],
  ['a Sidecar that hides services', [], [sidecar('b/default', { egress: [{ hosts: ['b/*'] }], outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } })],
    ['b/client server.a:80 a/server:80: mtls → broken', 'b/server server.a:80 a/server:80: mtls → broken']],
  ['a namespace that loses its sidecars', [], [namespace('b')],
    ['a/client server.b:80 b/server:80: mtls → plaintext', 'a/server server.b:80 b/server:80: mtls → plaintext', 'b/client server.a:80 a/server:80: mtls → plaintext',
      'b/client server.b:80 b/server:80: mtls → plaintext', 'b/server server.a:80 a/server:80: mtls → plaintext']],
])('the changed connections are found for %s', (_, before, after, lines) => {
  expect(told([CLUSTER, before], [CLUSTER, after])).toEqual(lines);
});

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}

test('of several hosts without servers the first by name is the new destination, in any order of the route', () => {
  const empty = ['x', 'y'].map((name) => service(`a/${name}`, ['http:80'], { selector: { app: 'none' } }));
  const route = (...names: string[]) =>
    virtualService('a/server', { hosts: ['server'], http: [{ route: names.map((host) => ({ destination: { host }, weight: 100 / names.length })) }] });
  const toServer = (...names: string[]) => changesOf([CLUSTER, empty, route(...names)], [CLUSTER, empty, route('server')]).changes
    .filter(({ host }) => host.startsWith('server.a.')).flatMap(linesOfChanges).sort();
  expect(toServer('x', 'y')).toMatchInlineSnapshot(`
[
  "Deployment a/client server.a.svc.cluster.local:80 x.a.svc.cluster.local:80 undecided → Deployment a/server:80 mtls",
  "Deployment a/client server.a.svc.cluster.local:80 y.a.svc.cluster.local:80 undecided → none",
  "Deployment a/server server.a.svc.cluster.local:80 x.a.svc.cluster.local:80 undecided → none",
  "Deployment a/server server.a.svc.cluster.local:80 y.a.svc.cluster.local:80 undecided → none",
  "Deployment b/client server.a.svc.cluster.local:80 x.a.svc.cluster.local:80 undecided → Deployment a/server:80 mtls",
  "Deployment b/client server.a.svc.cluster.local:80 y.a.svc.cluster.local:80 undecided → none",
  "Deployment b/server server.a.svc.cluster.local:80 x.a.svc.cluster.local:80 undecided → Deployment a/server:80 mtls",
  "Deployment b/server server.a.svc.cluster.local:80 y.a.svc.cluster.local:80 undecided → none",
]
`);
  expect(toServer('y', 'x')).toEqual(toServer('x', 'y'));
});

/** Compares both ways, and gives the number of changes. */
function expectSameAsOneByOne(before: Mesh, after: Mesh, id: string): number {
  return [[before, after], [after, before]].reduce((seen, [from, to]) => {
    const { changes, unchanged } = connectionChanges(from, to);
    const wanted = changesOneByOne(from, to);
    expect({ id, changes: changes.flatMap(linesOfChanges).sort(), unchanged }).toEqual({ id, ...wanted });
    return seen + wanted.changes.length;
  }, 0);
}

describe('equals a comparison of all connections', () => {
  test('of the recorded meshes', () => {
    const changes = someOf(recordedChanges(20261127)).map(({ own, existing }, index) =>
      expectSameAsOneByOne(Mesh.of(existing, { parseYaml: readYaml }), Mesh.of(own, { parseYaml: readYaml, existing }), `${index}`));
    expect(sumOf(changes)).toBeGreaterThan(0);
  });

  test.each(RANDOM)('for random changes of $what meshes, and a mesh doesn\'t differ from itself', ({ changes }) => {
    for (const { id, before, after } of changes) {
      const from = mesh(before);
      const { objects, groups, acceptances, identities, unchanged } = diffOf(from, before);
      const found = [...objects, ...groups, ...acceptances, ...identities];
      expect({ id, found, unchanged }).toEqual({ id, found: [], unchanged: changesOneByOne(from, from).unchanged });
      const to = from.with(...objectChanges(from.objects, Inventory.of(after, from.objects.readBy)).map(inventoryChange));
      expectSameAsOneByOne(from, to, id);
    }
  });
});
