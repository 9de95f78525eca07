// Many matches, routes, hosts and destinations: what VirtualServices and Gateways say.
import { address, documents, deployment, namespace, object, service, SHOP, times } from '../objects.mjs';

const HOST = 'web.shop.svc.cluster.local';
const TO_WEB = [{ destination: { host: HOST } }];
const virtualService = (name, spec, meta) => object('VirtualService', name, { hosts: [HOST], ...spec }, meta);
const gateway = (name, servers) => object('Gateway', name, { selector: { istio: 'ingressgateway' }, servers });
const tcpService = (name, port, protocol) => service(name, { ports: [{ name: protocol, port, targetPort: 8080 }] });

export const ROUTES = [
  { name: 'routes of a VirtualService, each with a prefix', make: (n) => documents(SHOP, virtualService('v', { http: times(n, (index) => ({ match: [{ uri: { prefix: `/a${index}/` } }], route: TO_WEB })) })) },
  { name: 'routes of a VirtualService, each with the next longer prefix', make: (n) => documents(SHOP, virtualService('v', { http: times(n, (index) => ({ match: [{ uri: { prefix: `/${'a'.repeat(index % 60)}` }, headers: { x: { exact: `${index}` } } }], route: TO_WEB })) })) },
  { name: 'matches of one route', make: (n) => documents(SHOP, virtualService('v', { http: [{ match: times(n, (index) => ({ uri: { prefix: `/a${index}/` } })), route: TO_WEB }] })) },
  { name: 'matches of one route, half of them covered by each of the others', make: (n) => documents(SHOP, virtualService('v', { http: [{ match: times(n, (index) => ({ uri: { prefix: index < n / 2 ? '/a' : '/ab' }, sourceLabels: { app: `a${index}` } })), route: TO_WEB }] })) },
  { name: 'matches by labels of clients', make: (n) => documents(SHOP, virtualService('v', { http: [{ match: times(n, (index) => ({ sourceLabels: { app: `a${index}` } })), route: TO_WEB }] }), times(n, (index) => deployment(`c${index}`))) },
  { name: 'matches by namespaces of clients', make: (n) => documents(SHOP, virtualService('v', { http: [{ match: times(n, (index) => ({ sourceNamespace: `ns-${index}` })), route: TO_WEB }] }), times(n, (index) => [namespace(`ns-${index}`), deployment('c', {}, { namespace: `ns-${index}` })])) },
  { name: 'matches by headers, in one match', make: (n) => documents(SHOP, virtualService('v', { http: [{ match: [{ headers: Object.fromEntries(times(n, (index) => [`x-${index}`, { exact: 'a' }])) }], route: TO_WEB }] })) },
  { name: 'destinations of one route', make: (n) => documents(SHOP, virtualService('v', { http: [{ route: times(n, (index) => ({ destination: { host: HOST, subset: `v${index}` }, weight: 1 })) }] })) },
  { name: 'hosts of a VirtualService', make: (n) => documents(SHOP, virtualService('v', { hosts: [HOST, ...times(n, (index) => `h${index}.example.com`)], http: [{ route: TO_WEB }] })) },
  { name: 'VirtualServices of one host', make: (n) => documents(SHOP, times(n, (index) => virtualService(`v${index}`, { http: [{ match: [{ uri: { prefix: `/a${index}/` } }], route: TO_WEB }] }))) },
  { name: 'VirtualServices to unknown hosts', make: (n) => documents(SHOP, times(n, (index) => [service(`s${index}`), virtualService(`v${index}`, { hosts: [`s${index}.shop.svc.cluster.local`], http: [{ route: [{ destination: { host: `t${index}` } }] }] })])) },
  { name: 'VirtualServices to undefined subsets', make: (n) => documents(SHOP, object('DestinationRule', 'r', { host: HOST, subsets: times(n, (index) => ({ name: `v${index}`, labels: { version: `${index}` } })) }),
    times(n, (index) => virtualService(`v${index}`, { hosts: [`h${index}.example.com`], http: [{ route: [{ destination: { host: HOST, subset: `w${index}` } }] }] }))) },
  { name: 'tls routes', make: (n) => documents(namespace(), tcpService('web', 443, 'tls'), deployment('web'), deployment('client'),
    virtualService('v', { hosts: [HOST, ...times(n, (index) => `h${index}.example.com`)], tls: times(n, (index) => ({ match: [{ port: 443, sniHosts: [`h${index}.example.com`] }], route: TO_WEB })) })) },
  { name: 'tcp routes', make: (n) => documents(namespace(), tcpService('web', 9000, 'tcp'), deployment('web'), deployment('client'),
    virtualService('v', { tcp: times(n, (index) => ({ match: [{ destinationSubnets: [address(index)] }], route: TO_WEB })) })) },
  { name: 'servers of a Gateway, all of one name', make: (n) => documents(SHOP, gateway('g', times(n, (index) => ({ port: { number: (index % 60000) + 1, name: 'http', protocol: 'HTTP' }, hosts: [`h${index}.example.com`] })))) },
  { name: 'hosts of a Gateway', make: (n) => documents(SHOP, gateway('g', [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: times(n, (index) => `h${index}.example.com`) }])) },
];
