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
  ['two ports of the same name', { servers: [server, { ...server, port: { ...port, number: 81 } }] }, ['ADMIT479 spec.servers[1].port.name']],
])('checks a Gateway with %s', (_, spec, expected) => {
  expect(toldOf('Gateway', spec)).toEqual(expected);
});

test('requires a name without dots, unless the Gateway is converted from the Gateway API', () => {
  expect(told({}, { name: 'a.b' })).toEqual(['ADMIT476 metadata.name']);
  expect(told({}, { name: 'a.b', annotations: { 'internal.istio.io/gateway-semantics': 'gateway' } })).toEqual([]);
  expect(told({}, { name: undefined, generateName: 'a-' })).toEqual([]);
});

test.each([
  ['an unknown protocol', { port: { ...port, protocol: 'HBONE' } }, ['ADMIT456 server.port.protocol']],
  ['no protocol', { port: { ...port, protocol: '' } }, ['ADMIT456 server.port.protocol']],
  ['a protocol in lower case', { port: { ...port, protocol: 'grpc-web' } }, []],
  ['port 0', { port: { ...port, number: 0 } }, ['ADMIT403 server.port.number']],
  ['a port over 65535', { port: { ...port, number: 65536 } }, ['ADMIT403 server.port.number']],
  ['a target port', { port: { ...port, targetPort: 8080 } }, ['ADMIT480 server.port.targetPort']],
  ['a port without a name', { port: { ...port, name: '' } }, ['ADMIT403 server.port.name']],
  ['a port name that isn\'t a DNS label', { port: { ...port, name: 'a_b' } }, []],
  ['no hosts', { hosts: [] }, ['ADMIT477 server.hosts']],
  ['an address in bind', { bind: '::' }, []],
  ['a name in bind', { bind: 'localhost' }, ['ADMIT454 server.bind']],
  ['a range in bind', { bind: '10.0.0.0/8' }, ['ADMIT454 server.bind']],
  ['a Unix socket in bind', { bind: 'unix:///a', port: { ...port, number: 0 } }, []],
  ['an abstract Unix socket in bind', { bind: 'unix://@a', port: { ...port, number: 0 } }, []],
  ['a Unix socket and a port', { bind: 'unix:///a' }, ['ADMIT490 server.port.number']],
  ['a Unix socket without a path', { bind: 'unix://', port: { ...port, number: 0 } }, ['ADMIT455 server.bind']],
  ['a Unix socket with a relative path', { bind: 'unix://a', port: { ...port, number: 0 } }, ['ADMIT455 server.bind']],
  ['a Unix socket whose path is a directory', { bind: 'unix:///a/', port: { ...port, number: 0 } }, ['ADMIT455 server.bind']],
])('checks a server with %s', (_, one, expected) => {
  expect(told(one)).toEqual(expected);
});

const of = (protocol: string) => ({ port: { ...port, protocol } });
test.each([
  ['HTTPS with tls', { ...of('HTTPS'), tls }, []],
  ['lower-case tls with tls', { ...of('tls'), tls }, []],
  ['HTTPS without tls', of('HTTPS'), ['ADMIT481 server.tls']],
  ['TLS without tls', of('TLS'), ['ADMIT481 server.tls']],
  ['TCP with tls', { ...of('TCP'), tls }, ['ADMIT481 server.tls']],
  ['TCP with tls PASSTHROUGH', { ...of('TCP'), tls: {} }, ['ADMIT481 server.tls']],
  ['HTTPS without tls, on a Unix socket', { port: { ...port, number: 0, protocol: 'HTTPS' }, bind: 'unix:///a' }, ['ADMIT481 server.tls']],
  ['HTTP with tls', { tls }, ['ADMIT481 server.tls']],
  ['HTTP with httpsRedirect', { tls: { httpsRedirect: true } }, []],
  ['HTTP with a private key', { tls: { privateKey: 'a' } }, ['ADMIT481 server.tls', 'warning ADMIT485 server.tls.privateKey']],
  ['HTTP with a server certificate', { tls: { serverCertificate: 'a' } }, ['ADMIT481 server.tls', 'warning ADMIT485 server.tls.serverCertificate']],
  ['HTTP with a CA certificate', { tls: { caCertificates: 'a' } }, ['ADMIT481 server.tls', 'warning ADMIT485 server.tls.caCertificates']],
  ['HTTPS with httpsRedirect', { ...of('HTTPS'), tls: { ...tls, httpsRedirect: true } }, ['warning ADMIT482 server.tls.httpsRedirect']],
  ['TCP on an invalid port, where istiod doesn\'t look at tls', { port: { ...port, name: '', protocol: 'TCP' }, tls }, ['ADMIT403 server.port.name']],
])('checks tls of a server: %s', (_, one, expected) => {
  expect(told(one)).toEqual(expected);
});

test.each(['*', '*.a.b', 'a.b', 'a.b.', 'prod/a.b', './*', '*/*', '1.2.3.4', 'prod/1.2.3.4', 'A.B'])('accepts the host %s', (host) => {
  expect(told({ hosts: [host] })).toEqual([]);
});

test.each(['', 'a', 'fd00::1', '*a.b', '*-a.b', 'a..b', 'x.*.y', 'x.1', '/a.b', 'n/', 'n/a', 'a_b/c.d', '~/*', '~/a.b', 'n/a/b.c'])('rejects the host %p', (host) => {
  expect(told({ hosts: ['*', host] })).toEqual(['ADMIT475 server.hosts[1]']);
});

test('accepts host ~/* in a Gateway that is converted from the Gateway API', () => {
  const annotations = { 'internal.istio.io/gateway-semantics': 'gateway' };
  expect(told({ hosts: ['~/*'] }, { annotations })).toEqual([]);
});
