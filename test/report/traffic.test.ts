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

/** The connections of the mesh; those that only mirror requests lose have no outcome. */
const listed = (judged: JudgedMesh) => [...judged.connections({ path: (_, { path }) => !losesCopies(path) })]
  .map(({ client, requested: { port }, server, service: { port: sent }, outcome, clientTls, serverMode }) =>
    [client.kind, client.namespace, client.name, port, server?.port ?? sent, server?.name ?? '', outcome, clientTls, serverMode].join(' ')).sort();

/** The connections in the page's model. */
const told = (model: TrafficModel) => model.paths.flatMap(({ call, clients, server, port, outcome, clientTls, serverMode }) =>
  model.membersOf(clients).map((client) => {
    const { kind, namespace: space, name } = model.workloads[client];
    const isServer = server.workload !== undefined || /^WorkloadEntry /.test(server.name);
    return [kind, model.namespaces[space], name, call.split(':').at(-1), port, isServer ? server.name.split(' ').at(-1) : '', OUTCOMES[outcome], clientTls, serverMode].join(' ');
  })).sort();

const { seed, count } = casesOf('decisions');

test('page and mesh have the same outcomes', () => {
  expect(OUTCOMES).toEqual(OF_THE_MODEL);
});

test('the page has exactly the connections of the mesh', () => {
  for (const { id, objects } of [...randomMeshes(seed, count(60)), ...partialMeshes(seed + 1, count(30))]) {
    const mesh = meshOf(objects);
    expect([id, told(modelOf(mesh))]).toEqual([id, listed(mesh)]);
  }
});

test('with a cluster, the page has the connections that the manifests concern', () => {
  for (const [number, { id, objects }] of randomMeshes(seed + 2, count(40)).entries()) {
    const manifests = objects.filter((_, index) => (index + number) % 4 === 0);
    const change = MeshChange.of(manifests, objects.filter((object) => !manifests.includes(object)), { parseYaml: readYaml });
    expect([id, told(modelOf(change.after, change))]).toEqual([id, listed(change)]);
  }
});

test('totals of namespaces are the sums of their connections', () => {
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

test('the graph of calls into a namespace counts each connection once', () => {
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

/** A namespace with three servers that call each other, and a client without a sidecar in another. */
const SHOP = [
  injected('shop'), ['web', 'ratings', 'cart'].map((name) => [deployment(`shop/${name}`, { ports: [{ containerPort: 80 }] }), service(`shop/${name}`, ['http:80'])]),
  namespace('bank'), namespace('mail'), deployment('bank/desk'), service('bank/desk', ['http:80']),
];

test('clients with equal outcomes are one node', () => {
  const model = modelOf(meshOf(SHOP));
  const { clients, servers } = callsInto(model, model.namespaces.indexOf('shop'));
  expect(clients.map(({ label, names }) => [label, names.length])).toEqual([['3 workloads of shop', 3], ['bank/desk', 1]]);
  expect(servers.map(({ label }) => label)).toEqual(['cart', 'ratings', 'web']);
});

test('a rule with a workload selector separates its clients', () => {
  const rule = destinationRule('shop/cart', { host: 'cart', workloadSelector: { matchLabels: { app: 'web' } }, trafficPolicy: { tls: { mode: 'DISABLE' } } });
  const model = modelOf(meshOf([...SHOP, rule]));
  const { clients } = callsInto(model, model.namespaces.indexOf('shop'));
  expect(clients.map(({ names }) => names)).toEqual([['shop/cart', 'shop/ratings'], ['bank/desk'], ['shop/web']]);
});

test('calls out of a namespace lead to other namespaces', () => {
  const model = modelOf(meshOf([...SHOP, peerAuthentication('shop/default', mode('STRICT')), deployment('mail/post', { ports: [{ containerPort: 80 }] }), service('mail/post', ['http:80'])]));
  const out = callsOutOf(model, model.namespaces.indexOf('bank'));
  expect(out.servers.map(({ label }) => label)).toEqual(['mail', 'shop']);
  expect(out.edges.map(({ counts }) => counts)).toEqual([[0, 0, 1, 0, 0], [0, 0, 0, 3, 0]]);
  expect(callsOutOf(model, model.namespaces.indexOf('shop')).servers.map(({ label, names }) => [label, names])).toEqual([['2 namespaces', ['bank', 'mail']]]);
});

test('the graph shows the servers with the worst outcomes', () => {
  const many = Array.from({ length: 50 }, (_, index) => [deployment(`shop/w${index}`, { ports: [{ containerPort: 80 }] }), service(`shop/w${index}`, ['http:80'])]);
  const model = modelOf(meshOf([injected('shop'), many, destinationRule('shop/w49', { host: 'w49', trafficPolicy: { tls: { mode: 'DISABLE' } } }), peerAuthentication('shop/default', mode('STRICT'))]));
  const { servers, hidden } = callsInto(model, model.namespaces.indexOf('shop'));
  expect([servers.length, hidden, servers.some(({ label }) => label === 'w49')]).toEqual([40, 10, true]);
});

test('a mesh with many clients has little data', () => {
  const many = Array.from({ length: 400 }, (_, index) => [deployment(`shop/w${index}`, { ports: [{ containerPort: 80 }] }), service(`shop/w${index}`, ['http:80'])]);
  const mesh = meshOf([injected('shop'), many]);
  const traffic = trafficOf(mesh, mesh.counting);
  const model = new TrafficModel(traffic);
  expect(sum(model.into[model.namespaces.indexOf('shop')])).toBe(400 * 399);
  expect(JSON.stringify({ ...traffic, workloads: [] }).length).toBeLessThan(100_000);
});
