import { connections, deployment, destinationRule, injected, mesh, meshConfig, mode, namespace, peerAuthentication, service, sidecar, toHost, virtualService } from '../../support/meshes/mesh';

// Differences of earlier istiod minors. The verdicts of 1.24 were observed on a real istiod, or follow from its code.

const strict = peerAuthentication('shop/default', mode('STRICT'));
const world = [injected('cli', 'shop'), deployment('cli/web'), deployment('shop/db', { labels: { app: 'db', version: 'v1' } }), service('shop/db', ['http:80']), strict];
const DB = 'db.shop.svc.cluster.local';

function verdict(objects: unknown[], istioVersion?: string, istiodEnv?: Record<string, string>): string {
  const [found, ...others] = [...mesh([world, objects], { istioVersion, istiodEnv }).connections()].filter(({ client, requested: { host } }) => client.name === 'web' && host === DB);
  expect(others).toEqual([]);
  return `${found.clientTls} ${found.undecidedBecause ?? found.outcome}`;
}

const tls = { mode: 'DISABLE' };
const port = (settings: object) => ({ portLevelSettings: [{ port: { number: 80 }, ...settings }] });
const routed = virtualService('cli/route', { hosts: [DB], http: [toHost(DB, { subset: 'v1' })] });
const rule = (wide: object, own?: object) => destinationRule('shop/db', {
  host: DB, trafficPolicy: wide, subsets: [{ name: 'v1', labels: { version: 'v1' }, ...own && { trafficPolicy: own } }],
});
const balanced = { loadBalancer: { simple: 'RANDOM' } };
const BEFORE_31 = ['1.24', '1.30', '1.30.9'];
const SINCE_31 = [undefined, '1.31', '1.31.4'];

test.each<[string, object[], string, string]>([
  // https://github.com/istio/istio/pull/60792
  ['a subset\'s entry for the port without tls', [rule({ tls }, port(balanced)), routed], 'ISTIO_MUTUAL mtls', 'PLAINTEXT broken'],
  ['the rule\'s entry for the port without tls, and a subset without a policy', [rule({ tls, ...port(balanced) }), routed], 'ISTIO_MUTUAL mtls', 'PLAINTEXT broken'],
  ['the same without a subset', [rule({ tls, ...port(balanced) })], 'PLAINTEXT broken', 'PLAINTEXT broken'],
  ['a subset without an entry for the port', [rule({ tls }, balanced), routed], 'PLAINTEXT broken', 'PLAINTEXT broken'],
  ['a subset\'s entry for the port with tls', [rule({ tls }, port({ tls: { mode: 'ISTIO_MUTUAL' } })), routed], 'ISTIO_MUTUAL mtls', 'ISTIO_MUTUAL mtls'],
  // https://github.com/istio/istio/pull/60581
  ['a Sidecar with ~/* beside other hosts', [sidecar('cli/s', { egress: [{ hosts: ['shop/*', '~/*'] }] })], 'ISTIO_MUTUAL mtls', 'PLAINTEXT broken'],
  ['a Sidecar with ~/* alone', [sidecar('cli/s', { egress: [{ hosts: ['~/*'] }] })], 'PLAINTEXT broken', 'PLAINTEXT broken'],
])('before 1.31 and since: %s', (_, objects, before, since) => {
  expect(BEFORE_31.map((version) => verdict(objects, version))).toEqual(BEFORE_31.map(() => before));
  expect(SINCE_31.map((version) => verdict(objects, version))).toEqual(SINCE_31.map(() => since));
});

// https://github.com/istio/istio/pull/60701, also in 1.30.3
test.each<[string[], string, string, string]>([
  [['cli'], 'PLAINTEXT broken', 'ISTIO_MUTUAL mtls', 'UNKNOWN istio-version'],
  [['.', 'cli'], 'PLAINTEXT broken', 'ISTIO_MUTUAL mtls', 'UNKNOWN istio-version'],
  [['*', 'cli'], 'ISTIO_MUTUAL mtls', 'ISTIO_MUTUAL mtls', 'UNKNOWN istio-version'],
  [['*'], 'ISTIO_MUTUAL mtls', 'ISTIO_MUTUAL mtls', 'ISTIO_MUTUAL mtls'],
  [['.'], 'PLAINTEXT broken', 'PLAINTEXT broken', 'PLAINTEXT broken'],
  [['~'], 'PLAINTEXT broken', 'PLAINTEXT broken', 'PLAINTEXT broken'],
])('defaultServiceExportTo %j before 1.30.3, since 1.30.3, and in a 1.30 of unknown patch: %s, %s, %s', (defaultServiceExportTo, before, since, open) => {
  const config = meshConfig({ defaultServiceExportTo });
  const [early, late] = [['1.24', '1.29.9', '1.30.0', 'v1.30.2'], ['1.30.3', '1.30.10', '1.31', undefined]];
  expect(early.map((version) => verdict([config], version))).toEqual(early.map(() => before));
  expect(late.map((version) => verdict([config], version))).toEqual(late.map(() => since));
  expect(verdict([config], '1.30')).toBe(open);
});

