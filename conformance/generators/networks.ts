// Some meshes have several networks: pods and proxies say on which they are, and gateways lead to some of them.
import fc from 'fast-check';
import type { JudgedMesh, Manifest, Metadata } from '../manifest';
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
  readonly isOfGatewayApi: boolean;
}

/** Which networks a mesh has; most have none. */
export const networking: fc.Arbitrary<Networking | undefined> = maybe(fc.record({ pods: several(name), proxies: several(name), system: name, all: name, gateway: fc.constantFrom(undefined, 'n1', 'n2'), isOfGatewayApi: fc.boolean() }), 8);

/** A mesh's objects, on networks. */
export function onNetworks(objects: readonly Manifest[], networks: Networking | undefined): readonly Manifest[] {
  if (!networks) return objects;
  const { pods, proxies, system, all, gateway, isOfGatewayApi } = networks;
  const placed = objects.map((object, index) => {
    if (object.kind === 'Namespace' && object.metadata.name === SYSTEM && system) return labelled(object, system);
    if (object.kind === 'ConfigMap' && all) return withProxyMetadata(object, all);
    return onNetwork(object, pods[index % pods.length], proxies[(index + 2) % proxies.length]);
  });
  return gateway ? [...placed, eastWest(gateway, isOfGatewayApi)] : placed;
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

/** What an installation says of networks, and which of it the manifests show. */
interface Installation {
  /** The network in the values of the injector's ConfigMap, which may be none; undefined: there is no ConfigMap. */
  readonly injector: Network;
  /** Whether the manifests contain istiod's Namespace. */
  readonly showsNamespace: boolean;
  /** The label of istiod's Namespace. */
  readonly system: Network;
  /** A network that a gateway leads to, as a Service, a Gateway of the Gateway API or `meshNetworks` say. */
  readonly gateway: Network;
  readonly isOfGatewayApi: boolean;
  readonly isListed: boolean;
}

/** Most meshes show nothing of their installation. */
export const installation: fc.Arbitrary<Installation | undefined> = maybe(fc.record({
  injector: fc.constantFrom(undefined, '', '', 'n1', 'n2'), showsNamespace: fc.constantFrom(false, false, true), system: name,
  gateway: name, isOfGatewayApi: fc.boolean(), isListed: fc.constantFrom(false, false, true),
}), 5);

/** A mesh's objects with those of its installation, and what only the cluster has of them. */
export function installed(objects: readonly Manifest[], drawn: Installation | undefined): Pick<JudgedMesh, 'objects' | 'unseen'> {
  if (!drawn) return { objects };
  const { injector, system, gateway, isOfGatewayApi, isListed } = drawn;
  // Whether pods there have sidecars would be unknown.
  const showsNamespace = drawn.showsNamespace || objects.some(({ kind, metadata, spec }) => metadata.namespace === SYSTEM
    && (kind === 'Pod' || kind === 'CronJob' || spec?.template !== undefined));
  const known = objects.find(isSystemNamespace) ?? { apiVersion: 'v1', kind: 'Namespace', metadata: { name: SYSTEM } };
  const namespace = system ? labelled(known, system) : known;
  const others = objects.filter((object) => !isSystemNamespace(object));
  const shown = [
    ...showsNamespace ? [namespace] : [], ...gateway && isListed ? listing(others, gateway) : others,
    ...gateway && !isListed && !others.some(isEastWest) ? [eastWest(gateway, isOfGatewayApi)] : [],
    ...injector === undefined ? [] : [injectorConfigMap(injector)],
  ];
  return { objects: shown, ...!showsNamespace && { unseen: [namespace] } };
}

const SYSTEM = 'istio-system';

const isSystemNamespace = ({ kind, metadata }: Manifest): boolean => kind === 'Namespace' && metadata.name === SYSTEM;
const isEastWest = ({ metadata }: Manifest): boolean => metadata.name === EAST_WEST.name;

function injectorConfigMap(network: string): Manifest {
  const data = { values: JSON.stringify({ global: { network } }) };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'istio-sidecar-injector', namespace: SYSTEM }, data };
}

/** The objects with `meshNetworks` beside the mesh config: one network, with a gateway. */
function listing(objects: readonly Manifest[], network: string): readonly Manifest[] {
  const networks = { [network]: { endpoints: [{ fromRegistry: 'Kubernetes' }], gateways: [{ address: GATEWAY, port: 15443 }] } };
  const meshNetworks = JSON.stringify({ networks });
  const isConfig = ({ kind, metadata }: Manifest): boolean => kind === 'ConfigMap' && metadata.name === 'istio';
  if (objects.some(isConfig)) return objects.map((object) => (isConfig(object) ? { ...object, data: { ...object.data, meshNetworks } } : object));
  return [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'istio', namespace: SYSTEM }, data: { mesh: '{}', meshNetworks } }, ...objects];
}

/** The address that a load balancer gave a gateway. */
const GATEWAY = '203.0.113.9';

/** A gateway to a network, with the address that a load balancer gave it. */
function eastWest(network: string, isOfGatewayApi: boolean): Manifest & { readonly status: object } {
  return isOfGatewayApi ? gatewayOf(network) : serviceOf(network);
}

const EAST_WEST = { name: 'eastwest', namespace: SYSTEM };

/** As istioctl makes it for several networks. */
export function gatewayOf(network: string): Manifest & { readonly status: object } {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway', metadata: { ...EAST_WEST, labels: { [NETWORK]: network } },
    spec: {
      gatewayClassName: 'istio',
      listeners: [{ name: 'tls', port: 15443, protocol: 'TLS', tls: { mode: 'Passthrough', options: { 'gateway.istio.io/listener-protocol': 'auto-passthrough' } } }],
    },
    status: { addresses: [{ type: 'IPAddress', value: GATEWAY }] },
  };
}

/** As Istio's charts make it. */
function serviceOf(network: string): Manifest & { readonly status: object } {
  return {
    apiVersion: 'v1', kind: 'Service', metadata: { ...EAST_WEST, labels: { [NETWORK]: network } },
    spec: { type: 'LoadBalancer', selector: { app: 'eastwest' }, ports: [{ port: 15443, name: 'tls' }] },
    status: { loadBalancer: { ingress: [{ ip: GATEWAY }] } },
  };
}
