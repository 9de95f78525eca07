import { readYaml } from '../../../src/manifests/yaml/read-yaml';
import { Connection } from '../../../src/mesh/calls/connections';
import { Outcome } from '../../../src/mesh/calls/outcome';
import { Hop, lastHop } from '../../../src/mesh/calls/path';
import { ConnectionChange, connectionChanges, outcomeOf } from '../../../src/mesh/compare/connection-changes';
import { Mesh } from '../../../src/mesh/mesh';
import { ownerOf } from '../../../src/mesh/services/endpoint';
import { recordedChanges } from '../../support/changes';
import { deployment, destinationRule, injected, mesh, mode, namespace, peerAuthentication, service, sidecar, tls } from '../../support/mesh';

const CLUSTER = [injected('a', 'b'), ['a', 'b'].map((space) => [deployment(`${space}/client`), deployment(`${space}/server`, { ports: [{ containerPort: 80 }] }), service(`${space}/server`, ['http:80'])])];

/** `client host:port server: before → after`, a line for each client. */
function linesOf({ host, port, clients, before, after }: ConnectionChange): string[] {
  const endpoint = (after ?? before)!.path.hops.at(-1)!.endpoint ?? before?.path.hops.at(-1)!.endpoint;
  const server = endpoint?.workload ? `${endpoint.workload.namespace}/${endpoint.workload.name}:${endpoint.port}` : 'nobody';
  const of = (side: typeof before) => (side ? outcomeOf(side.path) : 'none');
  return clients.map(({ before: one, after: other }) => {
    const { namespace: space, name } = (other ?? one)!;
    return `${space}/${name} ${host.replace('.svc.cluster.local', '')}:${port} ${server}: ${of(before)} → ${of(after)}`;
  });
}

const changesOf = (before: unknown[], after: unknown[]) => connectionChanges(mesh(before), mesh(after));
const told = (before: unknown[], after: unknown[]) => changesOf(before, after).changes.flatMap(linesOf).sort();

test('a mesh and itself don\'t differ', () => {
  expect(changesOf(CLUSTER, CLUSTER)).toEqual({ changes: [], unchanged: 6 });
});

test.each<[string, unknown[], unknown[], string[]]>([
  ['a rule that turns TLS off', [], [destinationRule('a/r', { host: 'server.a.svc.cluster.local', ...tls('DISABLE') })],
    ['a/client server.a:80 a/server:80: mtls → plaintext', 'b/client server.a:80 a/server:80: mtls → plaintext', 'b/server server.a:80 a/server:80: mtls → plaintext']],
  ['the same of one namespace\'s clients', [], [destinationRule('b/r', { host: 'server.a.svc.cluster.local', ...tls('DISABLE') })],
    ['b/client server.a:80 a/server:80: mtls → plaintext', 'b/server server.a:80 a/server:80: mtls → plaintext']],
  ['a policy that breaks it', [destinationRule('b/r', { host: 'server.a.svc.cluster.local', ...tls('DISABLE') })],
    [destinationRule('b/r', { host: 'server.a.svc.cluster.local', ...tls('DISABLE') }), peerAuthentication('a/default', mode('STRICT'))],
    ['b/client server.a:80 a/server:80: plaintext → broken', 'b/server server.a:80 a/server:80: plaintext → broken']],
  ['a new client', [], [deployment('b/new')], ['b/new server.a:80 a/server:80: none → mtls', 'b/new server.b:80 b/server:80: none → mtls']],
  ['a client that goes', [deployment('b/new')], [], ['b/new server.a:80 a/server:80: mtls → none', 'b/new server.b:80 b/server:80: mtls → none']],
  ['a new service', [], [service('a/other', ['http:80'], { selector: { app: 'server' } })],
    ['a/client other.a:80 a/server:80: none → mtls', 'b/client other.a:80 a/server:80: none → mtls', 'b/server other.a:80 a/server:80: none → mtls']],
  ['a Sidecar that hides', [], [sidecar('b/default', { egress: [{ hosts: ['b/*'] }], outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } })],
    ['b/client server.a:80 a/server:80: mtls → broken', 'b/server server.a:80 a/server:80: mtls → broken']],
  ['a namespace that loses its sidecars', [], [namespace('b')],
    ['a/client server.b:80 b/server:80: mtls → plaintext', 'a/server server.b:80 b/server:80: mtls → plaintext', 'b/client server.a:80 a/server:80: mtls → plaintext',
      'b/client server.b:80 b/server:80: mtls → plaintext', 'b/server server.a:80 a/server:80: mtls → plaintext']],
])('%s', (_, before, after, lines) => {
  expect(told([CLUSTER, before], [CLUSTER, after])).toEqual(lines);
});

