import { readYaml } from '../../../src/manifests/yaml/read-yaml';
import { Connection } from '../../../src/mesh/calls/connections';
import { MeshChange } from '../../../src/mesh/change/mesh-change';
import { KIND } from '../../../src/mesh/inventory/kinds';
import { Mesh } from '../../../src/mesh/mesh';
import { OUTCOMES } from '../../../src/mesh/model/transport';
import { recordedChanges } from '../../support/meshes/changes';
import { deployment, destinationRule, injected, meshConfig, mode, peerAuthentication, service, sidecar, tls, virtualService } from '../../support/meshes/mesh';
import { someOf } from '../../support/random/cases';

const change = (manifests: unknown[], existing: unknown[]) =>
  MeshChange.of(manifests.flat(3) as object[], existing.flat(3) as object[], { parseYaml: readYaml });
const textOf = ({ client, requested: { host, port }, outcome }: Connection): string =>
  `${client.namespace}/${client.name} ${host.replace('.svc.cluster.local', '')}:${port} ${outcome}`;
const listed = (manifests: unknown[], existing: unknown[]) => [...change(manifests, existing).connections()].map(textOf);

/** Two namespaces with a server and a client each. */
const CLUSTER = [injected('a', 'b'), ['a', 'b'].map((space) => [deployment(`${space}/client`), deployment(`${space}/server`, { ports: [{ containerPort: 80 }] }), service(`${space}/server`, ['http:80'])])];

const rollout = (path: string, deploys: string) => {
  const [namespace, name] = path.split('/');
  return { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { namespace, name }, spec: { workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: deploys } } };
};
const HIDING = { egress: [{ hosts: ['b/*'] }], outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } };
const CLIENT = deployment('b/new');
const PASSING = { annotations: { 'traffic.sidecar.istio.io/excludeOutboundPorts': '80' } };

test('applying an unchanged object affects no connection', () => {
  expect(listed([peerAuthentication('c/default', mode('STRICT'))], CLUSTER)).toEqual([]);
  expect(change([peerAuthentication('c/default', mode('STRICT'))], CLUSTER).summary().connections).toBe(0);
});

test('the mesh after the change has all workloads', () => {
  expect(change([deployment('b/new')], CLUSTER).after.workloads).toHaveLength(5);
});

test.each<[string, unknown[], unknown[], string[]]>([
  ['a new client', [deployment('b/new')], CLUSTER, ['b/new server.a:80 mtls', 'b/new server.b:80 mtls']],
  ['a changed server', [deployment('a/server', { ports: [{ containerPort: 80 }] })], CLUSTER, ['a/client server.a:80 mtls', 'a/server server.b:80 mtls', 'b/client server.a:80 mtls', 'b/server server.a:80 mtls']],
  ['the pods of a Rollout', [deployment('b/new')], [CLUSTER, rollout('b/r', 'new')], ['b/r server.a:80 mtls', 'b/r server.b:80 mtls']],
  ['the pods of a Rollout that is a server', [deployment('b/new', { labels: { app: 'server' } })], [injected('a', 'b'), deployment('a/client'), service('b/server', ['http:80']), deployment('b/new'), rollout('b/r', 'new')],
    ['a/client server.b:80 mtls']],
  ['a new service', [service('a/other', ['http:80'], { selector: { app: 'server' } })], CLUSTER, ['a/client other.a:80 mtls', 'b/client other.a:80 mtls', 'b/server other.a:80 mtls']],
  ['a DestinationRule for the clients of one namespace', [destinationRule('b/r', { host: 'server.a.svc.cluster.local', ...tls('DISABLE') })], CLUSTER, ['b/client server.a:80 plaintext', 'b/server server.a:80 plaintext']],
  ['a PeerAuthentication that changes no mode', [peerAuthentication('a/default', mode('PERMISSIVE'))], CLUSTER, ['a/client server.a:80 mtls', 'b/client server.a:80 mtls', 'b/server server.a:80 mtls']],
  ['a PeerAuthentication that breaks the plaintext of an existing rule', [peerAuthentication('a/default', mode('STRICT'))],
    [CLUSTER, destinationRule('b/r', { host: 'server.a.svc.cluster.local', ...tls('DISABLE') })], ['a/client server.a:80 mtls', 'b/client server.a:80 broken', 'b/server server.a:80 broken']],
  ['a new Sidecar that hides services', [sidecar('b/default', HIDING)], CLUSTER, ['b/client server.a:80 broken', 'b/server server.a:80 broken']],
  ['an unchanged Sidecar that hides services', [sidecar('b/default', HIDING)], [CLUSTER, sidecar('b/default', HIDING)], ['b/client server.a:80 broken', 'b/server server.a:80 broken']],
  ['an unchanged Sidecar that hides the only service', [sidecar('b/default', HIDING)],
    [injected('b'), service('a/far', ['http:80']), deployment('b/client'), sidecar('b/default', HIDING)], ['b/client far.a:80 broken']],
  ['an unchanged client', [CLIENT], [CLUSTER, CLIENT], ['b/new server.a:80 mtls', 'b/new server.b:80 mtls']],
  ['a service behind an ExternalName, which a Sidecar hides', [service('a/server', ['http:80'])],
    [CLUSTER, sidecar('b/default', HIDING), service('b/alias', ['http:80'], { type: 'ExternalName', externalName: 'server.a.svc.cluster.local', selector: undefined })],
    ['a/client alias.b:80 mtls', 'a/client server.a:80 mtls', 'b/client alias.b:80 broken', 'b/client server.a:80 broken', 'b/server alias.b:80 broken', 'b/server server.a:80 broken']],
  ['a Sidecar and a client, without another client that bypasses its sidecar', [sidecar('b/default', { egress: [{ hosts: ['*/*'] }] }), deployment('b/a', PASSING)],
    [CLUSTER, deployment('b/past', PASSING)], ['b/a server.a:80 plaintext', 'b/a server.b:80 plaintext']],
  ['a namespace that loses its sidecars', [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'b', labels: {} } }], CLUSTER,
    ['a/client server.b:80 plaintext', 'a/server server.b:80 plaintext', 'b/client server.a:80 plaintext', 'b/client server.b:80 plaintext', 'b/server server.a:80 plaintext']],
  ['a mesh config that hides services', [meshConfig({ defaultServiceExportTo: ['.'], outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } })], CLUSTER,
    ['a/client server.b:80 broken', 'a/server server.b:80 broken', 'b/client server.a:80 broken', 'b/server server.a:80 broken']],
  ['a new route', [virtualService('b/v', { hosts: ['server.a.svc.cluster.local'], http: [{ route: [{ destination: { host: 'server.b.svc.cluster.local' } }] }], exportTo: ['.'] })], CLUSTER, ['b/client server.a:80 mtls']],
])('%s affects only its own connections', (_, manifests, existing, expected) => {
  expect(listed(manifests, existing)).toEqual(expected);
  expect(change(manifests, existing).summary().connections).toBe(expected.length);
});

