import { connections, deployment, destinationRule, injected, mode, peerAuthentication, service, toHost, virtualService } from '../../support/meshes/mesh';

// The header of the PROXY protocol, which no sidecar reads.

const world = (...more: unknown[]) => [injected('a'), deployment('a/client'), deployment('a/server'), deployment('a/plain', { labels: { 'app': 'plain', 'sidecar.istio.io/inject': 'false' } }),
  service('a/server', ['http:80', 'tcp:90']), service('a/plain'), more];
const rule = (host: string, trafficPolicy: object, subsets?: object[]) => destinationRule('a/d', { host, trafficPolicy, subsets });
const header = { proxyProtocol: { version: 'V1' } };
const outcomes = (host: string, ...more: unknown[]) => connections(world(...more)).filter(({ client, requested }) => client.name === 'client' && requested.host.startsWith(host))
  .map(({ requested, clientTls, outcome }) => `${requested.port} ${clientTls} ${outcome}`);

test.each(['STRICT', 'PERMISSIVE', 'DISABLE'])('breaks all calls to a sidecar with mode %s', (value) => {
  const sent = value === 'DISABLE' ? 'PLAINTEXT' : 'ISTIO_MUTUAL';
  expect(outcomes('server', rule('server', header), peerAuthentication('a/p', mode(value)))).toEqual([`80 ${sent} broken`, `90 ${sent} broken`]);
});

test('also breaks mutual TLS with custom certificates, and names the field', () => {
  const own = { ...header, tls: { mode: 'MUTUAL', clientCertificate: '/c', privateKey: '/k' } };
  const [first] = connections(world(rule('server', own), peerAuthentication('a/p', mode('STRICT')))).filter(({ client, server }) => client.name === 'client' && server?.name === 'server');
  expect(first).toMatchObject({ clientTls: 'MUTUAL', serverMode: 'STRICT', outcome: 'broken' });
  expect(first.undecidedBecause).toBeUndefined();
  expect(first.because).toContainEqual({ kind: 'DestinationRule', namespace: 'a', name: 'd', field: 'spec.trafficPolicy.proxyProtocol', effect: 'adds a header that the server\'s proxy doesn\'t read' });
});

test('is for the application to read where no proxy is', () => {
  expect(outcomes('plain', rule('plain', header))).toEqual(['80 PLAINTEXT plaintext']);
  expect(outcomes('plain', rule('plain', { ...header, tls: { mode: 'SIMPLE' } }))).toEqual(['80 SIMPLE tls']);
});

test('portLevelSettings remove it from the port, but not those of a subset', () => {
  const portLevelSettings = [{ port: { number: 80 }, connectionPool: { tcp: { maxConnections: 1 } } }];
  const toSubset = virtualService('a/v', { hosts: ['server'], http: [toHost('server', { subset: 'v1' })] });
  const subset = (trafficPolicy?: object) => [{ name: 'v1', labels: { app: 'server' }, trafficPolicy }];
  expect(outcomes('server', rule('server', { ...header, portLevelSettings }))).toEqual(['80 ISTIO_MUTUAL mtls', '90 ISTIO_MUTUAL broken']);
  expect(outcomes('server', rule('server', header, subset({ portLevelSettings })), toSubset)).toEqual(['80 ISTIO_MUTUAL broken', '90 ISTIO_MUTUAL broken']);
  expect(outcomes('server', rule('server', header, subset({ tls: { mode: 'ISTIO_MUTUAL' } })), toSubset)[0]).toBe('80 ISTIO_MUTUAL broken');
  const ofSubset = rule('server', { tls: { mode: 'ISTIO_MUTUAL' } }, subset(header));
  expect(outcomes('server', ofSubset, toSubset)).toEqual(['80 ISTIO_MUTUAL broken', '90 ISTIO_MUTUAL mtls']);
  expect(connections(world(ofSubset, toSubset)).flatMap(({ because }) => because).map(({ field }) => field)).toContain('spec.subsets[v1].trafficPolicy.proxyProtocol');
});