test('an unknown patch leaves services with their own exportTo decided', () => {
  const own = { ...service('shop/db', ['http:80']), metadata: { namespace: 'shop', name: 'db', annotations: { 'networking.istio.io/exportTo': '*' } } };
  const found = connections([world.filter((object) => !Array.isArray(object) && (object as any).kind !== 'Service'), injected('cli', 'shop'), own, meshConfig({ defaultServiceExportTo: ['cli'] })], { istioVersion: '1.30' });
  expect(found.find(({ client }) => client.name === 'web')).toMatchObject({ outcome: 'mtls' });
});

// https://github.com/istio/istio/pull/56353: seen on 1.24
test.each(['PILOT_ENDPOINT_TELEMETRY_LABEL', 'PILOT_ENABLE_TELEMETRY_LABEL'])('%s=false leaves only auto mTLS undecided before 1.27', (flag) => {
  const env = { [flag]: 'false' };
  expect(['1.24', '1.26.9', '1.27', undefined].map((version) => verdict([], version, env)))
    .toEqual(['UNKNOWN istiod-flag', 'UNKNOWN istiod-flag', 'ISTIO_MUTUAL mtls', 'ISTIO_MUTUAL mtls']);
  expect(verdict([rule({ tls: { mode: 'ISTIO_MUTUAL' } })], '1.24', env)).toBe('ISTIO_MUTUAL mtls');
  expect(verdict([], '1.24', { [flag]: 'true' })).toBe('ISTIO_MUTUAL mtls');
});

// https://github.com/istio/istio/pull/56549: seen on 1.24
test('a ConfigMap in credentialName has no effect before 1.28; a Secret has none in any minor', () => {
  const simple = (credentialName: string, more: object = {}) => destinationRule('cli/db', { host: DB, trafficPolicy: { tls: { mode: 'SIMPLE', credentialName } }, ...more });
  const permissive = peerAuthentication('shop/default', mode('PERMISSIVE'));
  expect(['1.24', '1.27.9', '1.28', undefined].map((version) => verdict([permissive, simple('configmap://ca')], version)))
    .toEqual(['PLAINTEXT plaintext', 'PLAINTEXT plaintext', 'SIMPLE broken', 'SIMPLE broken']);
  expect([undefined, '1.24'].map((version) => verdict([simple('ca')], version))).toEqual(['PLAINTEXT broken', 'PLAINTEXT broken']);
});

// https://github.com/istio/istio/pull/56090: seen on 1.24
test('a route with capital letters in its hosts leaves calls to them undecided before 1.27', () => {
  const capitals = virtualService('shop/route', { hosts: ['DB.shop.svc.cluster.local'], http: [{ route: [{ destination: { host: DB } }] }] });
  const other = virtualService('shop/route', { hosts: ['Other.shop.svc.cluster.local'], http: [{ route: [{ destination: { host: DB } }] }] });
  expect(['1.24', '1.26', '1.27'].map((version) => verdict([capitals], version).includes('istio-version'))).toEqual([true, true, false]);
  expect(verdict([other], '1.24')).toBe('ISTIO_MUTUAL mtls');
});

// https://github.com/istio/istio/pull/56737; injectRequired in pkg/kube/inject/inject.go of 1.24
test.each([
  ['False', 'none', 'sidecar'], ['no', 'none', 'sidecar'], ['0', 'none', 'sidecar'], ['false', 'none', 'none'], ['yes', 'sidecar', 'sidecar'], ['True', 'sidecar', 'sidecar'], ['true', 'sidecar', 'sidecar'],
])('sidecar.istio.io/inject: %s gives %s before 1.27, and %s since', (value, before, since) => {
  const proxyIn = (istioVersion: string | undefined, where: object) => mesh([namespace('shop', { 'istio-injection': 'enabled' }), deployment('shop/db', where)], { istioVersion }).workloads[0].proxy.kind;
  for (const where of [{ labels: { 'app': 'db', 'sidecar.istio.io/inject': value } }, { annotations: { 'sidecar.istio.io/inject': value } }]) {
    expect(['1.24', '1.26.3', '1.27', undefined].map((version) => proxyIn(version, where))).toEqual([before, before, since, since]);
  }
});
