import { calls, connections, deployment, destinationRule, injected, meshConfig, service, serviceEntry, sidecar, toHost, virtualService } from '../../support/meshes/mesh';

const world = (...more: unknown[]) => [injected('a', 'b'), deployment('a/client', { labels: { app: 'client', tier: 'front' } }),
  ['one', 'two', 'three'].map((name) => [deployment(`b/${name}`), service(`b/${name}`, ['http:80', 'tcp:90', 'tls:443'])]), more];
/** Where `a/client`'s calls to `b/one` go. */
const ends = (port: number, ...more: unknown[]) => calls(world(more), 'a/client', `one.b:${port}`).map((line) => line.split(' ')[0]);
const http = (...rules: object[]) => virtualService('b/v', { hosts: ['one'], http: rules });
const tcp = (...rules: object[]) => virtualService('b/v', { hosts: ['one'], tcp: rules });
const weighted = (...weights: (number | undefined)[]) => ({ route: ['two', 'three'].map((host, index) => ({ destination: { host }, weight: weights[index] })) });

describe('http rules', () => {
  test.each([
    ['one destination', [toHost('two')], ['two.b:80']],
    ['a destination\'s port', [toHost('two', { port: { number: 443 } })], ['two.b:443']],
    ['destinations by weight', [weighted(50, 50)], ['three.b:80', 'two.b:80']],
    ['no destination of weight 0', [weighted(100, 0)], ['two.b:80']],
    ['no destination without a weight beside others', [weighted(100)], ['two.b:80']],
    ['the only destination, even of weight 0', [{ route: [{ destination: { host: 'two' }, weight: 0 }] }], ['two.b:80']],
    ['the destination of the first rule without a match', [toHost('two'), toHost('three')], ['two.b:80']],
    ['the destinations of a rule that matches some paths, and of the next', [{ match: [{ uri: { prefix: '/x' } }], ...toHost('two') }, toHost('three')], ['three.b:80', 'two.b:80']],
    ['the destination of a rule with prefix /', [{ match: [{ uri: { prefix: '/' } }], ...toHost('two') }, toHost('three')], ['two.b:80']],
    ['the destination of a rule with regex .*', [{ match: [{ uri: { regex: '.*' } }], ...toHost('two') }, toHost('three')], ['two.b:80']],
    ['the destinations of a rule that matches headers, and of the next', [{ match: [{ uri: { prefix: '/' }, headers: { x: { exact: 'y' } } }], ...toHost('two') }, toHost('three')], ['three.b:80', 'two.b:80']],
    ['the destinations of a rule that matches a method, and of the next', [{ match: [{ method: { exact: 'GET' } }], ...toHost('two') }, toHost('three')], ['three.b:80', 'two.b:80']],
    ['no destination of a rule for another port', [{ match: [{ port: 81 }], ...toHost('two') }, toHost('three')], ['three.b:80']],
    ['the destination of a rule for the port', [{ match: [{ port: 80 }], ...toHost('two') }, toHost('three')], ['two.b:80']],
    ['no destination of a rule for other labels', [{ match: [{ sourceLabels: { app: 'x' } }], ...toHost('two') }, toHost('three')], ['three.b:80']],
    ['the destination of a rule for the client\'s labels', [{ match: [{ sourceLabels: { app: 'client', tier: 'front' } }], ...toHost('two') }, toHost('three')], ['two.b:80']],
    ['no destination of a rule for another namespace', [{ match: [{ sourceNamespace: 'b' }], ...toHost('two') }, toHost('three')], ['three.b:80']],
    ['the destination of a rule for the client\'s namespace', [{ match: [{ sourceNamespace: 'a' }], ...toHost('two') }, toHost('three')], ['two.b:80']],
    ['no destination of a rule for a gateway', [{ match: [{ gateways: ['gw'] }], ...toHost('two') }, toHost('three')], ['three.b:80']],
    ['the destination of a rule for mesh, without regard to labels', [{ match: [{ gateways: ['mesh'], sourceLabels: { app: 'x' } }], ...toHost('two') }, toHost('three')], ['two.b:80']],
    ['the destination of a rule of which one match holds', [{ match: [{ port: 81 }, { port: 80 }], ...toHost('two') }, toHost('three')], ['two.b:80']],
    ['the called service if no rule matches', [{ match: [{ port: 81 }], ...toHost('two') }], ['one.b:80']],
    ['an unknown host', [toHost('nobody')], ['nobody.b:80']],
  ])('lead calls to %s', (_, rules, expected) => {
    expect(ends(80, http(...rules))).toEqual(expected);
  });

  test('break calls to an unknown host, port or subset', () => {
    for (const destination of [toHost('nobody'), toHost('two', { port: { number: 1 } }), toHost('two', { subset: 'v1' })]) {
      expect(calls(world(http(destination)), 'a/client', 'one.b')[0]).toMatch(/nobody PLAINTEXT UNKNOWN broken$/);
    }
  });

  test.each([['redirect', { redirect: { uri: '/' } }, 'answered-by-proxy'], ['directResponse', { directResponse: { status: 200 } }, 'answered-by-proxy'], ['delegate', { delegate: { name: 'x' } }, 'delegate']])('leave calls undecided with %s', (__, rule, reason) => {
    const [one] = connections(world(http(rule))).filter(({ requested }) => requested.host.startsWith('one') && requested.port === 80);
    expect(one).toMatchObject({ outcome: 'undecided', undecidedBecause: reason });
    expect(one.because[0]).toMatchObject({ kind: 'VirtualService', name: 'v' });
  });
});

