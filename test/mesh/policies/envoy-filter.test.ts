import { readFileSync } from 'node:fs';
import { effectOf, PATCH_EFFECTS } from '../../../src/mesh/policies/envoy-filter';
import { connections, deployment, envoyFilter, injected, mesh, meshConfig, peerAuthentication, mode, service, sidecar } from '../../support/meshes/mesh';

// EnvoyFilters: which calls a patch may touch, on the client's side and the server's.

const world = (...more: unknown[]) => [injected('a', 'b'), deployment('a/client'), deployment('a/other'), deployment('b/server', { ports: [{ containerPort: 80 }, { containerPort: 90 }] }),
  service('b/server', ['http:80', 'tcp:90']), more];
const patch = (applyTo: string, operation: string, match: object = {}) => ({ applyTo, match, patch: { operation } });
const filter = (path: string, patches: object | object[], more = {}) => envoyFilter(path, { configPatches: [patches].flat(), ...more });

/** Which calls from namespace a to b/server are undecided for the sake of an EnvoyFilter. */
const touched = (...more: unknown[]) => connections(world(...more)).filter(({ client, undecidedBecause }) => undecidedBecause === 'envoy-filter' && client.namespace === 'a')
  .map(({ client, requested }) => `${client.name}:${requested.port}`).sort();
const ALL = ['client:80', 'client:90', 'other:80', 'other:90'];
const outbound = { context: 'SIDECAR_OUTBOUND' };
const inbound = { context: 'SIDECAR_INBOUND' };

test('names the EnvoyFilter and the patched proxy', () => {
  const objects = world(filter('a/f', [patch('CLUSTER', 'ADD'), patch('CLUSTER', 'MERGE', outbound)]), peerAuthentication('b/p', mode('STRICT')));
  expect(connections(objects)[0]).toMatchObject({
    clientTls: 'UNKNOWN',
    outcome: 'undecided',
    undecidedBecause: 'envoy-filter',
    because: expect.arrayContaining([{ kind: 'EnvoyFilter', namespace: 'a', name: 'f', field: 'spec.configPatches[1]', effect: 'changes the client\'s proxy' }]),
  });
  expect(mesh(objects).missingFacts()).toEqual([{ need: 'model', subject: 'EnvoyFilter a/f', connections: 4 }]);
  expect(connections(world(filter('b/f', patch('FILTER_CHAIN', 'REMOVE'))))[0].because).toContainEqual(expect.objectContaining({ effect: 'changes the server\'s proxy' }));
});

test('patches clients and servers from their own and the root namespace', () => {
  for (const [space, context, expected] of [
    ['a', outbound, ALL], ['a', {}, ALL], ['a', { context: 'ANY' }, ALL], ['istio-system', outbound, ALL], ['b', outbound, []], ['c', outbound, []], ['a', { context: 'GATEWAY' }, []],
    ['b', inbound, ALL], ['b', {}, ALL], ['istio-system', inbound, ALL], ['a', inbound, []],
  ] as const) expect([space, context, touched(filter(`${space}/f`, patch('FILTER_CHAIN', 'REMOVE', context)))]).toEqual([space, context, [...expected]]);
  expect(touched(meshConfig({ rootNamespace: 'root' }), filter('root/f', patch('CLUSTER', 'REMOVE')), filter('istio-system/f', patch('CLUSTER', 'REMOVE')))).toEqual(ALL);
});

test('a selector chooses proxies, and targetRefs only gateways', () => {
  const selecting = (labels: object) => filter('a/f', patch('CLUSTER', 'MERGE', outbound), { workloadSelector: { labels } });
  expect(touched(selecting({ app: 'client' }))).toEqual(['client:80', 'client:90']);
  expect(touched(selecting({ app: 'nobody' }))).toEqual([]);
  expect(touched(filter('a/f', patch('CLUSTER', 'MERGE', outbound), { targetRefs: [{ kind: 'Gateway', name: 'g' }] }))).toEqual([]);
  const gateway = deployment('a/g', { labels: { 'app': 'g', 'gateway.networking.k8s.io/gateway-name': 'g' } });
  expect(touched(gateway, filter('a/f', patch('CLUSTER', 'MERGE', outbound), { targetRefs: [{ kind: 'Gateway', name: 'g' }] }))).toEqual(['g:80', 'g:90']);
});

test('a patch may send a workload\'s call to itself elsewhere', () => {
  const alone = [injected('a'), deployment('a/x'), service('a/x', ['http:80'])];
  expect(connections(alone)).toEqual([]);
  expect(connections([alone, filter('a/f', patch('CLUSTER', 'REMOVE', outbound))])).toMatchObject([{ server: null, undecidedBecause: 'envoy-filter' }]);
  expect(connections([alone, filter('a/f', patch('FILTER_CHAIN', 'REMOVE', inbound))])).toEqual([]);
});

