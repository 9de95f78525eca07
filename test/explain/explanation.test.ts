import { CallExplanation, explain } from '../../src/explain/explanation';
import { FAILURES } from '../../src/explain/failures';
import { callsNamed, workloadsNamed } from '../../src/mesh/queries/selection';
import {
  deployment, destinationRule, injected, meshConfig, mesh, mode, namespace, peerAuthentication, service, serviceEntry, tls, toHost,
  virtualService, workloadEntry,
} from '../support/meshes/mesh';

const WEB = [injected('a'), deployment('a/client'), deployment('a/web'), service('a/web', ['http:80'])];

function explained(objects: unknown[], client = 'a/client', called = 'a/web:80', manifests: unknown[] = []): CallExplanation {
  const one = mesh(objects);
  return explain(one, workloadsNamed(one, client)[0], callsNamed(one, called)[0], manifests);
}

const first = (objects: unknown[], client?: string, called?: string) => explained(objects, client, called).connections[0];

describe('names in the client\'s proxy', () => {
  test.each([
    ['HTTP', WEB, 'a/web:80', [{ kind: 'http', listener: '0.0.0.0_80', route: '80', cluster: 'outbound|80||web.a.svc.cluster.local' }]],
    ['TCP', [injected('a'), deployment('a/client'), deployment('a/web'), service('a/web', ['tcp:80'])], 'a/web:80', [{ kind: 'tcp', listener: '<clusterIP>_80', cluster: 'outbound|80||web.a.svc.cluster.local' }]],
    ['a port without a protocol', [injected('a'), deployment('a/client'), deployment('a/web'), service('a/web', [80], { clusterIP: '10.0.0.7' })], 'a/web:80', [
      { kind: 'http', listener: '10.0.0.7_80', route: 'web.a.svc.cluster.local:80', cluster: 'outbound|80||web.a.svc.cluster.local' },
      { kind: 'tcp', listener: '10.0.0.7_80', cluster: 'outbound|80||web.a.svc.cluster.local' },
    ]],
    ['headless TCP', [injected('a'), deployment('a/client'), deployment('a/web'), service('a/web', ['tcp:80'], { clusterIP: 'None' })], 'a/web:80', [{ kind: 'tcp', listener: '<podIP>_80', cluster: 'outbound|80||web.a.svc.cluster.local' }]],
    ['a hidden service', [WEB, service('a/hidden', ['tcp:81'], { annotations: { 'networking.istio.io/exportTo': 'b' }, selector: { app: 'web' } })], 'a/hidden:81', [{ kind: 'tcp', listener: 'virtualOutbound', cluster: 'PassthroughCluster' }]],
    ['a hidden one where others have HTTP', [WEB, service('a/hidden', ['tcp:80'], { annotations: { 'networking.istio.io/exportTo': 'b' }, selector: { app: 'web' } })], 'a/hidden:80', [{ kind: 'tcp', listener: '0.0.0.0_80', cluster: 'PassthroughCluster' }]],
    ['REGISTRY_ONLY, by HTTP', [WEB, meshConfig({ outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } }), service('a/hidden', ['http:80'], { annotations: { 'networking.istio.io/exportTo': 'b' }, selector: { app: 'web' } })], 'a/hidden:80', [{ kind: 'http', listener: '0.0.0.0_80', route: '80' }]],
    ['REGISTRY_ONLY, by TCP', [WEB, meshConfig({ outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } }), service('a/hidden', ['tcp:81'], { annotations: { 'networking.istio.io/exportTo': 'b' }, selector: { app: 'web' } })], 'a/hidden:81', [{ kind: 'tcp', listener: 'virtualOutbound', cluster: 'BlackHoleCluster' }]],
    ['hosts that sidecars look up', [WEB, meshConfig({ outboundTrafficPolicy: { mode: 'ALLOW_ANY_DYNAMIC_DNS' } }), service('a/hidden', ['http:81'], { annotations: { 'networking.istio.io/exportTo': 'b' }, selector: { app: 'web' } })], 'a/hidden:81', [{ kind: 'http', listener: 'virtualOutbound', cluster: 'AllowAnyDynamicDNSCluster' }]],
    ['a sidecar\'s own port', [WEB, service('a/health', ['http:15021'], { selector: { app: 'web' } })], 'a/health:15021', [{ kind: 'http', listener: 'virtualOutbound', cluster: 'PassthroughCluster' }]],
    ['a ServiceEntry with an address', [WEB, serviceEntry('a/db', { hosts: ['db.example.com'], addresses: ['192.0.2.7'], ports: [{ number: 5432, name: 'p', protocol: 'TCP' }], resolution: 'STATIC', endpoints: [{ address: '192.0.2.8' }] })], 'db.example.com:5432', [{ kind: 'tcp', listener: '192.0.2.7_5432', cluster: 'outbound|5432||db.example.com' }]],
    ['a ServiceEntry without one', [WEB, serviceEntry('a/db', { hosts: ['db.example.com'], ports: [{ number: 5432, name: 'p', protocol: 'TCP' }], resolution: 'DNS' })], 'db.example.com:5432', [{ kind: 'tcp', listener: '0.0.0.0_5432', cluster: 'outbound|5432||db.example.com' }]],
    ['a route to a subset', [WEB, destinationRule('a/web', { host: 'web', subsets: [{ name: 'v1', labels: { app: 'web' } }] }), virtualService('a/web', { hosts: ['web'], http: [toHost('web', { subset: 'v1' })] })], 'a/web:80', [{ kind: 'http', listener: '0.0.0.0_80', route: '80', cluster: 'outbound|80|v1|web.a.svc.cluster.local' }]],
  ])('%s', (_, objects, called, names) => {
    expect(first(objects as unknown[], 'a/client', called as string).outbound).toEqual(names);
  });

  test('each way has its protocol if HTTP and TCP differ', () => {
    const route = {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'GRPCRoute',
      metadata: { name: 'r', namespace: 'a' },
      spec: { parentRefs: [{ group: '', kind: 'Service', name: 'db' }], rules: [{}] },
    };
    const db = service('a/db', [80], { selector: { app: 'db' } });
    const objects = [injected('a'), deployment('a/client'), db, workloadEntry('a/db', { address: '198.51.100.3', labels: { app: 'db' } }), route];
    expect(explained(objects, 'a/client', 'a/db:80').connections.map(({ kinds, transport }) => [kinds, transport.outcome])).toEqual([
      [['http'], 'undecided'], [['tcp'], 'plaintext'],
    ]);
  });

  test('a server gets mirrored HTTP and direct TCP', () => {
    const objects = [
      injected('a'), deployment('a/client'), deployment('a/web'), service('a/web', [80]), deployment('a/new'), service('a/new', [80]),
      virtualService('a/web', { hosts: ['web'], http: [{ ...toHost('new'), mirror: { host: 'web' } }] }),
    ];
    const mirrored = explained(objects).connections.find(({ hops: [{ destination }] }) => destination.host.startsWith('web.'))!;
    expect(mirrored.outbound.map(({ kind, route, cluster }) => [kind, route, cluster])).toEqual([
      ['http', 'web.a.svc.cluster.local:80', 'outbound|80||web.a.svc.cluster.local'], ['tcp', undefined, 'outbound|80||web.a.svc.cluster.local'],
    ]);
  });

  test('a client has no names without a sidecar, with an excluded port, or with a host alias', () => {
    const excluded = deployment('a/other', { annotations: { 'traffic.sidecar.istio.io/excludeOutboundPorts': '80' } });
    const own = deployment('a/own', { spec: { hostAliases: [{ ip: '192.0.2.1', hostnames: ['web.a.svc.cluster.local'] }] } });
    expect(first([WEB, namespace('b'), deployment('b/client')], 'b/client').outbound).toEqual([]);
    expect(first([WEB, excluded], 'a/other').outbound).toEqual([]);
    expect(first([WEB, own], 'a/own').outbound).toEqual([]);
  });

  test('a headless server\'s listener excludes its own pod', () => {
    const objects = [injected('a'), deployment('a/web'), deployment('a/more', { labels: { app: 'web' } }), service('a/web', ['tcp:80'], { clusterIP: 'None' })];
    expect(explained(objects, 'a/web').connections.flatMap(({ outbound }) => outbound)).toEqual([{ kind: 'tcp', listener: '<podIP>_80', cluster: 'outbound|80||web.a.svc.cluster.local' }]);
  });
});

