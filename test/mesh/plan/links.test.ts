import { InboundRequest } from '../../../src/mesh/dataplane/data-plane';
import { idKey } from '../../../src/mesh/inventory/object';
import { Mesh } from '../../../src/mesh/mesh';
import { Call } from '../../../src/mesh/model/call';
import { Hop } from '../../../src/mesh/model/hop';
import { Path } from '../../../src/mesh/model/path';
import { Links } from '../../../src/mesh/plan/links';
import { Workload } from '../../../src/mesh/workloads/workload';

const named = (name: string) => ({ kind: 'Deployment', namespace: 'egress', name }) as Workload;
const [GATEWAY, SECOND, BACKEND] = ['gateway', 'second', 'backend'].map(named);
const called = (host: string) => ({ host, key: `${host}:80` }) as Call;
const SHOP = called('shop.example.com');

const hop = (workload: Workload, port = 80, more: object = {}) => ({
  sender: { one: GATEWAY },
  travel: 'service',
  target: { host: 'to', port },
  sent: { tls: 'ISTIO_MUTUAL', kind: 'http' },
  received: { endpoint: { workload, port }, receiver: {} },
  outcome: 'mtls',
  ...more,
}) as unknown as Hop;
const path = (first: Hop, more: Partial<Path> = {}): Path => ({ hops: [first], ...more });

/** A mesh whose gateways send each request to a host of its own. */
function meshOf(workloads = [GATEWAY, SECOND, BACKEND], forwarded: (arrival: InboundRequest) => readonly Hop[] = toOwnHost): Mesh {
  const receivers = { refusalOf: (refusal: unknown) => refusal };
  const forwarderAt = (workload: Workload) => (workload.name === BACKEND.name ? undefined : forwarded);
  return { workloads, dataPlanes: { receivers, forwarderAt }, decisions: { forwarded } } as unknown as Mesh;
}

const hostFor = ({ proxy, port, authority, kind }: InboundRequest) => `${kind} for ${authority} at ${proxy.name}:${port}`;
const toOwnHost = (arrival: InboundRequest) => [hop(BACKEND, 80, { target: { host: hostFor(arrival), port: 80 } })];

/** The hosts to which gateways forward the requests that arrive by paths. */
function passedOn(requests: readonly { path: Path; call: Call }[], mesh = meshOf()): string[] {
  const links = new Links();
  for (const request of requests) links.learn(request.path, request.call, mesh);
  const onward = links.onwardOf(mesh, [...new Set(requests.map(({ call }) => call))]);
  return requests.flatMap((request) => links.halfOf([request.path], request.call, mesh)
    .flatMap(({ arrival }) => (arrival === undefined ? ['nowhere'] : onward.get(arrival)?.map(({ host }) => host) ?? ['unknown'])));
}

test.each<[string, Path, Call, string]>([
  ['gateway', path(hop(SECOND)), SHOP, 'http for shop.example.com at second:80'],
  ['port', path(hop(GATEWAY, 443)), SHOP, 'http for shop.example.com at gateway:443'],
  ['protocol', path(hop(GATEWAY, 80, { sent: { tls: 'ISTIO_MUTUAL', kind: 'tcp' } })), SHOP, 'tcp for shop.example.com at gateway:80'],
  ['host', path(hop(GATEWAY)), called('bank.example.com'), 'http for bank.example.com at gateway:80'],
])('requests with another %s are forwarded separately', (_, other, call, expected) => {
  const requests = [{ path: path(hop(GATEWAY)), call: SHOP }, { path: other, call }];
  expect(passedOn(requests)).toEqual(['http for shop.example.com at gateway:80', expected]);
});

test('each protocol that an application may use is forwarded separately', () => {
  expect(passedOn([{ path: path(hop(GATEWAY), { otherKinds: ['tcp', 'tls'] }), call: SHOP }]))
    .toEqual(['http', 'tcp', 'tls'].map((kind) => `${kind} for shop.example.com at gateway:80`));
});

test.each<[string, Path, Mesh, string]>([
  ['arrives at its server', path(hop(BACKEND)), meshOf(), 'nowhere'],
  ['arrives at a gateway that doesn\'t run in that state', path(hop(GATEWAY)), meshOf([BACKEND]), 'unknown'],
])('a gateway doesn\'t forward a request that %s', (_, one, mesh, expected) => {
  expect(passedOn([{ path: one, call: SHOP }], mesh)).toEqual([expected]);
});

