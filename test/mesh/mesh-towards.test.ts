// Clients of one state of a mesh with servers of another, as they meet while a change is rolled out.
import { sampleChangedMeshes } from '../../conformance/generators/mesh';
import type { JudgedMesh } from '../../conformance/manifest';
import { readYaml } from '../../src/manifests/yaml/read-yaml';
import { Connection } from '../../src/mesh/calls/connections';
import { Mesh } from '../../src/mesh/mesh';
import { changedTo } from '../support/meshes/changes';
import { recordedMeshes } from '../support/meshes/kept-meshes';
import { deployment, destinationRule, envoyFilter, injected, mesh, mode, peerAuthentication, service, tls } from '../support/meshes/mesh';
import { casesOf } from '../support/random/cases';
import { randomMeshes } from '../support/random/random-meshes';

const WEB = [injected('a', 'b'), deployment('a/client'), deployment('b/web', { ports: [{ containerPort: 80 }] }), service('b/web', ['http:80'])];
const strict = peerAuthentication('b/default', mode('STRICT'));
const disable = peerAuthentication('b/default', mode('DISABLE'));
const plaintext = destinationRule('b/web', { host: 'web', ...tls('DISABLE') });

/** The outcome of the client's call, while clients are configured by some objects and servers by others. */
function met(clients: readonly unknown[], servers: readonly unknown[]): string[] {
  const before = mesh([WEB, ...clients]);
  return [...before.towards(changedTo(before, [WEB, ...servers].flat(3))).connections({ client: ({ name }) => name === 'client' })].map(wordsOf);
}

const wordsOf = ({ clientTls, serverMode, outcome }: Connection): string => `${clientTls} ${serverMode} ${outcome}`;

test.each<[string, unknown[], unknown[], string]>([
  ['mutual TLS of STRICT clients meets DISABLE servers', [strict], [disable], 'ISTIO_MUTUAL DISABLE broken'],
  ['plaintext of DISABLE clients meets STRICT servers', [disable], [strict], 'PLAINTEXT STRICT broken'],
  ['plaintext by a rule that only clients have meets STRICT servers', [plaintext], [strict], 'PLAINTEXT STRICT broken'],
  ['mutual TLS of clients without the rule meets servers without the policy', [strict], [plaintext], 'ISTIO_MUTUAL PERMISSIVE mtls'],
  ['an added policy is younger than an existing one, whatever its name',
    [peerAuthentication('b/p2', { selector: { matchLabels: { app: 'web' } }, ...mode('PERMISSIVE') })],
    ['p1', 'p2'].map((name) => peerAuthentication(`b/${name}`, { selector: { matchLabels: { app: 'web' } }, ...mode(name === 'p1' ? 'STRICT' : 'PERMISSIVE') })),
    'ISTIO_MUTUAL PERMISSIVE mtls'],
  ['an EnvoyFilter of the servers leaves the outcome undecided', [],
    [envoyFilter('b/filter', { configPatches: [{ applyTo: 'FILTER_CHAIN', match: { context: 'SIDECAR_INBOUND' }, patch: { operation: 'REMOVE' } }] })], 'UNKNOWN PERMISSIVE undecided'],
  ['an EnvoyFilter for servers that only the clients\' state has has no effect',
    [envoyFilter('b/filter', { configPatches: [{ applyTo: 'FILTER_CHAIN', match: { context: 'SIDECAR_INBOUND' }, patch: { operation: 'REMOVE' } }] })], [], 'ISTIO_MUTUAL PERMISSIVE mtls'],
])('%s', (_, clients, servers, expected) => {
  expect(met(clients, servers)).toEqual([expected]);
});

describe('clients and servers of random meshes', () => {
  const { seed, count } = casesOf('decisions');
  const textsOf = (state: Mesh): string[] => Array.from(state.connections(), (one) => JSON.stringify(one));

  test('clients and servers of the same state equal that state', () => {
    for (const { objects } of [...recordedMeshes, ...randomMeshes(seed, count(60))]) {
      const one = Mesh.of(objects, { parseYaml: readYaml });
      const known = textsOf(one);
      expect(textsOf(one.towards(one))).toEqual(known);
      expect(textsOf(one.towards(changedTo(one, objects)))).toEqual(known);
    }
  });

  /** Tries some states of clients and servers, and gives how many modes and kinds of TLS were seen. */
  function expectOwnStates(meshes: readonly JudgedMesh[]) {
    const placeOf = ({ client, requested, service: to, server }: Connection): string => JSON.stringify([client, requested, to, server]);
    const seen = { mode: 0, sent: 0 };
    for (const { objects, servers = [], id: _, ...facts } of meshes) {
      const clients = Mesh.of(objects, { ...facts, parseYaml: readYaml });
      const after = changedTo(clients, servers);
      const byName = new Map(clients.workloads.map((workload) => [`${workload.kind} ${workload.namespace}/${workload.name}`, workload]));
      const sent = new Map<string, Set<string>>();
      for (const one of clients.connections()) sent.set(placeOf(one), (sent.get(placeOf(one)) ?? new Set()).add(one.clientTls));
      for (const one of clients.towards(after).connections()) {
        const server = one.server && byName.get(`${one.server.kind} ${one.server.namespace}/${one.server.name}`);
        if (server) {
          expect(one.serverMode).toBe(after.dataPlanes.accept(server, one.server!.port).mode);
          seen.mode += 1;
        }
        // An EnvoyFilter of the server, in either state, also leaves undecided what clients send.
        const known = sent.get(placeOf(one));
        if (one.clientTls === 'UNKNOWN' || !known || known.has('UNKNOWN')) continue;
        expect(known).toContain(one.clientTls);
        seen.sent += 1;
      }
    }
    return seen;
  }

  test('servers and clients of recorded meshes each behave as in their own state', () => {
    const changed = recordedMeshes.map(({ objects, ...others }) => ({ ...others, objects, servers: objects.filter((_, index) => index % 5 !== 0) }));
    const { mode: modes, sent } = expectOwnStates(changed);
    expect(Math.min(modes, sent)).toBeGreaterThan(0);
  });

  test('servers and clients of random meshes each behave as in their own state', () => {
    expectOwnStates(sampleChangedMeshes(seed, count(60)));
  });
});
