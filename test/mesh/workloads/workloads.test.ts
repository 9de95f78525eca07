import { identityOf } from '../../../src/mesh/workloads/workload';
import { injected, mesh, meshConfig, namespace as labelled } from '../../support/meshes/mesh';

const pod = { metadata: { labels: { app: 'x' } }, spec: { serviceAccountName: 'one', containers: [{ name: 'c', ports: [{ containerPort: 80, name: 'http' }] }] } };
const KINDS: [string, string, object][] = [
  ['Deployment', 'apps/v1', { template: pod }], ['StatefulSet', 'apps/v1', { template: pod }], ['DaemonSet', 'apps/v1', { template: pod }],
  ['ReplicaSet', 'apps/v1', { template: pod }], ['ReplicationController', 'v1', { template: pod }], ['Rollout', 'argoproj.io/v1alpha1', { template: pod }], ['Job', 'batch/v1', { template: pod }], ['CronJob', 'batch/v1', { jobTemplate: { spec: { template: pod } } }],
];
const object = (kind: string, apiVersion: string, spec: object, metadata = {}) => ({ kind, apiVersion, metadata: { name: 'w', namespace: 'a', ...metadata }, spec });

test.each(KINDS)('reads a %s', (kind, apiVersion, spec) => {
  const [workload] = mesh([injected('a'), object(kind, apiVersion, spec)]).workloads;
  expect(workload).toMatchObject({
    kind,
    namespace: 'a',
    name: 'w',
    serviceAccount: 'one',
    hostNetwork: false,
    labels: { 'app': 'x', 'security.istio.io/tlsMode': 'istio' },
    ports: [{ number: 80, name: 'http', protocol: 'TCP' }],
  });
});

test('reads a Pod', () => {
  const [workload] = mesh([{ kind: 'Pod', apiVersion: 'v1', metadata: { name: 'w', namespace: 'a', labels: { app: 'x' } }, spec: pod.spec }]).workloads;
  expect(workload).toMatchObject({ kind: 'Pod', labels: { app: 'x' }, serviceAccount: 'one' });
});

test('a kind of the same name in another API group isn\'t a workload', () => {
  expect(mesh([object('Deployment', 'example.com/v1', { template: pod })]).workloads).toEqual([]);
});

test('omits objects that another object of the manifests owns', () => {
  const owned = (...owners: string[]) => object('ReplicaSet', 'apps/v1', { template: pod }, { name: 'rs', ownerReferences: owners.map((name) => ({ apiVersion: 'apps/v1', kind: 'Deployment', name })) });
  const deployment = object('Deployment', 'apps/v1', { template: pod });
  expect(mesh([deployment, owned('w')]).workloads.map(({ kind }) => kind)).toEqual(['Deployment']);
  expect(mesh([deployment, owned('gone', 'w')]).workloads.map(({ kind }) => kind)).toEqual(['Deployment']);
  expect(mesh([deployment, owned('gone')]).workloads.map(({ kind }) => kind)).toEqual(['ReplicaSet', 'Deployment']);
});

test('only init containers with restartPolicy Always have ports', () => {
  const initContainers = [{ name: 'side', restartPolicy: 'Always', ports: [{ containerPort: 1 }] }, { name: 'init', ports: [{ containerPort: 2 }] }];
  const [workload] = mesh([object('Job', 'batch/v1', { template: { ...pod, spec: { ...pod.spec, initContainers } } })]).workloads;
  expect(workload.ports.map(({ number }) => number)).toEqual([80, 1]);
});

test('ignores ports that aren\'t numbers', () => {
  const spec = { containers: [{ ports: [{ containerPort: 'x' }, { containerPort: '8080', protocol: 'UDP' }, 'y'] }] };
  expect(mesh([object('Job', 'batch/v1', { template: { spec } })]).workloads[0]).toMatchObject({ serviceAccount: 'default', labels: {}, ports: [{ number: 8080, name: '', protocol: 'UDP' }] });
});