describe('the handshake', () => {
  test('of mutual TLS', () => {
    expect(first(WEB).handshake).toEqual({
      sni: 'outbound_.80_._.web.a.svc.cluster.local',
      alpn: ['istio-peer-exchange', 'istio'],
      alpnForHttp: ['istio-http/1.1', 'istio', 'http/1.1'],
      names: ['spiffe://cluster.local/ns/a/sa/default'],
      namesFrom: 'servers',
      versions: ['TLSv1_2', 'TLSv1_3'],
      certificate: 'mesh',
      verifiedBy: 'mesh',
    });
  });

  test.each([
    ['grpc', ['grpc:80'], {}],
    ['grpc-web', ['grpc-web:80'], {}],
    ['appProtocol', [{ name: 'x', port: 80, appProtocol: 'kubernetes.io/h2c' }], {}],
    ['http2 as appProtocol', [{ name: 'x', port: 80, appProtocol: 'http2' }], {}],
    ['an upgrade by a rule', ['http:80'], { trafficPolicy: { connectionPool: { http: { h2UpgradePolicy: 'UPGRADE' } } } }],
    ['an upgrade for a port', ['http:80'], { trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, connectionPool: { http: { h2UpgradePolicy: 'UPGRADE' } } }] } }],
  ])('over HTTP/2, by %s', (_, ports, rule) => {
    const objects = [injected('a'), deployment('a/client'), deployment('a/web'), service('a/web', ports as any[]), destinationRule('a/web', { host: 'web', ...rule })];
    const { alpn, alpnForHttp } = first(objects).handshake!;
    expect([alpn, alpnForHttp]).toEqual([['istio-peer-exchange', 'istio', 'h2'], ['istio-h2', 'istio', 'h2']]);
  });

  test.each([
    ['the mesh config upgrades', {}, true],
    ['a rule doesn\'t', { h2UpgradePolicy: 'DO_NOT_UPGRADE' }, false],
    ['a rule keeps the client\'s protocol', { useClientProtocol: true }, false],
  ])('%s', (_, http, isHttp2) => {
    const subset = { name: 'v1', labels: { app: 'web' }, trafficPolicy: { connectionPool: { http } } };
    const objects = [WEB, meshConfig({ h2UpgradePolicy: 'UPGRADE' }), destinationRule('a/web', { host: 'web', subsets: [subset] }), virtualService('a/web', { hosts: ['web'], http: [toHost('web', { subset: 'v1' })] })];
    expect(first(objects).handshake!.alpn.includes('h2')).toBe(isHttp2);
  });

  const upgrade = (http: object, ports: any[], others: object[]) =>
    first([injected('a'), deployment('a/client'), deployment('a/web'), service('a/web', ports), destinationRule('a/web', { host: 'web', trafficPolicy: { connectionPool: { http } } }), ...others]).handshake!;
  const UPGRADING = meshConfig({ h2UpgradePolicy: 'UPGRADE' });

  test.each<[string, object, any[], object[], boolean]>([
    ['a rule upgrades no port without a protocol: its cluster uses the client\'s', { h2UpgradePolicy: 'UPGRADE' }, [{ name: 'x', port: 80 }], [], false],
    ['nor does the mesh config', {}, [{ name: 'x', port: 80 }], [UPGRADING], false],
    ['nor does it upgrade TCP', {}, ['tcp:80'], [UPGRADING], false],
    ['a rule upgrades TCP', { h2UpgradePolicy: 'UPGRADE' }, ['tcp:80'], [], true],
    ['a rule keeps the client\'s protocol on a port of HTTP/2', { useClientProtocol: true }, ['http2:80'], [], false],
    ['and on one of gRPC, whatever the mesh config upgrades', { useClientProtocol: true }, ['grpc:80'], [UPGRADING], false],
    ['a rule takes nothing from a port of HTTP/2', { h2UpgradePolicy: 'DO_NOT_UPGRADE' }, ['http2:80'], [], true],
  ])('%s', (_, http, ports, others, isHttp2) => {
    expect(upgrade(http, ports, others).alpn).toEqual(['istio-peer-exchange', 'istio', ...isHttp2 ? ['h2'] : []]);
  });

  test.each([
    ['simple', tls('SIMPLE'), { alpn: [], names: [], namesFrom: 'request', certificate: 'none', verifiedBy: 'system' }],
    ['a server name', tls('SIMPLE', { sni: 'api', caCertificates: '/ca.pem' }), { sni: 'api', names: [], namesFrom: 'nobody', verifiedBy: 'file' }],
    ['listed names', tls('SIMPLE', { subjectAltNames: ['api'] }), { names: ['api'], namesFrom: 'rule' }],
    ['nothing verified', tls('SIMPLE', { insecureSkipVerify: true }), { names: [], namesFrom: 'nobody', verifiedBy: 'nothing' }],
    ['certificates of one\'s own', tls('MUTUAL', { clientCertificate: '/c', privateKey: '/k' }), { certificate: 'own' }],
    ['a credential', { ...tls('SIMPLE', { credentialName: 'c' }), workloadSelector: { matchLabels: { app: 'client' } } }, { certificate: 'none', credential: 'c', verifiedBy: 'credential' }],
    ['none', tls('SIMPLE', { credentialName: '' }), { credential: undefined, verifiedBy: 'system' }],
  ])('of a rule: %s', (_, rule, expected) => {
    expect(first([WEB, destinationRule('a/web', { host: 'web', ...rule })]).handshake).toMatchObject(expected);
  });

  test('has the subjectAltNames of a ServiceEntry', () => {
    const entry = serviceEntry('a/api', { hosts: ['api.example.com'], ports: [{ number: 443, name: 'p', protocol: 'HTTP' }], resolution: 'DNS', subjectAltNames: ['api.internal'] });
    const told = first([WEB, entry, destinationRule('a/api', { host: 'api.example.com', ...tls('SIMPLE') })], 'a/client', 'api.example.com:443').handshake;
    expect(told).toMatchObject({ names: ['api.internal'], namesFrom: 'service-entry' });
  });

  test('has no names for a service without endpoints', () => {
    const entry = serviceEntry('a/api', { hosts: ['api.example.com'], ports: [{ number: 443, name: 'p', protocol: 'HTTP' }], resolution: 'DNS', location: 'MESH_INTERNAL' });
    const told = first([WEB, entry, destinationRule('a/api', { host: 'api.example.com', ...tls('ISTIO_MUTUAL', { sni: 'x' }) })], 'a/client', 'api.example.com:443').handshake;
    expect(told).toMatchObject({ sni: 'x', names: [], namesFrom: 'nobody' });
  });
});

