import { objectText } from '../../../src/mesh/inventory/object';
import { Mesh } from '../../../src/mesh/mesh';
import { branchesText } from '../../../src/mesh/worlds/branches-text';
import { ConditionalConnection, ConnectionsBothWays } from '../../../src/mesh/worlds/connections-both-ways';
import { SharedConnections } from '../../../src/mesh/worlds/shared-connections';
import { deployment, injected, mesh, service } from '../../support/meshes/mesh';
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

test('connections aren\'t decided beyond a limit, or where nothing is missing', () => {
  const objects = [many('a', 9), SERVER];
  // One call of clients in one namespace, and of the server itself, without the facts and in four worlds.
  expect(SharedConnections.of(mesh(objects), 10)).toBeDefined();
  expect(SharedConnections.of(mesh(objects), 9)).toBeUndefined();
  expect(SharedConnections.of(mesh([injected('a'), injected('b'), objects]))).toBeUndefined();
});
