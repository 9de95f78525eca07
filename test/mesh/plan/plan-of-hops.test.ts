import { clientsOf } from '../../../src/mesh/calls/decisions';
import { Mesh } from '../../../src/mesh/mesh';
import { concerns, departureOf, Path } from '../../../src/mesh/model/path';
import { Outcome } from '../../../src/mesh/model/transport';
import { planAtOnce, planOf } from '../../../src/mesh/plan/plan';
import { ChangePlan } from '../../../src/mesh/plan/stages';
import { Presence, presences } from '../../../src/mesh/plan/states';
import { enforcedMode } from '../../../src/mesh/policies/peer-authentication';
import { BACKEND, GATEWAY, gatewayManifests, OTHER } from '../../support/meshes/egress-gateway';
import { deployment, destinationRule, mesh, mode, peerAuthentication, tls } from '../../support/meshes/mesh';
import { meshIn } from '../../support/meshes/mixed-states';
import { casesOf } from '../../support/random/cases';
import { hopChange } from '../../support/random/hop-changes';
import { generator } from '../../support/random/random-changes';

const { seed, count } = casesOf('plans-in-process');

/** All manifests, one by one. */
const flat = (objects: readonly unknown[]): unknown[] => objects.flatMap((one) => (Array.isArray(one) ? flat(one) : [one]));

function planned(before: unknown[], after: unknown[], options = {}): ChangePlan {
  const [former, latter] = [before, after].map((more) => gatewayManifests(more, { calls: false, ...options }));
  return planAtOnce(mesh(former.objects, former.options), flat(latter.objects));
}

const to = (host: string, mTls: string) => destinationRule('egress/own', { host, ...tls(mTls) });
const PLAIN_BACKEND = destinationRule('egress/backend', { host: BACKEND, ...tls('DISABLE') });
const PLAIN_OTHER = destinationRule('egress/other', { host: OTHER, ...tls('DISABLE') });
const PLAIN_ALL = destinationRule('egress/all', { host: '*.shop.svc.cluster.local', ...tls('DISABLE') });
const open = peerAuthentication('shop/open', mode('PERMISSIVE'));
const closed = peerAuthentication('shop/open', mode('DISABLE'));
const portPolicy = peerAuthentication('shop/port', { selector: { matchLabels: { app: 'backend' } }, portLevelMtls: { 80: { mode: 'STRICT' } } });
const PLAIN_GATEWAY = destinationRule('web/own', { host: GATEWAY, ...tls('DISABLE') });
const plain = [PLAIN_GATEWAY, peerAuthentication('egress/own', mode('PERMISSIVE'))];

/** Another server, which exists only after the change: no earlier connection reaches it. */
const BARE = deployment('shop/bare', { labels: { 'app': 'backend', 'sidecar.istio.io/inject': 'false' } });

test.each<[string, unknown[], unknown[], string]>([
  ['the gateway sends plaintext to a server that accepts both', [open], [open, to(BACKEND, 'DISABLE')], 'safe'],
  ['both ends change, and intermediate states break the call', [to(BACKEND, 'DISABLE'), open], [], 'unsafe'],
  ['only a later state of the gateway breaks the call', [], [to(BACKEND, 'DISABLE'), open], 'unsafe'],
  ['only the client\'s link to the gateway breaks', plain, [], 'unsafe'],
  ['only the client\'s link to the gateway breaks, in a later state', [], plain, 'unsafe'],
  ['a server without a sidecar comes while the gateway still requires one', [to(BACKEND, 'ISTIO_MUTUAL')], [BARE], 'unsafe'],
  ['no call works, and a port temporarily refuses mutual TLS that it accepts before and after', [PLAIN_GATEWAY, open], [PLAIN_GATEWAY, closed, portPolicy], 'unsafe'],
  ['no call works, and a port never refuses mutual TLS', [PLAIN_GATEWAY, open], [PLAIN_GATEWAY, portPolicy], 'safe'],
  ['the client and the gateway change, and each state works', [open], [open, to(GATEWAY, 'ISTIO_MUTUAL'), PLAIN_BACKEND], 'safe'],
])('each link of a path through a gateway is judged by itself: %s', (_, before, after, expected) => {
  expect(planned(before, after).atOnce.verdict).toBe(expected);
});

