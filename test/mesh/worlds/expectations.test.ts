import { missingAmong } from '../../../src/mesh/workloads/missing-injection';
import { expectationsOf } from '../../../src/mesh/worlds/expectations';
import { deployment, destinationRule, envoyFilter, gatewayApi, mesh, mode, namespace, networking, peerAuthentication, sidecar, toHost, virtualService } from '../../support/meshes/mesh';

const WEB = deployment('shop/web');
/** What expects sidecars in `shop`, or that the revision is installed, as `strong 1 Sidecar/s`. */
function expected(objects: unknown[], installedRevisions?: string[]): string[] {
  const made = mesh(objects, { installedRevisions });
  return [...expectationsOf(made, missingAmong(made.workloads))].map(([key, { strength, objects: count, example }]) => `${key}: ${strength} ${count} ${example.kind}/${example.name}`);
}

const policy = peerAuthentication('shop/default', mode('STRICT'));
const of = (apiVersion: string, kind: string, name: string, spec: object, more = {}) => ({ apiVersion, kind, metadata: { name, namespace: 'shop', ...more }, spec });

test.each<[string, unknown[], string | undefined]>([
  ['nothing for sidecars', [], undefined],
  ['a Sidecar', [sidecar('shop/s', {})], 'strong 1 Sidecar/s'],
  ['a Sidecar for other pods', [sidecar('shop/s', { workloadSelector: { labels: { app: 'other' } } })], undefined],
  ['a Sidecar for these pods', [sidecar('shop/s', { workloadSelector: { labels: { app: 'web' } } })], 'strong 1 Sidecar/s'],
  ['a ProxyConfig', [networking('ProxyConfig')('shop/p', { concurrency: 1 })], 'strong 1 ProxyConfig/p'],
  ['a PeerAuthentication', [policy], 'weak 1 PeerAuthentication/default'],
  ['a PeerAuthentication for other pods', [peerAuthentication('shop/p', { selector: { matchLabels: { app: 'other' } } })], undefined],
  ['several, of which a Sidecar is only for sidecars', [policy, sidecar('shop/s', {}), envoyFilter('shop/f', { configPatches: [] })], 'strong 1 Sidecar/s'],
  ['several, of which none is only for sidecars', [policy, envoyFilter('shop/f', { configPatches: [] })], 'weak 2 PeerAuthentication/default'],
  ['a Telemetry', [of('telemetry.istio.io/v1', 'Telemetry', 't', {})], 'weak 1 Telemetry/t'],
  ['an AuthorizationPolicy for a waypoint', [of('security.istio.io/v1', 'AuthorizationPolicy', 'a', { targetRefs: [{ group: '', kind: 'Service', name: 'web' }] }), policy], undefined],
  ['an AuthorizationPolicy for a gateway', [of('security.istio.io/v1', 'AuthorizationPolicy', 'a', { targetRef: { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'g' } })], undefined],
  ['a route for the mesh', [virtualService('shop/v', { hosts: ['web'], http: [toHost('web')] })], 'weak 1 VirtualService/v'],
  ['a route on a gateway', [virtualService('shop/v', { hosts: ['web'], gateways: ['g'], http: [toHost('web')] })], undefined],
  ['a DestinationRule', [destinationRule('shop/d', { host: 'web' })], undefined],
  ['a policy of another namespace', [peerAuthentication('other/default', mode('STRICT'))], undefined],
  ['a policy beside a Service of a waypoint', [policy, of('v1', 'Service', 'web', { ports: [{ port: 80 }] }, { labels: { 'istio.io/use-waypoint': 'w' } })], undefined],
  ['a policy beside a waypoint', [policy, gatewayApi('Gateway', 'shop/w', { gatewayClassName: 'istio-waypoint' })], undefined],
  ['a policy in a mesh with ztunnel', [policy, { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'ztunnel', namespace: 'istio-system' }, spec: {} }], undefined],
  ['a policy in a mesh with an ambient namespace', [policy, namespace('other', { 'istio.io/dataplane-mode': 'ambient' })], undefined],
  ['a Sidecar in a mesh with an ambient namespace', [sidecar('shop/s', {}), namespace('other', { 'istio.io/dataplane-mode': 'ambient' })], 'strong 1 Sidecar/s'],
])('whether sidecars are expected in a missing namespace by %s', (_, objects, shown) => {
  expect(expected([WEB, ...objects]).filter((text) => text.startsWith('namespace shop'))).toEqual(shown === undefined ? [] : [`namespace shop: ${shown}`]);
});

test.each<[string, Record<string, string>, Record<string, string>, boolean]>([
  ['an annotation of the agent expects a sidecar', {}, { 'proxy.istio.io/config': '{}' }, true],
  ['an annotation of the interception expects a sidecar', {}, { 'traffic.sidecar.istio.io/excludeInboundPorts': '80' }, true],
  ['another annotation doesn\'t expect a sidecar', {}, { 'prometheus.io/scrape': 'true' }, false],
  ['an annotation beside a label that requests a sidecar says nothing of the namespace', { 'sidecar.istio.io/inject': 'true' }, { 'proxy.istio.io/config': '{}' }, false],
  ['an annotation beside a revision says nothing of the namespace', { 'istio.io/rev': 'canary' }, { 'proxy.istio.io/config': '{}' }, false],
])('for a pod, %s', (_, labels, annotations, isExpected) => {
  const found = expected([deployment('shop/web', { labels: { app: 'web', ...labels }, annotations })]);
  expect(found).toEqual(isExpected ? ['namespace shop: strong 1 Deployment/web'] : []);
});

test('a policy of the root namespace is for the whole mesh', () => {
  const policies = peerAuthentication('istio-system/default', mode('STRICT'));
  expect(expected([deployment('istio-system/web'), policies])).toEqual([]);
});

test('a revision is expected by the namespaces and pods that request it', () => {
  const asking = [namespace('shop', { 'istio.io/rev': 'canary' }), WEB];
  expect(expected(asking, ['stable'])).toEqual(['revision canary: strong 1 Namespace/shop']);
});
