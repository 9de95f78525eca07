import { analyze } from '../../../src/analysis/analysis';
import { Evidence } from '../../../src/analysis/evidence';
import { isNoWorse } from '../../../src/mesh/change/no-worse';
import { InboundRequest } from '../../../src/mesh/dataplane/data-plane';
import { Mesh } from '../../../src/mesh/mesh';
import { concerns, pathKey, straight, transportOf } from '../../../src/mesh/model/path';
import { BACKEND, GATEWAY, gatewayWorld, HOST, OTHER } from '../../support/meshes/egress-gateway';
import { authorizationPolicy, deployment, destinationRule, mode, peerAuthentication, tls } from '../../support/meshes/mesh';

const throughGateway = (whole: Mesh) =>
  [...whole.decisions.all()].flatMap((decision) => decision.paths.map((path) => ({ decision, path }))).filter(({ path }) => path.hops.length > 1);
const callsOf = (whole: Mesh, client: string) =>
  [...whole.connections({ client: ({ name }) => name === client, requested: ({ host }) => host === HOST })];
const DISABLED = destinationRule('egress/backend', { host: BACKEND, ...tls('DISABLE') });

test('a path through a gateway has a hop of each sender, and the transport of its worst', () => {
  const [{ path }] = throughGateway(gatewayWorld());
  expect(path.hops.map(({ sender, received: { endpoint }, outcome }) => [sender.members[0].name, endpoint!.workload!.name, outcome])).toEqual([['backend', 'gateway', 'mtls'], ['gateway', 'backend', 'mtls']]);
  const [{ path: broken }] = throughGateway(gatewayWorld([DISABLED]));
  expect(broken.hops.map(({ outcome }) => outcome)).toEqual(['mtls', 'broken']);
  expect(transportOf(broken)).toBe(broken.hops[1]);
  expect(pathKey(broken)).not.toBe(pathKey(path));
});

test('all clients share the decision of a gateway\'s hops', () => {
  const arrivals: InboundRequest[] = [];
  const whole = gatewayWorld([deployment('web/bare', { labels: { 'sidecar.istio.io/inject': 'false' } }), destinationRule('web/own', { host: 'x.example.com' })], { arrivals });
  expect(throughGateway(whole).length).toBeGreaterThan(1);
  expect(arrivals.filter(({ authority }) => authority === HOST)).toHaveLength(1);
});

test('a connection names the last hop\'s server, the client\'s TLS and the objects of all hops', () => {
  const [connection] = callsOf(gatewayWorld([DISABLED]), 'one');
  expect(connection).toMatchObject({ service: { host: GATEWAY }, server: { name: 'backend' }, clientTls: 'ISTIO_MUTUAL', serverMode: 'STRICT', outcome: 'broken' });
  expect(connection.because.map(({ kind, name, effect }) => `${kind} ${name} ${effect}`)).toEqual([
    `VirtualService shop sends the call to ${GATEWAY}:80`, 'PeerAuthentication default STRICT for the mesh',
    'DestinationRule backend the client sends PLAINTEXT', 'PeerAuthentication default STRICT for the mesh',
  ]);
});

test('a path counts once for each client, and a workload may call itself through a gateway', () => {
  const whole = gatewayWorld();
  expect(throughGateway(whole).reduce((sum, { decision, path }) => sum + whole.decisions.count(decision, path), 0)).toBe(4);
  expect(callsOf(whole, 'backend')).toMatchObject([{ server: { name: 'backend' }, outcome: 'mtls' }]);
  const [{ path }] = throughGateway(whole);
  const backend = path.hops[1].received.endpoint!.workload!;
  expect([concerns(path, backend), concerns(straight(path.hops[1]), backend)]).toEqual([true, false]);
  const { connections } = whole.summary();
  expect(connections).toBe([...whole.connections()].length);
});

