import { toldOf } from '../../../support/webhook';

const route = [{ destination: { host: 'a' } }];
const tcp = (tcpRoute: object) => toldOf('VirtualService', { hosts: ['a.b'], tcp: [tcpRoute] }).map((line) => line.replace('spec.tcp[0]', 'tcp'));
const tls = (tlsRoute: object, spec: object = {}) => toldOf('VirtualService', { hosts: ['a.b'], tls: [tlsRoute], ...spec })
  .map((line) => line.replace('spec.tls[0]', 'tls'));
const sni = (host: string, hosts: string[], gateways?: string[]) => tls({ match: [{ sniHosts: [host] }], route }, { hosts, gateways });

test.each([
  ['a destination', { route }, []],
  ['none', { route: [] }, ['ADMIT432 tcp.route']],
  ['a bad one', { route: [{ destination: { host: '*' } }] }, ['ADMIT401 tcp.route[0].destination.host']],
  ['bad weights', { route: [{ ...route[0], weight: -1 }] }, ['ADMIT445 tcp.route[0].weight']],
  ['no weights', { route: [...route, ...route] }, ['ADMIT445 tcp.route']],
  ['a bad match', { match: [{ port: 65536, sourceLabels: { a: '-' }, gateways: ['a_b'], destinationSubnets: ['10.0.0.0/8', '10'] }], route },
    ['ADMIT400 tcp.match[0].gateways[0]', 'ADMIT403 tcp.match[0].port', 'ADMIT406 tcp.match[0].sourceLabels.a', 'ADMIT454 tcp.match[0].destinationSubnets[1]']],
  ['a legacy gateway, of which istiod drops its warning', { match: [{ gateways: ['a.b'] }], route }, []],
])('judges a TCP route with %s', (_, tcpRoute, expected) => {
  expect(tcp(tcpRoute)).toEqual(expected);
});

test.each([
  ['a host', { match: [{ sniHosts: ['a.b'] }], route }, []],
  ['no match', { match: [], route }, ['ADMIT446 tls.match']],
  ['no host', { match: [{ sniHosts: [] }], route }, ['ADMIT446 tls.match[0].sniHosts']],
  ['no destination', { match: [{ sniHosts: ['a.b'] }] }, ['ADMIT432 tls.route']],
  ['a bad port', { match: [{ sniHosts: ['a.b'], port: 65536 }], route }, ['ADMIT403 tls.match[0].port']],
  ['a bad subnet', { match: [{ sniHosts: ['a.b'], destinationSubnets: ['10.0.0.0/33'] }], route }, ['ADMIT454 tls.match[0].destinationSubnets[0]']],
  ['a legacy gateway', { match: [{ sniHosts: ['a.b'], gateways: ['a.b'] }], route }, ['warning ADMIT435 tls.match[0].gateways[0]']],
])('judges a TLS route with %s', (_, tlsRoute, expected) => {
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
])('judges the SNI host %s for hosts %p', (host, hosts, expected) => {
  expect(sni(host, hosts)).toEqual(expected);
});

test.each([
  ['outbound_.80_._.a.b', ['prod/gw'], []],
  ['outbound_.x_._.a.b', ['prod/gw'], ['ADMIT400 spec.hosts[0]', 'ADMIT400 tls.match[0].sniHosts[0]']],
  ['outbound_.80_._.1', ['prod/gw'], ['ADMIT400 spec.hosts[0]', 'ADMIT400 tls.match[0].sniHosts[0]']],
  ['outbound_.80', ['prod/gw'], ['ADMIT400 spec.hosts[0]', 'ADMIT400 tls.match[0].sniHosts[0]']],
  ['outbound_.80_._.a.b', ['mesh'], ['ADMIT400 spec.hosts[0]', 'ADMIT400 tls.match[0].sniHosts[0]']],
  ['outbound_.80_._.a.b', undefined, ['ADMIT400 spec.hosts[0]']],
])('judges %s with gateways %p', (host, gateways, expected) => {
  expect(sni(host, [host], gateways)).toEqual(expected);
});
