// Sidecars of somebody's own: what pods, ProxyConfigs and the mesh config say of their bootstrap, their istiod and their environment.
import fc, { type Arbitrary } from 'fast-check';
import { type Labels } from '../specs';
import { maybe, namespace, objects, present, selector } from './words';

const variable = fc.constantFrom('ISTIO_META_ENABLE_HBONE', 'ISTIO_META_CLUSTER_ID', 'ISTIO_BOOTSTRAP_OVERRIDE', 'TRUST_DOMAIN', 'EXIT_ON_ZERO_ACTIVE_CONNECTIONS', 'ISTIO_META_DNS_CAPTURE', 'ISTIO_META_DNS_CAPTURE');
const environment = variable.map((name) => ({ [name]: 'true' }));

/** A ProxyConfig, as the mesh config's `defaultConfig` or an annotation has it. */
export const customProxy = fc.oneof(
  fc.constantFrom({ customConfigFile: '/etc/envoy.json' }, { discoveryAddress: 'istiod.example.com:15012' }, { discoveryAddress: 'istiod-remote.istio-system.svc:15012' }),
  environment.map((proxyMetadata) => ({ proxyMetadata })),
);

/** Annotations of pods that say the same. */
export const customNotes: Arbitrary<Labels> = fc.oneof(
  customProxy.map((config) => ({ 'proxy.istio.io/config': JSON.stringify(config) })),
  fc.constantFrom<Labels>({ 'sidecar.istio.io/bootstrapOverride': 'bootstrap' }, { 'sidecar.istio.io/discoveryAddress': 'istiod.istio-system.svc:15012' }, { 'sidecar.istio.io/discoveryAddress': 'istiod.other:15012' }),
);

const proxyConfig = fc.record({ name: fc.constantFrom('p1', 'p2'), ns: namespace, own: maybe(selector.map((matchLabels) => ({ matchLabels }))), environmentVariables: environment })
  .map(({ name, ns, own, environmentVariables }) => ({
    apiVersion: 'networking.istio.io/v1beta1', kind: 'ProxyConfig', metadata: { name, namespace: ns }, spec: present({ selector: own, environmentVariables }),
  }));

/** In one mesh of fifteen. */
export const proxyConfigs = maybe(objects(proxyConfig, 2, 1), 15).map((configs) => configs ?? []);
