import { injected, mesh, meshConfig, service, serviceEntry, sidecar, toHost, virtualService } from '../../support/meshes/mesh';

const BACK = 'back.b.svc.cluster.local';
const entry = (path: string, spec: object = {}) => serviceEntry(path, { hosts: ['x.example.com'], resolution: 'STATIC', ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], ...spec });
const exported = (path: string, exportTo: string) => service(path, [80], { annotations: { 'networking.istio.io/exportTo': exportTo } });

/** The Sidecar scope of proxies in namespace `a`. */
function scopeIn(...objects: unknown[]) {
  const whole = mesh([injected('a', 'b', 'c'), objects]);
  return { scope: whole.planes.default.scopeOf({ namespace: 'a', labels: {} }), services: whole.registry.services };
}

test.each([
  ['no service', [], ''],
  ['one service', [service('b/one')], 'one'],
  ['a public one, then one that is exported to the namespace', [service('b/one'), exported('b/two', 'a')], 'two,one'],
  ['one that is exported to the namespace, then a public one', [exported('b/one', 'a'), service('b/two')], 'one,two'],
  ['several of each kind', [service('b/one'), exported('b/three', 'a'), exported('b/two', '.'), service('b/zero')], 'three,two,one,zero'],
])('services that aren\'t public come first: %s', (_, objects, expected) => {
  const { scope, services } = scopeIn(objects);
  expect(scope.inOrder(services).map(({ name }) => name).join()).toBe(expected);
});

describe('a host that a Sidecar doesn\'t import is known if an imported route leads to it', () => {
  const front = 'front.b.svc.cluster.local';
  const only = sidecar('a/s', { egress: [{ hosts: [`b/${front}`] }] });
  const route = (destination: object, spec: object = {}, path = 'b/v') => virtualService(path, { hosts: [front], http: [{ route: [{ destination }] }], ...spec });
  const known = (host: string, ...objects: unknown[]) => {
    const { scope } = scopeIn(only, service('b/front', ['http:80']), objects);
    const found = scope.known(host);
    return found && `${found.registry} ${found.namespace}/${found.name}: ${found.ports.map(({ number }) => number).join()}`;
  };
  const back = service('b/back', ['http:80', 'http-2:81']);
  const to = (port?: number, host = BACK) => route({ host, port: port === undefined ? undefined : { number: port } });

  test.each([
    ['on all ports, if the route names none', [back, to()], 'Kubernetes b/back: 80,81'],
    ['on the port that the route names', [back, to(81)], 'Kubernetes b/back: 81'],
    ['on the ports of all routes', [back, route({ host: BACK, port: { number: 81 } }), route({ host: BACK, port: { number: 80 } }, {}, 'b/w')], 'Kubernetes b/back: 80,81'],
    ['not on a port that it lacks', [back, to(82)], undefined],
    ['not without a route', [back], undefined],
    ['not if the route leads to another host', [back, to(80, 'other')], undefined],
    ['not if the route isn\'t exported to the namespace', [back, route({ host: BACK }, { exportTo: ['.'] })], undefined],
    ['not if the Sidecar doesn\'t import the route', [back, route({ host: BACK }, { hosts: [BACK] })], undefined],
    ['not if istiod doesn\'t read the route\'s namespace', [back, to(), meshConfig({ discoverySelectors: [{ matchLabels: { 'kubernetes.io/metadata.name': 'a' } }] })], undefined],
    ['not if it isn\'t exported to the namespace', [service('b/back', ['http:80'], { annotations: { 'networking.istio.io/exportTo': '.' } }), to()], undefined],
    ['as a Service rather than a ServiceEntry', [service('b/back', ['http:80']), { ...entry('b/e', { hosts: [BACK] }), metadata: { ...entry('b/e').metadata, creationTimestamp: '2020-01-01T00:00:00Z' } }, to()], 'Kubernetes b/back: 80'],
  ])('%s', (_, objects, expected) => {
    expect(known(BACK, objects)).toBe(expected);
  });

  test('as the namespace\'s own service, even if that isn\'t exported to it', () => {
    const toEntry = to(undefined, 'x.example.com');
    const older = (path: string) => ({ ...entry(path), metadata: { ...entry(path).metadata, creationTimestamp: '2020-01-01T00:00:00Z' } });
    const younger = (path: string, spec: object = {}) => entry(path, spec);
    expect(known('x.example.com', older('c/e'), younger('a/e'), toEntry)).toBe('ServiceEntry a/e: 80');
    expect(known('x.example.com', older('c/e'), younger('a/e', { exportTo: ['c'] }), toEntry)).toBe('ServiceEntry a/e: 80');
    expect(known('x.example.com', older('b/e'), younger('c/e'), toEntry)).toBe('ServiceEntry b/e: 80');
  });

  test('only on the route\'s ports, unless it is imported', () => {
    expect(known(front, to())).toBe('Kubernetes b/front: 80');
    const { scope } = scopeIn(back);
    expect([scope.known(BACK), scope.imported(BACK)].map((found) => found?.ports.length)).toEqual([2, 2]);
    expect([scope.imported('nobody'), scope.imported('nobody'), scope.known('nobody')]).toEqual([undefined, undefined, undefined]);
  });
});

