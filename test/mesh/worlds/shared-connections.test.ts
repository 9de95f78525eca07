import { objectText } from '../../../src/mesh/inventory/object';
import { Mesh } from '../../../src/mesh/mesh';
import { branchesText } from '../../../src/mesh/worlds/branches-text';
import { ConditionalConnection, ConnectionsBothWays } from '../../../src/mesh/worlds/connections-both-ways';
import { SharedConnections } from '../../../src/mesh/worlds/shared-connections';
import { Worlds } from '../../../src/mesh/worlds/worlds';
import { deployment, destinationRule, injected, mesh, service, toHost, virtualService } from '../../support/meshes/mesh';
import { casesOf } from '../../support/random/cases';
import { partialMeshes } from '../../support/random/random-meshes';

const { seed, count } = casesOf('decisions');

/** The connections without their clients, whose reasons may be those of another client that fares alike. */
function textOf(client: string, connection: ConditionalConnection): string {
  const { requested, server, service: { host, port, subset }, outcome, clientTls, serverMode, undecidedBecause, branches = [] } = connection;
  return [
    client, requested.host, requested.port, server ? `${objectText(server)}:${server.port}` : '-', host, port, subset,
    outcome, clientTls, serverMode, undecidedBecause, branches.length > 0 ? branchesText(branches) : '',
  ].join(' ');
}

/** The connections of all clients, from those that they share. */
function expanded(shared: SharedConnections): string[] {
  return [...shared.byCall()].flat().flatMap(({ clients, connection }) => {
    const sharing = 'only' in clients ? [clients.only]
      : clients.classes.flatMap(({ members }) => members).filter((client) => !clients.except.includes(client));
    return sharing.map((client) => textOf(objectText(client), connection));
  }).sort();
}

function listed(whole: Mesh): string[] {
  return [...ConnectionsBothWays.of(whole)!.connections({})].map((connection) => textOf(objectText(connection.client), connection)).sort();
}

test('each client has the connections that it has when it is decided by itself', () => {
  const told = partialMeshes(seed + 7, count(60)).flatMap(({ id, objects }) => {
    const whole = mesh(objects);
    const shared = SharedConnections.of(whole);
    if (!shared) return [];
    const own = listed(whole);
    expect([id, expanded(shared)]).toEqual([id, own]);
    return own;
  });
  expect(told.filter((text) => text.includes(', else ')).length).toBeGreaterThan(10);
});

const many = (space: string, length: number) => Array.from({ length }, (_, index) => deployment(`${space}/client-${index}`));
const SERVER = [deployment('b/web'), service('b/web', ['http:80'])];

test('clients that behave alike are decided once, and one that would call itself by itself', () => {
  const shared = [...SharedConnections.of(mesh([many('a', 9), SERVER]))!.byCall()].flat();
  expect(shared.map(({ clients, connection: { branches } }) => [
    'only' in clients ? clients.only.name : clients.classes.reduce((sum, { members }) => sum + members.length, -clients.except.length), branchesText(branches!),
  ])).toEqual([[9, 'mtls if a and b have sidecars, else plaintext']]);
});

test('clients of all namespaces that lack nothing are decided together', () => {
  const spaces = ['c', 'd', 'e'].map((space) => [injected(space), many(space, 2)]);
  const shared = [...SharedConnections.of(mesh([spaces, SERVER]))!.byCall()].flat();
  expect(shared.map(({ clients }) => ('classes' in clients ? clients.classes.length : 1))).toEqual([3]);
});

/** The connections of each client, which are those that it has when it is decided by itself. */
function eachOf(objects: unknown[]): string[] {
  const whole = mesh(objects);
  const each = expanded(SharedConnections.of(whole)!);
  expect(each).toEqual(listed(whole));
  return each;
}

test('clients that differ only where they have sidecars are decided apart', () => {
  const host = 'web.b.svc.cluster.local';
  const plain = destinationRule('a/plain', {
    host, workloadSelector: { matchLabels: { app: 'client-0' } }, trafficPolicy: { tls: { mode: 'DISABLE' } },
  });
  const outcomes = eachOf([injected('b'), many('a', 2), SERVER, plain]).map((text) => / undecided .*client-proxy-unknown (.*)|$/.exec(text)![1]);
  expect(outcomes).toEqual([undefined, 'mtls if a has sidecars, else plaintext', undefined]);
});

test('a client that a route leads to itself is decided by itself, even if only sidecars know the route', () => {
  const toWeb = virtualService('b/other', { hosts: ['other'], http: [toHost('web')] });
  const other = [deployment('c/other'), service('b/other', ['http:80'])];
  const toOther = eachOf([many('b', 2), SERVER, other, toWeb]).filter((text) => / other\.b\S+ 80 Deployment/.test(text));
  expect(toOther.map((text) => text.split(' other.b')[0])).toEqual(['Deployment b/client-0', 'Deployment b/client-1', 'Deployment c/other']);
});

test('clients have conditions of their own, even if there are more facts than are tried against each other', () => {
  const agent = { annotations: { 'inject.istio.io/templates': 'grpc-agent' } };
  const spaces = Array.from({ length: 130 }, (_, index) => [deployment(`s${index}/client`), deployment(`s${index}/agent`, agent)]);
  const each = eachOf([spaces, SERVER]);
  const named = each.map((text) => /^Deployment (\w+)\/.* b and (\w+) have sidecars, .*, else plaintext$/.exec(text)!);
  expect(named.filter(([, client, condition]) => client === condition)).toHaveLength(2 * 130);
});

test('connections aren\'t decided beyond limits, or where nothing is missing', () => {
  const objects = [many('a', 9), SERVER];
  // One call of clients in one namespace, and of the server itself, without the facts and in four worlds.
  expect(SharedConnections.of(mesh(objects), { decisions: 10 })).toBeDefined();
  expect(SharedConnections.of(mesh(objects), { decisions: 9 })).toBeUndefined();
  expect(SharedConnections.of(mesh(objects), { lookups: 10 })).toBeDefined();
  expect(SharedConnections.of(mesh(objects), { lookups: 9 })).toBeUndefined();
  expect(SharedConnections.of(mesh([injected('a'), injected('b'), objects]))).toBeUndefined();
});

test('worlds aren\'t made where there would be too many decisions', () => {
  const made = jest.spyOn(Worlds, 'of');
  const decided = (decisions: number) => SharedConnections.of(mesh([many('a', 9), SERVER]), { decisions });
  // A call, two facts, three meshes.
  expect([decided(5), made.mock.calls.length]).toEqual([undefined, 0]);
  expect([decided(6), made.mock.calls.length]).toEqual([undefined, 1]);
  made.mockRestore();
});

test('a mesh of 600 services and 112 namespaces that aren\'t shown has too many', () => {
  const spaces = Array.from({ length: 112 }, (_, index) => deployment(`s${index}/client`));
  const services = Array.from({ length: 600 }, (_, index) => service(`b/web-${index}`, ['http:80']));
  expect(SharedConnections.of(mesh([injected('b'), spaces, services]))).toBeUndefined();
});
