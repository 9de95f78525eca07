import { toldOf } from '../../../support/admission/webhook';

const http = [{ route: [{ destination: { host: 'reviews' } }] }];
const told = (spec: object, metadata?: object) => toldOf('VirtualService', { hosts: ['reviews'], http, ...spec }, metadata);

test.each([
  ['a service', ['reviews'], undefined, []],
  ['IP addresses', ['10.0.0.1', 'fd00::1'], undefined, []],
  ['an invalid host', ['a_b'], undefined, ['ADMIT400 spec.hosts[0]']],
  ['the host * in sidecars', ['*'], undefined, ['ADMIT401 spec.hosts[0]']],
  ['the host * in sidecars and a gateway', ['*'], ['mesh', 'prod/gw'], ['ADMIT401 spec.hosts[0]']],
  ['the host *, with an empty list of gateways', ['*'], [], ['ADMIT401 spec.hosts[0]']],
  ['the host * in a gateway', ['*'], ['prod/gw'], []],
  ['the same host twice', ['a.b', 'a.b'], undefined, ['ADMIT436 spec.hosts[1]']],
  ['several overlaps, each host reported once', ['a.c', '*.c', 'b.c', 'b.c'], undefined, ['ADMIT436 spec.hosts[1]', 'ADMIT436 spec.hosts[2]', 'ADMIT436 spec.hosts[3]']],
  ['a host before a wildcard that covers it', ['a.b.c', '*.c'], undefined, ['ADMIT436 spec.hosts[1]']],
  ['a wildcard before a host that it covers', ['*.c', '*.b.c'], undefined, ['ADMIT436 spec.hosts[1]']],
  ['a domain and its wildcard', ['b.c', '*.b.c'], undefined, []],
  ['invalid hosts that overlap', ['a_b', 'a_b'], undefined, ['ADMIT400 spec.hosts[0]', 'ADMIT400 spec.hosts[1]']],
  ['a generated SNI host without a TLS route', ['outbound_.80_._.a.b'], ['prod/gw'], ['ADMIT400 spec.hosts[0]']],
])('checks hosts: %s', (_, hosts, gateways, expected) => {
  expect(told({ hosts, gateways })).toEqual(expected);
});

test.each([
  ['mesh', ['mesh'], []],
  ['a namespace and a name', ['prod/gw'], []],
  ['only a name', ['gw'], []],
  ['the legacy form', ['gw.prod'], ['warning ADMIT435 spec.gateways[0]']],
  ['no name', ['prod/'], ['ADMIT434 spec.gateways[0]']],
  ['no namespace', ['/gw'], ['ADMIT434 spec.gateways[0]']],
  ['a name with dots', ['prod/a.b'], ['ADMIT434 spec.gateways[0]']],
  ['an invalid name', ['a_b'], ['ADMIT400 spec.gateways[0]']],
  ['gateways after one without a namespace', ['gw', 'a_b', 'a_b/c'], []],
  ['gateways after one with a namespace', ['prod/gw', 'a_b'], ['ADMIT400 spec.gateways[1]']],
])('checks gateways: %s', (_, gateways, expected) => {
  expect(told({ gateways })).toEqual(expected);
});

test('accepts names of the Gateway API in objects that are converted from it', () => {
  const spec = { gateways: ['prod/a.b'], http: [{ route: [{ destination: { host: '*' } }] }] };
  const metadata = { annotations: { 'internal.istio.io/route-semantics': 'gateway' } };
  expect(told(spec, metadata)).toEqual([]);
  expect(told({ gateways: ['prod/'] }, metadata)).toEqual(['ADMIT434 spec.gateways[0]']);
  expect(told(spec)).toEqual(['ADMIT401 spec.http[0].route[0].destination.host', 'ADMIT434 spec.gateways[0]']);
});

test('accepts generated hosts for SNI only if a TLS route matches SNI', () => {
  const spec = { hosts: ['outbound_.80_._.a.b'], gateways: ['prod/gw'], tls: [{ match: [{ sniHosts: [] }], route: http[0].route }] };
  expect(told(spec)).toEqual(['ADMIT400 spec.hosts[0]', 'ADMIT446 spec.tls[0].match[0].sniHosts']);
});

test('accepts destinations of the Gateway API in TCP and TLS routes', () => {
  const route = [{ destination: { host: '*' } }];
  const spec = { hosts: ['a'], tcp: [{ route }], tls: [{ match: [{ sniHosts: ['a'] }], route }] };
  expect(told(spec, { annotations: { 'internal.istio.io/route-semantics': 'gateway' } })).toEqual([]);
  expect(told(spec)).toEqual(['ADMIT401 spec.tcp[0].route[0].destination.host', 'ADMIT401 spec.tls[0].route[0].destination.host']);
});

test('rejects a VirtualService without routes', () => {
  expect(told({ http: undefined })).toEqual(['ADMIT432 spec']);
  expect(told({ http: [] })).toEqual(['ADMIT432 spec']);
});

test('rejects routes other than HTTP routes if there are no hosts', () => {
  const tcp = [{ route: http[0].route }];
  expect(told({ hosts: undefined })).toEqual([]);
  expect(told({ hosts: [], gateways: [], tls: [], tcp: [] })).toEqual([]);
  expect(told({ hosts: [], http: [{ ...http[0], delegate: { name: 'a' } }] })).toEqual(['ADMIT431 spec.http[0].delegate']);
  expect(told({ hosts: [], gateways: ['prod/gw'], tcp })).toEqual(['ADMIT431 spec.gateways', 'ADMIT431 spec.tcp']);
  expect(told({ hosts: [], tls: [{ match: [{ sniHosts: ['a'] }], route: http[0].route }] }))
    .toEqual(['ADMIT431 spec.tls', 'ADMIT446 spec.tls[0].match[0].sniHosts[0]']);
});

