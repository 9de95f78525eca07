import { toldOf } from '../../../support/admission/webhook';

const told = (spec: object) => toldOf('Sidecar', spec);
const egress = [{ hosts: ['*/*'] }];

test.each([
  ['no fields', {}, ['ADMIT477 spec']],
  ['empty lists', { ingress: [], egress: [] }, ['ADMIT477 spec']],
  ['an outboundTrafficPolicy', { outboundTrafficPolicy: {} }, []],
  ['an inboundConnectionPool', { inboundConnectionPool: { tcp: {} } }, []],
  ['an empty inboundConnectionPool', { inboundConnectionPool: {} }, ['ADMIT413 spec.inboundConnectionPool']],
  ['egress', { egress }, []],
  ['a selector', { egress, workloadSelector: { labels: { a: 'b' } } }, []],
  ['a selector without labels', { egress, workloadSelector: {} }, ['warning ADMIT451 spec.workloadSelector.labels']],
  ['a wildcard in a key, which the CRD admits', { egress, workloadSelector: { labels: { 'a*': 'b' } } }, ['ADMIT450 spec.workloadSelector.labels[a*]']],
  ['an empty key, which the CRD admits', { egress, workloadSelector: { labels: { '': 'b' } } }, ['ADMIT450 spec.workloadSelector.labels[]']],
])('checks a Sidecar with %s', (_, spec, expected) => {
  expect(told(spec)).toEqual(expected);
});

const proxy = (egressProxy: object, mode?: string) => told({ outboundTrafficPolicy: { mode, egressProxy } })
  .map((line) => line.replace('spec.outboundTrafficPolicy.', ''));
test.each([
  ['a host and port', { host: 'a.b', port: { number: 80 }, subset: 'v1' }, []],
  ['a wildcard host', { host: '*.a.b', port: { number: 80 } }, ['ADMIT400 egressProxy.host']],
  ['no port', { host: 'a.b' }, ['ADMIT493 egressProxy.port']],
  ['port 0', { host: 'a.b', port: {} }, ['ADMIT403 egressProxy.port.number']],
  ['an invalid subset', { host: 'a.b', port: { number: 80 }, subset: 'a_b' }, ['ADMIT409 egressProxy.subset']],
])('checks an egressProxy with %s', (_, egressProxy, expected) => {
  expect(proxy(egressProxy, 'ALLOW_ANY')).toEqual(expected);
});

test.each([undefined, 'REGISTRY_ONLY'])('rejects an egressProxy with outbound mode %s', (mode) => {
  expect(proxy({ host: 'a.b', port: { number: 80 } }, mode)).toEqual(['ADMIT493 egressProxy']);
});

const port = { number: 80, name: 'http', protocol: 'HTTP' };
const toldOfIngress = (...listeners: object[]) => toldOf('Sidecar', { ingress: listeners.map((listener) => ({ port, ...listener })) })
  .map((line) => line.replace('spec.ingress[0].', ''));

test.each([
  ['a port', {}, []],
  ['a port with only a number', { port: { number: 1 } }, []],
  ['port 0', { port: { number: 0 } }, ['ADMIT403 port.number']],
  ['an invalid port name', { port: { ...port, name: 'a_b' } }, ['ADMIT403 port.name']],
  ['an unknown protocol', { port: { ...port, protocol: 'FOO' } }, ['ADMIT456 port.protocol']],
  ['a target port', { port: { ...port, targetPort: 1 } }, ['ADMIT480 port.targetPort']],
  ['an address in bind', { bind: '1.2.3.4' }, []],
  ['a Unix socket in bind', { bind: 'unix:///a' }, ['ADMIT454 bind']],
  ['an empty connection pool', { connectionPool: {} }, ['ADMIT413 connectionPool']],
  ['an HTTP connection pool for HTTP', { connectionPool: { http: {} } }, []],
  ['an HTTP connection pool for TCP', { port: { ...port, protocol: 'TCP' }, connectionPool: { http: {} } }, ['warning ADMIT491 connectionPool.http']],
  ['an HTTP connection pool for a port without a protocol', { port: { number: 80 }, connectionPool: { http: {} } }, ['warning ADMIT491 connectionPool.http']],
])('checks an ingress listener with %s', (_, listener, expected) => {
  expect(toldOfIngress(listener)).toEqual(expected);
});

test('requires a unique port for each ingress listener', () => {
  expect(toldOfIngress({}, { port: { number: 81 } }, { port: { number: 80 } })).toEqual(['ADMIT479 spec.ingress[2].port.number']);
});

test.each(['127.0.0.1:80', '0.0.0.0:65535', ':1', '[::1]:80', '[::]:80', '[127.0.0.1]:80', '127.0.0.1:+80', '[]:80', 'unix:///a', 'unix://@a'])('accepts the defaultEndpoint %s', (defaultEndpoint) => {
  expect(toldOfIngress({ defaultEndpoint })).toEqual([]);
});

test.each(['a', ':', '127.0.0.1', '127.0.0.1:', '127.0.0.1:0', '127.0.0.1:65536', '127.0.0.1:a', '1.2.3.4:80', 'localhost:80', '::1:80', '[::1]', '[::1]80'])('rejects the defaultEndpoint %s', (defaultEndpoint) => {
  expect(toldOfIngress({ defaultEndpoint })).toEqual(['ADMIT489 defaultEndpoint']);
});

test('rejects a defaultEndpoint unix:// without a path', () => {
  expect(toldOfIngress({ defaultEndpoint: 'unix://a' })).toEqual(['ADMIT455 defaultEndpoint']);
});

const files = { serverCertificate: 'a', privateKey: 'b' };
const tls = (settings: object, protocol = 'HTTPS') => toldOfIngress({ port: { ...port, protocol }, tls: settings });
test.each([
  ['SIMPLE', { mode: 'SIMPLE', ...files }, []],
  ['SIMPLE without certificates', { mode: 'SIMPLE' }, ['ADMIT483 tls.privateKey', 'ADMIT483 tls.serverCertificate']],
  ['subjectAltNames', { mode: 'SIMPLE', ...files, subjectAltNames: ['a'] }, ['ADMIT488 tls.subjectAltNames']],
  ['httpsRedirect', { mode: 'SIMPLE', ...files, httpsRedirect: true }, ['ADMIT488 tls.httpsRedirect']],
  ['credentialName', { mode: 'SIMPLE', credentialName: 'a' }, ['ADMIT488 tls.credentialName']],
  ['credentialNames', { mode: 'SIMPLE', credentialNames: ['a'] }, ['ADMIT488 tls.credentialNames']],
  ['tlsCertificates', { mode: 'SIMPLE', tlsCertificates: [files] }, ['ADMIT488 tls.tlsCertificates']],
  ['ISTIO_MUTUAL', { mode: 'ISTIO_MUTUAL' }, ['ADMIT488 tls.mode']],
  ['AUTO_PASSTHROUGH', { mode: 'AUTO_PASSTHROUGH' }, ['ADMIT488 tls.mode']],
])('checks tls with %s', (_, settings, expected) => {
  expect(tls(settings)).toEqual(expected);
});

test.each(['HTTP', 'TCP', ''])('rejects tls with protocol %p', (protocol) => {
  expect(tls({ mode: 'SIMPLE', ...files }, protocol)).toEqual(['ADMIT481 tls']);
});