describe('DestinationRules', () => {
  const verdicts = (objects: unknown[]) => first(objects).rules.map(({ object: { namespace: space, name }, verdict }) => `${space}/${name} ${verdict}`);
  const plain = { trafficPolicy: { connectionPool: {} } };

  test('for one host are merged, and the oldest trafficPolicy applies', () => {
    const subset = { subsets: [{ name: 'v1', labels: { app: 'web' } }] };
    expect(verdicts([WEB, destinationRule('a/one', { host: 'web', ...plain }), destinationRule('a/two', { host: 'web', ...subset })])).toEqual(['a/one applies', 'a/two merged']);
  });

  test('without effect have a reason', () => {
    const host = 'web.a.svc.cluster.local';
    expect(verdicts([
      WEB, injected('b', 'istio-system'),
      destinationRule('a/one', { host, ...plain }),
      destinationRule('a/wide', { host: '*.svc.cluster.local', ...plain }),
      destinationRule('a/others', { host, workloadSelector: { matchLabels: { app: 'x' } }, ...plain }),
      destinationRule('a/elsewhere', { host, exportTo: ['b'], ...plain }),
      destinationRule('b/one', { host, ...plain }),
      destinationRule('istio-system/one', { host, ...plain }),
      destinationRule('a/canary', { host, ...plain }, { labels: { 'istio.io/rev': 'canary' } }),
    ]).sort()).toEqual(['a/canary revision', 'a/elsewhere private', 'a/one applies', 'a/others workloads', 'a/wide wider', 'b/one namespace', 'istio-system/one later']);
    expect(verdicts([WEB, destinationRule('a/one', { host, exportTo: ['.'], ...plain }), destinationRule('a/two', { host, ...plain })]))
      .toEqual(['a/two applies', 'a/one superseded']);
  });
});

