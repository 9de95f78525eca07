import { callsInto, callsOutOf } from '../../report-page/neighbours';
import { OUTCOMES, sum, TrafficModel } from '../../report-page/traffic';
import { readYaml } from '../../src/manifests/yaml/read-yaml';
import { MeshChange } from '../../src/mesh/change/mesh-change';
import { JudgedMesh, Mesh } from '../../src/mesh/mesh';
import { losesCopies } from '../../src/mesh/model/path';
import { OUTCOMES as OF_THE_MODEL } from '../../src/mesh/model/transport';
import { trafficOf } from '../../src/report/traffic';
import { deployment, destinationRule, injected, mode, namespace, peerAuthentication, service } from '../support/meshes/mesh';
import { casesOf } from '../support/random/cases';
import { partialMeshes, randomMeshes } from '../support/random/random-meshes';

const meshOf = (objects: readonly unknown[]) => Mesh.of(objects.flat(3), { parseYaml: readYaml });
const modelOf = (mesh: Mesh, judged: JudgedMesh = mesh) => new TrafficModel(trafficOf(mesh, judged.counting));

/** Each connection, as the mesh lists them; those on which only copies are lost have no outcome. */
const listed = (judged: JudgedMesh) => [...judged.connections({ path: (_, { path }) => !losesCopies(path) })]
  .map(({ client, requested: { port }, server, service: { port: sent }, outcome, clientTls, serverMode }) =>
    [client.kind, client.namespace, client.name, port, server?.port ?? sent, server?.name ?? '', outcome, clientTls, serverMode].join(' ')).sort();

/** The same, as the page's model tells them. */
const told = (model: TrafficModel) => model.paths.flatMap(({ call, clients, server, port, outcome, clientTls, serverMode }) =>
  model.membersOf(clients).map((client) => {
    const { kind, namespace: space, name } = model.workloads[client];
    const isServer = server.workload !== undefined || /^WorkloadEntry /.test(server.name);
    return [kind, model.namespaces[space], name, call.split(':').at(-1), port, isServer ? server.name.split(' ').at(-1) : '', OUTCOMES[outcome], clientTls, serverMode].join(' ');
  })).sort();

const { seed, count } = casesOf('decisions');

test('the page knows the outcomes of the model', () => {
  expect(OUTCOMES).toEqual(OF_THE_MODEL);
});

test('the page tells every connection of a mesh, and no other', () => {
  for (const { id, objects } of [...randomMeshes(seed, count(60)), ...partialMeshes(seed + 1, count(30))]) {
    const mesh = meshOf(objects);
    expect([id, told(modelOf(mesh))]).toEqual([id, listed(mesh)]);
  }
});

test('of manifests that are applied to a cluster it tells those that they concern', () => {
  for (const [number, { id, objects }] of randomMeshes(seed + 2, count(40)).entries()) {
    const manifests = objects.filter((_, index) => (index + number) % 4 === 0);
    const change = MeshChange.of(manifests, objects.filter((object) => !manifests.includes(object)), { parseYaml: readYaml });
    expect([id, told(modelOf(change.after, change))]).toEqual([id, listed(change)]);
  }
});

test('what namespaces come to is the sum of their connections', () => {
  for (const { objects } of randomMeshes(seed + 3, count(30))) {
    const model = modelOf(meshOf(objects));
    const all = model.namespaces.map((_, index) => index);
    const cells = model.cells(all, all);
    for (const one of all) {
      const [row, column] = [[...cells.get(one)!.values()], all.map((from) => cells.get(from)!.get(one)!)];
      const added = (counts: readonly number[][]) => OUTCOMES.map((_, outcome) => counts.reduce((total, those) => total + those[outcome], 0));
      expect([added(row), added(column)]).toEqual([model.outOf[one], model.into[one]]);
      const paths = model.paths.filter(({ server }) => server.namespace === one);
      expect(sum(model.into[one])).toBe(paths.reduce((total, { clients }) => total + model.sizeOf(clients), 0));
    }
    for (const { clients } of model.paths) {
      expect(model.membersOf(clients)).toHaveLength(model.sizeOf(clients));
      const members = [...model.membersOf(clients)].sort((left, right) => left - right);
      expect(model.workloads.flatMap((_, index) => (model.has(clients, index) ? [index] : []))).toEqual(members);
      expect(all.map((one) => model.sizeIn(clients, one)).reduce((total, size) => total + size, 0)).toBe(model.sizeOf(clients));
    }
  }
});

