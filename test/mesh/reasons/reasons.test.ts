import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { regressions } from '../../support/meshes/kept-meshes';
import { deployment, destinationRule, injected, mesh, meshConfig, mode, namespace, peerAuthentication, service, serviceEntry, sidecar, tls, toHost, virtualService, workloadEntry } from '../../support/meshes/mesh';

/** The reasons of the client's call to a host: `Kind namespace/name field: effect`. */
function because(objects: unknown[], host = 'server.b.svc.cluster.local'): string[] {
  const [found] = mesh(objects).connections({ client: ({ name }) => name === 'client', requested: (call) => call.host === host });
  return found.because.map(({ kind, namespace: space, name, field, effect }) => `${kind} ${space}/${name} ${field}: ${effect}`);
}

const world = (...more: unknown[]) => [injected('a', 'b'), deployment('a/client'), deployment('b/server'), service('b/server', ['http:80']), more];
const STRICT = peerAuthentication('b/p', mode('STRICT'));
const BY_STRICT = 'PeerAuthentication b/p spec.mtls.mode: STRICT for the namespace';
const HIDES = 'hides server.b.svc.cluster.local from the client';

test('a client without a sidecar is named with the reason', () => {
  expect(because([namespace('a'), injected('b'), deployment('a/client'), deployment('b/server'), service('b/server'), STRICT]))
    .toEqual(['Deployment a/client proxy: neither the namespace nor the pod asks for a sidecar', BY_STRICT]);
  const excluded = deployment('a/client', { annotations: { 'traffic.sidecar.istio.io/excludeOutboundPorts': '80' } });
  expect(because([injected('a', 'b'), excluded, deployment('b/server'), service('b/server'), STRICT])[0])
    .toBe('Deployment a/client proxy: traffic.sidecar.istio.io/excludeOutboundPorts is 80');
});

describe('names what hides a service', () => {
  test('a Sidecar, and the outboundTrafficPolicy that blocks unknown destinations', () => {
    const egress = [{ hosts: ['./*'] }];
    expect(because(world(STRICT, sidecar('a/s', { egress })))).toEqual([`Sidecar a/s spec.egress: ${HIDES}`, BY_STRICT]);
    const forbidden = 'blocks destinations that the client\'s proxy doesn\'t know';
    expect(because(world(sidecar('a/s', { egress, outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } }))))
      .toEqual([`Sidecar a/s spec.egress: ${HIDES}`, `Sidecar a/s spec.outboundTrafficPolicy: ${forbidden}`]);
    expect(because(world(sidecar('a/s', { egress }), meshConfig({ outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } })))[1])
      .toBe(`ConfigMap istio-system/istio data.mesh.outboundTrafficPolicy: ${forbidden}`);
  });

  test('an exportTo, the mesh config\'s defaults, its selectors', () => {
    const hidden = service('b/server', ['http:80'], { annotations: { 'networking.istio.io/exportTo': '.' } });
    expect(because([injected('a', 'b'), deployment('a/client'), deployment('b/server'), hidden])).toEqual([`Service b/server exportTo: ${HIDES}`]);
    expect(because(world(meshConfig({ defaultServiceExportTo: ['.'] })))).toEqual([`ConfigMap istio-system/istio data.mesh.defaultServiceExportTo: ${HIDES}`]);
    expect(because(world(meshConfig({ discoverySelectors: [{ matchLabels: { 'kubernetes.io/metadata.name': 'a' } }] }))))
      .toEqual([`ConfigMap istio-system/istio data.mesh.discoverySelectors: ${HIDES}`]);
  });
});

test('names a sidecar\'s own ports, where no listener detects HTTP by name', () => {
  const on = (port: string | object, ...more: unknown[]) => because([injected('a', 'b'), deployment('a/client'), deployment('b/server'), service('b/server', [port]), STRICT, more]);
  expect(on('http:15021')).toEqual(['Service b/server spec: port 15021 is the sidecar\'s own', 'Deployment b/server proxy: port 15021 is Istio\'s own', BY_STRICT]);
  expect(on({ name: 'http', port: 15006, targetPort: 80 })).toEqual(['Service b/server spec: port 15006 is the sidecar\'s own', BY_STRICT]);
  expect(['http:15020', 'tcp:15021', 'http:15000'].map((port) => on(port)[0])).not.toContainEqual(expect.stringContaining('sidecar\'s own'));
});

