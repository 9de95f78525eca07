import { connections, deployment, destinationRule, injected, mesh, serviceEntry, service, toHost, virtualService } from '../../support/meshes/mesh';

/** The outcome of a call that a route sends to a host, where namespace `b` has Service `there`. */
function routedTo(host: string, more: unknown[] = [], partialNamespaces: string[] = []): string[] {
  const route = virtualService('a/r', { hosts: ['server'], http: [toHost(host)] });
  const objects = [injected('a', 'b'), deployment('a/client'), deployment('a/server'), service('a/server', ['http:80']), service('b/there'), route, more];
  return connections(objects, { partialNamespaces }).filter(({ client, requested }) => client.name === 'client' && requested.host.startsWith('server.'))
    .map(({ outcome, undecidedBecause }) => `${outcome} ${undecidedBecause ?? ''}`.trim());
}

test.each([
  ['nothing.b.svc.cluster.local', 'broken'],
  ['nothing', 'broken'],
  ['there.b', 'broken'],
  ['there.b.svc', 'broken'],
  ['nothing.c.svc.cluster.local', 'undecided destination-elsewhere'],
  ['nothing.b', 'undecided destination-elsewhere'],
  ['www.example.com', 'undecided destination-elsewhere'],
])('a route to %s, which no Service has, is %s', (host, expected) => {
  expect(routedTo(host)).toEqual([expected]);
});

test.each([
  ['nothing.b.svc.cluster.local', ['a'], 'broken'],
  ['nothing.b.svc.cluster.local', ['b'], 'undecided destination-elsewhere'],
  ['nothing', ['a'], 'undecided destination-elsewhere'],
  ['there.b', ['b'], 'broken'],
])('a route to %s, which no Service has, with partial namespaces %j, is %s', (host, partial, expected) => {
  expect(routedTo(host, [], partial)).toEqual([expected]);
});

test.each([
  [[], 'broken'],
  [['a'], 'undecided destination-elsewhere'], // the client's
  [['b'], 'undecided destination-elsewhere'], // the service's
  [['istio-system'], 'undecided destination-elsewhere'],
  [['c'], 'broken'],
])('a route to a subset that no rule defines, with partial namespaces %j, is %s', (partialNamespaces, expected) => {
  const route = virtualService('b/r', { hosts: ['there'], http: [toHost('there', { subset: 'v1' })] });
  const found = connections([injected('a', 'b', 'c'), deployment('a/client'), deployment('b/there'), service('b/there', ['http:80']), route], { partialNamespaces });
  const told = found.filter(({ client }) => client.name === 'client').map(({ outcome, undecidedBecause }) => `${outcome} ${undecidedBecause ?? ''}`.trim());
  expect(told).toEqual([expected]);
});

const otherSubset = (place: string) => destinationRule(`${place}/d`, { host: 'there.b.svc.cluster.local', subsets: [{ name: 'v2' }] });

test.each([
  ['a', ['a'], 'undecided'], ['a', ['b'], 'broken'], ['a', ['istio-system'], 'broken'], // the client's rules hide the others
  ['b', ['a'], 'undecided'], ['b', ['b'], 'undecided'], ['b', ['istio-system'], 'broken'],
  ['istio-system', ['istio-system'], 'undecided'], ['istio-system', ['b'], 'undecided'],
])('a subset that a rule in namespace %s doesn\'t define, with partial namespaces %j, is %s', (place, partialNamespaces, expected) => {
  const route = virtualService('b/r', { hosts: ['there'], http: [toHost('there', { subset: 'v1' })] });
  const objects = [injected('a', 'b'), deployment('a/client'), deployment('b/there'), service('b/there', ['http:80']), otherSubset(place), route];
  expect(connections(objects, { partialNamespaces }).filter(({ client }) => client.name === 'client').map(({ outcome }) => outcome)).toEqual([expected]);
});

test('a route to a host that isn\'t exported to the client is broken', () => {
  expect(routedTo('hidden.example.com', [serviceEntry('c/e', { hosts: ['hidden.example.com'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], exportTo: ['.'] })])).toEqual(['broken']);
});

test('a name without servers that the proxy would resolve is broken only if its namespace has servers in the manifests', () => {
  const entry = serviceEntry('c/e', { hosts: ['x.example.com'], resolution: 'DNS', workloadSelector: { labels: { app: 'x' } }, ports: [{ number: 80, name: 'http', protocol: 'HTTP' }] });
  const found = (more: unknown[] = [], partialNamespaces: string[] = []) => [...mesh([injected('a'), deployment('a/client'), entry, more], { partialNamespaces }).connections({ client: ({ name }) => name === 'client' })];
  expect(found().map(({ outcome, undecidedBecause }) => [outcome, undecidedBecause])).toEqual([['undecided', 'no-endpoints']]);
  expect(found([deployment('c/y')]).map(({ outcome }) => outcome)).toEqual(['broken']);
  expect(found([deployment('c/y')], ['c']).map(({ outcome, undecidedBecause }) => [outcome, undecidedBecause])).toEqual([['undecided', 'no-endpoints']]);
});