test.each<[string, Workload, boolean]>([['a server', BACKEND, false], ['another gateway', SECOND, true]])('a link from a gateway to %s is examined, unless more follow', (_, server, isUnexamined) => {
  const links = new Links();
  links.learn(path(hop(GATEWAY)), SHOP, meshOf());
  const onward = [...links.onwardOf(meshOf(undefined, () => [hop(server)]), [SHOP]).values()];
  expect(onward.flat().map((link) => link.isUnexamined)).toEqual([isUnexamined]);
});

test.each<[string, Path['hops'], unknown[]]>([
  ['of two links is examined, from its first link on', [hop(GATEWAY), hop(BACKEND)], [false, 'gateway', 'mtls']],
  ['of three links isn\'t examined, but its last one is', [hop(GATEWAY), hop(SECOND), { ...hop(BACKEND), outcome: 'plaintext' }], [true, 'backend', 'plaintext']],
  ['of two links isn\'t examined if what its client sends is unknown', [hop(GATEWAY, 80, { sent: { tls: 'UNKNOWN', kind: 'http' } }), hop(BACKEND)], [true, 'backend', 'mtls']],
])('a path %s', (_, hops, expected) => {
  const [half, ...others] = new Links().halfOf([{ hops }], SHOP, meshOf());
  expect([half.isUnexamined === true, half.server!.name, half.outcome, others.length]).toEqual([...expected, 0]);
  expect(half.place).toBe(idKey(half.server!));
});

const twin = named('backend');
const blocked = (workload: Workload) => hop(workload, 80, { travel: 'blocked' });
const sent = (more: object) => hop(BACKEND, 80, { sent: { tls: 'ISTIO_MUTUAL', kind: 'http', ...more } });

/** Pairs of hops that may have different outcomes. */
const UNLIKE: [string, Hop, Hop][] = [
  ['the server\'s port', hop(BACKEND, 80), hop(BACKEND, 81)],
  ['the version of the server', hop(BACKEND), hop(twin)],
  ['the version of the server, where the outcome doesn\'t depend on it', blocked(BACKEND), blocked(twin)],
  ['the outcome, where it doesn\'t depend on the server', blocked(BACKEND), { ...blocked(BACKEND), outcome: 'broken' }],
  ['the TLS', sent({}), sent({ tls: 'PLAINTEXT' })],
  ['the protocol', sent({}), sent({ kind: 'tcp' })],
  ['the header', sent({}), sent({ headerBy: {} })],
  ['whether its server is refused', sent({}), sent({ demands: 'wrong-identity' })],
];

test.each(UNLIKE)('client hops that differ in %s are separate', (_, one, other) => {
  const links = new Links();
  const [first, second, again] = [one, other, one].map((own) => links.halfOf([path(own)], SHOP, meshOf()));
  expect([second === first, again === first]).toEqual([false, true]);
});

test.each<[string, Partial<Path>]>([
  ['send the call', { only: twin }], ['don\'t send the call', { except: twin }],
])('client paths that differ in the only or excepted clients, which %s, are separate', (_, more) => {
  const links = new Links();
  expect(links.halfOf([path(hop(BACKEND), more)], SHOP, meshOf())).not.toBe(links.halfOf([path(hop(BACKEND))], SHOP, meshOf()));
});

test('client paths that are examined are separate from others', () => {
  const links = new Links();
  const sending = { sent: { tls: 'PLAINTEXT', kind: 'tcp' } };
  const bare = hop(BACKEND, 80, { ...sending, received: {} });
  const through: Path = { hops: [hop(GATEWAY, 80, sending), hop(SECOND, 80, sending), bare] };
  const [direct, long] = [path(bare), through].map((one) => links.halfOf([one], SHOP, meshOf()));
  expect([direct, long].map(([half]) => [half.place, half.isUnexamined === true])).toEqual([['to:80', false], ['to:80', true]]);
});

test.each<[string, Hop, Hop]>([
  ...UNLIKE,
  ['the proxy that sends', hop(GATEWAY, 80), hop(SECOND, 80)],
  ['the host', hop(BACKEND), hop(BACKEND, 80, { target: { host: 'other', port: 80 } })],
  ['the host\'s port', hop(BACKEND), hop(BACKEND, 80, { target: { host: 'to', port: 81 } })],
])('gateway hops that differ in %s are separate', (_, one, other) => {
  const links = new Links();
  const request = path(hop(GATEWAY));
  links.learn(request, SHOP, meshOf());
  const [first, second, again] = [one, other, one].map((own) => [...links.onwardOf(meshOf(undefined, () => [own]), [SHOP]).values()][0]);
  expect([second === first, again === first]).toEqual([false, true]);
});