describe('the signing CA', () => {
  const secret = (kind: string, name: string, spec: object = {}) => ({ apiVersion: 'v1', kind, metadata: { namespace: 'istio-system', name }, spec });

  test.each([
    ['a Secret', secret('Secret', 'cacerts'), true],
    ['a SealedSecret', secret('SealedSecret', 'cacerts'), true],
    ['an ExternalSecret', secret('ExternalSecret', 'x', { target: { name: 'cacerts' } }), true],
    ['an ExternalSecret of that name', secret('ExternalSecret', 'cacerts'), true],
    ['a Certificate', secret('Certificate', 'x', { secretName: 'cacerts' }), true],
    ['another Secret', secret('Secret', 'x'), false],
    ['one in another namespace', { ...secret('Secret', 'cacerts'), metadata: { namespace: 'a', name: 'cacerts' } }, false],
    ['no object', 'x', false],
  ])('%s', (_, object, isCa) => {
    expect(explained(WEB, 'a/client', 'a/web:80', [object]).signer !== undefined).toBe(isCa);
  });
});

test('an undecided call is shown with the missing fact, and its outcome once the fact is stated', () => {
  const objects = [WEB.slice(1), deployment('b/client'), injected('b')];
  const [{ waitsFor, advice, transport }] = explained(objects, 'b/client').connections;
  expect([transport.outcome, advice, waitsFor]).toEqual(['undecided', undefined, [{
    need: 'namespace',
    subject: 'a',
    words: 'waits for Namespace a, which isn\'t in the manifests',
    telling: { injectedNamespaces: ['a'], installedRevisions: [], outcome: 'mtls' },
  }]]);
});