test.each<[string, unknown[], unknown[], string]>([
  ['the call to the second server breaks', [PLAIN_OTHER, open], [], 'unsafe'],
  ['the second server always gets plaintext, and the first one temporarily', [open, to(BACKEND, 'ISTIO_MUTUAL'), PLAIN_ALL], [open, PLAIN_OTHER], 'unsafe'],
  ['the second server always gets plaintext, and the first one never', [open, to(BACKEND, 'ISTIO_MUTUAL'), PLAIN_OTHER], [open, PLAIN_OTHER], 'safe'],
])('each of two servers behind a gateway is judged by itself: %s', (_, before, after, expected) => {
  expect(planned(before, after, { isSplit: true }).atOnce.verdict).toBe(expected);
});

test('the witness of a gateway\'s hop has the gateway as its client', () => {
  const { atOnce: { witness } } = planned([to(BACKEND, 'DISABLE'), open], []);
  const path = { server: { name: 'backend' } };
  expect(witness).toMatchObject({ kind: 'call', client: { name: 'gateway' }, host: BACKEND, port: 80, path, outcome: 'broken' });
});

test('the witness of a gateway\'s hop has a state of the gateway and a state of its server', () => {
  const plan = planned([to(BACKEND, 'DISABLE'), open], []);
  const { clientState, serverState } = plan.atOnce.witness as unknown as { clientState: Presence[]; serverState: Presence[] };
  const isBroken = (gateways: Presence[], servers: Presence[]): boolean => {
    const [sending, receiving] = [gateways, servers].map((state) => meshIn(plan, state));
    return [...ranksOf(sending, sending, receiving).values()].includes(0);
  };
  expect([isBroken(clientState, serverState), isBroken(serverState, clientState)]).toEqual([true, false]);
});

test('a change behind a gateway with its own VirtualService affects the calls through the gateway', () => {
  expect(planned([to(BACKEND, 'DISABLE'), open], [], { isApart: true }).atOnce.verdict).toBe('unsafe');
});

test('a path through two gateways isn\'t proven', () => {
  const { atOnce: { verdict, witness } } = planned([], [open], { isFirst: true });
  expect([verdict, witness?.kind]).toEqual(['unproven', 'call']);
});

test.each<[string, unknown[], unknown[], string, string[]]>([
  ['in one stage if auto mTLS decides the gateway\'s TLS', [], [], 'safe', ['Deployment 0→1']],
  ['in one stage if the port accepts what the gateway always sends', [open, to(BACKEND, 'DISABLE')], [open, to(BACKEND, 'DISABLE')], 'safe', ['Deployment 0→1']],
  ['after the gateway\'s rule no longer disables TLS', [to(BACKEND, 'DISABLE')], [], 'unsafe', ['DestinationRule 0→1', 'Deployment 0→1']],
  ['before the gateway\'s rule requires mutual TLS', [], [to(BACKEND, 'ISTIO_MUTUAL')], 'unsafe', ['Deployment 0→1', 'DestinationRule 0→1']],
  [
    'while the gateway has no rule, if its rule disabled TLS and will require it', [to(BACKEND, 'DISABLE')], [to(BACKEND, 'ISTIO_MUTUAL')], 'unsafe',
    ['DestinationRule 0→2', 'Deployment 0→1', 'DestinationRule 2→1'],
  ],
])('a server behind a gateway gets a sidecar %s', (_, before, after, atOnce, expected) => {
  const [former, latter] = [before, after].map((more, index) => gatewayManifests(more, { calls: false, isBare: index === 0 }));
  const plan = planOf(mesh(former.objects, former.options), flat(latter.objects));
  expect([plan.atOnce.verdict, plan.stages?.map(({ verdict }) => verdict)]).toEqual([atOnce, expected.map(() => 'safe')]);
  expect(plan.stages?.flatMap(({ moves }) => moves.map(({ unit, from, to: goal }) => `${plan.units[unit].object.kind} ${from}→${goal}`))).toEqual(expected);
});

const PROTECTION: Partial<Record<Outcome, number>> = { plaintext: 1, tls: 2, mtls: 3 };