test('a rule that breaks a later hop is reported with all connections that it breaks', () => {
  const broken = gatewayWorld([DISABLED]);
  const senders = new Evidence(broken).brokenBy('plaintext-rule').map(({ hop }) => hop.sender.members[0].name);
  expect(new Set(senders)).toEqual(new Set(['gateway']));
  const [found, ...more] = analyze(broken).findings.filter(({ severity }) => severity === 'error');
  expect([found.code, found.object.name, found.connections, more]).toEqual(['MTLS101', 'backend', 4, []]);
  expect(found.because).toMatch(new RegExp(`^calls from Deployment shop/backend and 3 other workloads to ${HOST}:80`));
});

test('mutual TLS from a gateway to a server without a sidecar is reported at the gateway\'s rule, with a fix', () => {
  const sending = destinationRule('egress/backend', { host: BACKEND, ...tls('ISTIO_MUTUAL') });
  const [found] = analyze(gatewayWorld([sending], { isBare: true })).findings.filter(({ severity }) => severity === 'error');
  expect(found).toMatchObject({ code: 'MTLS107', object: { kind: 'DestinationRule', name: 'backend' }, connections: 3, change: { fields: [{ op: 'remove', path: ['spec', 'trafficPolicy'] }] } });
});

test('adding a sidecar behind a gateway isn\'t worse, unless it rejects the gateway\'s TLS', () => {
  const isSpared = (...rules: unknown[]) => isNoWorse(gatewayWorld(rules), gatewayWorld(rules, { isBare: true }));
  expect([isSpared(), isSpared(destinationRule('egress/backend', { host: BACKEND, ...tls('ISTIO_MUTUAL') })), isSpared(DISABLED)]).toEqual([true, true, false]);
});

test('less protection for one server behind a gateway is worse, even if another gets more', () => {
  const open = peerAuthentication('shop/open', mode('PERMISSIVE'));
  const plainTo = (host: string) => gatewayWorld([open, destinationRule('egress/plain', { host, ...tls('DISABLE') })], { isSplit: true });
  expect([isNoWorse(plainTo(OTHER), plainTo(BACKEND)), isNoWorse(plainTo(BACKEND), plainTo(BACKEND))]).toEqual([false, true]);
});

test('an AuthorizationPolicy of the server behind a gateway may reject the gateway\'s calls, one of another workload doesn\'t', () => {
  // Clients reach the server only through the gateway.
  const direct = ['web', 'shop'].map((space) => destinationRule(`${space}/backend`, { host: BACKEND, exportTo: ['.'], ...tls('DISABLE') }));
  const guarded = (app: string) => gatewayWorld([...direct, authorizationPolicy('shop/guard', { selector: { matchLabels: { app } }, action: 'DENY', rules: [{}] })], { calls: false });
  const before = gatewayWorld(direct, { calls: false });
  expect(['backend', 'nobody'].map((app) => isNoWorse(guarded(app), before))).toEqual([false, true]);
});

test('a change that breaks a later hop makes the mesh worse', () => {
  const whole = gatewayWorld();
  expect([DISABLED, destinationRule('egress/backend', { host: BACKEND })].map((apply) => isNoWorse(whole.with({ apply }), whole))).toEqual([false, true]);
});

test('a call that gateways send in circles is undecided', () => {
  const [{ path }] = throughGateway(gatewayWorld([], { onward: GATEWAY }));
  expect(path.hops.map(({ outcome }) => outcome)).toEqual(['mtls', 'undecided']);
  expect(callsOf(gatewayWorld([], { onward: GATEWAY }), 'one')).toMatchObject([{ outcome: 'undecided' }]);
});

test('a path ends at a hop that is broken', () => {
  const plain = destinationRule('web/gateway', { host: GATEWAY, ...tls('DISABLE') });
  const arrivals: InboundRequest[] = [];
  const whole = gatewayWorld([plain, destinationRule('shop/gateway', { host: GATEWAY, ...tls('DISABLE') })], { arrivals });
  expect([throughGateway(whole), arrivals]).toEqual([[], []]);
  expect(callsOf(whole, 'one')).toMatchObject([{ server: { name: 'gateway' }, outcome: 'broken' }]);
});