describe('coverage of a namespace by the manifests', () => {
  const shown = (...partialNamespaces: string[]) => mesh([
    deployment('a/x'), service('b/x'), serviceEntry('c/x', { hosts: ['x.example.com'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }] }),
  ], { partialNamespaces }).coverage;

  test('covers workloads if the manifests have one there, unless the namespace is partial', () => {
    expect(['a', 'b', 'c'].map((name) => shown().holdsWorkloadsOf(name))).toEqual([true, false, false]);
    expect([shown('a').holdsWorkloadsOf('a'), shown('b').holdsWorkloadsOf('a'), shown('b').holdsWorkloadsOf('b')]).toEqual([false, true, false]);
  });

  test('covers Services likewise; a ServiceEntry doesn\'t count', () => {
    expect(['a', 'b', 'c'].map((name) => shown().holdsServicesOf(name))).toEqual([false, true, false]);
    expect(shown('b').holdsServicesOf('b')).toBe(false);
  });

  test('only the option partialNamespaces makes a namespace partial', () => {
    expect([shown().isPartial('a'), shown('a').isPartial('a'), mesh([]).coverage.isPartial('a')]).toEqual([false, true, false]);
  });

  test.each([
    ['y.b.svc.cluster.local', true], ['y.b.svc.cluster.local.x', false], ['y.a.svc.cluster.local', false], ['y.c.svc.cluster.local', false], ['y.b.example.com', false],
    ['x.b', true], ['x.b.svc', true], ['x.b.com', false], ['y.b', false], ['y.b.svc', false], ['y', false], ['x.b.svc.local', false],
  ])('host %s can\'t be any missing Service: %s', (host, expected) => {
    expect(shown().isNowhere(host)).toBe(expected);
  });
});

test('servers with labels that are added to pods may exist', () => {
  const pod = { 'statefulset.kubernetes.io/pod-name': 'x-0' };
  const entry = (labels: object) => serviceEntry('b/e', { hosts: ['x.example.com'], resolution: 'DNS', workloadSelector: { labels }, ports: [{ number: 80, name: 'http', protocol: 'HTTP' }] });
  const subset = (labels: object) => [
    destinationRule('b/d', { host: 'y.example.com', subsets: [{ name: 'v1', labels }] }),
    serviceEntry('b/y', { hosts: ['y.example.com'], resolution: 'DNS', workloadSelector: { labels: { app: 'server' } }, ports: [{ number: 80, name: 'http', protocol: 'HTTP' }] }),
    virtualService('b/v', { hosts: ['y.example.com'], http: [toHost('y.example.com', { subset: 'v1' })] }),
  ];
  const outcomes = (more: unknown) => connections([injected('a', 'b'), deployment('a/client'), deployment('b/server'), more])
    .filter(({ client }) => client.name === 'client').map(({ outcome }) => outcome);
  expect([outcomes(entry({ app: 'x' })), outcomes(entry(pod)), outcomes(subset({ version: 'v1' })), outcomes(subset(pod))]).toEqual([['broken'], ['undecided'], ['broken'], ['undecided']]);
});

test.each([
  ['no workload', [], 'broken no-servers'],
  ['a WorkloadGroup in its namespace', [{ apiVersion: 'networking.istio.io/v1', kind: 'WorkloadGroup', metadata: { namespace: 'b', name: 'machines' }, spec: {} }], 'undecided no-endpoints'],
  ['a WorkloadGroup in another namespace', [{ apiVersion: 'networking.istio.io/v1', kind: 'WorkloadGroup', metadata: { namespace: 'c', name: 'machines' }, spec: {} }], 'broken no-servers'],
  ['a Rollout of unknown pods', [{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { namespace: 'b', name: 'r' }, spec: { workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'x' } } }], 'undecided no-endpoints'],
])('a DNS ServiceEntry that selects no servers, beside %s: %j: %s', (_, more, expected) => {
  const entry = serviceEntry('b/e', { hosts: ['e.example.com'], location: 'MESH_INTERNAL', resolution: 'DNS', ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], workloadSelector: { labels: { app: 'none' } } });
  const objects = [injected('a', 'b'), deployment('a/client'), deployment('b/other'), entry, more];
  const found = mesh(objects).decisions.all();
  const hops = [...found].flatMap((decision) => decision.paths.flatMap((path) => path.hops)).filter(({ target: { host }, travel }) => host === 'e.example.com' && travel === 'service');
  expect([...new Set(hops.map(({ outcome, undecidedBecause, brokenBecause }) => `${outcome} ${undecidedBecause ?? brokenBecause}`))].filter((one) => !one.includes('client-proxy'))).toEqual([expected]);
});