describe('names other causes of a broken call', () => {
  const route = (host: string, subset?: string) => virtualService('b/r', { hosts: ['server'], http: [toHost(host, { subset })] });

  test('a rule that lacks the subset, or else the route', () => {
    const sent = 'VirtualService b/r spec.hosts: sends the call to server.b.svc.cluster.local:80 subset v1';
    expect(because(world(route('server', 'v1')))).toEqual([sent]);
    expect(because(world(route('server', 'v1'), destinationRule('b/d', { host: 'server' })))).toEqual([sent, 'DestinationRule b/d spec.subsets: defines no subset v1']);
  });

  test('a missing destination, or one without the port', () => {
    expect(because(world(route('nothing')))).toEqual(['VirtualService b/r spec.hosts: sends the call to nothing.b.svc.cluster.local:80']);
    expect(because(world(route('other'), service('b/other', [90])))[1]).toBe('Service b/other spec: has no other.b.svc.cluster.local:80 known to the client');
  });

  test('subjectAltNames that no server has', () => {
    const rule = destinationRule('b/d', { host: 'server', ...tls('ISTIO_MUTUAL', { subjectAltNames: ['spiffe://x'] }) });
    expect(because(world(rule))).toEqual([
      'DestinationRule b/d spec.trafficPolicy.tls.subjectAltNames: the server has another identity', 'DestinationRule b/d spec.trafficPolicy.tls.mode: the client sends ISTIO_MUTUAL',
    ]);
    const ofSubset = destinationRule('b/d', { host: 'server', subsets: [{ name: 'v1', ...tls('ISTIO_MUTUAL', { subjectAltNames: ['spiffe://x'] }) }] });
    expect(because(world(route('server', 'v1'), ofSubset))[1]).toBe('DestinationRule b/d spec.subsets[v1].trafficPolicy.tls.subjectAltNames: the server has another identity');
  });

  test('a host without servers, and a subset without servers', () => {
    const entry = (fields: object) => serviceEntry('b/e', { hosts: ['x.example.com'], resolution: 'DNS', ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], ...fields });
    expect(because(world(entry({ workloadSelector: { labels: { app: 'x' } } })), 'x.example.com')).toEqual(['ServiceEntry b/e spec: has no servers']);
    const subset = [destinationRule('b/d', { host: 'x.example.com', subsets: [{ name: 'v1', labels: { v: '1' } }] }), virtualService('b/r', { hosts: ['x.example.com'], http: [toHost('x.example.com', { subset: 'v1' })] })];
    expect(because(world(entry({}), subset), 'x.example.com')[1]).toBe('DestinationRule b/d spec.subsets[v1].labels: select no server');
  });

  test('a Service that makes the server\'s proxy expect HTTP', () => {
    expect(because(world(destinationRule('b/d', { host: 'server', ...tls('SIMPLE') }))))
      .toEqual(['DestinationRule b/d spec.trafficPolicy.tls.mode: the client sends SIMPLE', 'Service b/server spec.ports: makes the server\'s proxy expect HTTP']);
  });
});

describe('why auto mTLS sends plaintext is named', () => {
  const sends = 'so auto mTLS sends plaintext';

  test('the mesh config, or a policy of the namespace or the mesh', () => {
    expect(because(world(meshConfig({ enableAutoMtls: false })))[0]).toBe('ConfigMap istio-system/istio data.mesh.enableAutoMtls: the client sends plaintext');
    expect(because(world(peerAuthentication('b/p', mode('DISABLE'))))[0]).toBe(`PeerAuthentication b/p spec.mtls.mode: DISABLE, ${sends}`);
    const meshWide = peerAuthentication('istio-system/m', mode('DISABLE'));
    expect(because(world(meshWide, peerAuthentication('b/p', mode('UNSET'))))[0]).toBe(`PeerAuthentication istio-system/m spec.mtls.mode: DISABLE, ${sends}`);
    expect(because(world(meshWide))[0]).toBe(`PeerAuthentication istio-system/m spec.mtls.mode: DISABLE, ${sends}`);
  });

  test('a service outside the mesh', () => {
    const entry = serviceEntry('b/e', { hosts: ['x.example.com'], resolution: 'DNS', location: 'MESH_EXTERNAL', ports: [{ number: 80, name: 'http', protocol: 'HTTP' }] });
    expect(because(world(entry), 'x.example.com')).toEqual([`ServiceEntry b/e spec.location: is outside the mesh, ${sends}`]);
  });
});

