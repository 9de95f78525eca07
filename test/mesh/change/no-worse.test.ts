import { isNoWorse } from '../../../src/mesh/change/no-worse';
import { YOUNGEST } from '../../../src/mesh/inventory/object';
import { BACKEND, gatewayWorld, OTHER } from '../../support/meshes/egress-gateway';
import { authorizationPolicy, deployment, destinationRule, gatewayApi, injected, mesh, mode, namespace, peerAuthentication, service, serviceEntry, tls, toHost, virtualService, workloadEntry } from '../../support/meshes/mesh';

const base = [...injected('a', 'b'), namespace('plain'), deployment('a/web'), deployment('plain/job'), deployment('b/srv'), service('b/srv', ['http:80'])];
const strict = peerAuthentication('b/p', mode('STRICT'));
const rule = (sent: string) => destinationRule('b/srv', { host: 'srv', ...tls(sent) });
const elsewhere = (subset?: string) => virtualService('b/srv', { hosts: ['srv'], http: [toHost('other', { subset })] });
const other = [deployment('b/other'), deployment('b/another', { labels: { app: 'other' } }), service('b/other', ['http:80'])];
const unread = { labels: { 'istio-injection': 'enabled' } };

test.each<[string, unknown[], unknown[], boolean]>([
  ['the same mesh', base, base, true],
  ['mutual TLS instead of plaintext', [...base, rule('DISABLE')], base, true],
  ['plaintext instead of mutual TLS', base, [...base, rule('DISABLE')], false],
  ['broken calls of one client', base, [...base, strict], false],
  ['a port that newly accepts plaintext', [...base, strict], base, false],
  ['a port that newly bypasses the sidecar, and that no other object names', [injected('b'), deployment('b/srv'), strict],
    [injected('b'), deployment('b/srv', { annotations: { 'traffic.sidecar.istio.io/excludeInboundPorts': '9000' } }), strict], false],
  ['a port that no longer accepts plaintext', base.slice(0, 2), [...base.slice(0, 2), strict], true],
  ['calls that are broken in another way', [...base, strict, rule('SIMPLE')], [...base, strict, rule('DISABLE')], true],
  ['calls that reach another server', [...base, ...other], [...base, ...other, elsewhere()], true],
  ['calls that reach another server, one of them the client itself', [...base, other[0], other[2]], [...base, other[0], other[2], elsewhere()], false],
  ['calls that reach no server', [...base, ...other], [...base, ...other, elsewhere('v1')], false],
  ['calls that no longer exist', base, base.filter((object: any) => object.kind !== 'Service'), false],
  ['calls that become undecided', base, base.map((object: any) => (object.metadata.name === 'b' ? { ...namespace('x'), ...unread } : object)), false],
  ['undecided calls that become plaintext', base.filter((object: any) => object.metadata.name !== 'b'), base, true],
  ['additional calls', base, [...base, serviceEntry('b/e', { hosts: ['e.example.com'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], resolution: 'DNS' })], true],
])('whether a change is no worse: %s', (_, before, after, expected) => {
  expect(isNoWorse(mesh(after.flat()), mesh(before.flat()))).toBe(expected);
});

test('undecided calls don\'t hide a worse decided call', () => {
  const route = gatewayApi('TCPRoute', 'b/r', { parentRefs: [{ group: '', kind: 'Service', name: 'srv' }], rules: [{ backendRefs: [{ name: 'other', port: 80 }] }] });
  const sniffed = base.map((object: any) => (object.kind === 'Service' ? service('b/srv', [80]) : object));
  const before = mesh([...sniffed, route]);
  const outcomes = new Set([...before.connections({ client: ({ name }) => name === 'web' })].map(({ outcome }) => outcome));
  expect([...outcomes].sort()).toEqual(['mtls', 'undecided']);
  expect(['DISABLE', 'ISTIO_MUTUAL'].map((sent) => isNoWorse(before.with({ apply: rule(sent), created: YOUNGEST }), before))).toEqual([false, true]);
});

test('a client that reached another server must not end up calling itself', () => {
  const objects = [injected('a'), deployment('a/db'), service('a/db', ['tcp:80']), workloadEntry('a/m', { address: '192.0.2.1', labels: { app: 'db' } })];
  const passthrough = { apply: destinationRule('a/db', { host: 'db', trafficPolicy: { loadBalancer: { simple: 'PASSTHROUGH' } } }), created: YOUNGEST };
  const before = mesh(objects);
  expect([...before.connections()]).toHaveLength(1);
  expect([...before.with(passthrough).connections()]).toHaveLength(0);
  expect(isNoWorse(before.with(passthrough), before)).toBe(false);
  const alone = mesh(objects.slice(0, 3));
  expect(isNoWorse(alone.with(passthrough), alone)).toBe(true);
});