describe('tcp rules', () => {
  test.each([
    ['one destination', [toHost('two')], ['two.b:90']],
    ['destinations by weight', [weighted(50, 50)], ['three.b:90', 'two.b:90']],
    ['the destination of the first rule that matches', [{ match: [{ port: 91 }], ...toHost('two') }, { match: [{ port: 90 }], ...toHost('three') }, toHost('one')], ['three.b:90']],
    ['no destination of a rule with mesh and other labels', [{ match: [{ gateways: ['mesh'], sourceLabels: { app: 'x' } }], ...toHost('two') }], ['one.b:90']],
    ['no destination of a rule for a gateway', [{ match: [{ gateways: ['gw'] }], ...toHost('two') }], ['one.b:90']],
    ['the destination of the next rule after one without a route', [{ match: [{ port: 90 }] }, toHost('two')], ['two.b:90']],
  ])('lead calls to %s', (_, rules, expected) => {
    expect(ends(90, tcp(...rules))).toEqual(expected);
  });

  test('lead to the service\'s only port without a port', () => {
    expect(ends(90, tcp(toHost('only')), service('b/only', [70]))).toEqual(['only.b:70']);
  });

  test('are the only ones for TCP, without http rules', () => {
    expect(ends(90, http(toHost('two')))).toEqual(['one.b:90']);
  });

  test('with destinationSubnets leave calls undecided', () => {
    const subnet = { match: [{ destinationSubnets: ['10.0.0.0/8'] }], ...toHost('two') };
    const reason = (...rules: object[]) => connections(world(tcp(...rules))).find(({ requested }) => requested.port === 90)!.undecidedBecause;
    expect([reason(subnet), reason(subnet, toHost('three')), reason(toHost('three'), subnet)]).toEqual(['destination-subnets', 'destination-subnets', undefined]);
  });
});

describe('tls rules', () => {
  const sni = (host: string, to: string, more = {}) => ({ match: [{ sniHosts: [host], ...more }], ...toHost(to) });
  const tls = (...rules: object[]) => virtualService('b/v', { hosts: ['one'], tls: rules });

  test.each([
    ['the destination for the server name', [sni('one.b.svc.cluster.local', 'two')], ['two.b:443']],
    ['the destination for the closest server name', [sni('*.local', 'two'), sni('*.b.svc.cluster.local', 'three')], ['three.b:443']],
    ['the first of two destinations for equal server names', [sni('*.local', 'two'), sni('*.local', 'three')], ['two.b:443']],
    ['no destination of a rule for another port', [sni('*.local', 'two', { port: 444 })], ['one.b:443']],
    ['no destination of a rule for another server name', [sni('other.example.com', 'two')], ['one.b:443']],
  ])('lead calls to %s', (_, rules, expected) => {
    expect(ends(443, tls(...rules))).toEqual(expected);
  });

  test('leave a call at its original address if none matches the SNI', () => {
    expect(calls(world(tls(sni('other.example.com', 'two'))), 'a/client', 'one.b:443')).toEqual(['one.b:443 → b/one:443 PLAINTEXT PERMISSIVE tls']);
  });

  test('with destinationSubnets leave calls undecided', () => {
    const found = connections(world(tls(sni('*.local', 'two', { destinationSubnets: ['10.0.0.0/8'] })))).find(({ requested }) => requested.host.startsWith('one') && requested.port === 443)!;
    expect(found.undecidedBecause).toBe('destination-subnets');
  });
});

