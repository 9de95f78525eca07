import { tracedConnectionOf } from '../../../src/mesh/calls/traced-connection';
import { MeshChange } from '../../../src/mesh/change/mesh-change';
import { Hop, UNENCRYPTED } from '../../../src/mesh/model/hop';
import { recordedMeshes } from '../../support/meshes/kept-meshes';
import { deployment, destinationRule, injected, mesh, meshConfig, mode, namespace, peerAuthentication, service, serviceEntry, toHost, virtualService, workloadEntry } from '../../support/meshes/mesh';
import { asFormat1 } from '../../support/meshes/traced';
import { casesOf } from '../../support/random/cases';
import { randomMeshes } from '../../support/random/random-meshes';

const STRICT = peerAuthentication('b/p', mode('STRICT'));
const world = (...more: unknown[]) => [injected('a', 'b'), deployment('a/client'), deployment('b/server'), service('b/server', ['http:80']), more];
const traced = (objects: unknown[]) => [...mesh(objects).tracedConnections()];

const CLIENT = { group: 'apps', kind: 'Deployment', namespace: 'a', name: 'client' };
const SERVER = { ...CLIENT, namespace: 'b', name: 'server' };
const SERVICE = { group: '', kind: 'Service', namespace: 'b', name: 'server' };

test('a connection of one hop names client, server and reasons, each object with its API group', () => {
  const because = [{ object: { group: 'security.istio.io', kind: 'PeerAuthentication', namespace: 'b', name: 'p' }, field: 'spec.mtls.mode', effect: 'STRICT for the namespace' }];
  expect(traced(world(STRICT))).toEqual([{
    client: { kind: 'workload', object: CLIENT },
    requested: { host: 'server.b.svc.cluster.local', port: 80 },
    hops: [{
      sender: CLIENT,
      destination: { host: 'server.b.svc.cluster.local', port: 80, service: SERVICE },
      server: { object: SERVER, port: 80 },
      clientTls: 'ISTIO_MUTUAL',
      serverMode: 'STRICT',
      transport: { outcome: 'mtls', because },
    }],
    transport: { outcome: 'mtls', because },
  }]);
});

test('the fields are always in the same order', () => {
  const rule = destinationRule('b/d', { host: 'server', subsets: [{ name: 'v1', labels: { app: 'server' } }] });
  const route = virtualService('b/r', { hosts: ['server'], http: [toHost('server', { subset: 'v1' })] });
  const objects = [namespace('b'), deployment('a/client'), deployment('b/server'), service('b/server', ['http:80']), rule, route];
  const [withSubset] = traced([injected('a'), objects]);
  const [undecided] = traced([objects]);
  expect(Object.keys(withSubset)).toEqual(['client', 'requested', 'hops', 'transport']);
  expect(Object.keys(withSubset.client.object!)).toEqual(['group', 'kind', 'namespace', 'name']);
  expect(Object.keys(withSubset.hops[0])).toEqual(['sender', 'destination', 'server', 'clientTls', 'serverMode', 'transport']);
  expect(Object.keys(withSubset.hops[0].destination)).toEqual(['host', 'port', 'subset', 'service']);
  expect(Object.keys(withSubset.transport.because[0])).toEqual(['object', 'field', 'effect']);
  expect(Object.keys(undecided.transport)).toEqual(['outcome', 'undecidedBecause', 'because']);
});

test.each<[string, unknown[], string]>([
  ['a host without a service', world(virtualService('b/r', { hosts: ['server'], http: [toHost('elsewhere.example.com')] })), 'null → nobody'],
  ['a service without servers', [injected('a', 'b'), deployment('a/client'), service('b/server')], '/Service → nobody'],
  ['an external host', [injected('a', 'b'), deployment('a/client'), serviceEntry('b/e', { hosts: ['x.example.com'], resolution: 'DNS', location: 'MESH_EXTERNAL', ports: [{ number: 80, name: 'http', protocol: 'HTTP' }] })], 'networking.istio.io/ServiceEntry → nobody'],
  ['a machine', [
    injected('a', 'b'), deployment('a/client'), workloadEntry('b/vm', { address: '192.0.2.9', labels: { app: 'vm' } }),
    serviceEntry('b/e', { hosts: ['x.example.com'], resolution: 'STATIC', location: 'MESH_INTERNAL', ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], workloadSelector: { labels: { app: 'vm' } } }),
  ], 'networking.istio.io/ServiceEntry → networking.istio.io/WorkloadEntry'],
])('%s is identified with its group, or null', (_, objects, expected) => {
  const [{ hops: [{ destination, server }] }] = traced(objects);
  const shown = destination.service === null ? 'null' : `${destination.service.group}/${destination.service.kind}`;
  expect(`${shown} → ${server ? `${server.object.group}/${server.object.kind}` : 'nobody'}`).toBe(expected);
});