test('a call to an undecided service must not get another DestinationRule', () => {
  const ranged = serviceEntry('b/ranged', { hosts: ['e.example.com'], addresses: ['240.0.1.0/24'], location: 'MESH_INTERNAL', ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], resolution: 'NONE' });
  const before = mesh([...base, ranged, destinationRule('b/known', { host: '*.other.com', ...tls('DISABLE') })]);
  expect([...before.connections()].map(({ undecidedBecause }) => undecidedBecause)).toContain('destination-subnets');
  const withRule = (host: string) => before.with({ apply: destinationRule('b/new', { host, ...tls('ISTIO_MUTUAL') }), created: YOUNGEST });
  expect(['e.example.com', '*.com', 'f.example.com'].map((host) => isNoWorse(withRule(host), before))).toEqual([false, false, true]);
});

test('the TLS of a call that stays undecided must not change', () => {
  // Without the label each server has a sidecar, so that auto mTLS sends mutual TLS to the one that has none and says that it does.
  const near = (labels: object = {}) => deployment('a/near', { labels: { app: 'db', ...labels } });
  const far = deployment('a/far', {
    labels: { 'app': 'db', 'security.istio.io/tlsMode': 'istio', 'sidecar.istio.io/inject': 'false', 'topology.istio.io/network': 'n2' },
    annotations: { 'proxy.istio.io/config': '{"proxyMetadata":{"ISTIO_META_NETWORK":"n1"}}' },
  });
  const before = mesh([...injected('a', 'istio-system'), far, service('a/db', ['http:80'], { clusterIP: 'None' }), near({ 'security.istio.io/tlsMode': 'disabled' })]);
  const [changed, same] = [near(), near({ 'security.istio.io/tlsMode': 'disabled' })].map((apply) => before.with({ apply }));
  for (const one of [before, changed, same]) expect([...one.connections()].map(({ outcome }) => outcome)).toContain('undecided');
  expect([changed, same].map((after) => isNoWorse(after, before))).toEqual([false, true]);
});

test('a gateway\'s undecided call to its server must not get another DestinationRule', () => {
  const own = (host: string, file: string) =>
    destinationRule('egress/own', { host, ...tls('MUTUAL', { clientCertificate: file, privateKey: '/key.pem', caCertificates: '/ca.pem' }) });
  const before = gatewayWorld([own(BACKEND, '/one.pem')], { calls: false });
  const throughGateway = [...before.decisions.all()].flatMap(({ paths }) => paths).filter(({ hops }) => hops.length === 2);
  expect(throughGateway.length).toBeGreaterThan(0);
  for (const { hops } of throughGateway) expect(hops.map(({ undecidedBecause }) => undecidedBecause)).toEqual([undefined, 'own-certificates']);
  const changed = before.with({ apply: own(BACKEND, '/two.pem') });
  const same = before.with({ apply: { ...own(OTHER, '/two.pem'), metadata: { namespace: 'egress', name: 'other' } }, created: YOUNGEST });
  expect([changed, same].map((after) => isNoWorse(after, before))).toEqual([false, true]);
});