describe('over the recorded meshes', () => {
  const meshOf = (objects: object[]): Mesh => Mesh.of(objects, { parseYaml: readYaml });
  const splits = recordedChanges(20261127);

  test('it is what a comparison of all connections one by one finds', () => {
    let seen = 0;
    for (const { own, existing } of splits) {
      const [before, after] = [meshOf(existing), Mesh.of(own, { parseYaml: readYaml, existing })];
      for (const [from, to] of [[before, after], [after, before]]) {
        const { changes, unchanged } = connectionChanges(from, to);
        const wanted = bruteForce(from, to);
        expect(changes.flatMap(keysOf).sort()).toEqual(wanted.changes.sort());
        expect(unchanged).toBe(wanted.unchanged);
        seen += wanted.changes.length;
      }
    }
    expect(seen).toBeGreaterThan(1000);
  });
});

function keysOf({ host, port, clients, before, after }: ConnectionChange): string[] {
  const placeOf = (side: typeof before): string => (side ? `${placeIn(lastHop(side.path))} ${outcomeOf(side.path)}` : 'none');
  return clients.map((client) => `${idOf((client.after ?? client.before)!)} ${host}:${port} ${placeOf(before)} → ${placeOf(after)}`);
}

function placeIn({ endpoint, target }: Hop): string {
  const owner = endpoint && ownerOf(endpoint);
  return owner ? `${idOf(owner)}:${endpoint.port}` : `${target.host}:${target.port}`;
}

function idOf({ kind, namespace: space, name }: { kind: string; namespace: string; name: string }): string {
  return `${kind} ${space}/${name}`;
}

const FROM_BEST: Outcome[] = ['mtls', 'tls', 'plaintext', 'undecided', 'broken'];

/** The same by looking at each connection of both. */
function bruteForce(before: Mesh, after: Mesh): { changes: string[]; unchanged: number } {
  const [former, latter] = [byCall(before), byCall(after)];
  const changes: string[] = [];
  let unchanged = 0;
  for (const call of new Set([...former.keys(), ...latter.keys()])) {
    const [one, other] = [former.get(call) ?? new Map<string, Outcome>(), latter.get(call) ?? new Map<string, Outcome>()];
    const both = [...one.keys()].filter((place) => other.has(place));
    unchanged += both.filter((place) => one.get(place) === other.get(place)).length;
    for (const place of both) if (one.get(place) !== other.get(place)) changes.push(`${call} ${place} ${one.get(place)} → ${place} ${other.get(place)}`);
    const [lost, gained] = [[...one.keys()].filter((place) => !other.has(place)), [...other.keys()].filter((place) => !one.has(place))];
    const isNowhere = (place: string) => place.startsWith('nowhere ');
    const plain = (place: string) => place.replace('nowhere ', '');
    const [nowhere, nowhereYet] = [gained.find(isNowhere), lost.find(isNowhere)];
    const tell = (from: string | undefined, to: string | undefined) => {
      if (from && to && one.get(from) === other.get(to)) return;
      changes.push(`${call} ${from ? `${plain(from)} ${one.get(from)}` : 'none'} → ${to ? `${plain(to)} ${other.get(to)}` : 'none'}`);
    };
    if (nowhere && lost.length > 0) {
      for (const place of lost) tell(place, nowhere);
      for (const place of gained) if (place !== nowhere) tell(nowhereYet, place);
    } else {
      for (const place of lost) if (place !== nowhereYet || gained.length === 0) tell(place, undefined);
      for (const place of gained) tell(nowhereYet, place);
    }
  }
  return { changes: changes.map((line) => line.replace(/nowhere /g, '')), unchanged };
}

/** Outcomes by client, host and port, then by server; the worst of several. */
function byCall(one: Mesh): Map<string, Map<string, Outcome>> {
  const found = new Map<string, Map<string, Outcome>>();
  for (const { client, requested, service: to, server, outcome } of one.connections() as Iterable<Connection>) {
    const call = `${idOf(client)} ${requested.host}:${requested.port}`;
    const place = server ? `${server.kind === 'address' ? server.name : idOf(server)}:${server.port}` : `nowhere ${to.host}:${to.port}`;
    if (!found.has(call)) found.set(call, new Map());
    const places = found.get(call)!;
    const other = places.get(place);
    if (other === undefined || FROM_BEST.indexOf(outcome) > FROM_BEST.indexOf(other)) places.set(place, outcome);
  }
  return found;
}
