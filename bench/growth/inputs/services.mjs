// Many services, hosts, endpoints and addresses: what calls lead to.
import { address, deployment, documents, namespace, object, service, SHOP, times } from '../objects.mjs';

const HTTP = [{ name: 'http', number: 80, protocol: 'HTTP' }];
const serviceEntry = (name, spec, meta) => object('ServiceEntry', name, { ports: HTTP, resolution: 'STATIC', location: 'MESH_INTERNAL', ...spec }, meta);
const externalName = (name, to) => object('Service', name, { type: 'ExternalName', externalName: `${to}.shop.svc.cluster.local`, ports: [{ name: 'http', port: 80 }] });
const endpoints = (n) => times(n, (index) => ({ address: address(index) }));
const hosts = (n, first = 0) => times(n, (index) => `h${first + index}.example.com`);
const ports = (n) => times(n, (index) => ({ name: `http-${index}`, number: index + 1, protocol: 'HTTP' }));
/** How many the API server lets one ServiceEntry have. */
const [HOSTS, ENDPOINTS] = [256, 4096];
/** As few ServiceEntries as hold `n` of something. */
const entries = (n, most, specOf, name = 'e') => times(Math.ceil(n / most), (index) => serviceEntry(`${name}${index}`, specOf(index * most, Math.min(most, n - index * most))));
/** How many the API server lets one EndpointSlice have. */
const LISTED = 1000;
/** As few EndpointSlices as list `n` pods. */
const slices = (n, service, namespace) => times(Math.ceil(n / LISTED), (index) => object('EndpointSlice', `s${index}`, undefined, {
  labels: { 'kubernetes.io/service-name': service },
  addressType: 'IPv4',
  ports: [{ name: 'tcp', port: 9000 }],
  endpoints: times(Math.min(LISTED, n - index * LISTED), (listed) => index * LISTED + listed).map((pod) => ({ addresses: [address(pod)], targetRef: { kind: 'Pod', namespace, name: `p${pod}` } })),
}));