describe('the VirtualService that applies', () => {
  const route = (path: string, host: string, to: string, more = {}) => virtualService(path, { hosts: [host], http: [toHost(`${to}.b.svc.cluster.local`)], ...more });
  const ONE = 'one.b.svc.cluster.local';

  test('is for the exact host before wildcards, and for the longest wildcard first', () => {
    expect(ends(80, route('b/a', '*.local', 'two'), route('b/z', ONE, 'three'))).toEqual(['three.b:80']);
    expect(ends(80, route('b/a', '*.local', 'two'), route('b/z', '*.b.svc.cluster.local', 'three'))).toEqual(['three.b:80']);
    expect(ends(80, route('b/a', '*.local', 'two'), route('b/b', '*.local', 'three'))).toEqual(['two.b:80']);
  });

  test('is the first with a matching rule for the exact host, and just the first for a wildcard', () => {
    const unmet = { http: [{ match: [{ port: 81 }], ...toHost('two') }] };
    expect(ends(80, route('b/a', ONE, 'two', unmet), route('b/z', ONE, 'three'))).toEqual(['three.b:80']);
    expect(ends(80, route('b/a', '*.local', 'two', unmet), route('b/z', '*.local', 'three'))).toEqual(['one.b:80']);
    expect(ends(80, route('b/a', ONE, 'two', unmet), route('b/z', '*.local', 'three'))).toEqual(['one.b:80']);
  });

  test('is a private one first, then one exported to the namespace, then a public one; within each by name', () => {
    expect(ends(80, route('b/z', ONE, 'two'), route('b/a', ONE, 'three'))).toEqual(['three.b:80']);
    expect(ends(80, route('b/a', ONE, 'two'), route('b/z', ONE, 'three', { exportTo: ['a'] }))).toEqual(['three.b:80']);
    expect(ends(80, route('b/a', ONE, 'two', { exportTo: ['a'] }), route('a/z', ONE, 'three', { exportTo: ['.'] }))).toEqual(['three.b:80']);
  });

  test.each([[['.'], 'one.b:80'], [['~'], 'one.b:80'], [['a'], 'two.b:80'], [['*'], 'two.b:80'], [undefined, 'two.b:80']])('depends on exportTo %j: %s', (exportTo, expected) => {
    expect(ends(80, route('b/v', ONE, 'two', { exportTo }))).toEqual([expected]);
  });

  test('depends on defaultVirtualServiceExportTo without exportTo', () => {
    expect(ends(80, route('b/v', ONE, 'two'), meshConfig({ defaultVirtualServiceExportTo: ['.'] }))).toEqual(['one.b:80']);
  });

  test('isn\'t one for gateways only, or without hosts', () => {
    expect(ends(80, route('b/v', ONE, 'two', { gateways: ['gw'] }))).toEqual(['one.b:80']);
    expect(ends(80, route('b/v', ONE, 'two', { gateways: ['gw', 'mesh'] }))).toEqual(['two.b:80']);
    expect(ends(80, virtualService('b/v', { http: [toHost('two')] }))).toEqual(['one.b:80']);
  });

  test('is imported by a Sidecar like a service', () => {
    const imports = (...hosts: string[]) => sidecar('a/s', { egress: [{ hosts }] });
    expect(ends(80, route('b/v', ONE, 'two'), imports('b/*'))).toEqual(['two.b:80']);
    expect(ends(80, route('a/v', ONE, 'two'), imports('b/*'))).toEqual(['one.b:80']);
    expect(ends(80, route('b/v', ONE, 'two'), imports('*/*', `~*/${ONE}`))).toEqual(['one.b:80']);
  });

  test('is imported by a Sidecar, which then reaches its destinations on the ports that it names', () => {
    const only = sidecar('a/s', { egress: [{ hosts: [`b/${ONE}`] }] });
    expect(calls(world(route('b/v', ONE, 'two'), only), 'a/client', 'one.b')).toEqual(['two.b:80 → b/two:80 ISTIO_MUTUAL PERMISSIVE mtls']);
    const port = (number: number) => virtualService('b/w', { hosts: ['one'], http: [toHost('two', { port: { number } })] });
    expect(calls(world(port(90), only), 'a/client', 'one.b')).toEqual(['two.b:90 → b/two:90 ISTIO_MUTUAL PERMISSIVE mtls']);
    expect(calls(world(port(1), only), 'a/client', 'one.b')).toEqual(['two.b:1 → nobody PLAINTEXT UNKNOWN broken']);
  });

  test('is the first that covers the host for TCP', () => {
    const wild = virtualService('b/a', { hosts: ['*.local'], tcp: [toHost('two')] });
    expect(ends(90, wild, virtualService('b/z', { hosts: ['one'], tcp: [toHost('three')] }))).toEqual(['two.b:90']);
  });
});

