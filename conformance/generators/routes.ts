// VirtualServices for sidecars: to subsets and other hosts, by port, weight, path and the caller's labels.
import fc from 'fast-check';
import { exportTo, maybe, namespace, objects, present, ruleHost, selector, servicePort, spelled, version } from './words';

const destination = fc.record({ host: ruleHost.filter((host) => !host.includes('*')), subset: maybe(version), port: maybe(servicePort.map((number) => ({ number })), 3) }).map(present);
const weighted = fc.oneof(
  destination.map((one) => [{ destination: one }]),
  fc.tuple(destination, destination, fc.constantFrom([100, 0], [50, 50]))
    .map(([one, other, [first, second]]) => [{ destination: one, weight: first }, { destination: other, weight: second }]),
);

const callers = fc.record({ port: maybe(servicePort), sourceLabels: maybe(selector, 4), sourceNamespace: maybe(namespace, 6) }).map(present);
const httpMatch = fc.record({ own: callers, uri: maybe(fc.constantFrom({ prefix: '/' }, { prefix: '/api' }, { exact: '/x' }, {})), headers: maybe(fc.constant({ end: { exact: 'user' } }), 5) })
  .map(({ own, uri, headers }) => present({ ...own, uri, headers }))
  .map((match) => (Object.keys(match).length === 0 ? { uri: { prefix: '/' } } : match));

const share = maybe(fc.constantFrom({ value: 50 }, { value: 0 }, { value: 0.5 }, {}));
const mirror = fc.record({ mirror: destination, mirrorPercentage: share, mirrorPercent: maybe(fc.constantFrom(0, 100), 4) }).map(present);
const mirrors = fc.array(fc.record({ destination, percentage: share }).map(present), { minLength: 1, maxLength: 2 });
const mirroring = fc.oneof(
  { weight: 12, arbitrary: fc.constant({}) },
  { weight: 2, arbitrary: mirror },
  { weight: 1, arbitrary: mirrors.map((all) => ({ mirrors: all })) },
);
const http = fc.array(fc.record({ match: maybe(fc.array(httpMatch, { minLength: 1, maxLength: 2 })), route: weighted, copies: mirroring })
  .map(({ copies, ...rule }) => present({ ...rule, ...copies })), { minLength: 1, maxLength: 3 });
const someCallers = callers.filter((match) => Object.keys(match).length > 0);
const tcpRule = fc.record({ match: maybe(fc.array(someCallers, { minLength: 1, maxLength: 2 })), route: weighted }).map(present);
const tcp = fc.array(tcpRule, { minLength: 1, maxLength: 2 });

/** TLS rules for server names among a route's hosts, or within its wildcards. */
function tlsRules(hosts: readonly string[]) {
  const names = hosts.filter((host) => host.includes('.') && host === host.toLowerCase()).flatMap((host) => (host.startsWith('*.') ? [host, host.replace('*', 'api'), host.replace('*', 'web.a')] : [host]));
  if (names.length === 0) return fc.constant(undefined);
  const sniHosts = fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 2 });
  const match = fc.record({ sniHosts, own: callers }).map(({ sniHosts: own, own: conditions }) => ({ sniHosts: own, ...conditions }));
  return fc.array(fc.record({ match: fc.array(match, { minLength: 1, maxLength: 2 }), route: weighted }), { minLength: 1, maxLength: 2 });
}

const route = fc.record({
  name: fc.constantFrom('v1', 'v2', 'v3'), ns: namespace, hosts: fc.uniqueArray(fc.tuple(ruleHost.filter((host) => host !== '*'), spelled).map(([host, spell]) => spell(host)), { minLength: 1, maxLength: 2 }),
  exportTo, gateways: maybe(fc.constantFrom(['mesh'], ['gw'], ['mesh', 'gw']), 5), rules: fc.record({ http: fc.option(http, { nil: undefined }), tcp: maybe(tcp, 2) }),
  hasTls: fc.integer({ max: 3, min: 0 }).map((number) => number === 0),
}).chain(({ hasTls, ...spec }) => (hasTls ? tlsRules(spec.hosts) : fc.constant(undefined)).map((tls) => ({ ...spec, tls })))
  .map(({ name, ns, rules, tls, ...spec }) => ({
    apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name, namespace: ns }, spec: present({ ...spec, ...present(rules), tls }),
  })).filter(({ spec }) => Boolean(spec.http || spec.tcp || spec.tls));

export const virtualServices = objects(route, 3);