describe('the reason of a call is also given if', () => {
  const entry = (spec: object, protocol = 'HTTP') => serviceEntry('b/e', {
    hosts: ['x.example.com'], resolution: 'STATIC', location: 'MESH_INTERNAL', ports: [{ number: 80, name: 'p', protocol }], ...spec,
  });
  const alias = (externalName: string) => service('b/one', ['http:80'], { type: 'ExternalName', externalName });
  const machine = workloadEntry('b/vm', { address: '192.0.2.9', labels: { app: 'vm' } });
  const onMachine = entry({ workloadSelector: { labels: { app: 'vm' } } });
  const mutual = (host: string) => destinationRule('b/d', { host, ...tls('ISTIO_MUTUAL') });
  const SENDS = 'DestinationRule b/d spec.trafficPolicy.tls.mode: the client sends';
  const PASSTHROUGH = { trafficPolicy: { loadBalancer: { simple: 'PASSTHROUGH' } } };
  const ON_NODE = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x', namespace: 'c' }, spec: {}, status: { hostIP: '192.0.2.9' } };
  const SLICE = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'one', namespace: 'b', labels: { 'kubernetes.io/service-name': 'one' } },
    endpoints: [{ addresses: ['192.0.2.9'] }],
    ports: [{ name: 'http', port: 80 }],
  };
  const UNINJECTED = 'Deployment b/plain proxy: sidecar.istio.io/inject is false';
  const KEPT = 'keeps the requested address, and not all servers use mutual TLS, so auto mTLS sends plaintext';
  const WITHOUT_EFFECT = ['DestinationRule b/d spec.trafficPolicy.tls.mode: has no effect: the client sends plaintext'];

  test.each<[string, unknown[], string | undefined, string[]]>([
    ['no service takes the call', [entry({ addresses: ['192.0.2.1'] }, 'TLS'), virtualService('b/v', { hosts: ['x.example.com'], tls: [{ match: [{ sniHosts: ['y'] }], ...toHost('server') }] })],
      'x.example.com', ['ServiceEntry b/e spec: no listener or route of x.example.com accepts the call']],
    ['the target of an ExternalName isn\'t exported to the client', [service('b/server', ['http:80'], { annotations: { 'networking.istio.io/exportTo': '.' } }), alias('server.b.svc.cluster.local')],
      'one.b.svc.cluster.local', [`Service b/server exportTo: ${HIDES}`]],
    ['an egressProxy decides, without a reason', [sidecar('a/s', { egress: [{ hosts: ['./*'] }], outboundTrafficPolicy: { mode: 'ALLOW_ANY', egressProxy: { host: 'p' } } })], undefined, []],
    ['a rule has no effect because of credentialName', [destinationRule('b/d', { host: 'server', ...tls('SIMPLE', { credentialName: 'c' }) })], undefined, WITHOUT_EFFECT],
    ['a rule has no effect because of port settings without tls', [destinationRule('b/d', { host: 'server', trafficPolicy: { tls: { mode: 'SIMPLE' }, portLevelSettings: [{ port: { number: 80 }, connectionPool: {} }] } })],
      undefined, WITHOUT_EFFECT],
    ['a rule\'s DISABLE marks the servers, in spite of port settings without tls', [destinationRule('b/d', { host: 'server', trafficPolicy: { tls: { mode: 'DISABLE' }, portLevelSettings: [{ port: { number: 80 }, connectionPool: {} }] } })],
      undefined, [`${SENDS} PLAINTEXT`]],
    ['a server of a headless Service has no sidecar', [deployment('b/plain', { labels: { 'app': 'server', 'sidecar.istio.io/inject': 'false' } }), service('b/server', ['tcp:80'], { clusterIP: 'None' })], undefined, [
      'Service b/server spec: not all of its servers use mutual TLS, so auto mTLS sends plaintext', 'Deployment b/plain proxy: sidecar.istio.io/inject is false',
    ]],
    ['the servers of a headless Service are unknown, without a reason', [service('b/none', ['tcp:80'], { clusterIP: 'None' })], 'none.b.svc.cluster.local', []],
    ['it is uncertain which service takes the call, without a reason', [entry({ addresses: ['192.0.2.1'] }, 'TCP'), serviceEntry('b/f', entry({}, 'TCP').spec)], 'x.example.com', []],
    ['a route leads to an ambiguous host', [entry({}), serviceEntry('b/f', entry({}).spec), virtualService('b/r', { hosts: ['server'], http: [toHost('x.example.com')] })],
      undefined, ['VirtualService b/r spec.hosts: sends the call to x.example.com:80']],
    ['a WorkloadEntry has no sidecar', [onMachine, machine], 'x.example.com', [
      'WorkloadEntry b/vm proxy: doesn\'t use mutual TLS there, so auto mTLS sends plaintext', 'WorkloadEntry b/vm spec: no proxy is known in front of it',
    ]],
    ['a rule demands mutual TLS of a WorkloadEntry without a sidecar', [onMachine, machine, mutual('x.example.com')], 'x.example.com', [`${SENDS} ISTIO_MUTUAL`, 'WorkloadEntry b/vm spec: no proxy is known in front of it']],
    ['a rule demands mutual TLS of an address', [entry({ endpoints: [{ address: '192.0.2.9' }] }), mutual('x.example.com')], 'x.example.com', [`${SENDS} ISTIO_MUTUAL`, 'ServiceEntry b/e spec: no proxy is known in front of it']],
    ['TLS other than the mesh\'s meets STRICT, whatever the protocol', [STRICT, destinationRule('b/d', { host: 'server', ...tls('SIMPLE') })], undefined, [`${SENDS} SIMPLE`, BY_STRICT]],
    ['MUTUAL with the user\'s own certificates meets an HTTP port', [destinationRule('b/d', { host: 'server', ...tls('MUTUAL', { clientCertificate: '/c', privateKey: '/k' }) })], undefined, [
      `${SENDS} MUTUAL`, 'Service b/server spec.ports: makes the server\'s proxy expect HTTP',
    ]],
    ['mutual TLS meets DISABLE, whatever the protocol', [peerAuthentication('b/p', mode('DISABLE')), mutual('server')], undefined, [
      `${SENDS} ISTIO_MUTUAL`, 'PeerAuthentication b/p spec.mtls.mode: DISABLE for the namespace',
    ]],
    ['a subset sets TLS', [virtualService('b/r', { hosts: ['server'], http: [toHost('server', { subset: 'v1' })] }), destinationRule('b/d', { host: 'server', ...tls('DISABLE'), subsets: [{ name: 'v1', ...tls('ISTIO_MUTUAL') }] })],
      undefined, ['VirtualService b/r spec.hosts: sends the call to server.b.svc.cluster.local:80 subset v1', 'DestinationRule b/d spec.subsets[v1].trafficPolicy.tls.mode: the client sends ISTIO_MUTUAL']],
    ['the server is a gateway', [deployment('b/server', { annotations: { 'inject.istio.io/templates': 'gateway' } })], undefined, [
      'Deployment b/server proxy: doesn\'t use mutual TLS there, so auto mTLS sends plaintext', 'Deployment b/server proxy: its proxy is router: inject.istio.io/templates is gateway',
    ]],
    ['a workload\'s policy is DISABLE', [peerAuthentication('b/w', { selector: { matchLabels: { app: 'server' } }, ...mode('DISABLE') })], undefined, [
      'PeerAuthentication b/w spec.mtls.mode: DISABLE, so auto mTLS sends plaintext', 'PeerAuthentication b/w spec.mtls.mode: DISABLE for the workload',
    ]],
    ['a workload\'s policy is DISABLE for the port', [peerAuthentication('b/w', { selector: { matchLabels: { app: 'server' } }, portLevelMtls: { 80: { mode: 'DISABLE' } } })], undefined, [
      'PeerAuthentication b/w spec.portLevelMtls.80.mode: DISABLE, so auto mTLS sends plaintext', 'PeerAuthentication b/w spec.portLevelMtls.80.mode: DISABLE for the port',
    ]],
    ['a pod\'s tlsMode label turns off mutual TLS', [deployment('b/server', { labels: { 'app': 'server', 'security.istio.io/tlsMode': 'disabled' } })], undefined, [
      'Deployment b/server spec.template.metadata.labels[security.istio.io/tlsMode]: isn\'t istio, so auto mTLS sends plaintext',
    ]],
    ['a ServiceEntry lists an address', [entry({ endpoints: [{ address: '192.0.2.9' }] })], 'x.example.com', [
      'ServiceEntry b/e spec.endpoints: doesn\'t say that the server uses mutual TLS, so auto mTLS sends plaintext',
    ]],
    ['a WorkloadEntry has a node\'s address', [onMachine, workloadEntry('b/vm', { address: '192.0.2.9', labels: { app: 'vm' }, serviceAccount: 'vm' }), ON_NODE], 'x.example.com', [
      'WorkloadEntry b/vm spec: its address is a node\'s, at which pods of the host\'s network, host ports and NodePorts answer',
    ]],
    ['an EndpointSlice lists an address for a Service', [service('b/one', ['http:80'], { selector: undefined }), SLICE], 'one.b.svc.cluster.local', [
      'EndpointSlice b/one endpoints[0]: istiod doesn\'t know that the server uses mutual TLS, so auto mTLS sends plaintext',
    ]],
    ['a rule keeps the called address of a service, a server of which has no sidecar', [
      deployment('b/plain', { labels: { 'app': 'server', 'sidecar.istio.io/inject': 'false' } }), destinationRule('b/d', { host: 'server', ...PASSTHROUGH }),
    ], undefined, [`DestinationRule b/d spec.trafficPolicy.loadBalancer.simple: ${KEPT}`, UNINJECTED]],
    ['a subset keeps the called address of a service, a server of which has no sidecar', [
      deployment('b/plain', { labels: { 'app': 'server', 'sidecar.istio.io/inject': 'false' } }), destinationRule('b/d', { host: 'server', subsets: [{ name: 'v1', ...PASSTHROUGH }] }),
      virtualService('b/r', { hosts: ['server'], http: [toHost('server', { subset: 'v1' })] }),
    ], undefined, [
      'VirtualService b/r spec.hosts: sends the call to server.b.svc.cluster.local:80 subset v1', `DestinationRule b/d spec.subsets[v1].trafficPolicy.loadBalancer.simple: ${KEPT}`, UNINJECTED,
    ]],
    ['a Sidecar binds the port elsewhere', [sidecar('b/s', { ingress: [{ port: { number: 80, protocol: 'HTTP', name: 'http' }, bind: '127.0.0.1' }] })], undefined, [
      'Sidecar b/s spec.ingress[0]: a Sidecar binds its port elsewhere than where traffic is intercepted',
    ]],
    ['an annotation sets interceptionMode NONE', [deployment('b/server', { annotations: { 'sidecar.istio.io/interceptionMode': 'NONE' } })], undefined, [
      'Deployment b/server spec.template.metadata.annotations[sidecar.istio.io/interceptionMode]: its sidecar binds ports instead of intercepting them, or leaves interfaces out',
    ]],
    ['the mesh config sets interceptionMode NONE', [meshConfig({ defaultConfig: { interception_mode: 'NONE' } })], undefined, [
      'ConfigMap istio-system/istio data.mesh.defaultConfig.interception_mode: its sidecar binds ports instead of intercepting them, or leaves interfaces out',
    ]],
    ['the mesh config lists a cipher suite that Envoy doesn\'t know', [meshConfig({ meshMTLS: { cipherSuites: ['X'] } })], undefined, [
      'ConfigMap istio-system/istio data.mesh.meshMTLS.cipherSuites: Envoy doesn\'t know cipher suite X, which the mesh config lists',
    ]],
    ['a workload\'s policy applies', [peerAuthentication('b/w', { selector: { matchLabels: { app: 'server' } }, ...mode('STRICT') })], undefined, ['PeerAuthentication b/w spec.mtls.mode: STRICT for the workload']],
    ['the root namespace\'s policy applies', [peerAuthentication('istio-system/m', mode('STRICT'))], undefined, ['PeerAuthentication istio-system/m spec.mtls.mode: STRICT for the mesh']],
  ])('%s', (_, more, host, expected) => {
    expect(because(world(more), host)).toEqual(expected);
  });
});