test('is none for clients without a sidecar', () => {
  expect(calls([world(http(toHost('two'))), deployment('plain/client')], 'plain/client', 'one.b')).toEqual(['one.b:80 → b/one:80 UNKNOWN PERMISSIVE undecided']);
  const plain = deployment('a/plain', { labels: { 'sidecar.istio.io/inject': 'false' } });
  expect(calls([world(http(toHost('two'))), plain], 'a/plain', 'one.b')).toEqual(['one.b:80 → b/one:80 PLAINTEXT PERMISSIVE plaintext']);
});

test('distinguishes clients of a namespace only by the labels that it matches', () => {
  const rules = virtualService('b/v', { hosts: ['one'], http: [{ match: [{ sourceLabels: { app: 'other' } }], ...toHost('two') }] });
  const objects = world(rules, deployment('a/other'), deployment('a/third'));
  expect(['client', 'other', 'third'].map((name) => calls(objects, `a/${name}`, 'one.b')[0].split(' ')[0])).toEqual(['one.b:80', 'two.b:80', 'one.b:80']);
});

test('may be for a host that isn\'t exported to the client, on port 80', () => {
  const hidden = [service('b/hidden', ['http:80', 'http-2:81'], { annotations: { 'networking.istio.io/exportTo': '.' } }), virtualService('b/v', { hosts: ['hidden'], http: [toHost('two', { port: { number: 80 } })] })];
  expect(calls(world(hidden), 'a/client', 'hidden.b:80').map((line) => line.split(' ')[0])).toEqual(['two.b:80']);
  expect(calls(world(hidden), 'a/client', 'hidden.b:81').map((line) => line.split(' ')[0])).toEqual(['hidden.b:81']);
});

test('uses a subset\'s TLS and servers', () => {
  const subsets = ['v1', 'v2'].map((name) => ({ name, labels: { version: name }, trafficPolicy: { tls: { mode: name === 'v1' ? 'ISTIO_MUTUAL' : 'DISABLE' } } }));
  const pods = ['v1', 'v2', 'v3'].map((version) => deployment(`b/two-${version}`, { labels: { app: 'two', version } }));
  const sent = (subset: string) => calls(world(http(toHost('two', { subset })), destinationRule('b/d', { host: 'two', subsets }), pods), 'a/client', 'one.b');
  expect(sent('v1')).toEqual(['two.b:80/v1 → b/two-v1:80 ISTIO_MUTUAL PERMISSIVE mtls']);
  expect(sent('v2')).toEqual(['two.b:80/v2 → b/two-v2:80 PLAINTEXT PERMISSIVE plaintext']);
});

test('resolves an ExternalName, but not a second one behind it', () => {
  const alias = (name: string, to: string) => service(`b/${name}`, ['http:80', 'tcp:90'], { type: 'ExternalName', externalName: `${to}.b.svc.cluster.local` });
  const names = [alias('alias', 'two'), alias('second', 'alias')];
  for (const [route, port] of [[http, 80], [tcp, 90]] as const) {
    const sent = (host: string) => calls(world(route(toHost(host)), names), 'a/client', `one.b:${port}`);
    expect(sent('alias')).toEqual([`two.b:${port} → b/two:${port} ISTIO_MUTUAL PERMISSIVE mtls`]);
    expect(sent('second')).toEqual([`alias.b:${port} → nobody PLAINTEXT UNKNOWN broken`]);
  }
});

test('leads nowhere through a UDP port', () => {
  const dns = service('b/dns', [{ name: 'udp', port: 53, protocol: 'UDP' }]);
  expect(calls(world(http(toHost('dns', { port: { number: 53 } })), dns, deployment('b/dns')), 'a/client', 'one.b')).toEqual(['dns.b:53 → nobody PLAINTEXT UNKNOWN broken']);
});

test('uses the rules of an external host', () => {
  const external = serviceEntry('b/e', { hosts: ['x.example.com'], resolution: 'DNS', ports: [{ number: 443, name: 'https', protocol: 'TLS' }] });
  const simple = destinationRule('b/d', { host: 'x.example.com', trafficPolicy: { tls: { mode: 'SIMPLE' } } });
  expect(calls(world(external, simple, http(toHost('x.example.com', { port: { number: 443 } }))), 'a/client', 'one.b')).toEqual(['x.example.com:443 → nobody SIMPLE NO_PROXY tls']);
});
