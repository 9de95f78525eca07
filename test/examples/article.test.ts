import { App, Chart, Testing } from 'cdk8s';
import * as yaml from 'js-yaml';
import { ROWS } from '../../examples/article/rows';
import { only } from '../support/constructs/charts';

/** The objects of one row, chart after chart. */
function objectsOf(name: string): any[] {
  const app = new App();
  new Map(ROWS).get(name)!(app);
  return app.charts.flatMap((chart: Chart) => Testing.synth(chart));
}

const peerAuthentication = (namespace: string, name: string, spec: object) => ({
  apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name, namespace }, spec,
});
const destinationRule = (namespace: string, name: string, spec: object) => ({
  apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name, namespace }, spec,
});
const HOST = 'my-service.my-namespace.svc.cluster.local';
const ISTIO_MUTUAL = { mode: 'ISTIO_MUTUAL' };

test('row 1: the mesh is STRICT', () => {
  expect(objectsOf('01-strict-mesh')).toEqual([peerAuthentication('istio-system', 'default', { mtls: { mode: 'STRICT' } })]);
});

test('row 2: the namespace is PERMISSIVE', () => {
  expect(objectsOf('02-permissive-namespace')).toEqual([peerAuthentication('my-namespace', 'default', { mtls: { mode: 'PERMISSIVE' } })]);
});

test('row 3: the workload is STRICT', () => {
  expect(objectsOf('03-strict-workload')).toEqual([
    peerAuthentication('my-namespace', 'my-service-policy', { selector: { matchLabels: { app: 'my-service' } }, mtls: { mode: 'STRICT' } }),
  ]);
});

test('row 4: clients use mutual TLS', () => {
  expect(objectsOf('04-client-tls')).toEqual([destinationRule('my-namespace', 'my-service-dr', { host: HOST, trafficPolicy: { tls: ISTIO_MUTUAL } })]);
});

test('row 5: the route leads to a subset that is defined', () => {
  const objects = objectsOf('05-subset-route');
  expect(only(objects, 'VirtualService', 'my-service-vs')).toMatchObject({
    apiVersion: 'networking.istio.io/v1',
    metadata: { namespace: 'my-namespace' },
    spec: { hosts: [HOST], http: [{ route: [{ destination: { host: HOST, subset: 'v1' } }] }] },
  });
  expect(only(objects, 'DestinationRule').spec).toEqual({ host: HOST, subsets: [{ name: 'v1', labels: { version: 'v1' } }] });
});

test('row 6: servers refuse plaintext and clients send mutual TLS, but to the API server', () => {
  expect(objectsOf('06-full-mesh')).toEqual([
    peerAuthentication('istio-system', 'default', { mtls: { mode: 'STRICT' } }),
    destinationRule('istio-system', 'default', { host: '*.local', trafficPolicy: { tls: ISTIO_MUTUAL } }),
    destinationRule('istio-system', 'except-kubernetes.default.svc.cluster.local', {
      host: 'kubernetes.default.svc.cluster.local', trafficPolicy: { tls: { mode: 'DISABLE' } },
    }),
  ]);
});

test('row 7: mesh PERMISSIVE, namespace STRICT, workload DISABLE', () => {
  expect(objectsOf('07-hierarchy')).toEqual([
    peerAuthentication('istio-system', 'default', { mtls: { mode: 'PERMISSIVE' } }),
    peerAuthentication('sensitive', 'default', { mtls: { mode: 'STRICT' } }),
    peerAuthentication('sensitive', 'legacy', { selector: { matchLabels: { app: 'legacy' } }, mtls: { mode: 'DISABLE' } }),
  ]);
});

test('row 8: a connection serves 100 requests, and mutual TLS stays', () => {
  expect(objectsOf('08-connection-pool')).toEqual([destinationRule('my-namespace', 'my-service-dr', {
    host: HOST, trafficPolicy: { connectionPool: { http: { maxRequestsPerConnection: 100 } }, tls: ISTIO_MUTUAL },
  })]);
});

test('row 9: the mesh config says what the article\'s says', () => {
  const { metadata, data } = only(objectsOf('09-mesh-config'), 'ConfigMap');
  expect(metadata).toEqual({ name: 'istio', namespace: 'istio-system' });
  expect(yaml.load(data.mesh)).toMatchObject({
    accessLogFile: '/dev/stdout',
    defaultConfig: { proxyMetadata: { ISTIO_META_CERT_SDS_CACHE_SIZE: '1024' } },
  });
});

test('row 10: Prometheus scrapes istiod', () => {
  expect(only(objectsOf('10-istiod-monitor'), 'ServiceMonitor')).toMatchObject({
    metadata: { name: 'istio-mtls', namespace: 'istio-system' },
    spec: {
      selector: { matchLabels: { app: 'istiod' } },
      endpoints: [{ port: 'http-monitoring', path: '/metrics', interval: '30s' }],
    },
  });
});

test('row 11: every Istio object of every row is at v1', () => {
  const versions = ROWS.flatMap(([name]) => objectsOf(name)).map(({ apiVersion }) => apiVersion).filter((version) => version.includes('istio.io'));
  expect([...new Set(versions)].sort()).toEqual(['networking.istio.io/v1', 'security.istio.io/v1']);
  expect(objectsOf('11-current-versions').map(({ kind }) => kind)).toEqual([
    'PeerAuthentication', 'DestinationRule', 'VirtualService', 'AuthorizationPolicy', 'Sidecar',
  ]);
});

test('row 12: a mesh-wide policy, and the certificates\' CA beside it', () => {
  const objects = objectsOf('12-mesh-policy');
  expect(only(objects, 'PeerAuthentication').spec).toEqual({ mtls: { mode: 'STRICT' } });
  expect(only(objects, 'Certificate').spec).toMatchObject({ isCA: true, secretName: 'cacerts', issuerRef: { kind: 'ClusterIssuer', name: 'company-root' } });
});

test('row 13: the CA is in Secret cacerts, and no key in the manifest', () => {
  const objects = objectsOf('13-custom-ca');
  expect(objects.map(({ kind }) => kind)).toEqual(['ExternalSecret']);
  expect(objects[0]).toMatchObject({
    metadata: { namespace: 'istio-system' },
    spec: { target: { name: 'cacerts', creationPolicy: 'Orphan', deletionPolicy: 'Retain' }, dataFrom: [{ extract: { key: 'istio/cacerts' } }] },
  });
});

test('row 14: the fields that bound a session\'s life, none of them invented', () => {
  const { trafficPolicy } = only(objectsOf('14-session-age'), 'DestinationRule').spec;
  expect(trafficPolicy).toEqual({
    tls: ISTIO_MUTUAL,
    connectionPool: { tcp: { maxConnectionDuration: '300s', idleTimeout: '50s' }, http: { maxRequestsPerConnection: 100 } },
  });
});
