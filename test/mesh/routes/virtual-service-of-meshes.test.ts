import { calls, connections, deployment, destinationRule, injected, meshConfig, service, serviceEntry, sidecar, toHost, virtualService } from '../../support/meshes/mesh';

const world = (...more: unknown[]) => [injected('a', 'b'), deployment('a/client', { labels: { app: 'client', tier: 'front' } }),
  ['one', 'two', 'three'].map((name) => [deployment(`b/${name}`), service(`b/${name}`, ['http:80', 'tcp:90', 'tls:443'])]), more];
/** Where `a/client`'s calls to `b/one` go. */
const ends = (port: number, ...more: unknown[]) => calls(world(more), 'a/client', `one.b:${port}`).map((line) => line.split(' ')[0]);
const http = (...rules: object[]) => virtualService('b/v', { hosts: ['one'], http: rules });
const tcp = (...rules: object[]) => virtualService('b/v', { hosts: ['one'], tcp: rules });
const weighted = (...weights: (number | undefined)[]) => ({ route: ['two', 'three'].map((host, index) => ({ destination: { host }, weight: weights[index] })) });

describe('http', () => {
  test.each([
    ['one destination', [toHost('two')], ['two.b:80']],
    ['a port', [toHost('two', { port: { number: 443 } })], ['two.b:443']],
    ['weights', [weighted(50, 50)], ['three.b:80', 'two.b:80']],
    ['weight 0 reaches nothing', [weighted(100, 0)], ['two.b:80']],
    ['no weight beside others is 0', [weighted(100)], ['two.b:80']],
    ['weight 0 alone reaches all', [{ route: [{ destination: { host: 'two' }, weight: 0 }] }], ['two.b:80']],
    ['a rule without condition ends the list', [toHost('two'), toHost('three')], ['two.b:80']],
    ['conditions on the path leave the rest', [{ match: [{ uri: { prefix: '/x' } }], ...toHost('two') }, toHost('three')], ['three.b:80', 'two.b:80']],
    ['prefix / takes all', [{ match: [{ uri: { prefix: '/' } }], ...toHost('two') }, toHost('three')], ['two.b:80']],
    ['regex .* takes all', [{ match: [{ uri: { regex: '.*' } }], ...toHost('two') }, toHost('three')], ['two.b:80']],
    ['headers narrow it', [{ match: [{ uri: { prefix: '/' }, headers: { x: { exact: 'y' } } }], ...toHost('two') }, toHost('three')], ['three.b:80', 'two.b:80']],
    ['a method narrows it', [{ match: [{ method: { exact: 'GET' } }], ...toHost('two') }, toHost('three')], ['three.b:80', 'two.b:80']],
    ['another port isn\'t met', [{ match: [{ port: 81 }], ...toHost('two') }, toHost('three')], ['three.b:80']],
    ['the port is', [{ match: [{ port: 80 }], ...toHost('two') }, toHost('three')], ['two.b:80']],
    ['other labels aren\'t met', [{ match: [{ sourceLabels: { app: 'x' } }], ...toHost('two') }, toHost('three')], ['three.b:80']],
    ['the caller\'s labels are', [{ match: [{ sourceLabels: { app: 'client', tier: 'front' } }], ...toHost('two') }, toHost('three')], ['two.b:80']],
    ['another namespace isn\'t met', [{ match: [{ sourceNamespace: 'b' }], ...toHost('two') }, toHost('three')], ['three.b:80']],
    ['the caller\'s namespace is', [{ match: [{ sourceNamespace: 'a' }], ...toHost('two') }, toHost('three')], ['two.b:80']],
    ['a gateway isn\'t met', [{ match: [{ gateways: ['gw'] }], ...toHost('two') }, toHost('three')], ['three.b:80']],
    ['with gateways, labels aren\'t asked', [{ match: [{ gateways: ['mesh'], sourceLabels: { app: 'x' } }], ...toHost('two') }, toHost('three')], ['two.b:80']],
    ['any of several conditions', [{ match: [{ port: 81 }, { port: 80 }], ...toHost('two') }, toHost('three')], ['two.b:80']],
    ['no rule that is met leaves the service', [{ match: [{ port: 81 }], ...toHost('two') }], ['one.b:80']],
    ['a host that nobody has', [toHost('nobody')], ['nobody.b:80']],
  ])('%s', (_, rules, expected) => {
    expect(ends(80, http(...rules))).toEqual(expected);
  });

  test('a route to an unknown host, port or subset is broken', () => {
    for (const destination of [toHost('nobody'), toHost('two', { port: { number: 1 } }), toHost('two', { subset: 'v1' })]) {
      expect(calls(world(http(destination)), 'a/client', 'one.b')[0]).toMatch(/nobody PLAINTEXT UNKNOWN broken$/);
    }
  });

  test.each([['redirect', { redirect: { uri: '/' } }, 'answered-by-proxy'], ['directResponse', { directResponse: { status: 200 } }, 'answered-by-proxy'], ['delegate', { delegate: { name: 'x' } }, 'delegate']])('%s is undecided', (__, rule, reason) => {
    const [one] = connections(world(http(rule))).filter(({ requested }) => requested.host.startsWith('one') && requested.port === 80);
    expect(one).toMatchObject({ outcome: 'undecided', undecidedBecause: reason });
    expect(one.because[0]).toMatchObject({ kind: 'VirtualService', name: 'v' });
  });
});

