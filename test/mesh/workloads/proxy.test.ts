import { changed, valueAt } from '../../../src/findings/finding';
import { FieldRef } from '../../../src/mesh/inventory/field-ref';
import { Proxy } from '../../../src/mesh/workloads/proxy';
import { Workload } from '../../../src/mesh/workloads/workload';
import { deployment, injected, mesh, meshConfig, namespace } from '../../support/meshes/mesh';
import { casesOf } from '../../support/random/cases';
import { randomMeshes } from '../../support/random/random-meshes';

const INJECT = 'sidecar.istio.io/inject';
const templates = (names: string) => ({ annotations: { 'inject.istio.io/templates': names } });
const pod = (fields: Parameters<typeof deployment>[1], labels: Record<string, string> = { 'istio-injection': 'enabled' }): readonly unknown[] =>
  [namespace('a', labels), deployment('a/w', fields)];

function proxyIn(objects: readonly unknown[]): Proxy {
  return mesh([...objects]).workloads.find(({ name }) => name === 'w')!.proxy;
}

describe('the behaviour of each kind of proxy', () => {
  test.each<[string, readonly unknown[], readonly unknown[]]>([
    ['none', pod({}, {}), [false, false, false, false, false, false]],
    ['sidecar', pod({}), [true, true, true, false, true, false]],
    ['router', pod(templates('gateway')), ['unknown', false, true, true, true, false]],
    ['waypoint', pod(templates('waypoint')), ['unknown', 'unknown', 'unknown', true, true, true]],
    ['ztunnel', pod({}, { 'istio.io/dataplane-mode': 'ambient' }), ['unknown', 'unknown', 'unknown', false, false, true]],
    ['grpc', pod(templates('grpc-agent')), ['unknown', 'unknown', 'unknown', false, 'unknown', false]],
    ['unknown', pod(templates('mine')), ['unknown', 'unknown', 'unknown', 'unknown', 'unknown', false]],
    ['custom', pod({ annotations: { 'sidecar.istio.io/bootstrapOverride': 'x' } }), ['unknown', 'unknown', 'unknown', 'unknown', 'unknown', false]],
  ])('%s', (kind, objects, expected) => {
    const proxy = proxyIn(objects);
    expect(proxy.kind).toBe(kind);
    expect([proxy.encrypts, proxy.enforces('PeerAuthentication'), proxy.enforces('AuthorizationPolicy'), proxy.forwards, proxy.readsHttp, proxy.isAmbient]).toEqual(expected);
  });

  test('lists the ports that it intercepts', () => {
    const of = (annotations: Record<string, string>, ...more: readonly unknown[]) => {
      const proxy = proxyIn([...pod({ annotations }), ...more]);
      return [proxy.intercepts('in', 80), proxy.intercepts('out', 80)];
    };
    const traffic = (name: string) => `traffic.sidecar.istio.io/${name}`;
    expect(of({})).toEqual([true, true]);
    expect(of({ [traffic('excludeInboundPorts')]: '80' })).toEqual([false, true]);
    expect(of({ [traffic('excludeOutboundPorts')]: '80' })).toEqual([true, false]);
    expect(of({ [traffic('excludeOutboundIPRanges')]: '10.0.0.0/8' })).toEqual([true, 'unknown']);
    expect(of({ 'sidecar.istio.io/interceptionMode': 'NONE' })).toEqual(['unknown', 'unknown']);
    const bare = proxyIn(pod({}, {}));
    const unknown = proxyIn(pod(templates('mine')));
    expect([bare, unknown].map((proxy) => [proxy.intercepts('in', 80), proxy.intercepts('out', 80)])).toEqual([[false, false], ['unknown', 'unknown']]);
  });
});

/** The objects without the deciding field, or without its object if no field decides. */
function without(objects: readonly unknown[], { object: { source }, field }: FieldRef): readonly unknown[] {
  return objects.flatMap((one) => {
    if (one !== source) return [one];
    if (field.length === 0) return [];
    const isText = (source as { kind?: string }).kind === 'ConfigMap';
    if (!isText) return [changed(source as object, [{ op: 'remove', path: field }])];
    const text = JSON.parse(valueAt(source, field.slice(0, 2)) as string) as object;
    const value = JSON.stringify(changed(text, [{ op: 'remove', path: field.slice(2) }]));
    return [changed(source as object, [{ op: 'set', path: field.slice(0, 2), value }])];
  });
}

/** Proxies whose deciding field isn't there, or that stay as they are without it. */
function faultsOf(objects: readonly unknown[]): readonly string[] {
  const { workloads } = mesh([...objects]);
  return workloads.flatMap(({ namespace: own, name, object, proxy: { because, by } }) => {
    const isSame = (one: Workload): boolean => one.namespace === own && one.name === name && one.object.kind === object.kind;
    const later = mesh([...without(objects, by)]).workloads.find(isSame);
    return later?.proxy.because === because ? [`${name}: ${because}, and without ${by.object.kind} ${by.field.join('.')}, too`] : [];
  });
}