test('caches its results', () => {
  const { scope, services } = scopeIn(entry('b/e'), entry('b/f', { ports: [{ number: 81, name: 'tcp', protocol: 'TCP' }] }), virtualService('b/v', { hosts: ['x.example.com'], http: [toHost('y')] }));
  expect(services).toHaveLength(2);
  expect(scope.imported('x.example.com')!.ports.map(({ number }) => number)).toEqual([80, 81]);
  expect(scope.imported('x.example.com')).toBe(scope.imported('x.example.com'));
  expect(scope.routesFor('x.example.com')).toBe(scope.routesFor('x.example.com'));
});

describe('of a Service and a ServiceEntry of its host and namespace, proxies listen for', () => {
  const both = (...hosts: string[]) => {
    const objects = [service('b/back', ['tcp:80']), entry('b/e', { hosts: [BACK], ports: [{ number: 81, name: 'tcp', protocol: 'TCP' }] }), hosts.length > 0 ? sidecar('a/s', { egress: [{ hosts }] }) : []];
    return scopeIn(objects).scope.listening(BACK).map(({ registry }) => registry).join();
  };
  test.each([
    ['both without a Sidecar', [], 'Kubernetes,ServiceEntry'],
    ['both if a Sidecar imports by a wildcard', ['b/*'], 'Kubernetes,ServiceEntry'],
    ['both if a Sidecar imports from any namespace', [`*/${BACK}`], 'Kubernetes,ServiceEntry'],
    ['the Service if a Sidecar imports only its host', [`b/${BACK}`], 'Kubernetes'],
    ['neither if a Sidecar imports another host', ['b/other.b.svc.cluster.local'], ''],
  ])('%s', (_, hosts, expected) => {
    expect(both(...hosts)).toBe(expected);
  });

  test('the first ServiceEntry if there is no Service and a Sidecar imports only its host', () => {
    const { scope } = scopeIn(entry('b/e'), entry('b/f'), entry('c/e'), sidecar('a/s', { egress: [{ hosts: ['b/x.example.com'] }] }));
    expect(scope.listening('x.example.com').map(({ namespace, name }) => `${namespace}/${name}`)).toEqual(['b/e']);
  });
});

test('an ExternalName resolves only for proxies whose istiod discovers its namespace', () => {
  const alias = service('b/alias', [80], { type: 'ExternalName', externalName: BACK });
  const selecting = (namespace: string) => meshConfig({ discoverySelectors: [{ matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: ['a', namespace] }] }] });
  const target = (...objects: unknown[]) => scopeIn(alias, objects).scope.aliasTarget('alias.b.svc.cluster.local');
  expect([target(), target(selecting('b')), target(selecting('c'))]).toEqual([BACK, BACK, undefined]);
});

describe('with several egress listeners in a Sidecar', () => {
  const [excluding, importing] = [{ port: { number: 81, name: 'p', protocol: 'HTTP' }, hosts: ['*/*', `~b/${BACK}`] }, { hosts: ['*/*'] }];
  const seen = (...egress: object[]) => {
    const { scope, services } = scopeIn(service('b/back', ['http:80']), virtualService('b/v', { hosts: [BACK], http: [toHost(BACK)] }), sidecar('a/s', { egress }));
    return [scope.sees(services[0]), scope.listensFor(services[0]), scope.routesFor(BACK).length, scope.importsName(BACK, services[0])];
  };

  test('a host that one listener excludes is imported by another', () => {
    expect(seen(excluding, importing)).toEqual([true, true, 1, true]);
  });

  test('a host may be excluded by all listeners', () => {
    expect(seen(excluding, { hosts: ['*/*', '~b/*'] })).toEqual([false, false, 0, true]);
  });
});