test.each<[string, unknown[], Partial<Parameters<typeof mesh>[1]>, string]>([
  ['the client', [deployment('a/client', { annotations: { 'traffic.sidecar.istio.io/excludeOutboundPorts': '80' } })], {}, 'apps/Deployment a/client'],
  ['the mesh config', [meshConfig({ enableAutoMtls: false })], {}, '/ConfigMap istio-system/istio'],
  ['istiod, even without a manifest of it', [service('b/server', ['http:80'], { clusterIP: 'None' })], { istiodEnv: { PILOT_ENABLE_EDS_FOR_HEADLESS_SERVICES: 'true' } }, 'apps/Deployment istio-system/istiod'],
])('a reason names the group of %s', (_, more, options, expected) => {
  const [{ transport: { because: [{ object }] } }] = mesh(world(STRICT, more), options).tracedConnections();
  expect(`${object.group}/${object.kind} ${object.namespace}/${object.name}`).toBe(expected);
});

describe('a connection of several hops', () => {
  const { decisions, workloads } = mesh([...world(STRICT), deployment('b/gateway')]);
  const [{ call, paths: [{ hops: [last] }] }] = [...decisions.all()].filter(({ paths: [{ hops: [first] }] }) => first.received.endpoint?.workload?.name === 'server');
  const one = last.sender;
  const [client, gateway] = ['client', 'gateway'].map((name) => workloads.find((workload) => workload.name === name)!);
  const caller = { client, one, call };
  const toGateway: Hop = {
    ...last, sent: UNENCRYPTED, received: { endpoint: { ...last.received.endpoint!, workload: gateway, port: 15443 } }, outcome: 'plaintext', travel: 'direct',
  };
  const { hops, transport } = tracedConnectionOf(caller, { hops: [toGateway, { ...last, travel: 'direct', sender: decisions.senderOf(gateway) }] });

  test('has a sender and an outcome for each hop', () => {
    const object = { ...SERVER, name: 'gateway' };
    expect(hops).toMatchObject([
      { sender: CLIENT, server: { object, port: 15443 }, clientTls: 'PLAINTEXT', serverMode: 'UNKNOWN', transport: { outcome: 'plaintext' } },
      { sender: object, server: { object: SERVER, port: 80 }, clientTls: 'ISTIO_MUTUAL', serverMode: 'STRICT', transport: { outcome: 'mtls' } },
    ]);
  });

  test('has the worst hop\'s outcome, and the reasons of all hops', () => {
    expect(transport.outcome).toBe('plaintext');
    expect(hops.map(({ transport: { because } }) => because.map(({ object: { kind } }) => kind))).toEqual([['Deployment'], ['PeerAuthentication']]);
    expect(transport.because).toEqual(hops.flatMap((hop) => hop.transport.because));
  });
});

test('recorded and random meshes have the same connections in both formats, in the same order', () => {
  const { seed, count } = casesOf('decisions');
  for (const { objects } of [...recordedMeshes, ...randomMeshes(seed, count(60))]) {
    const judged = mesh(objects);
    expect([...judged.tracedConnections()].map(asFormat1)).toEqual([...judged.connections()]);
  }
});

test('a change lists only the connections that it affects, and applies filters', () => {
  const [, ...others] = world().flat(3) as object[];
  const change = MeshChange.of([STRICT], [...world().flat(3) as object[], deployment('c/other'), service('c/other')], mesh(others).options);
  expect([...change.tracedConnections()].map(asFormat1)).toEqual([...change.connections()]);
  expect([...change.tracedConnections()].length).toBeLessThan([...change.after.tracedConnections()].length);
  expect([...change.tracedConnections({ outcome: 'plaintext' })].map(asFormat1)).toEqual([...change.connections({ outcome: 'plaintext' })]);
});