describe('removing the deciding field changes the proxy', () => {
  const own = (spec: object, labels?: Record<string, string>) => pod({ labels: { app: 'w', [INJECT]: 'true' }, spec }, labels);
  const config = (spec: object) => ({ annotations: { 'proxy.istio.io/config': JSON.stringify(spec) } });
  const proxyConfig = { apiVersion: 'networking.istio.io/v1beta1', kind: 'ProxyConfig', metadata: { namespace: 'a', name: 'p' }, spec: { environmentVariables: { FILE_MOUNTED_CERTS: 'true' } } };
  const injector = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'istio-system', name: 'istio-sidecar-injector' }, data: { config: '{"policy":"disabled"}', values: '{}' } };

  test.each<[string, readonly unknown[], string]>([
    ['the namespace\'s label', pod({}), 'Namespace metadata.labels.istio-injection'],
    ['the namespace\'s label that opts out', pod({}, { 'istio-injection': 'disabled' }), 'Namespace metadata.labels.istio-injection'],
    ['the namespace\'s revision', pod({}, { 'istio.io/rev': 'x' }), 'Namespace metadata.labels.istio.io/rev'],
    ['the pod\'s revision', pod({ labels: { 'app': 'w', 'istio.io/rev': 'x' } }, {}), 'Deployment spec.template.metadata.labels.istio.io/rev'],
    ['the pod\'s label', pod({ labels: { app: 'w', [INJECT]: 'true' } }, {}), `Deployment spec.template.metadata.labels.${INJECT}`],
    ['the pod\'s label that opts out', pod({ labels: { app: 'w', [INJECT]: 'false' } }), `Deployment spec.template.metadata.labels.${INJECT}`],
    ['the pod\'s annotation that opts out', pod({ annotations: { [INJECT]: 'false' } }), `Deployment spec.template.metadata.annotations.${INJECT}`],
    ['no label', pod({}, {}), 'Deployment '],
    ['the namespace\'s dataplane-mode', pod({}, { 'istio.io/dataplane-mode': 'ambient' }), 'Namespace metadata.labels.istio.io/dataplane-mode'],
    ['the pod\'s dataplane-mode', pod({ labels: { 'app': 'w', 'istio.io/dataplane-mode': 'ambient' } }, {}), 'Deployment spec.template.metadata.labels.istio.io/dataplane-mode'],
    ['the pod\'s injection templates', pod(templates('gateway')), 'Deployment spec.template.metadata.annotations.inject.istio.io/templates'],
    ['a container istio-proxy', own({ containers: [{ name: 'istio-proxy', args: ['proxy', 'router'] }] }), 'Deployment spec.template.spec.containers'],
    ['an init container istio-proxy', own({ containers: [], initContainers: [{ name: 'istio-proxy', args: ['proxy', 'router'] }] }), 'Deployment spec.template.spec.initContainers'],
    ['hostNetwork', pod({ spec: { hostNetwork: true } }), 'Deployment spec.template.spec.hostNetwork'],
    ['a namespace that the injector skips', [namespace('kube-system', { 'istio-injection': 'enabled' }), deployment('kube-system/w')], 'Deployment metadata.namespace'],
    ['a missing namespace', [deployment('a/w')], 'Deployment '],
    ['the injector\'s configuration', [...pod({}), injector], 'ConfigMap '],
    ['a bootstrap override', pod({ annotations: { 'sidecar.istio.io/bootstrapOverride': 'x' } }), 'Deployment spec.template.metadata.annotations.sidecar.istio.io/bootstrapOverride'],
    ['another discovery address', pod({ annotations: { 'sidecar.istio.io/discoveryAddress': 'x:1' } }), 'Deployment spec.template.metadata.annotations.sidecar.istio.io/discoveryAddress'],
    ['another discovery address in the pod\'s proxy config', pod(config({ discoveryAddress: 'x:1' })), 'Deployment spec.template.metadata.annotations.proxy.istio.io/config'],
    ['a config file in the mesh config', [...pod({}), meshConfig({ defaultConfig: { custom_config_file: 'x' } })], 'ConfigMap data.mesh.defaultConfig.custom_config_file'],
    ['a variable in the mesh config', [...pod({}), meshConfig({ defaultConfig: { proxyMetadata: { ISTIO_META_HTTP_PROXY_PORT: '1' } } })], 'ConfigMap data.mesh.defaultConfig.proxyMetadata.ISTIO_META_HTTP_PROXY_PORT'],
    ['a variable in a ProxyConfig', [...pod({}), proxyConfig], 'ProxyConfig spec.environmentVariables.FILE_MOUNTED_CERTS'],
    ['a variable of the container istio-proxy', own({ containers: [{ name: 'istio-proxy', args: ['sidecar'], env: [{ name: 'DISABLE_ENVOY', value: 'true' }] }] }), 'Deployment spec.template.spec.containers'],
  ])('the deciding field is that of %s', (_, objects, expected) => {
    const all = JSON.parse(JSON.stringify(objects)) as readonly unknown[];
    const { object: { kind }, field } = proxyIn(all).by;
    expect(`${kind} ${field.join('.')}`).toBe(expected);
    expect(faultsOf(all)).toEqual([]);
  });

  test('the options injectedNamespaces and meshConfigs decide a proxy without a field', () => {
    const told = mesh([deployment('a/w')], { injectedNamespaces: ['a'] }).workloads[0].proxy;
    expect([told.kind, told.by.object.kind, told.by.field]).toEqual(['sidecar', 'Deployment', []]);
  });

  test('in random meshes', () => {
    const { seed, count } = casesOf('decisions');
    for (const { objects } of randomMeshes(seed, count(25))) expect([faultsOf(objects), objects]).toEqual([[], objects]);
  });
});

test('pods with an unknown template have no deciding field', () => {
  const [{ proxy }] = mesh([injected('a'), { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { namespace: 'a', name: 'w' }, spec: {} }]).workloads;
  expect([proxy.kind, proxy.by.object.kind, proxy.by.field]).toEqual(['unknown', 'Rollout', []]);
});
