// Several endpoints list the same address and port: a proxy uses one of them, and the manifests don't say which.
import { connections, deployment, destinationRule, injected, mode, peerAuthentication, service, serviceEntry, tls, workloadEntry } from '../../support/meshes/mesh';

const pod = (labels: object = { app: 'api' }) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'api', namespace: 'a', labels },
  spec: { containers: [{ name: 'app', image: 'app:1' }] },
  status: { podIP: '10.1.0.1', podIPs: [{ ip: '10.1.0.1' }] },
});
const slice = (name: string, port: number, endpoint: object = {}) => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name, namespace: 'a', labels: { 'kubernetes.io/service-name': 'api' } },
  addressType: 'IPv4',
  endpoints: [{ addresses: ['10.1.0.1'], ...endpoint }],
  ports: [{ name: 'http', port, protocol: 'TCP' }],
});
const named = { targetRef: { kind: 'Pod', namespace: 'a', name: 'api' } };
const api = (fields: object = {}) => service('a/api', ['http:80'], fields);

/** The outcomes of a client's calls to a host. */
function called(objects: unknown[], host = 'api.a.svc.cluster.local'): string[] {
  return connections([injected('a'), deployment('a/web'), objects]).filter(({ client, requested }) => client.name === 'web' && requested.host === host)
    .map(({ clientTls, serverMode, outcome, undecidedBecause }) => `${clientTls} > ${serverMode}: ${outcome}${undecidedBecause ? ` (${undecidedBecause})` : ''}`);
}

const TWICE = 'UNKNOWN > PERMISSIVE: undecided (listed-twice)';

describe('a pod that its Service selects', () => {
  test.each([
    ['is also in a slice with the same port, which changes nothing', slice('one', 80, named), ['ISTIO_MUTUAL > PERMISSIVE: mtls']],
    ['is also in a slice with another port, which leaves calls undecided', slice('one', 8080, named), [TWICE, TWICE]],
    ['isn\'t ready in a slice, which leaves calls undecided', slice('one', 80, { ...named, conditions: { ready: false } }), [TWICE]],
    ['has its address in a slice that names no pod, which leaves calls undecided', slice('one', 80), [TWICE]],
  ])('%s', (_, object, expected) => {
    expect(called([pod(), api(), object])).toEqual(expected);
  });

  test.each([
    ['with the mesh\'s TLS changes nothing', { labels: { 'app': 'api', 'security.istio.io/tlsMode': 'istio' } }, ['ISTIO_MUTUAL > PERMISSIVE: mtls']],
    ['without the mesh\'s TLS leaves calls undecided', { labels: { app: 'api' } }, [TWICE]],
    ['without the mesh\'s TLS, on another port, is called as well', { labels: { app: 'api' }, ports: { http: 8080 } }, ['ISTIO_MUTUAL > PERMISSIVE: mtls', 'PLAINTEXT > PERMISSIVE: plaintext']],
    ['with the mesh\'s TLS and another label, by which a policy may select it, is one of two', { labels: { 'app': 'api', 'version': 'v2', 'security.istio.io/tlsMode': 'istio' } }, ['UNKNOWN > PERMISSIVE: undecided (listed-twice)']],
  ])('a WorkloadEntry at its address %s', (_, spec, expected) => {
    expect(called([pod(), api(), workloadEntry('a/vm', { address: '10.1.0.1', ...spec })])).toEqual(expected);
  });
});

test('a WorkloadEntry behind TCP and UDP ports of the same number conflicts for both', () => {
  const both = service('a/api', [{ port: 80, name: 'http' }, { port: 80, name: 'dns', protocol: 'UDP' }]);
  expect(called([pod(), both, workloadEntry('a/vm', { address: '10.1.0.1', labels: { app: 'api' } })])).toEqual([TWICE]);
});

test('two slices with an address of no pod and different ports leave calls undecided', () => {
  expect(called([api(), slice('one', 80), slice('two', 8080)])).toEqual(Array(2).fill('UNKNOWN > NO_PROXY: undecided (listed-twice)'));
  expect(called([api(), slice('one', 80), slice('two', 80)])).toEqual(['PLAINTEXT > NO_PROXY: plaintext']);
});

describe('a pod that slices list at two ports for one port of a Service', () => {
  const listing = (host: string, name: string, port: number, more: object = named) => {
    const { metadata, ...rest } = slice(`${host}-${name}-${port}`, port, more);
    return { ...rest, metadata: { ...metadata, labels: { 'kubernetes.io/service-name': host } }, ports: [{ name, port, protocol: 'TCP' }] };
  };
  const unselected = (name: string, port: string) => service(`a/${name}`, [port], { selector: undefined });
  const calledAt8080 = (...objects: unknown[]) => called([
    pod(), unselected('api', 'http:80'), listing('api', 'http', 8080), unselected('other', 'tcp:81'), listing('other', 'tcp', 8080), ...objects,
  ], 'other.a.svc.cluster.local');

  test('has an unknown protocol on either port', () => {
    expect(calledAt8080()).toEqual(['ISTIO_MUTUAL > PERMISSIVE: broken']);
    expect(calledAt8080(listing('api', 'http', 9090))).toEqual(['ISTIO_MUTUAL > PERMISSIVE: undecided (ambiguous-protocol)']);
    expect(calledAt8080(listing('api', 'http', 9090, { ...named, conditions: { ready: false } }))).toEqual(['ISTIO_MUTUAL > PERMISSIVE: undecided (ambiguous-protocol)']);
  });

  test('has a known protocol if both are named for it', () => {
    expect(calledAt8080(listing('api', 'http', 8080, {}))).toEqual(['ISTIO_MUTUAL > PERMISSIVE: broken']);
  });
});

test('leaves other servers as they are', () => {
  const other = slice('other', 80, { addresses: ['10.1.0.2'] });
  expect(called([pod(), api(), slice('one', 8080, named), other])).toEqual(['PLAINTEXT > NO_PROXY: plaintext', TWICE, TWICE]);
});

test('two endpoints of a ServiceEntry at one address and port leave calls undecided', () => {
  const entry = (labels: object, port = 80) => serviceEntry('a/e', {
    hosts: ['x.example.com'],
    resolution: 'STATIC',
    ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
    endpoints: [{ address: '192.0.2.1' }, { address: '192.0.2.1', labels, ports: { http: port } }],
  });
  const words = (object: object) => called([object], 'x.example.com');
  expect(words(entry({ version: 'v1' }))).toEqual(['PLAINTEXT > NO_PROXY: plaintext']);
  expect(words(entry({ 'security.istio.io/tlsMode': 'istio' }))).toEqual(['UNKNOWN > NO_PROXY: undecided (listed-twice)', 'PLAINTEXT > UNKNOWN: undecided (server-proxy-unknown)']);
});

test('a rule for the TLS leaves only the arrival undecided', () => {
  const rule = destinationRule('a/api', { host: 'api.a.svc.cluster.local', ...tls('DISABLE') });
  const strict = peerAuthentication('a/default', mode('STRICT'));
  expect(called([pod(), api(), slice('one', 8080, named), rule, strict])).toEqual(Array(2).fill('UNKNOWN > STRICT: undecided (listed-twice)'));
});