test('a graph of the calls into a namespace has each of its connections once', () => {
  for (const { objects } of randomMeshes(seed + 4, count(30))) {
    const model = modelOf(meshOf(objects));
    for (const [space, counts] of model.into.entries()) {
      const { edges, clients, hidden } = callsInto(model, space);
      expect(OUTCOMES.map((_, outcome) => edges.reduce((total, edge) => total + edge.counts[outcome], 0))).toEqual(counts);
      expect(new Set(clients.flatMap(({ names }) => names)).size).toBe(clients.flatMap(({ names }) => names).length);
      expect(hidden).toBe(0);
    }
  }
});

/** A shop whose three servers call each other, and a bank that calls it without a sidecar. */
const SHOP = [
  injected('shop'), ['web', 'ratings', 'cart'].map((name) => [deployment(`shop/${name}`, { ports: [{ containerPort: 80 }] }), service(`shop/${name}`, ['http:80'])]),
  namespace('bank'), namespace('mail'), deployment('bank/desk'), service('bank/desk', ['http:80']),
];

test('clients that fare alike are one, though each doesn\'t call itself', () => {
  const model = modelOf(meshOf(SHOP));
  const { clients, servers } = callsInto(model, model.namespaces.indexOf('shop'));
  expect(clients.map(({ label, names }) => [label, names.length])).toEqual([['3 workloads of shop', 3], ['bank/desk', 1]]);
  expect(servers.map(({ label }) => label)).toEqual(['cart', 'ratings', 'web']);
});

test('a rule for one server sets apart the clients that it holds for', () => {
  const rule = destinationRule('shop/cart', { host: 'cart', workloadSelector: { matchLabels: { app: 'web' } }, trafficPolicy: { tls: { mode: 'DISABLE' } } });
  const model = modelOf(meshOf([...SHOP, rule]));
  const { clients } = callsInto(model, model.namespaces.indexOf('shop'));
  expect(clients.map(({ names }) => names)).toEqual([['shop/cart', 'shop/ratings'], ['bank/desk'], ['shop/web']]);
});

test('calls out of a namespace lead to others, not to itself', () => {
  const model = modelOf(meshOf([...SHOP, peerAuthentication('shop/default', mode('STRICT')), deployment('mail/post', { ports: [{ containerPort: 80 }] }), service('mail/post', ['http:80'])]));
  const out = callsOutOf(model, model.namespaces.indexOf('bank'));
  expect(out.servers.map(({ label }) => label)).toEqual(['mail', 'shop']);
  expect(out.edges.map(({ counts }) => counts)).toEqual([[0, 0, 1, 0, 0], [0, 0, 0, 3, 0]]);
  expect(callsOutOf(model, model.namespaces.indexOf('shop')).servers.map(({ label, names }) => [label, names])).toEqual([['2 namespaces', ['bank', 'mail']]]);
});

test('of many servers those with the worst outcomes are in the graph', () => {
  const many = Array.from({ length: 50 }, (_, index) => [deployment(`shop/w${index}`, { ports: [{ containerPort: 80 }] }), service(`shop/w${index}`, ['http:80'])]);
  const model = modelOf(meshOf([injected('shop'), many, destinationRule('shop/w49', { host: 'w49', trafficPolicy: { tls: { mode: 'DISABLE' } } }), peerAuthentication('shop/default', mode('STRICT'))]));
  const { servers, hidden } = callsInto(model, model.namespaces.indexOf('shop'));
  expect([servers.length, hidden, servers.some(({ label }) => label === 'w49')]).toEqual([40, 10, true]);
});

test('a mesh of many clients is told by few numbers', () => {
  const many = Array.from({ length: 400 }, (_, index) => [deployment(`shop/w${index}`, { ports: [{ containerPort: 80 }] }), service(`shop/w${index}`, ['http:80'])]);
  const mesh = meshOf([injected('shop'), many]);
  const traffic = trafficOf(mesh, mesh.counting);
  const model = new TrafficModel(traffic);
  expect(sum(model.into[model.namespaces.indexOf('shop')])).toBe(400 * 399);
  expect(JSON.stringify({ ...traffic, workloads: [] }).length).toBeLessThan(100_000);
});
