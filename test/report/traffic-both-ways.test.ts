import { OUTCOMES, sum, TrafficModel } from '../../report-page/traffic';
import { objectText } from '../../src/mesh/inventory/object';
import { losesCopies } from '../../src/mesh/model/path';
import { branchParts } from '../../src/mesh/worlds/branches-text';
import { SharedConnections } from '../../src/mesh/worlds/shared-connections';
import { trafficBothWays } from '../../src/report/traffic-both-ways';
import { deployment, destinationRule, injected, mesh, mode, peerAuthentication, service, tls } from '../support/meshes/mesh';
import { casesOf } from '../support/random/cases';
import { partialMeshes } from '../support/random/random-meshes';

const bothWays = (objects: unknown[]) => {
  const whole = mesh(objects);
  const shared = SharedConnections.of(whole);
  return shared && { shared, ...trafficBothWays(whole, shared) };
};

const conditions = (parts: readonly (readonly [outcome: string | number, condition: string])[]) => parts
  .map(([outcome, condition]) => `${typeof outcome === 'number' ? OUTCOMES[outcome] ?? 'absent' : outcome} ${condition}`).join(', ');

/** The connections in the page's model. */
const told = (model: TrafficModel) => model.paths.flatMap(({ call, clients, port, outcome, clientTls, serverMode, branches = [] }) => (
  model.membersOf(clients).map((client) => {
    const { kind, namespace, name } = model.workloads[client];
    return [`${kind} ${model.namespaces[namespace]}/${name}`, call.split(':').at(-1), port, OUTCOMES[outcome], clientTls, serverMode, conditions(branches)].join(' ');
  }))).sort();

/** The connections that clients share, each for itself; copies that are lost whatever holds have no outcome. */
const shareOfEach = (shared: SharedConnections) => [...shared.byCall()].flat()
  .filter(({ path, connection: { branches } }) => branches || !losesCopies(path)).flatMap((one) => {
    const { call: { port }, clients: sharing, connection: { server, service: to, outcome, clientTls, serverMode, branches = [] } } = one;
    const members = 'only' in sharing ? [sharing.only]
      : sharing.classes.flatMap((alike) => alike.members).filter((client) => !sharing.except.includes(client));
    const isDecidedBy = new Set(branches.map((branch) => branch.outcome)).size > 1;
    const parts = isDecidedBy ? branchParts(branches).map((part) => [part.outcome, part.condition] as const) : [];
    const rest = [port, server?.port ?? to.port, outcome, clientTls, serverMode, conditions(parts)];
    return members.map((client) => [objectText(client), ...rest].join(' '));
  }).sort();

const { seed, count } = casesOf('decisions');

test('the page has the connections of the mesh, with their branches, and as many of each outcome as are counted', () => {
  let branched = 0;
  for (const { id, objects } of partialMeshes(seed + 8, count(60))) {
    const both = bothWays(objects);
    if (!both) continue;
    const model = new TrafficModel(both.traffic);
    expect([id, told(model)]).toEqual([id, shareOfEach(both.shared)]);
    const added = OUTCOMES.map((_, outcome) => model.into.reduce((total, counts) => total + counts[outcome], 0));
    expect([id, added]).toEqual([id, OUTCOMES.map((outcome) => both.outcomes[outcome])]);
    expect(sum(Object.values(both.undecided))).toBe(both.outcomes.undecided);
    expect(both.conditional).toBe(told(model).filter((text) => / if /.test(text)).length);
    branched += both.conditional;
  }
  expect(branched).toBeGreaterThan(10);
});

const SHOP = [deployment('shop/cart', { ports: [{ containerPort: 80 }] }), service('shop/cart', ['http:80']), peerAuthentication('shop/default', mode('STRICT'))];
const clients = (length: number) => Array.from({ length }, (_, index) => deployment(`front/web-${index}`));

test('a path\'s branches are stored once, and lead to it', () => {
  const { traffic } = bothWays([SHOP, clients(2)])!;
  expect(traffic.branches).toEqual([[[0, 'if front and shop have sidecars'], [3, 'if shop has sidecars and front has none'], [2, 'else']]]);
  expect(traffic.paths.map((path) => path[8])).toEqual([0]);
  expect(new TrafficModel(traffic).paths[0].branches).toEqual(traffic.branches![0]);
});

test('a path says what differs between cases with the same outcome', () => {
  const { traffic: { texts } } = bothWays([injected('a'), deployment('a/client'), deployment('b/web'), service('b/web', ['http:80']), destinationRule('b/web', { host: 'web', ...tls('DISABLE') })])!;
  expect(texts).toContain('DestinationRule b/web spec.trafficPolicy.tls.mode: the client sends PLAINTEXT; '
    + 'if b has sidecars: mode PERMISSIVE; else: mode NO_PROXY, Deployment b/web: neither the namespace nor the pod asks for a sidecar');
});

test('many clients are one set', () => {
  const { traffic, outcomes, conditional } = bothWays([SHOP, clients(300)])!;
  expect([traffic.paths.length, traffic.bases, traffic.clients, outcomes.undecided, conditional]).toEqual([1, [[0, 299]], [{ base: 0 }], 300, 300]);
});

test('a server that calls another is in the set of the other clients', () => {
  const servers = ['a', 'b'].map((name) => deployment(`front/server-${name}`, { labels: { app: 'server' }, ports: [{ containerPort: 80 }] }));
  const { traffic } = bothWays([injected('front'), servers, service('front/server', ['http:80']), clients(10), deployment('shop/cart')])!;
  const model = new TrafficModel(traffic);
  const namesOf = (set: number) => traffic.workloads.filter((_, index) => !model.has(set, index)).map(({ name }) => name);
  const toOthers = model.paths.filter(({ clients: set }) => model.sizeOf(set) > 1)
    .map(({ server: { name }, clients: set }) => [name, ...namesOf(set)]);
  expect(toOthers).toEqual([['server-a', 'server-a', 'cart'], ['server-b', 'server-b', 'cart']]);
  expect(model.into.map(sum)).toEqual([2 * 12, 0]);
});