export const SERVICES = [
  { name: 'ExternalName Services in a circle', make: (n) => documents(SHOP, times(n, (index) => externalName(`e${index}`, `e${(index + 1) % n}`))) },
  { name: 'a long row of ExternalName Services', make: (n) => documents(SHOP, times(n, (index) => externalName(`e${index}`, index === 0 ? 'web' : `e${index - 1}`))) },
  { name: 'hosts of ServiceEntries', make: (n) => documents(SHOP, entries(n, HOSTS, (first, count) => ({ hosts: hosts(count, first), endpoints: endpoints(1) }))) },
  { name: 'hosts and endpoints of ServiceEntries', make: (n) => documents(SHOP, entries(n, ENDPOINTS, (first, count) => ({ hosts: hosts(Math.min(count, HOSTS), first), endpoints: endpoints(count) }))) },
  { name: 'hosts and endpoints of ServiceEntries, all different', make: (n) => documents(SHOP, entries(n, ENDPOINTS, (first, count) => ({ hosts: hosts(Math.min(count, HOSTS), first), endpoints: endpoints(count).map((one, index) => ({ ...one, serviceAccount: `s${index}`, labels: { version: `v${index}` } })) }))) },
  { name: 'addresses and endpoints of ServiceEntries', make: (n) => documents(SHOP, entries(n, HOSTS, (first, count) => ({ hosts: [`h${first}.example.com`], addresses: times(count, address), endpoints: endpoints(count), ports: [{ name: 'tcp', number: 9000, protocol: 'TCP' }] }))) },
  { name: 'hosts and ports of ServiceEntries', make: (n) => documents(SHOP, entries(n, HOSTS, (first, count) => ({ hosts: hosts(count, first), ports: ports(count), endpoints: endpoints(1) }))) },
  { name: 'ports and endpoints of ServiceEntries', make: (n) => documents(SHOP, entries(n, ENDPOINTS, (first, count) => ({ hosts: [`h${first}.example.com`], ports: ports(Math.min(count, HOSTS)), endpoints: endpoints(count) }))) },
  { name: 'ServiceEntries of one host', make: (n) => documents(SHOP, times(n, (index) => serviceEntry(`e${index}`, { hosts: hosts(1), endpoints: [{ address: address(index) }] }))) },
  { name: 'ServiceEntries of one host in many namespaces', make: (n) => documents(SHOP, times(n, (index) => [namespace(`ns-${index}`), serviceEntry('e', { hosts: hosts(1), endpoints: [{ address: address(index) }] }, { namespace: `ns-${index}` })])) },
  { name: 'ServiceEntries of one address', make: (n) => documents(SHOP, times(n, (index) => serviceEntry(`e${index}`, { hosts: [`h${index}.example.com`], addresses: ['10.0.0.1'], endpoints: endpoints(1), ports: [{ name: 'tcp', number: 9000, protocol: 'TCP' }] }))) },
  { name: 'ServiceEntries without addresses, and Services of their port in namespaces of their own', make: (n) => documents(SHOP, times(n, (index) => [
    serviceEntry(`e${index}`, { hosts: [`h${index}.example.com`], resolution: 'DNS', ports: [{ name: 'tls', number: 443, protocol: 'TLS' }] }),
    service(`s${index}`, { ports: [{ name: 'https', port: 443, targetPort: 8080 }] }), namespace(`ns-${index}`), deployment('client', {}, { namespace: `ns-${index}` }),
  ])) },
  { name: 'ServiceEntries without addresses, and Sidecars that import them beside Services of their own', make: (n) => documents(SHOP, times(n, (index) => [
    serviceEntry(`e${index}`, { hosts: [`h${index}.example.com`], resolution: 'DNS', ports: [{ name: 'tls', number: 443, protocol: 'TLS' }] }),
    namespace(`ns-${index}`), deployment('web', {}, { namespace: `ns-${index}` }), service('web', { ports: [{ name: 'https', port: 443 }] }, { namespace: `ns-${index}` }),
    object('Sidecar', 'default', { egress: [{ hosts: ['./*', 'shop/*'] }] }, { namespace: `ns-${index}` }),
  ])) },
  { name: 'ServiceEntries without addresses, with TLS routes each', make: (n) => documents(SHOP, times(n, (index) => {
    const host = `h${index}.example.com`;
    return [serviceEntry(`e${index}`, { hosts: [host], resolution: 'DNS', ports: [{ name: 'tls', number: 443, protocol: 'TLS' }] }),
      object('VirtualService', `v${index}`, { hosts: [host], tls: [{ match: [{ port: 443, sniHosts: [host] }], route: [{ destination: { host } }] }] })];
  })) },
  { name: 'ServiceEntries for wildcards', make: (n) => documents(SHOP, times(n, (index) => serviceEntry(`e${index}`, { hosts: [`*.n${index}.example.com`], resolution: 'NONE' }))) },
  { name: 'WorkloadEntries of one ServiceEntry', make: (n) => documents(SHOP, serviceEntry('e', { hosts: hosts(1), workloadSelector: { labels: { app: 'vm' } } }), times(n, (index) => object('WorkloadEntry', `w${index}`, { address: address(index), labels: { app: 'vm' } }))) },
  { name: 'WorkloadEntries and ServiceEntries, all of one selector', make: (n) => documents(SHOP, times(n, (index) => [serviceEntry(`e${index}`, { hosts: [`h${index}.example.com`], workloadSelector: { labels: { app: 'vm' } } }), object('WorkloadEntry', `w${index}`, { address: address(index), labels: { app: 'vm' } })])) },
  { name: 'Services of one workload', make: (n) => documents(SHOP, times(n, (index) => service(`s${index}`, { app: 'web' }))) },
  { name: 'Services and workloads, all of one selector', make: (n) => documents(namespace(), times(n, (index) => [service(`s${index}`, { app: 'web' }), deployment(`d${index}`, { app: 'web' })])) },
  { name: 'Services whose selectors differ in their second label, with a workload each', make: (n) => documents(namespace(), times(n, (index) => [object('Service', `s${index}`, { selector: { part: 'shop', app: `s${index}` }, ports: [{ name: 'http', port: 80 }] }), deployment(`s${index}`, { labels: { part: 'shop' } })])) },
  { name: 'headless Services of one workload', make: (n) => documents(SHOP, times(n, (index) => service(`s${index}`, { app: 'web', clusterIP: 'None', ports: [{ name: 'tcp', port: 9000 }] }))) },
  { name: 'workloads of a headless Service', make: (n) => documents(namespace(), service('web', { clusterIP: 'None', ports: [{ name: 'tcp', port: 9000 }] }), times(n, (index) => deployment(`d${index}`, { app: 'web' }))) },
  { name: 'workloads of one Service, in a namespace whose labels nobody shows', make: (n) => documents(service('web'), times(n, (index) => deployment(`d${index}`, { app: 'web' }))) },
  { name: 'EndpointSlices of one Service', make: (n) => documents(SHOP, service('bare', { app: '' }), times(n, (index) => object('EndpointSlice', `s${index}`, undefined, { labels: { 'kubernetes.io/service-name': 'bare' }, addressType: 'IPv4', ports: [{ name: 'http', port: 80 }], endpoints: [{ addresses: [address(index)] }] }))) },
  { name: 'pods of a namespace whose labels nobody shows, listed for a headless Service', make: (n) => documents(
    object('ConfigMap', 'istio', undefined, { namespace: 'istio-system', data: { mesh: '{"discoverySelectors": [{"matchLabels": {"read": "yes"}}]}' } }),
    namespace('shop', { 'istio-injection': 'enabled', 'read': 'yes' }), deployment('client'), service('peers', { app: '', clusterIP: 'None', ports: [{ name: 'tcp', port: 9000 }] }),
    times(n, (index) => object('Pod', `p${index}`, { containers: [{ name: 'app', image: 'app' }] }, { namespace: 'unknown', labels: { app: 'peer' }, status: { podIP: address(index) } })),
    slices(n, 'peers', 'unknown'),
  ) },
  { name: 'addresses of an EndpointSlice, and ports', make: (n) => documents(SHOP, service('bare', { app: '', ports: times(n, (index) => ({ name: `http-${index}`, port: index + 1 })) }), object('EndpointSlice', 's', undefined, { labels: { 'kubernetes.io/service-name': 'bare' }, addressType: 'IPv4', ports: times(n, (index) => ({ name: `http-${index}`, port: index + 1 })), endpoints: [{ addresses: times(n, address) }] })) },
  { name: 'services in namespaces of their own', make: (n) => documents(times(n, (index) => [namespace(`ns-${index}`), service('s', {}, { namespace: `ns-${index}` }), deployment('s', {}, { namespace: `ns-${index}` })])) },
  { name: 'services exported to one namespace each', make: (n) => documents(times(n, (index) => [namespace(`ns-${index}`), service('s', {}, { namespace: `ns-${index}`, annotations: { 'networking.istio.io/exportTo': `ns-${(index + 1) % n}` } }), deployment('s', {}, { namespace: `ns-${index}` })])) },
];