/** The rank of each client's calls and of arrivals at each place, with clients, gateways and servers in different states. */
function ranksOf(clients: Mesh, gateways: Mesh, servers: Mesh): Map<string, number | undefined> {
  const ranks = new Map<string, number | undefined>();
  const [direct, through] = [clients.towards(servers), clients.towards(gateways)];
  const onward = gateways.towards(servers).dataPlanes;
  const add = (key: string, outcomes: readonly Outcome[]): void => {
    const rank = outcomes.includes('broken') ? 0 : Math.min(...outcomes.map((outcome) => PROTECTION[outcome] ?? NaN));
    const known = ranks.has(key) ? ranks.get(key)! : 4;
    ranks.set(key, Math.min(known, rank));
  };
  const pathsIn = (whole: Mesh, isForwarded: boolean) => [...whole.decisions.all()].flatMap((decision) => clientsOf(decision).flatMap((client) => {
    const paths = decision.paths.filter((path) => concerns(path, client) && isForwarded === Boolean(forwarderOf(path, whole)));
    return paths.map((path) => ({ key: `${client.namespace}/${client.name} ${decision.call.key}`, call: decision.call, path }));
  }));
  for (const { key, path } of pathsIn(direct, false)) {
    const { outcome, received: { endpoint }, target } = departureOf(path);
    for (const one of [key, `${key} ${endpoint?.workload?.name ?? target.host}`]) add(one, [outcome]);
  }
  for (const { key, call, path } of pathsIn(through, true)) {
    const { outcome, received: { endpoint }, sent: { kind } } = departureOf(path);
    const proxy = endpoint!.workload!;
    for (const hop of onward.forwarderAt(proxy)!({ proxy, port: endpoint!.port, authority: call.host, kind: kind! })) {
      for (const one of [key, `${key} ${hop.received.endpoint?.workload?.name}`]) add(one, [outcome, hop.outcome]);
    }
  }
  return ranks;
}

function forwarderOf(path: Path, { dataPlanes }: Mesh) {
  const proxy = departureOf(path).received.endpoint?.workload;
  return proxy && dataPlanes.forwarderAt(proxy);
}

/** The protection of the called port, by workload: accepts only plaintext, both, or only mTLS. */
function acceptedBy({ workloads, planes }: Mesh): ReadonlyMap<string, number> {
  return new Map(workloads.map((one) => {
    const { mode: enforced } = enforcedMode(planes.of(one.proxy.revision).policies, one, 80);
    return [`${one.namespace}/${one.name}`, one.proxy.encrypts === true ? ['DISABLE', 'PERMISSIVE', 'STRICT'].indexOf(enforced) : 0];
  }));
}

/** Whether a call falls, or a port opens, in some states of clients, gateways and servers, tried one by one. */
function isFallen(plan: ChangePlan): boolean {
  const states = plan.units.map((unit) => presences(unit, 0, unit.goal))
    .reduce<Presence[][]>((all, some) => all.flatMap((state) => some.map((one) => [...state, one])), [[]]);
  const meshes = states.map((state) => meshIn(plan, state));
  const ends = [plan.units.map(() => [0]), plan.units.map(({ goal }) => [goal])].map((state) => meshIn(plan, state));
  const floors = ends.map((one) => ranksOf(one, one, one));
  const isBelow = ([key, rank]: readonly [string, number | undefined]): boolean => {
    const [one, other] = floors.map((floor) => floor.get(key));
    return Boolean(one && other && rank! < Math.min(one, other));
  };
  // A temporarily less protected port is a fall, whoever calls it.
  const [before, after] = ends.map((end) => acceptedBy(end));
  const isFloor = (port: string, accepted: number) => [before, after].some((end) => (end.get(port) ?? 0) <= accepted);
  if (meshes.some((servers) => [...acceptedBy(servers)].some(([port, accepted]) => !isFloor(port, accepted)))) return true;
  const triples = meshes.flatMap((clients) => meshes.flatMap((gateways) => meshes.map((servers) => [clients, gateways, servers] as const)));
  return triples.some((triple) => [...ranksOf(...triple)].some(isBelow));
}

test('a change of paths through a gateway is proven exactly where no state of clients, gateways and servers lets a call fall or opens a port', () => {
  const draw = generator(seed * 7_919);
  const verdicts = Array.from({ length: count(200) }, () => {
    const { before, after, isSplit } = hopChange(draw);
    const plan = planned(before, after, { isSplit });
    const { verdict } = plan.atOnce;
    expect({ before, after, isSplit, verdict }).toEqual({ before, after, isSplit, verdict: isFallen(plan) ? 'unsafe' : 'safe' });
    return verdict;
  });
  expect(new Set(verdicts)).toEqual(new Set(['safe', 'unsafe']));
});
