import { toldOf } from '../../support/admission/webhook';

const port = { number: 80, name: 'http', protocol: 'HTTP' };
const server = { port, hosts: ['*'] };
const tls = { mode: 'SIMPLE', credentialName: 'a' };
const told = (one: object, metadata: object = {}) => toldOf('Gateway', { servers: [{ ...server, ...one }] }, metadata)
  .map((line) => line.replace('spec.servers[0]', 'server'));

test.each([
  ['no servers', {}, ['ADMIT477 spec.servers']],
  ['an empty list of servers', { servers: [] }, ['ADMIT477 spec.servers']],
  ['a server', { servers: [server] }, []],
  ['two ports of one name', { servers: [server, { ...server, port: { ...port, number: 81 } }] }, ['ADMIT479 spec.servers[1].port.name']],
])('judges a Gateway with %s', (_, spec, expected) => {
  expect(toldOf('Gateway', spec)).toEqual(expected);
});

test('requires a name without dots, unless the Gateway is converted', () => {
  expect(told({}, { name: 'a.b' })).toEqual(['ADMIT476 metadata.name']);
  expect(told({}, { name: 'a.b', annotations: { 'internal.istio.io/gateway-semantics': 'gateway' } })).toEqual([]);
  expect(told({}, { name: undefined, generateName: 'a-' })).toEqual([]);
});

test.each([
  ['an unknown protocol', { port: { ...port, protocol: 'HBONE' } }, ['ADMIT456 server.port.protocol']],
  ['no protocol', { port: { ...port, protocol: '' } }, ['ADMIT456 server.port.protocol']],
  ['a protocol in small letters', { port: { ...port, protocol: 'grpc-web' } }, []],
  ['port 0', { port: { ...port, number: 0 } }, ['ADMIT403 server.port.number']],
  ['a port too high', { port: { ...port, number: 65536 } }, ['ADMIT403 server.port.number']],
  ['a target port', { port: { ...port, targetPort: 8080 } }, ['ADMIT480 server.port.targetPort']],
  ['a nameless port', { port: { ...port, name: '' } }, ['ADMIT403 server.port.name']],
  ['a port whose name is no label', { port: { ...port, name: 'a_b' } }, []],
  ['no hosts', { hosts: [] }, ['ADMIT477 server.hosts']],
  ['an address to bind', { bind: '::' }, []],
  ['a name to bind', { bind: 'localhost' }, ['ADMIT454 server.bind']],
  ['a range to bind', { bind: '10.0.0.0/8' }, ['ADMIT454 server.bind']],
  ['a socket', { bind: 'unix:///a', port: { ...port, number: 0 } }, []],
  ['an abstract socket', { bind: 'unix://@a', port: { ...port, number: 0 } }, []],
  ['a socket and a port', { bind: 'unix:///a' }, ['ADMIT490 server.port.number']],
  ['a socket without a path', { bind: 'unix://', port: { ...port, number: 0 } }, ['ADMIT455 server.bind']],
  ['a socket of a relative path', { bind: 'unix://a', port: { ...port, number: 0 } }, ['ADMIT455 server.bind']],
  ['a socket that is a folder', { bind: 'unix:///a/', port: { ...port, number: 0 } }, ['ADMIT455 server.bind']],
])('judges a server with %s', (_, one, expected) => {
  expect(told(one)).toEqual(expected);
});

const of = (protocol: string) => ({ port: { ...port, protocol } });
test.each([
  ['HTTPS with TLS', { ...of('HTTPS'), tls }, []],
  ['tls with TLS', { ...of('tls'), tls }, []],
  ['HTTPS without', of('HTTPS'), ['ADMIT481 server.tls']],
  ['TLS without', of('TLS'), ['ADMIT481 server.tls']],
  ['TCP with', { ...of('TCP'), tls }, ['ADMIT481 server.tls']],
  ['TCP with PASSTHROUGH', { ...of('TCP'), tls: {} }, ['ADMIT481 server.tls']],
  ['HTTPS without, on a socket', { port: { ...port, number: 0, protocol: 'HTTPS' }, bind: 'unix:///a' }, ['ADMIT481 server.tls']],
  ['HTTP with', { tls }, ['ADMIT481 server.tls']],
  ['HTTP with a redirect', { tls: { httpsRedirect: true } }, []],
  ['HTTP with a private key', { tls: { privateKey: 'a' } }, ['ADMIT481 server.tls', 'warning ADMIT485 server.tls.privateKey']],
  ['HTTP with a certificate', { tls: { serverCertificate: 'a' } }, ['ADMIT481 server.tls', 'warning ADMIT485 server.tls.serverCertificate']],
  ['HTTP with a CA', { tls: { caCertificates: 'a' } }, ['ADMIT481 server.tls', 'warning ADMIT485 server.tls.caCertificates']],
  ['HTTPS with a redirect', { ...of('HTTPS'), tls: { ...tls, httpsRedirect: true } }, ['warning ADMIT482 server.tls.httpsRedirect']],
  ['TCP on a broken port, where TLS isn\'t looked at', { port: { ...port, name: '', protocol: 'TCP' }, tls }, ['ADMIT403 server.port.name']],
])('judges %s', (_, one, expected) => {
  expect(told(one)).toEqual(expected);
});

test.each(['*', '*.a.b', 'a.b', 'a.b.', 'prod/a.b', './*', '*/*', '1.2.3.4', 'prod/1.2.3.4', 'A.B'])('admits the host %s', (host) => {
  expect(told({ hosts: [host] })).toEqual([]);
});

test.each(['', 'a', 'fd00::1', '*a.b', '*-a.b', 'a..b', 'x.*.y', 'x.1', '/a.b', 'n/', 'n/a', 'a_b/c.d', '~/*', '~/a.b', 'n/a/b.c'])('refuses the host %p', (host) => {
  expect(told({ hosts: ['*', host] })).toEqual(['ADMIT475 server.hosts[1]']);
});

test('accepts host ~/* in a converted Gateway', () => {
  const annotations = { 'internal.istio.io/gateway-semantics': 'gateway' };
  expect(told({ hosts: ['~/*'] }, { annotations })).toEqual([]);
});