describe('whether a change of calls with AuthorizationPolicies is no worse:', () => {
  const policy = (spec: object, name = 'b/guard') => authorizationPolicy(name, { selector: { matchLabels: { app: 'srv' } }, ...spec });
  const from = (source: object) => ({ rules: [{ from: [{ source }] }] });
  const named = ['cluster.local/ns/a/sa/web'];
  const plain = [...base, rule('DISABLE')];
  const [denying, excluding] = [policy({ action: 'DENY', ...from({ principals: named }) }), policy(from({ notPrincipals: named }))];
  const bare = base.map((object: any) => (object.metadata.name === 'b' ? namespace('b') : object));
  const excluded = deployment('b/srv', { annotations: { 'traffic.sidecar.istio.io/excludeInboundPorts': '80' } });
  const around = [...base.filter((object: any) => object.metadata.name !== 'srv'), excluded, service('b/srv', ['http:80'])];
  const calling = [...base, ...other, virtualService('b/srv', { hosts: ['srv'], http: [toHost('other')] })];
  const allowed = policy(from({ principals: [`spiffe://${named[0]}`] }));

  test.each<[string, unknown[], unknown[], boolean]>([
    ['the same policies', [...base, denying], [...base, denying], true],
    ['a removed policy', [...base, denying], base, false],
    ['an added policy', base, [...base, denying], false],
    ['an added AUDIT policy', base, [...base, policy({ action: 'AUDIT' })], true],
    ['a DENY of a principal, which a client presents only now', [...plain, denying], [...base, denying], false],
    ['an ALLOW of other principals, of which a client presents one only now', [...plain, excluding], [...base, excluding], false],
    ['an ALLOW of the principal that a client presents only now', [...plain, policy(from({ principals: named }))], [...base, policy(from({ principals: named }))], true],
    ['a CUSTOM policy for the principal that a client presents only now', [...plain, policy({ action: 'CUSTOM', ...from({ principals: named }) })],
      [...base, policy({ action: 'CUSTOM', ...from({ principals: named }) })], false],
    ['a policy that becomes enforced because the server gets a sidecar', [...bare, denying], [...base, denying], false],
    ['a policy that becomes enforced because the port is no longer excluded', [...around, denying], [...base, denying], false],
    ['another server, with an ALLOW without rules', [...base, ...other, policy({}, 'b/other')], [...calling, policy({}, 'b/other')], true],
    ['another server, with a DENY', [...base, ...other, { ...denying, spec: { ...denying.spec, selector: { matchLabels: { app: 'other' } } } }],
      [...calling, { ...denying, spec: { ...denying.spec, selector: { matchLabels: { app: 'other' } } } }], false],
    ['broken calls', [...base, strict, rule('DISABLE'), denying], [...base, strict, denying], true],
    ['an ALLOW whose principal loses its spiffe:// prefix', [...base, allowed], [...base, policy(from({ principals: named }))], true],
    ['a DENY whose principal loses its spiffe:// prefix', [...base, policy({ action: 'DENY', ...from({ principals: [`spiffe://${named[0]}`] }) })], [...base, denying], false],
  ])('%s', (_, before, after, expected) => {
    expect(isNoWorse(mesh(after.flat()), mesh(before.flat()))).toBe(expected);
  });
});

describe('ports', () => {
  const policy = (ports: object) => peerAuthentication('b/srv', { selector: { matchLabels: { app: 'srv' } }, portLevelMtls: ports });
  const [first, second] = [[...base, policy({ 80: { mode: 'STRICT' } })], [...base, policy({ 80: { mode: 'PERMISSIVE' } })]].map((objects) => mesh(objects.flat()));

  test('that start to accept plaintext are worse, unless the caller allows it', () => {
    expect(isNoWorse(second, first)).toBe(false);
    expect(isNoWorse(second, first, new Set([80]))).toBe(true);
  });

  test('that no manifest names are compared as well', () => {
    const [one, none] = [[namespace('b', { 'istio-injection': 'enabled' }), deployment('b/srv'), strict], [namespace('b', { 'istio-injection': 'enabled' }), deployment('b/srv')]];
    expect(isNoWorse(mesh(none), mesh(one))).toBe(false);
  });

  test('that become unknown are worse', () => {
    const none = { ...deployment('b/srv', { annotations: { 'sidecar.istio.io/interceptionMode': 'NONE' } }) };
    expect(isNoWorse(mesh([namespace('b', { 'istio-injection': 'enabled' }), none]), mesh([namespace('b', { 'istio-injection': 'enabled' }), deployment('b/srv')]))).toBe(false);
  });
});

describe('calls that an unmodelled object leaves undecided', () => {
  const wrapping = { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'BackendTLSPolicy', metadata: { name: 'p', namespace: 'b' }, spec: { targetRefs: [{ group: '', kind: 'Service', name: 'srv' }] } };
  const doubted = [...base, wrapping];
  const [labelled] = [deployment('b/srv', { labels: { app: 'srv', version: 'v1' } })];
  const relabelled = doubted.map((object: any) => (object.kind === 'Deployment' && object.metadata.name === 'srv' ? labelled : object));

  test('are worse if another object decides them', () => {
    const before = mesh(doubted);
    const of = (name: string) => [...before.objects.all()].find((object) => object.kind === 'Deployment' && object.name === name)!;
    expect(isNoWorse(before.with({ apply: labelled, replaces: of('srv') }), before)).toBe(false);
    expect(isNoWorse(before.with({ apply: deployment('plain/job', { labels: { app: 'job', version: 'v1' } }), replaces: of('job') }), before)).toBe(true);
    expect(isNoWorse(before.with({ apply: rule('ISTIO_MUTUAL'), created: YOUNGEST }), before)).toBe(false);
    expect(isNoWorse(mesh(relabelled), before)).toBe(false);
  });

  test('are worse if the object is removed, though they become decided', () => expect(isNoWorse(mesh(base), mesh(doubted))).toBe(false));
});