test('a replaced object keeps its age; a new object is the youngest', () => {
  const policy = (name: string, value: string, creationTimestamp?: string) => peerAuthentication(`a/${name}`, mode(value), { creationTimestamp });
  const modeOf = (manifests: unknown[], existing: unknown[]) => [...change(manifests, [CLUSTER, existing]).after.connections()].find(({ server }) => server?.namespace === 'a')!.serverMode;
  const there = policy('b', 'STRICT', '2024-01-01T00:00:00Z');
  expect(modeOf([policy('a', 'PERMISSIVE')], [there])).toBe('STRICT');
  expect(modeOf([policy('b', 'PERMISSIVE')], [there, policy('c', 'STRICT', '2025-01-01T00:00:00Z')])).toBe('PERMISSIVE');
  expect(modeOf([policy('a', 'PERMISSIVE', '2023-01-01T00:00:00Z')], [there])).toBe('PERMISSIVE');
  // Without any times, names decide as they do among manifests.
  expect(modeOf([policy('a', 'PERMISSIVE')], [policy('b', 'STRICT')])).toBe('PERMISSIVE');
});

test('an applied object replaces the existing one', () => {
  const { after } = change([service('a/server', ['http:81'])], CLUSTER);
  expect([after.objects.of(KIND.Service).length, after.objects.replaced]).toEqual([2, []]);
});

describe('applies a part of a recorded mesh to the rest', () => {
  const changes = someOf(recordedChanges(11)).map(({ own, existing }) => ({ own, existing, made: change(own, existing) }));
  /** Without the server's mode, which has no effect if the client's TLS is unknown. */
  const keyOf = ({ because, serverMode, ...connection }: Connection): string => JSON.stringify(connection);
  const tally = (connections: Connection[]) =>
    Object.fromEntries(OUTCOMES.map((outcome) => [outcome, connections.filter((one) => one.outcome === outcome).length]));

  const hostsOf = ({ kind, metadata, spec }: any): string[] => {
    if (kind === 'Service') return [`${metadata.name}.${metadata.namespace}.svc.cluster.local`];
    return kind === 'ServiceEntry' ? spec.hosts : [];
  };

  test('counts connections as they are listed', () => {
    for (const { made } of changes) {
      const { outcomes, lostCopies } = made.summary();
      expect({ ...outcomes, broken: outcomes.broken + lostCopies }).toEqual(tally([...made.connections()]));
    }
    expect(changes.some(({ made }) => made.summary().connections > 0)).toBe(true);
    expect(changes.some(({ made }) => made.summary().connections < made.after.summary().connections)).toBe(true);
  });

  test('lists only connections that involve applied objects or whose result changes', () => {
    let [listedCount, leftOut] = [0, 0];
    for (const { own, existing, made } of changes) {
      const hosts = new Set(own.flatMap(hostsOf));
      const names = new Set(own.map(({ kind, metadata }: any) => `${kind} ${metadata.namespace}/${metadata.name}`));
      const before = new Set([...Mesh.of(existing, { parseYaml: readYaml }).connections()].map(keyOf));
      const given = new Set([...made.connections()].map((one) => JSON.stringify(one)));
      for (const one of made.after.connections()) {
        const takesPart = [one.client, ...one.server ? [one.server] : [], ...one.because].some(({ kind, namespace, name }) => names.has(`${kind} ${namespace}/${name}`));
        const isCalled = hosts.has(one.requested.host) || hosts.has(one.service.host);
        const isListed = given.has(JSON.stringify(one));
        if (takesPart || !before.has(keyOf(one))) expect({ isListed, one }).toEqual({ isListed: true, one });
        else if (!isCalled) expect({ isListed, one }).toEqual({ isListed: false, one });
        listedCount += Number(isListed);
        leftOut += Number(!isListed);
      }
    }
    expect([listedCount, leftOut]).not.toContain(0);
  });
});