describe('failures', () => {
  const strict = peerAuthentication('a/default', mode('STRICT'));
  const bare = deployment('a/bare', { labels: { 'app': 'bare', 'sidecar.istio.io/inject': 'false' } });
  const bareService = service('a/bare', ['http:80']);

  test.each([
    ['plaintext-to-strict', [WEB, strict, destinationRule('a/web', { host: 'web', ...tls('DISABLE') })], 'a/client', 'a/web:80'],
    ['unproxied-to-strict', [WEB, strict, bare], 'a/bare', 'a/web:80'],
    ['mtls-to-no-proxy', [WEB, bare, bareService, destinationRule('a/bare', { host: 'bare', ...tls('ISTIO_MUTUAL') })], 'a/client', 'a/bare:80'],
    ['mtls-to-disable', [WEB, peerAuthentication('a/default', mode('DISABLE')), destinationRule('a/web', { host: 'web', ...tls('ISTIO_MUTUAL') })], 'a/client', 'a/web:80'],
    ['foreign-tls-to-strict', [WEB, strict, destinationRule('a/web', { host: 'web', ...tls('SIMPLE') })], 'a/client', 'a/web:80'],
    ['foreign-tls-to-http', [WEB, destinationRule('a/web', { host: 'web', ...tls('SIMPLE') })], 'a/client', 'a/web:80'],
    ['tls-to-disabled-http', [WEB, peerAuthentication('a/default', mode('DISABLE')), destinationRule('a/web', { host: 'web', ...tls('SIMPLE') })], 'a/client', 'a/web:80'],
    ['tls-in-tls', [WEB, bare, service('a/bare', ['https:443']), destinationRule('a/bare', { host: 'bare', ...tls('SIMPLE') })], 'a/client', 'a/bare:443'],
    ['wrong-san', [WEB, destinationRule('a/web', { host: 'web', ...tls('ISTIO_MUTUAL', { subjectAltNames: ['x'] }) })], 'a/client', 'a/web:80'],
    ['unknown-destination', [WEB, virtualService('a/web', { hosts: ['web'], http: [toHost('web', { port: { number: 81 } })] })], 'a/client', 'a/web:80'],
    ['undefined-subset', [WEB, virtualService('a/web', { hosts: ['web'], http: [toHost('web', { subset: 'v1' })] })], 'a/client', 'a/web:80'],
    ['forbidden-destination', [WEB, meshConfig({ outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } }), service('a/hidden', ['http:80'], { annotations: { 'networking.istio.io/exportTo': 'b' }, selector: { app: 'web' } })], 'a/client', 'a/hidden:80'],
    ['proxy-protocol', [WEB, destinationRule('a/web', { host: 'web', trafficPolicy: { proxyProtocol: {} } })], 'a/client', 'a/web:80'],
    ['server-first', [WEB, namespace('istio-system'), bare, deployment('a/db'), service('a/db', [{ name: 'mysql', port: 3306, appProtocol: 'tcp' }])], 'a/bare', 'a/db:3306'],
  ])('%s', (kind, objects, client, called) => {
    expect(explained(objects as unknown[], client as string, called as string).connections[0].failure?.kind).toBe(kind);
  });

  test('each has a symptom, a source and a title', () => {
    for (const { http, tcp, source, title } of Object.values(FAILURES)) expect([http ?? tcp, source, title].every(Boolean)).toBe(true);
  });
});