test('an EnvoyFilter for another revision or for servers without a proxy has no effect', () => {
  expect(touched(envoyFilter('a/f', { configPatches: [patch('CLUSTER', 'MERGE')] }, { labels: { 'istio.io/rev': 'canary' } }))).toEqual([]);
  const plain = deployment('b/server', { labels: { 'app': 'server', 'sidecar.istio.io/inject': 'false' } });
  expect(touched(plain, filter('b/f', patch('FILTER_CHAIN', 'REMOVE')))).toEqual([]);
});

test.each<[string, object, string[]]>([
  ['clusters of a service', { service: 'server.b.svc.cluster.local' }, ALL],
  ['clusters of another service', { service: 'x.b.svc.cluster.local' }, []],
  ['clusters of a port', { portNumber: 80 }, ['client:80', 'other:80']],
  ['clusters of a service\'s port', { service: 'server.b.svc.cluster.local', portNumber: 90 }, ['client:90', 'other:90']],
  ['a cluster by name', { name: 'outbound|80||server.b.svc.cluster.local' }, ['client:80', 'other:80']],
  ['a cluster by name, of a subset', { name: 'outbound|80|v1|server.b.svc.cluster.local' }, []],
  ['clusters of a subset', { subset: 'v1' }, []],
  ['a cluster that the proxy always has', { name: 'PassthroughCluster' }, []],
])('a match limits a cluster\'s patch to %s', (_, cluster, expected) => {
  expect(touched(filter('a/f', patch('CLUSTER', 'MERGE', { ...outbound, cluster })))).toEqual(expected);
});

test('calls to unknown services use PassthroughCluster or BlackHoleCluster', () => {
  const blind = (outboundTrafficPolicy: object) => sidecar('a/s', { egress: [{ hosts: ['./*'] }], outboundTrafficPolicy });
  const named = (name: string) => filter('a/f', patch('CLUSTER', 'MERGE', { ...outbound, cluster: { name } }));
  expect(touched(blind({ mode: 'ALLOW_ANY' }), named('PassthroughCluster'))).toEqual(ALL);
  expect(touched(blind({ mode: 'REGISTRY_ONLY' }), named('BlackHoleCluster'))).toEqual(ALL);
  expect(touched(blind({ mode: 'ALLOW_ANY' }), filter('a/f', patch('CLUSTER', 'MERGE', { ...outbound, cluster: { portNumber: 80 } })))).toEqual([]);
});

test.each<[string, string, object, string[]]>([
  ['FILTER_CHAIN', 'MERGE', { listener: { portNumber: 80 } }, ['client:80', 'other:80']],
  ['HTTP_ROUTE', 'MERGE', { routeConfiguration: { portNumber: 80 } }, ['client:80', 'other:80']],
  ['FILTER_CHAIN', 'ADD', { listener: { portNumber: 80 } }, ALL],
  ['LISTENER', 'ADD', { listener: { portNumber: 80 } }, ALL],
  ['LISTENER', 'MERGE', { listener: { portNumber: 80 } }, ['client:80', 'other:80']],
  ['LISTENER', 'REMOVE', { listener: { portNumber: 90 } }, ['client:90', 'other:90']],
  ['LISTENER', 'MERGE', { listener: { portNumber: 0 } }, ALL],
  ['LISTENER_FILTER', 'REMOVE', { listener: { portNumber: 80 } }, ALL],
  ['BOOTSTRAP', 'MERGE', { listener: { portNumber: 80 } }, ALL],
  ['LISTENER', 'REMOVE', { listener: { portNumber: 15001 } }, ALL],
  ['HTTP_FILTER', 'INSERT_BEFORE', {}, []],
  ['HTTP_FILTER', 'REMOVE', {}, ALL],
  ['NEW_KIND', 'ADD', {}, ALL],
])('a patch of %s with %s and match %j affects %j', (applyTo, operation, match, expected) => {
  expect(touched(filter('a/f', patch(applyTo, operation, { ...outbound, ...match })))).toEqual(expected);
});

test('a server\'s patch for a port affects calls to the container\'s port', () => {
  expect(touched(filter('b/f', patch('FILTER_CHAIN', 'REMOVE', { ...inbound, listener: { portNumber: 90 } })))).toEqual(['client:90', 'other:90']);
  expect(touched(filter('b/f', patch('CLUSTER', 'REMOVE', inbound)))).toEqual([]);
});

test('docs/analysis.md has a row for each effect', () => {
  const docs = readFileSync(`${__dirname}/../../../docs/analysis.md`, 'utf8');
  const word = (isUndecided: boolean) => (isUndecided ? 'undecided' : 'decided');
  PATCH_EFFECTS.forEach(({ applyTo, operations, client, server, because }, index) => {
    const isRest = !operations && PATCH_EFFECTS.slice(0, index).some((earlier) => earlier.applyTo[0] === applyTo[0]);
    expect(docs).toContain(`| ${applyTo.join(', ')} | ${operations?.join(', ') ?? (isRest ? 'any other' : 'any')} | ${word(client)} | ${word(server)} | ${because} |`);
  });
  expect(effectOf('', '')).toMatchObject({ client: true, server: true });
});