describe('the client\'s TLS is decided by', () => {
  const onPort = (port: number, settings: object) => ({ portLevelSettings: [{ port: { number: port }, ...settings }] });
  const SIMPLE = { tls: { mode: 'SIMPLE' } };

  test.each([
    ['the rule\'s', SIMPLE, undefined, 'spec.trafficPolicy.tls.mode'],
    ['the rule\'s for the port', onPort(80, SIMPLE), undefined, 'spec.trafficPolicy.portLevelSettings[80].tls.mode'],
    ['not the rule\'s for another port', { ...SIMPLE, ...onPort(81, SIMPLE) }, undefined, 'spec.trafficPolicy.tls.mode'],
    ['not the rule\'s port settings without TLS', { ...SIMPLE, ...onPort(80, {}) }, undefined, 'spec.trafficPolicy.tls.mode'],
    ['the subset\'s', SIMPLE, SIMPLE, 'spec.subsets[v1].trafficPolicy.tls.mode'],
    ['the subset\'s for the port', SIMPLE, { ...SIMPLE, ...onPort(80, SIMPLE) }, 'spec.subsets[v1].trafficPolicy.portLevelSettings[80].tls.mode'],
    ['not the subset\'s for another port', SIMPLE, { ...SIMPLE, ...onPort(81, SIMPLE) }, 'spec.subsets[v1].trafficPolicy.tls.mode'],
    ['the rule\'s if the subset has no TLS', SIMPLE, {}, 'spec.trafficPolicy.tls.mode'],
    ['the rule\'s if the subset has no policy', onPort(80, SIMPLE), null, 'spec.trafficPolicy.portLevelSettings[80].tls.mode'],
  ])('%s', (_, trafficPolicy, subset, expected) => {
    const subsets = subset === undefined ? [] : [{ name: 'v1', trafficPolicy: subset }];
    const routed = subset === undefined ? [] : [virtualService('b/r', { hosts: ['server'], http: [toHost('server', { subset: 'v1' })] })];
    expect(because(world(routed, destinationRule('b/d', { host: 'server', trafficPolicy, subsets })))).toContainEqual(expect.stringContaining(`DestinationRule b/d ${expected}: `));
  });

  test('the rule of several for the host that has the subset\'s settings', () => {
    const routed = virtualService('b/r', { hosts: ['server'], http: [toHost('server', { subset: 'v1' })] });
    const balanced = destinationRule('b/a', { host: 'server', trafficPolicy: { loadBalancer: { simple: 'ROUND_ROBIN' } } });
    const ofSubset = destinationRule('b/b', { host: 'server', subsets: [{ name: 'v1', trafficPolicy: onPort(80, { tls: { mode: 'DISABLE' } }) }] });
    expect(because(world(STRICT, routed, balanced, ofSubset))[1]).toBe('DestinationRule b/b spec.subsets[v1].trafficPolicy.portLevelSettings[80].tls.mode: the client sends PLAINTEXT');
  });
});

// In any mesh, a broken connection names the object to look at.
const HERE = join(__dirname, '..');
const RULES = join(HERE, '..', 'analysis', 'rules');
const text = (...path: string[]) => readFileSync(join(...path), 'utf8');
const meshes: [id: string, objects: () => unknown[]][] = [
  ...text(HERE, 'recorded', 'meshes.jsonl').trim().split('\n').map((line, index): [string, () => unknown[]] => [`recorded ${index}`, () => JSON.parse(line).objects]),
  ...regressions.map(({ id, objects }): [string, () => unknown[]] => [id, () => objects]),
  ...readdirSync(RULES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml')).sort().map((name): [string, () => unknown[]] => [name, () => loadAll(text(RULES, name))]),
];

test.each(meshes)('each broken connection of %s names an object that decides it', (_, objects) => {
  expect([...mesh(objects()).connections({ outcome: 'broken' })].filter((one) => one.because.length === 0)).toEqual([]);
});
