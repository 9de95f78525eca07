import { servedPorts } from '../../../src/mesh/queries/served-ports';
import { rendered } from '../../../src/mesh/reasons/render';
import {
  deployment, envoyFilter, injected, mesh, meshConfig, mode, namespace, peerAuthentication, service, serviceEntry, sidecar, workloadEntry,
} from '../../support/meshes/mesh';

/** `shop/web:80 STRICT`, with the reason if undecided; `*` for all ports that no object names. */
const ports = (objects: unknown[]) => servedPorts(mesh(objects)).map(({ server, port, mode: accepted, undecidedBecause }) =>
  [`${server.namespace}/${server.name}:${port ?? '*'}`, accepted, ...undecidedBecause ? [undecidedBecause] : []].join(' '));

const container = (...numbers: number[]) => ({ ports: numbers.map((containerPort) => ({ containerPort })) });

test('the ports of containers, Services and policies are listed by number, and all others of a server as one', () => {
  const policy = peerAuthentication('shop/web', { selector: { matchLabels: { app: 'web' } }, mtls: { mode: 'STRICT' }, portLevelMtls: { 9090: { mode: 'DISABLE' } } });
  expect(ports([injected('shop'), deployment('shop/web', container(8080)), service('shop/web', [80]), policy])).toEqual([
    'shop/web:80 STRICT', 'shop/web:8080 STRICT', 'shop/web:9090 DISABLE', 'shop/web:* STRICT',
  ]);
});

test('sorts servers by namespace and name; a workload without a proxy has no listed ports', () => {
  const objects = [injected('a', 'b'), deployment('b/one'), deployment('a/two'), deployment('a/one', { labels: { 'sidecar.istio.io/inject': 'false' } }), peerAuthentication('istio-system/default', mode('STRICT'))];
  expect(ports(objects)).toEqual(['a/one:* NO_PROXY', 'a/two:* STRICT', 'b/one:* STRICT']);
});

test('ports that annotations exclude from the sidecar are listed, even if no other object names them', () => {
  const led = (annotation: string, value: string) => ports([
    injected('shop'), deployment('shop/web', { annotations: { [`traffic.sidecar.istio.io/${annotation}`]: value } }), peerAuthentication('shop/default', mode('STRICT')),
  ]).map((line) => line.replace('shop/web:', ''));
  expect(led('excludeInboundPorts', '9000,7000:7005')).toEqual(['7000 NO_PROXY', '7005 NO_PROXY', '9000 NO_PROXY', '* STRICT']);
  expect(led('includeInboundPorts', '8080')).toEqual(['8080 STRICT', '* NO_PROXY']);
  expect(led('includeInboundPorts', '*')).toEqual(['* STRICT']);
  expect(led('excludeInboundPorts', '')).toEqual(['* STRICT']);
});

test('a port that a Sidecar binds elsewhere is unknown', () => {
  const listener = sidecar('shop/default', { ingress: [{ port: { number: 9080, protocol: 'HTTP', name: 'http' }, defaultEndpoint: '127.0.0.1:8080', captureMode: 'NONE' }] });
  expect(ports([injected('shop'), deployment('shop/web'), listener])).toEqual(['shop/web:9080 UNKNOWN server-proxy-not-modelled', 'shop/web:* PERMISSIVE']);
});

test('WorkloadEntries are servers with the target ports of services', () => {
  const entry = (name: string, spec: object) => workloadEntry(`shop/${name}`, { address: '10.0.0.7', labels: { app: 'vm' }, ...spec });
  const objects = [
    injected('shop'), peerAuthentication('shop/default', mode('STRICT')), entry('bare', {}), entry('proxied', { serviceAccount: 'vm' }), entry('alone', { labels: { app: 'other' } }),
    serviceEntry('shop/vms', { hosts: ['vms.shop'], location: 'MESH_INTERNAL', resolution: 'STATIC', ports: [{ number: 70, name: 'tcp' }], workloadSelector: { labels: { app: 'vm' } } }),
    serviceEntry('shop/listed', { hosts: ['listed.shop'], resolution: 'STATIC', ports: [{ number: 71, name: 'tcp' }], endpoints: [{ address: '10.0.0.8' }] }),
  ];
  expect(ports(objects)).toEqual(['shop/alone:* NO_PROXY', 'shop/bare:70 NO_PROXY', 'shop/bare:* NO_PROXY', 'shop/proxied:70 STRICT', 'shop/proxied:* STRICT']);
});

test.each<[string, unknown[], string]>([
  ['a namespace that the manifests lack', [deployment('shop/web')], 'shop/web:* UNKNOWN server-proxy-unknown'],
  ['an EnvoyFilter on the server\'s listeners', [
    injected('shop'), deployment('shop/web'), envoyFilter('shop/f', { configPatches: [{ applyTo: 'FILTER_CHAIN', match: { context: 'SIDECAR_INBOUND' }, patch: { operation: 'REMOVE' } }] }),
  ], 'shop/web:* UNKNOWN envoy-filter'],
  ['policies of a root namespace that istiod may not read', [
    namespace('shop', { 'istio-injection': 'enabled', 'mesh': 'yes' }), deployment('shop/web'), peerAuthentication('istio-system/default', mode('STRICT')),
    meshConfig({ discoverySelectors: [{ matchLabels: { mesh: 'yes' } }] }),
  ], 'shop/web:* UNKNOWN unknown-discovery'],
])('the ports of a server are unknown because of %s', (_, objects, line) => {
  expect(ports(objects)).toEqual([line]);
});

test('the deciding objects are listed', () => {
  const because = (objects: unknown[]) => servedPorts(mesh(objects)).map((port) => port.because.map((reason) => `${reason.at.object.kind} ${rendered(reason).field}: ${rendered(reason).effect}`));
  const filter = envoyFilter('shop/f', { configPatches: [{ applyTo: 'FILTER_CHAIN', match: { context: 'SIDECAR_INBOUND' }, patch: { operation: 'REMOVE' } }] });
  expect(because([injected('shop'), deployment('shop/web'), peerAuthentication('shop/default', mode('STRICT')), filter])).toEqual([
    ['EnvoyFilter spec.configPatches[0]: changes the server\'s proxy', 'PeerAuthentication spec.mtls.mode: STRICT for the namespace'],
  ]);
  expect(because([injected('shop'), workloadEntry('shop/vm', { address: '10.0.0.7' })])).toEqual([['WorkloadEntry spec: no proxy is known in front of it']]);
});