test('keeps the user\'s TLS mode label and the original object', () => {
  const source = object('Job', 'batch/v1', { template: { metadata: { labels: { 'security.istio.io/tlsMode': 'disabled' } } } });
  const [workload] = mesh([injected('a'), source]).workloads;
  expect(workload.labels['security.istio.io/tlsMode']).toBe('disabled');
  expect(workload.object.source).toBe(source);
});

test('sorts by namespace, name and kind', () => {
  const objects = [object('Job', 'batch/v1', {}, { name: 'b' }), object('Job', 'batch/v1', {}, { name: 'a' }), object('Deployment', 'apps/v1', {}, { name: 'b' }),
    object('Job', 'batch/v1', {}, { namespace: 'Z' })];
  expect(mesh(objects).workloads.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`)).toEqual(['Job Z/w', 'Job a/a', 'Deployment a/b', 'Job a/b']);
});

test('an identity is made of trust domain, namespace and service account', () => {
  expect(identityOf({ namespace: 'a', serviceAccount: 'b' }, 'example.org')).toBe('spiffe://example.org/ns/a/sa/b');
});

test('a workload has the trust domain of the istiod that configures it', () => {
  const objects = [injected('a'), labelled('b', { 'istio.io/rev': 'canary' }), meshConfig({ trustDomain: 'one' }), meshConfig({ trustDomain: 'two' }, 'istio-canary')];
  const { workloads } = mesh([...objects, object('Job', 'batch/v1', { template: pod }), object('Job', 'batch/v1', { template: pod }, { namespace: 'b' })]);
  expect(workloads.map(({ location: place, identity }) => [place, identity])).toEqual([
    [expect.objectContaining({ callsFrom: { injector: 'default' }, trustDomain: 'one' }), 'spiffe://one/ns/a/sa/one'],
    [expect.objectContaining({ callsFrom: { injector: 'canary' }, trustDomain: 'two' }), 'spiffe://two/ns/b/sa/one'],
  ]);
});

test('says why a port isn\'t intercepted', () => {
  const of = (annotations: object) => mesh([injected('a'), object('Job', 'batch/v1', { template: { metadata: { annotations } } })]).workloads[0].interception;
  const excluded = of({ 'traffic.sidecar.istio.io/excludeInboundPorts': '80', 'traffic.sidecar.istio.io/excludeOutboundPorts': '81' });
  expect(excluded.whyNotInbound(80)!.because).toBe('traffic.sidecar.istio.io/excludeInboundPorts is 80');
  expect([excluded.whyNotInbound(81), excluded.whyNotOutbound(80)]).toEqual([undefined, undefined]);
  expect(excluded.whyNotOutbound(81)!.because).toBe('traffic.sidecar.istio.io/excludeOutboundPorts is 81');
  expect([excluded.whyNotInbound(80), excluded.whyNotOutbound(81)].map((found) => [found!.obstacle, found!.annotation])).toEqual([
    ['annotation', 'traffic.sidecar.istio.io/excludeInboundPorts'], ['annotation', 'traffic.sidecar.istio.io/excludeOutboundPorts'],
  ]);
  expect(excluded.whyNotOutbound(15001)).toBeUndefined();
  expect(of({ 'traffic.sidecar.istio.io/includeInboundPorts': '1' }).whyNotInbound(80)!.because).toBe('traffic.sidecar.istio.io/includeInboundPorts is \'1\'');
  expect([of({ 'traffic.sidecar.istio.io/includeInboundPorts': ' * ' }).whyNotInbound(80), of({ 'traffic.sidecar.istio.io/includeOutboundPorts': '1' }).whyNotOutbound(80)]).toEqual([undefined, undefined]);
  const [plain] = mesh([object('Job', 'batch/v1', {})]).workloads;
  expect([plain.interception.whyNotInbound(80), plain.interception.whyNotOutbound(80)].map((obstacle) => obstacle?.because)).toEqual(['the workload has no sidecar', 'the workload has no sidecar']);
  expect(of({ 'sidecar.istio.io/interceptionMode': 'NONE' }).whyNotOutbound(80)).toBeUndefined();
  expect(of({ 'sidecar.istio.io/interceptionMode': 'NONE' }).whyNotInbound(80)).toBeUndefined();
});

test('a sidecar\'s own ports aren\'t intercepted for inbound traffic; for outbound traffic every port is', () => {
  const of = (annotations: object) => mesh([injected('a'), object('Job', 'batch/v1', { template: { metadata: { annotations } } })]).workloads[0].interception;
  for (const port of [15008, 15020, 15021, 15090]) expect([of({}).whyNotInbound(port)?.because, of({}).whyNotOutbound(port)]).toEqual([`port ${port} is Istio's own`, undefined]);
  expect([15002, 15003, 15009].map((port) => of({}).whyNotInbound(port))).toEqual([undefined, undefined, undefined]);
  const status = of({ 'status.sidecar.istio.io/port': '8080' });
  expect([status.whyNotInbound(8080)?.because, status.whyNotOutbound(8080)]).toEqual(['port 8080 is Istio\'s own', undefined]);
});

const [INCLUDE, EXCLUDE, PORTS] = ['includeOutboundIPRanges', 'excludeOutboundIPRanges', 'includeOutboundPorts'].map((name) => `traffic.sidecar.istio.io/${name}`);

test.each([
  [{ [INCLUDE]: '10.0.0.0/8' }, INCLUDE, undefined], [{ [EXCLUDE]: '10.0.0.0/8' }, EXCLUDE, undefined], [{ [INCLUDE]: ' * ', [EXCLUDE]: ' ' }, undefined, undefined],
  [{ [INCLUDE]: '' }, INCLUDE, `${INCLUDE} is ''`], [{ [INCLUDE]: '', [PORTS]: '80' }, undefined, undefined], [{ [INCLUDE]: '', [PORTS]: '79:81, 90' }, undefined, undefined],
  [{ [INCLUDE]: '', [PORTS]: '90' }, INCLUDE, `${INCLUDE} is ''`], [{ [INCLUDE]: '10.0.0.0/8', [PORTS]: '80', [EXCLUDE]: '10.1.0.0/16' }, EXCLUDE, undefined], [{}, undefined, undefined],
])('with annotations %j, calls to port 80 bypass the sidecar for some addresses because of %s, and always because of %s', (annotations, byAddress, whyNot) => {
  const { interception } = mesh([injected('a'), object('Job', 'batch/v1', { template: { metadata: { annotations } } })]).workloads[0];
  expect([interception.byAddress(80), interception.whyNotOutbound(80)?.because]).toEqual([byAddress, whyNot]);
});

test('the pod\'s interceptionMode overrides the mesh config\'s', () => {
  const of = (annotations: object, inject = 'true', config: object = {}) => mesh([injected('a'), meshConfig(config), object('Job', 'batch/v1', { template: { metadata: { labels: { 'sidecar.istio.io/inject': inject }, annotations } } })]).workloads[0].interception.redirection;
  const none = { defaultConfig: { interceptionMode: 'NONE' } };
  expect([of({}), of({ x: 'y' }), of({ 'sidecar.istio.io/interceptionMode': 'TPROXY' }), of({ 'sidecar.istio.io/interceptionMode': 'NONE' }), of({}, 'false')]).toEqual(['REDIRECT', 'REDIRECT', 'REDIRECT', 'NONE', 'NONE']);
  expect([of({}, 'true', none), of({ 'sidecar.istio.io/interceptionMode': 'REDIRECT' }, 'true', none)]).toEqual(['NONE', 'REDIRECT']);
});

test.each([
  ['interceptionMode: NONE', 'NONE', 'NONE'], ['interception_mode: NONE', 'NONE', 'NONE'], ['interceptionMode: 2', 'NONE', 'NONE'],
  ['interceptionMode: 1', 'REDIRECT', 'REDIRECT'], ['interceptionMode: TPROXY', 'REDIRECT', 'REDIRECT'],
  ['interceptionMode: 0', 'REDIRECT', 'NONE'], ['interceptionMode: REDIRECT', 'REDIRECT', 'NONE'],
  ['holdApplicationUntilProxyStarts: true', 'REDIRECT', 'NONE'], ['a: b: c', 'REDIRECT', 'NONE'], ['', 'REDIRECT', 'NONE'],
])('a pod\'s proxy config %j makes interceptionMode %s, or %s if the mesh config says NONE', (config, expected, underNone) => {
  const of = (annotations: object, ofMesh: object = {}) => mesh([injected('a'), meshConfig(ofMesh), object('Job', 'batch/v1', { template: { metadata: { annotations } } })]).workloads[0].interception.redirection;
  const own = { 'proxy.istio.io/config': config };
  expect([of(own), of(own, { defaultConfig: { interceptionMode: 'NONE' } })]).toEqual([expected, underNone]);
  expect(of({ ...own, 'sidecar.istio.io/interceptionMode': 'REDIRECT' })).toBe('REDIRECT');
});

test('excludeInterfaces bypasses the sidecar, so destinations are unknown', () => {
  const { interception } = mesh([injected('a'), object('Job', 'batch/v1', { template: { metadata: { annotations: { 'traffic.sidecar.istio.io/excludeInterfaces': 'eth1' } } } })]).workloads[0];
  expect(interception.redirection).toBe('NONE');
});

const AS_PROXY = { securityContext: { runAsUser: 1337 } };

test.each<[object, boolean]>([
  [{ containers: [{ name: 'c' }] }, false],
  [{ containers: [{ name: 'c' }, { name: 'd', ...AS_PROXY }] }, true],
  [{ containers: [{ name: 'c' }], securityContext: { runAsGroup: 1337 } }, true],
  [{ containers: [{ name: 'c', securityContext: { runAsUser: 1000 } }], ...AS_PROXY }, false],
  [{ containers: [{ name: 'c' }, { name: 'istio-proxy', image: 'auto', ...AS_PROXY }] }, false],
])('pods with %j have a container that runs as the sidecar\'s user: %s', (spec, expected) => {
  const { interception } = mesh([injected('a'), object('Job', 'batch/v1', { template: { spec } })]).workloads[0];
  expect([interception.asProxy, interception.byAddress(80)]).toEqual([expected, expected ? 'securityContext' : undefined]);
});

test.each<[object, object, boolean]>([
  [{}, {}, false],
  [{ defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true' } } }, {}, true],
  [{ defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'false' } } }, { 'proxy.istio.io/config': 'proxyMetadata: {ISTIO_META_DNS_CAPTURE: "1"}' }, true],
  [{ defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true' } } }, { 'proxy.istio.io/config': 'proxyMetadata: {ISTIO_META_DNS_CAPTURE: "false"}' }, false],
  [{ defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true' } } }, { 'proxy.istio.io/config': 'concurrency: 2' }, true],
])('with mesh config %j and annotations %j a sidecar answers DNS requests: %s', (config, annotations, expected) => {
  expect(mesh([injected('a'), meshConfig(config), object('Job', 'batch/v1', { template: { metadata: { annotations } } })]).workloads[0].dnsCapture).toBe(expected);
});

test.each([['a', 'true', true], ['istio-system', 'true', true], ['b', 'true', false], ['a', 'false', false]])('a ProxyConfig of namespace %s with ISTIO_META_DNS_CAPTURE %s makes a sidecar answer DNS requests: %s', (place, value, expected) => {
  const config = { apiVersion: 'networking.istio.io/v1beta1', kind: 'ProxyConfig', metadata: { namespace: place, name: 'p' }, spec: { environmentVariables: { ISTIO_META_DNS_CAPTURE: value } } };
  expect(mesh([injected('a'), config, object('Job', 'batch/v1', {})]).workloads[0].dnsCapture).toBe(expected);
});