describe('tcp', () => {
  test.each([
    ['one destination', [toHost('two')], ['two.b:90']],
    ['weights', [weighted(50, 50)], ['three.b:90', 'two.b:90']],
    ['the first that is met takes all', [{ match: [{ port: 91 }], ...toHost('two') }, { match: [{ port: 90 }], ...toHost('three') }, toHost('one')], ['three.b:90']],
    ['labels and gateways must both be met', [{ match: [{ gateways: ['mesh'], sourceLabels: { app: 'x' } }], ...toHost('two') }], ['one.b:90']],
    ['a gateway isn\'t met', [{ match: [{ gateways: ['gw'] }], ...toHost('two') }], ['one.b:90']],
    ['a rule without route says nothing', [{ match: [{ port: 90 }] }, toHost('two')], ['two.b:90']],
  ])('%s', (_, rules, expected) => {
    expect(ends(90, tcp(...rules))).toEqual(expected);
  });

  test('a destination without a port uses the service\'s only port', () => {
    expect(ends(90, tcp(toHost('only')), service('b/only', [70]))).toEqual(['only.b:70']);
  });

  test('http rules don\'t apply to TCP', () => {
    expect(ends(90, http(toHost('two')))).toEqual(['one.b:90']);
  });

  test('conditions on addresses are undecided', () => {
    const subnet = { match: [{ destinationSubnets: ['10.0.0.0/8'] }], ...toHost('two') };
    const reason = (...rules: object[]) => connections(world(tcp(...rules))).find(({ requested }) => requested.port === 90)!.undecidedBecause;
    expect([reason(subnet), reason(subnet, toHost('three')), reason(toHost('three'), subnet)]).toEqual(['destination-subnets', 'destination-subnets', undefined]);
  });
});

describe('tls', () => {
  const sni = (host: string, to: string, more = {}) => ({ match: [{ sniHosts: [host], ...more }], ...toHost(to) });
  const tls = (...rules: object[]) => virtualService('b/v', { hosts: ['one'], tls: rules });

  test.each([
    ['the server\'s name', [sni('one.b.svc.cluster.local', 'two')], ['two.b:443']],
    ['the closest name', [sni('*.local', 'two'), sni('*.b.svc.cluster.local', 'three')], ['three.b:443']],
    ['the first of two equal', [sni('*.local', 'two'), sni('*.local', 'three')], ['two.b:443']],
    ['a condition that isn\'t met', [sni('*.local', 'two', { port: 444 })], ['one.b:443']],
    ['another name leaves the call alone', [sni('other.example.com', 'two')], ['one.b:443']],
  ])('%s', (_, rules, expected) => {
    expect(ends(443, tls(...rules))).toEqual(expected);
  });

  test('a call with an SNI that no route matches goes to its original address', () => {
    expect(calls(world(tls(sni('other.example.com', 'two'))), 'a/client', 'one.b:443')).toEqual(['one.b:443 → b/one:443 PLAINTEXT PERMISSIVE tls']);
  });

  test('conditions on addresses are undecided', () => {
    const found = connections(world(tls(sni('*.local', 'two', { destinationSubnets: ['10.0.0.0/8'] })))).find(({ requested }) => requested.host.startsWith('one') && requested.port === 443)!;
    expect(found.undecidedBecause).toBe('destination-subnets');
  });
});

