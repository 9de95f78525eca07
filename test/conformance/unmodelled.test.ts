// Which calls the conformance suite accepts as undecided because of a Gateway API route.
import { unfounded } from '../../conformance/connections/unmodelled';
import type { Manifest } from '../../conformance/manifest';
import { changedTo } from '../support/meshes/changes';
import { regressions } from '../support/meshes/kept-meshes';
import { connections, deployment, gatewayApi, injected, mesh, service, serviceEntry } from '../support/meshes/mesh';

const port = (more = {}) => ({ ports: [{ number: 80, name: 'p', protocol: 'TCP', ...more }] });
const wildcard = (more = {}) => serviceEntry('a/wild', { hosts: ['*.a.svc.cluster.local'], ...port(), location: 'MESH_EXTERNAL', resolution: 'NONE', ...more });
const route = (kind: string) => gatewayApi(kind, 'a/r', { parentRefs: [{ group: '', kind: 'Service', name: 'web' }], rules: [{ backendRefs: [{ name: 'other', port: 80 }] }] });

function world(...more: object[]): Manifest[] {
  const foreign = serviceEntry('b/foreign', { hosts: ['other.example.com'], ...port({ protocol: 'HTTP' }), resolution: 'DNS' });
  return JSON.parse(JSON.stringify([...injected('a', 'b', 'c'), deployment('c/client'), service('a/web', ['tcp:81']), foreign, ...more]));
}

/** The unfounded reasons of a model that leaves calls to another host undecided because of a route. */
function unfoundedIn(objects: Manifest[], kind = 'TCPRoute'): string[] {
  const [call] = connections([...injected('a'), deployment('a/client'), service('a/web', ['tcp:80']), route('TCPRoute')]);
  const requested = { host: 'other.example.com', port: 80 };
  const doubted = { ...call, requested, service: { ...call.service, ...requested, namespace: 'b', name: 'foreign' }, because: call.because.map((one) => ({ ...one, kind })) };
  return unfounded([doubted], objects, true).map(({ undecidedBecause }) => undecidedBecause!);
}

test.each(['TCPRoute', 'TLSRoute'])('a %s for a Service within a wildcard host may take all calls to the wildcard\'s listener', (kind) => {
  expect(unfoundedIn(world(wildcard(), route(kind)), kind)).toEqual([]);
});

test.each<[string, object]>([
  ['the wildcard is around the Services of another namespace', wildcard({ hosts: ['*.d.svc.cluster.local'] })],
  ['the wildcard listens on another port', wildcard(port({ number: 81 }))],
  ['the wildcard listens at an address', wildcard({ addresses: ['192.0.2.1'] })],
  ['calls of the wildcard are matched by name', wildcard(port({ protocol: 'HTTP2' }))],
])('a TCPRoute doesn\'t affect calls if %s', (_, entry) => {
  expect(unfoundedIn(world(entry, route('TCPRoute')))).toEqual(['gateway-api-route']);
});

test.each(['HTTPRoute', 'GRPCRoute'])('a %s may not: listeners have no routes for HTTP', (kind) => {
  expect(unfoundedIn(world(wildcard(), route(kind)), kind)).toEqual(['gateway-api-route']);
});

test('a TLSRoute may affect calls to a headless Service if a slice lists one of its pods for the route\'s Service', () => {
  const podIP = '10.130.1.1';
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'worker', namespace: 'b', labels: { app: 'worker' } }, spec: {}, status: { podIP } };
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'web-own', namespace: 'a', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [podIP] }],
    ports: [{ name: 'tls', port: 8088 }],
  };
  const headless = (name: string, onPort: string) => service(name, [onPort], { clusterIP: 'None' });
  const objects = [injected('c'), deployment('c/client'), pod, slice, headless('a/web', 'tls:80'), headless('b/worker', 'tcp:80'), route('TLSRoute')].flat();
  const doubted = connections(objects).filter(({ requested, undecidedBecause }) => requested.host === 'worker.b.svc.cluster.local' && undecidedBecause === 'gateway-api-route');
  expect(doubted).not.toEqual([]);
  expect(unfounded(doubted, JSON.parse(JSON.stringify(objects)), true)).toEqual([]);
});

test('a TCPRoute may affect calls to a ServiceEntry if one of its servers has the cluster IP of the route\'s Service', () => {
  const clusterIP = '10.97.0.10';
  const machine = { apiVersion: 'networking.istio.io/v1', kind: 'WorkloadEntry', metadata: { name: 'machine', namespace: 'b' }, spec: { address: clusterIP } };
  const entryOf = (spec: object) => ({ apiVersion: 'networking.istio.io/v1', kind: 'ServiceEntry', metadata: { name: 'ext', namespace: 'b' }, spec: { hosts: ['ext.example.com'], ports: [{ number: 80, name: 'tcp', protocol: 'TCP' }], resolution: 'STATIC', ...spec } });
  const objects = (entry: object) => [injected('a'), deployment('a/client'), service('a/web', ['tcp:80'], { clusterIP }), route('TCPRoute'), machine, entry].flat() as Manifest[];
  const doubted = (entry: object) => {
    const call = { requested: { host: 'ext.example.com', port: 80 }, service: { namespace: 'b', name: 'ext', host: 'ext.example.com', port: 80 } };
    const [one] = connections(objects(entry));
    const because = [{ kind: 'TCPRoute', namespace: 'a', name: 'r', field: 'spec', effect: '' }];
    return unfounded([{ ...one, ...call, undecidedBecause: 'gateway-api-route' as const, because }], objects(entry), true).length;
  };
  expect([{ workloadSelector: { labels: {} } }, { endpoints: [{ address: clusterIP }] }, { endpoints: [{ address: '192.0.2.1' }] }].map((spec) => doubted(entryOf(spec)))).toEqual([0, 0, 1]);
});

test('under a mesh config that istiod can\'t read, an EnvoyFilter in the defaults\' root namespace may matter', () => {
  const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'istio', namespace: 'istio-system' }, data: { mesh: '{"rootNamespace":"a","accessLogFile":1}' } };
  const patch = { applyTo: 'CLUSTER', match: { context: 'SIDECAR_OUTBOUND' }, patch: { operation: 'REMOVE' } };
  const filter = { apiVersion: 'networking.istio.io/v1alpha3', kind: 'EnvoyFilter', metadata: { name: 'f', namespace: 'istio-system' }, spec: { configPatches: [patch] } };
  const [call] = connections([...injected('a'), deployment('a/client'), service('a/web', ['tcp:80'])]);
  const named = { kind: 'EnvoyFilter', namespace: 'istio-system', name: 'f', field: 'spec', effect: '' };
  const doubted = { ...call, undecidedBecause: 'envoy-filter' as const, because: [named] };
  const among = (readsConfig: boolean) => unfounded([doubted], [config, filter], readsConfig).length;
  expect([among(true), among(false)]).toEqual([1, 0]);
});

test.each(regressions)('the model\'s undecided calls are founded: $id', ({ clusterDomain, istiodEnv, ...kept }) => {
  const { objects, servers = objects } = kept as { objects: Manifest[]; servers?: Manifest[] };
  const before = mesh(objects, { clusterDomain, istiodEnv });
  const ours = [...(servers === objects ? before : changedTo(before, servers)).connections()];
  const readsConfig = before.configs.of('default').isUnreadable !== true;
  expect(unfounded(unfounded(ours, objects, readsConfig), servers, readsConfig)).toEqual([]);
});