test('a listener at an address that istiod allocates has no name', () => {
  const captured = { metadata: { annotations: { 'proxy.istio.io/config': JSON.stringify({ proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true' } }) } } };
  const entry = serviceEntry('shop/e', { hosts: ['x.example.com'], ports: [{ number: 80, name: 'p' }], resolution: 'DNS' });
  const one = mesh([...injected('shop'), { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { namespace: 'shop', name: 'web' }, spec: { template: captured } }, entry]);
  const [{ connections }] = one.decisions.calls.map((call) => explain(one, one.workloads[0], call));
  expect(connections.map(({ outbound }) => outbound)).toEqual([[]]);
});

test('a listener for all addresses has no name if istiod may ignore its service', () => {
  const selecting = meshConfig({ discoverySelectors: [{ matchLabels: { 'istio-injection': 'enabled' } }], outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } });
  const entry = serviceEntry('a/e', { hosts: ['x.example.com'], ports: [{ number: 443, name: 'tcp', protocol: 'TCP' }], addresses: ['192.0.2.1'], resolution: 'STATIC' });
  const outbound = (...more: object[]) => {
    const one = mesh([selecting, ...injected('a'), deployment('a/client'), namespace('c'), { ...entry, metadata: { namespace: 'c', name: 'e' } }, ...more]);
    return explain(one, workloadsNamed(one, 'a/client')[0], callsNamed(one, 'x.example.com')[0]).connections.map((connection) => connection.outbound.map(({ listener }) => listener));
  };
  expect(outbound()).toEqual([['virtualOutbound']]);
  expect(outbound(service('b/web', ['http:443']))).toEqual([[]]);
  expect(outbound(namespace('b', { 'istio-injection': 'enabled' }), service('b/web', ['http:443']))).toEqual([['0.0.0.0_443']]);
});

test('a pod\'s call to its own address whose destination is unknown names the protocols concerned', () => {
  const objects = [
    injected('a'), deployment('a/web'), service('a/web', [80], { clusterIP: 'None' }),
    serviceEntry('b/other', { hosts: ['other.example.com'], ports: [{ number: 80, name: 'p', protocol: 'HTTP' }] }),
    meshConfig({ discoverySelectors: [{ matchExpressions: [{ key: 'dataplane', operator: 'DoesNotExist' }] }] }),
  ];
  expect(explained(objects, 'a/web').connections.map(({ kinds, outbound }) => [kinds, outbound])).toEqual([[['http'], []]]);
});