test('checks exportTo', () => {
  expect(told({ exportTo: ['~', '.'] })).toEqual(['ADMIT407 spec.exportTo[0]']);
});

test('accepts matches of JWT claims in gateways only', () => {
  const matching = [{ match: [{ headers: { '@request.auth.claims.group': { exact: 'a' } }, withoutHeaders: { '@request.auth.claims[a]': {} } }], ...http[0] }];
  const refused = ['ADMIT441 spec.http[0].match[0].headers[@request.auth.claims.group]', 'ADMIT441 spec.http[0].match[0].withoutHeaders[@request.auth.claims[a]]'];
  expect(told({ http: matching })).toEqual(refused);
  expect(told({ http: matching, gateways: ['mesh', 'prod/gw'] })).toEqual(refused);
  expect(told({ http: matching, gateways: ['prod/gw'] })).toEqual([]);
});

const route = [{ destination: { host: 'a' } }];
const tcp = (tcpRoute: object) => toldOf('VirtualService', { hosts: ['a.b'], tcp: [tcpRoute] }).map((line) => line.replace('spec.tcp[0]', 'tcp'));
const tls = (tlsRoute: object, spec: object = {}) => toldOf('VirtualService', { hosts: ['a.b'], tls: [tlsRoute], ...spec })
  .map((line) => line.replace('spec.tls[0]', 'tls'));
const sni = (host: string, hosts: string[], gateways?: string[]) => tls({ match: [{ sniHosts: [host] }], route }, { hosts, gateways });

test.each([
  ['a destination', { route }, []],
  ['no destination', { route: [] }, ['ADMIT432 tcp.route']],
  ['an invalid destination', { route: [{ destination: { host: '*' } }] }, ['ADMIT401 tcp.route[0].destination.host']],
  ['invalid weights', { route: [{ ...route[0], weight: -1 }] }, ['ADMIT445 tcp.route[0].weight']],
  ['two destinations without weights', { route: [...route, ...route] }, ['ADMIT445 tcp.route']],
  ['an invalid match', { match: [{ port: 65536, sourceLabels: { a: '-' }, gateways: ['a_b'], destinationSubnets: ['10.0.0.0/8', '10'] }], route },
    ['ADMIT400 tcp.match[0].gateways[0]', 'ADMIT403 tcp.match[0].port', 'ADMIT406 tcp.match[0].sourceLabels.a', 'ADMIT454 tcp.match[0].destinationSubnets[1]']],
  ['a gateway in legacy form, of which istiod drops its warning', { match: [{ gateways: ['a.b'] }], route }, []],
])('checks a TCP route with %s', (_, tcpRoute, expected) => {
  expect(tcp(tcpRoute)).toEqual(expected);
});

test.each([
  ['an SNI host', { match: [{ sniHosts: ['a.b'] }], route }, []],
  ['no match', { match: [], route }, ['ADMIT446 tls.match']],
  ['no SNI host', { match: [{ sniHosts: [] }], route }, ['ADMIT446 tls.match[0].sniHosts']],
  ['no destination', { match: [{ sniHosts: ['a.b'] }] }, ['ADMIT432 tls.route']],
  ['an invalid port', { match: [{ sniHosts: ['a.b'], port: 65536 }], route }, ['ADMIT403 tls.match[0].port']],
  ['an invalid subnet', { match: [{ sniHosts: ['a.b'], destinationSubnets: ['10.0.0.0/33'] }], route }, ['ADMIT454 tls.match[0].destinationSubnets[0]']],
  ['a gateway in legacy form', { match: [{ sniHosts: ['a.b'], gateways: ['a.b'] }], route }, ['warning ADMIT435 tls.match[0].gateways[0]']],
])('checks a TLS route with %s', (_, tlsRoute, expected) => {
  expect(tls(tlsRoute)).toEqual(expected);
});

test.each([
  ['a.b', ['*.b'], []],
  ['*.a.b', ['*.b'], []],
  ['a.b', ['c', 'a.b'], []],
  ['a.b', ['a.c'], ['ADMIT446 tls.match[0].sniHosts[0]']],
  ['*.b', ['a.b'], ['ADMIT446 tls.match[0].sniHosts[0]']],
  ['*.b', ['*.a.b'], ['ADMIT446 tls.match[0].sniHosts[0]']],
  ['a_b', ['*.b'], ['ADMIT400 tls.match[0].sniHosts[0]']],
  ['10.0.0.1', ['a.b'], ['warning ADMIT446 tls.match[0].sniHosts[0]']],
])('checks the SNI host %s for hosts %p', (host, hosts, expected) => {
  expect(sni(host, hosts)).toEqual(expected);
});

test.each([
  ['outbound_.80_._.a.b', ['prod/gw'], []],
  ['outbound_.x_._.a.b', ['prod/gw'], ['ADMIT400 spec.hosts[0]', 'ADMIT400 tls.match[0].sniHosts[0]']],
  ['outbound_.80_._.1', ['prod/gw'], ['ADMIT400 spec.hosts[0]', 'ADMIT400 tls.match[0].sniHosts[0]']],
  ['outbound_.80', ['prod/gw'], ['ADMIT400 spec.hosts[0]', 'ADMIT400 tls.match[0].sniHosts[0]']],
  ['outbound_.80_._.a.b', ['mesh'], ['ADMIT400 spec.hosts[0]', 'ADMIT400 tls.match[0].sniHosts[0]']],
  ['outbound_.80_._.a.b', undefined, ['ADMIT400 spec.hosts[0]']],
])('checks the generated host %s with gateways %p', (host, gateways, expected) => {
  expect(sni(host, [host], gateways)).toEqual(expected);
});
