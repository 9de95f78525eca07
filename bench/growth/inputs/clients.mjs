// Many DestinationRules, subsets, ports, and Sidecars: what clients go by.
import { address, deployment, documents, namespace, object, service, SHOP, times } from '../objects.mjs';

const HOST = 'web.shop.svc.cluster.local';
const rule = (name, spec, meta) => object('DestinationRule', name, { host: HOST, ...spec }, meta);
const subset = (index, more) => ({ name: `v${index}`, labels: { version: `v${index}` }, ...more });
const serviceEntry = (name, spec, meta) => object('ServiceEntry', name, { ports: [{ name: 'http', number: 80, protocol: 'HTTP' }], resolution: 'STATIC', ...spec }, meta);

export const CLIENTS = [
  { name: 'DestinationRules of one host, each with a subset', make: (n) => documents(SHOP, times(n, (index) => rule(`r${index}`, { subsets: [subset(index)] }))) },
  { name: 'DestinationRules of one host, each with a policy', make: (n) => documents(SHOP, times(n, (index) => rule(`r${index}`, { trafficPolicy: { tls: { mode: 'DISABLE' } } }))) },
  { name: 'DestinationRules of one host, each exported elsewhere', make: (n) => documents(SHOP, times(n, (index) => rule(`r${index}`, { exportTo: [`ns-${index}`], subsets: [subset(index)] }))) },
  { name: 'DestinationRules of one host, each for other workloads', make: (n) => documents(SHOP, times(n, (index) => rule(`r${index}`, { workloadSelector: { matchLabels: { app: `a${index}` } }, subsets: [subset(index)] }))) },
  { name: 'DestinationRules of one host, alternately exported', make: (n) => documents(SHOP, times(n, (index) => rule(`r${index}`, { exportTo: index % 2 ? ['.'] : ['*'], subsets: [subset(index)] }))) },
  { name: 'DestinationRules of many namespaces for one host', make: (n) => documents(SHOP, times(n, (index) => [namespace(`ns-${index}`), rule('r', { subsets: [subset(index)] }, { namespace: `ns-${index}` })])) },
  { name: 'subsets of one DestinationRule', make: (n) => documents(SHOP, rule('r', { subsets: times(n, (index) => subset(index, { trafficPolicy: { tls: { mode: 'DISABLE' } } })) })) },
  { name: 'subsets, and routes to each', make: (n) => documents(SHOP, rule('r', { subsets: times(n, (index) => subset(index)) }),
    object('VirtualService', 'v', { hosts: [HOST], http: times(n, (index) => ({ match: [{ uri: { prefix: `/a${index}/` } }], route: [{ destination: { host: HOST, subset: `v${index}` } }] })) })) },
  { name: 'ports of a Service, its pod and its DestinationRule', make: (n) => {
    const ports = times(n, (index) => index + 1);
    return documents(namespace(), service('web', { ports: ports.map((port) => ({ name: `http-${port}`, port, targetPort: `p${port}` })) }),
      deployment('web', { containers: [{ name: 'app', image: 'app', ports: ports.map((port) => ({ name: `p${port}`, containerPort: port })) }] }), deployment('client'),
      rule('r', { trafficPolicy: { portLevelSettings: ports.map((number) => ({ port: { number }, tls: { mode: 'DISABLE' } })) } }));
  } },
  { name: 'exportTo of one DestinationRule', make: (n) => documents(SHOP, rule('r', { exportTo: times(n, (index) => `ns-${index}`) })) },
  { name: 'Sidecars and workloads', make: (n) => documents(namespace(), service('web'), times(n, (index) => [deployment(`w${index}`),
    object('Sidecar', `s${index}`, { workloadSelector: { labels: { app: `w${index}` } }, egress: [{ hosts: ['./*'] }] })])) },
  {
    name: 'an egress listener with a port, and services', make: (n) => documents(namespace(), deployment('client'), times(n, (index) => service(`s${index}`)),
      object('Sidecar', 'default', { egress: [{ port: { number: 80, protocol: 'TCP', name: 'tcp' }, hosts: ['./*'] }, { hosts: ['./*'] }] })),
  },
  { name: 'egress hosts of a Sidecar, and services', make: (n) => documents(namespace(), deployment('client'), times(n, (index) => service(`s${index}`)),
    object('Sidecar', 'default', { egress: [{ hosts: times(n, (index) => `shop/s${index}.shop.svc.cluster.local`) }] })) },
  { name: 'egress wildcards of a Sidecar, and ServiceEntries', make: (n) => documents(namespace(), deployment('client'),
    times(n, (index) => serviceEntry(`e${index}`, { hosts: [`a.s${index}.example.com`], addresses: [`${address(index)}`], endpoints: [{ address: '1.1.1.1' }] })),
    object('Sidecar', 'default', { egress: [{ hosts: times(n, (index) => `*/*.s${index}.example.com`) }] })) },
];