describe('which route applies', () => {
  const route = (path: string, host: string, to: string, more = {}) => virtualService(path, { hosts: [host], http: [toHost(`${to}.b.svc.cluster.local`)], ...more });
  const ONE = 'one.b.svc.cluster.local';

  test('the exact host before wildcards, the longest wildcard first', () => {
    expect(ends(80, route('b/a', '*.local', 'two'), route('b/z', ONE, 'three'))).toEqual(['three.b:80']);
    expect(ends(80, route('b/a', '*.local', 'two'), route('b/z', '*.b.svc.cluster.local', 'three'))).toEqual(['three.b:80']);
    expect(ends(80, route('b/a', '*.local', 'two'), route('b/b', '*.local', 'three'))).toEqual(['two.b:80']);
  });

  test('of several for the exact host the first with a matching rule, of several for a wildcard only the first', () => {
    const unmet = { http: [{ match: [{ port: 81 }], ...toHost('two') }] };
    expect(ends(80, route('b/a', ONE, 'two', unmet), route('b/z', ONE, 'three'))).toEqual(['three.b:80']);
    expect(ends(80, route('b/a', '*.local', 'two', unmet), route('b/z', '*.local', 'three'))).toEqual(['one.b:80']);
    expect(ends(80, route('b/a', ONE, 'two', unmet), route('b/z', '*.local', 'three'))).toEqual(['one.b:80']);
  });

  test('private routes first, then those exported to the namespace, then public ones; within each by name', () => {
    expect(ends(80, route('b/z', ONE, 'two'), route('b/a', ONE, 'three'))).toEqual(['three.b:80']);
    expect(ends(80, route('b/a', ONE, 'two'), route('b/z', ONE, 'three', { exportTo: ['a'] }))).toEqual(['three.b:80']);
    expect(ends(80, route('b/a', ONE, 'two', { exportTo: ['a'] }), route('a/z', ONE, 'three', { exportTo: ['.'] }))).toEqual(['three.b:80']);
  });

  test.each([[['.'], 'one.b:80'], [['~'], 'one.b:80'], [['a'], 'two.b:80'], [['*'], 'two.b:80'], [undefined, 'two.b:80']])('exportTo %j: %s', (exportTo, expected) => {
    expect(ends(80, route('b/v', ONE, 'two', { exportTo }))).toEqual([expected]);
  });

  test('defaultVirtualServiceExportTo applies without exportTo', () => {
    expect(ends(80, route('b/v', ONE, 'two'), meshConfig({ defaultVirtualServiceExportTo: ['.'] }))).toEqual(['one.b:80']);
  });

  test('one for gateways only, or for no host, isn\'t for sidecars', () => {
    expect(ends(80, route('b/v', ONE, 'two', { gateways: ['gw'] }))).toEqual(['one.b:80']);
    expect(ends(80, route('b/v', ONE, 'two', { gateways: ['gw', 'mesh'] }))).toEqual(['two.b:80']);
    expect(ends(80, virtualService('b/v', { http: [toHost('two')] }))).toEqual(['one.b:80']);
  });

  test('a Sidecar imports routes like services', () => {
    const imports = (...hosts: string[]) => sidecar('a/s', { egress: [{ hosts }] });
    expect(ends(80, route('b/v', ONE, 'two'), imports('b/*'))).toEqual(['two.b:80']);
    expect(ends(80, route('a/v', ONE, 'two'), imports('b/*'))).toEqual(['one.b:80']);
    expect(ends(80, route('b/v', ONE, 'two'), imports('*/*', `~*/${ONE}`))).toEqual(['one.b:80']);
  });

  test('a Sidecar that imports a route reaches the route\'s destinations, on the ports that it names', () => {
    const only = sidecar('a/s', { egress: [{ hosts: [`b/${ONE}`] }] });
    expect(calls(world(route('b/v', ONE, 'two'), only), 'a/client', 'one.b')).toEqual(['two.b:80 → b/two:80 ISTIO_MUTUAL PERMISSIVE mtls']);
    const port = (number: number) => virtualService('b/w', { hosts: ['one'], http: [toHost('two', { port: { number } })] });
    expect(calls(world(port(90), only), 'a/client', 'one.b')).toEqual(['two.b:90 → b/two:90 ISTIO_MUTUAL PERMISSIVE mtls']);
    expect(calls(world(port(1), only), 'a/client', 'one.b')).toEqual(['two.b:1 → nobody PLAINTEXT UNKNOWN broken']);
  });

  test('TCP uses the first route that covers the host', () => {
    const wild = virtualService('b/a', { hosts: ['*.local'], tcp: [toHost('two')] });
    expect(ends(90, wild, virtualService('b/z', { hosts: ['one'], tcp: [toHost('three')] }))).toEqual(['two.b:90']);
  });
});

