// Some meshes have several networks: pods and proxies say on which they are, and gateways lead to some of them.
import fc from 'fast-check';
import type { Manifest, Metadata } from '../manifest';
import { maybe } from './words';

const NETWORK = 'topology.istio.io/network';
const name = fc.constantFrom(undefined, undefined, 'n1', 'n2');
const several = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { minLength: 5, maxLength: 5 });

type Network = string | undefined;

/** Which network pods, their proxies, the namespace of istiod and all proxies are on, and to which a gateway leads. */
interface Networking {
  readonly pods: readonly Network[];
  readonly proxies: readonly Network[];
  readonly system: Network;
  readonly all: Network;
  readonly gateway: Network;
}

/** Which networks a mesh has; most have none. */
export const networking: fc.Arbitrary<Networking | undefined> = maybe(fc.record({ pods: several(name), proxies: several(name), system: name, all: name, gateway: fc.constantFrom(undefined, 'n1', 'n2') }), 8);

/** A mesh's objects, on networks. */
export function onNetworks(objects: readonly Manifest[], networks: Networking | undefined): readonly Manifest[] {
  if (!networks) return objects;
  const { pods, proxies, system, all, gateway } = networks;
  const placed = objects.map((object, index) => {
    if (object.kind === 'Namespace' && object.metadata.name === 'istio-system' && system) return labelled(object, system);
    if (object.kind === 'ConfigMap' && all) return withProxyMetadata(object, all);
    return onNetwork(object, pods[index % pods.length], proxies[(index + 2) % proxies.length]);
  });
  return gateway ? [...placed, eastWestGateway(gateway)] : placed;
}

function labelled(object: Manifest, network: string): Manifest {
  return { ...object, metadata: { ...object.metadata, labels: { ...object.metadata.labels, [NETWORK]: network } } };
}

/** A text that isn't JSON stays as it is. */
function withProxyMetadata(object: Manifest, network: string): Manifest {
  if (!isJson(object.data.mesh)) return object;
  const { defaultConfig, ...config } = JSON.parse(object.data.mesh);
  const proxyMetadata = { ...defaultConfig?.proxyMetadata, ISTIO_META_NETWORK: network };
  const mesh = JSON.stringify({ ...config, defaultConfig: { ...defaultConfig, proxyMetadata } });
  return { ...object, data: { ...object.data, mesh } };
}

function isJson(text: string): boolean {
  try {
    return !Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}

/** A workload's pods on a network, and their proxies, too, which needn't be the same. */
function onNetwork(object: Manifest, network: Network, proxy: Network): Manifest {
  const { kind, spec, metadata } = object;
  if (kind === 'Pod') return { ...object, metadata: podMetadata(metadata, network, proxy) };
  if (kind === 'CronJob') return { ...object, spec: { ...spec, jobTemplate: { spec: { template: podTemplate(spec.jobTemplate.spec.template, network, proxy) } } } };
  return spec?.template?.metadata ? { ...object, spec: { ...spec, template: podTemplate(spec.template, network, proxy) } } : object;
}

/** The part of a workload's manifest that says what its pods are. */
interface PodTemplate {
  readonly metadata: PodMetadata;
}

/** The pods of a workload have no names of their own. */
type PodMetadata = Pick<Metadata, 'labels' | 'annotations'>;

const podTemplate = (template: PodTemplate, network: Network, proxy: Network): PodTemplate =>
  ({ ...template, metadata: podMetadata(template.metadata, network, proxy) });

function podMetadata<M extends PodMetadata>(metadata: M, network: Network, proxy: Network): M {
  const labels = network ? { ...metadata.labels, [NETWORK]: network } : metadata.labels;
  const told = proxy && { 'proxy.istio.io/config': JSON.stringify({ proxyMetadata: { ISTIO_META_NETWORK: proxy } }) };
  return told ? { ...metadata, labels, annotations: { ...metadata.annotations, ...told } } : { ...metadata, labels };
}

/** As Istio's charts make it, and with the address that a load balancer gave it. */
function eastWestGateway(network: string): Manifest & { readonly status: object } {
  return {
    apiVersion: 'v1', kind: 'Service', metadata: { name: 'eastwest', namespace: 'istio-system', labels: { [NETWORK]: network } },
    spec: { type: 'LoadBalancer', selector: { app: 'eastwest' }, ports: [{ port: 15443, name: 'tls' }] },
    status: { loadBalancer: { ingress: [{ ip: '203.0.113.9' }] } },
  };
}
