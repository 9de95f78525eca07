// VirtualServices for sidecars: to subsets and other hosts, by port, weight, path and the caller's labels.
import fc from 'fast-check';
import { exportTo, maybe, namespace, objects, present, ruleHost, selector, servicePort, version } from './words.mjs';

const destination = fc.record({ host: ruleHost.filter((host) => !host.includes('*')), subset: maybe(version), port: maybe(servicePort.map((number) => ({ number })), 3) }).map(present);
const weighted = fc.oneof(
  destination.map((one) => [{ destination: one }]),
  fc.tuple(destination, destination, fc.constantFrom([100, 0], [50, 50])).map(([one, other, [first, second]]) => [{ destination: one, weight: first }, { destination: other, weight: second }]),
);

const callers = fc.record({ port: maybe(servicePort), sourceLabels: maybe(selector, 4), sourceNamespace: maybe(namespace, 6) }).map(present);
const httpMatch = fc.record({ own: callers, uri: maybe(fc.constantFrom({ prefix: '/' }, { prefix: '/api' }, { exact: '/x' })), headers: maybe(fc.constant({ end: { exact: 'user' } }), 5) })
  .map(({ own, uri, headers }) => present({ ...own, uri, headers }))
  .map((match) => (Object.keys(match).length === 0 ? { uri: { prefix: '/' } } : match));

const http = fc.array(fc.record({ match: maybe(fc.array(httpMatch, { minLength: 1, maxLength: 2 })), route: weighted }).map(present), { minLength: 1, maxLength: 3 });
const tcp = fc.array(fc.record({ match: maybe(fc.array(callers.filter((match) => Object.keys(match).length > 0), { minLength: 1, maxLength: 2 })), route: weighted }).map(present), { minLength: 1, maxLength: 2 });

const route = fc.record({
  name: fc.constantFrom('v1', 'v2', 'v3'), ns: namespace, hosts: fc.uniqueArray(ruleHost.filter((host) => host !== '*'), { minLength: 1, maxLength: 2 }),
  exportTo, gateways: maybe(fc.constantFrom(['mesh'], ['gw'], ['mesh', 'gw']), 5), rules: fc.record({ http: fc.option(http, { nil: undefined }), tcp: maybe(tcp, 2) }),
  tls: maybe(fc.constant(true), 4), tlsRoute: weighted,
}).map(({ name, ns, rules, tls, tlsRoute, ...spec }) => ({
  apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name, namespace: ns },
  spec: present({ ...spec, ...present(rules), tls: tls && spec.hosts.some((host) => host.includes('.')) ? [{ match: [{ sniHosts: spec.hosts.filter((host) => host.includes('.')) }], route: tlsRoute }] : undefined }),
})).filter(({ spec }) => spec.http || spec.tcp || spec.tls);

export const virtualServices = objects(route, 3);
