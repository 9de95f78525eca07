// Some meshes have several networks: pods and proxies say on which they are, and gateways lead to some of them.
import fc from 'fast-check';
import { maybe } from './words.mjs';

const NETWORK = 'topology.istio.io/network';
const name = fc.constantFrom(undefined, undefined, 'n1', 'n2');
const several = (arbitrary) => fc.array(arbitrary, { minLength: 5, maxLength: 5 });

/** Which networks a mesh has; most have none. */
export const networking = maybe(fc.record({ pods: several(name), proxies: several(name), system: name, all: name, gateway: fc.constantFrom(undefined, 'n1', 'n2') }), 8);

/** A mesh's objects, on networks. */
export function onNetworks(objects, networks) {
  if (!networks) return objects;
  const { pods, proxies, system, all, gateway } = networks;
  const placed = objects.map((object, index) => {
    if (object.kind === 'Namespace' && object.metadata.name === 'istio-system' && system) return labelled(object, system);
    if (object.kind === 'ConfigMap' && all) return withProxyMetadata(object, all);
    return onNetwork(object, pods[index % pods.length], proxies[(index + 2) % proxies.length]);
  });
  return gateway ? [...placed, eastWestGateway(gateway)] : placed;
}

function labelled(object, network) {
  return { ...object, metadata: { ...object.metadata, labels: { ...object.metadata.labels, [NETWORK]: network } } };
}

function withProxyMetadata(object, network) {
  const { defaultConfig, ...config } = JSON.parse(object.data.mesh);
  const mesh = JSON.stringify({ ...config, defaultConfig: { ...defaultConfig, proxyMetadata: { ...defaultConfig?.proxyMetadata, ISTIO_META_NETWORK: network } } });
  return { ...object, data: { ...object.data, mesh } };
}

/** A workload's pods on a network, and their proxies, too, which needn't be the same. */
function onNetwork(object, network, proxy) {
  const { kind, spec, metadata } = object;
  if (kind === 'Pod') return { ...object, metadata: podMetadata(metadata, network, proxy) };
  if (kind === 'CronJob') return { ...object, spec: { ...spec, jobTemplate: { spec: { template: podTemplate(spec.jobTemplate.spec.template, network, proxy) } } } };
  return spec?.template?.metadata ? { ...object, spec: { ...spec, template: podTemplate(spec.template, network, proxy) } } : object;
}

const podTemplate = (template, network, proxy) => ({ ...template, metadata: podMetadata(template.metadata, network, proxy) });

function podMetadata(metadata, network, proxy) {
  const labels = network ? { ...metadata.labels, [NETWORK]: network } : metadata.labels;
  const told = proxy && { 'proxy.istio.io/config': JSON.stringify({ proxyMetadata: { ISTIO_META_NETWORK: proxy } }) };
  return told ? { ...metadata, labels, annotations: { ...metadata.annotations, ...told } } : { ...metadata, labels };
}

/** As Istio's charts make it, and with the address that a load balancer gave it. */
function eastWestGateway(network) {
  return {
    apiVersion: 'v1', kind: 'Service', metadata: { name: 'eastwest', namespace: 'istio-system', labels: { [NETWORK]: network } },
    spec: { type: 'LoadBalancer', selector: { app: 'eastwest' }, ports: [{ port: 15443, name: 'tls' }] },
    status: { loadBalancer: { ingress: [{ ip: '203.0.113.9' }] } },
  };
}