test('clients without sidecar know no routes', () => {
  expect(calls([world(http(toHost('two'))), deployment('plain/client')], 'plain/client', 'one.b')).toEqual(['one.b:80 → b/one:80 UNKNOWN PERMISSIVE undecided']);
  const plain = deployment('a/plain', { labels: { 'sidecar.istio.io/inject': 'false' } });
  expect(calls([world(http(toHost('two'))), plain], 'a/plain', 'one.b')).toEqual(['one.b:80 → b/one:80 PLAINTEXT PERMISSIVE plaintext']);
});

test('only the labels that routes ask for split the clients of a namespace', () => {
  const rules = virtualService('b/v', { hosts: ['one'], http: [{ match: [{ sourceLabels: { app: 'other' } }], ...toHost('two') }] });
  const objects = world(rules, deployment('a/other'), deployment('a/third'));
  expect(['client', 'other', 'third'].map((name) => calls(objects, `a/${name}`, 'one.b')[0].split(' ')[0])).toEqual(['one.b:80', 'two.b:80', 'one.b:80']);
});

test('a host that is hidden still has a route on port 80', () => {
  const hidden = [service('b/hidden', ['http:80', 'http-2:81'], { annotations: { 'networking.istio.io/exportTo': '.' } }), virtualService('b/v', { hosts: ['hidden'], http: [toHost('two', { port: { number: 80 } })] })];
  expect(calls(world(hidden), 'a/client', 'hidden.b:80').map((line) => line.split(' ')[0])).toEqual(['two.b:80']);
  expect(calls(world(hidden), 'a/client', 'hidden.b:81').map((line) => line.split(' ')[0])).toEqual(['hidden.b:81']);
});

test('a route to a subset uses the subset\'s TLS and servers', () => {
  const subsets = ['v1', 'v2'].map((name) => ({ name, labels: { version: name }, trafficPolicy: { tls: { mode: name === 'v1' ? 'ISTIO_MUTUAL' : 'DISABLE' } } }));
  const pods = ['v1', 'v2', 'v3'].map((version) => deployment(`b/two-${version}`, { labels: { app: 'two', version } }));
  const sent = (subset: string) => calls(world(http(toHost('two', { subset })), destinationRule('b/d', { host: 'two', subsets }), pods), 'a/client', 'one.b');
  expect(sent('v1')).toEqual(['two.b:80/v1 → b/two-v1:80 ISTIO_MUTUAL PERMISSIVE mtls']);
  expect(sent('v2')).toEqual(['two.b:80/v2 → b/two-v2:80 PLAINTEXT PERMISSIVE plaintext']);
});

test('a route to an ExternalName resolves it, but not a second one behind it', () => {
  const alias = (name: string, to: string) => service(`b/${name}`, ['http:80', 'tcp:90'], { type: 'ExternalName', externalName: `${to}.b.svc.cluster.local` });
  const names = [alias('alias', 'two'), alias('second', 'alias')];
  for (const [route, port] of [[http, 80], [tcp, 90]] as const) {
    const sent = (host: string) => calls(world(route(toHost(host)), names), 'a/client', `one.b:${port}`);
    expect(sent('alias')).toEqual([`two.b:${port} → b/two:${port} ISTIO_MUTUAL PERMISSIVE mtls`]);
    expect(sent('second')).toEqual([`alias.b:${port} → nobody PLAINTEXT UNKNOWN broken`]);
  }
});

test('a route to a UDP port leads nowhere', () => {
  const dns = service('b/dns', [{ name: 'udp', port: 53, protocol: 'UDP' }]);
  expect(calls(world(http(toHost('dns', { port: { number: 53 } })), dns, deployment('b/dns')), 'a/client', 'one.b')).toEqual(['dns.b:53 → nobody PLAINTEXT UNKNOWN broken']);
});

test('a route to an external host keeps to its rules', () => {
  const external = serviceEntry('b/e', { hosts: ['x.example.com'], resolution: 'DNS', ports: [{ number: 443, name: 'https', protocol: 'TLS' }] });
  const simple = destinationRule('b/d', { host: 'x.example.com', trafficPolicy: { tls: { mode: 'SIMPLE' } } });
  expect(calls(world(external, simple, http(toHost('x.example.com', { port: { number: 443 } }))), 'a/client', 'one.b')).toEqual(['x.example.com:443 → nobody SIMPLE NO_PROXY tls']);
});
