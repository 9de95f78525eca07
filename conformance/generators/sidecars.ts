// Sidecars: what proxies see, what they let out, and what they listen on.
import fc from 'fast-check';
import { appName, containerPort, maybe, namespace, objects, present, selector, servicePort } from './words';

const host = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('./*', '*/*', 'istio-system/*', 'a/*', 'b/*', '~/*') },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom('*', '.', 'a', 'b'), appName, namespace).map(([from, app, ns]) => `${from}/${app}.${ns}.svc.cluster.local`) },
  { weight: 1, arbitrary: fc.constantFrom('*/*.b.svc.cluster.local', '*/*.example.com', '~a/*', '~*/api.a.svc.cluster.local') },
);
const hosts = fc.uniqueArray(host, { minLength: 1, maxLength: 3 });

/** A listener for one port, in the protocol of most of its services or not; rarely bound elsewhere than where calls are captured. */
const portListener = fc.record({
  number: servicePort, protocol: fc.oneof({ weight: 19, arbitrary: fc.constantFrom('HTTP', 'HTTP', 'HTTP', 'TCP', 'TCP', 'HTTPS', 'GRPC') }, { weight: 1, arbitrary: fc.constant('HTTP_PROXY') }), hosts,
  bind: maybe(fc.constantFrom('127.0.0.1', '0.0.0.0'), 20), captureMode: maybe(fc.constantFrom('DEFAULT', 'IPTABLES', 'NONE'), 8),
}).map(({ number, protocol, ...rest }) => present({ port: { number, protocol, name: `out-${number}` }, ...rest }));
const listeners = fc.tuple(fc.uniqueArray(portListener, { minLength: 1, maxLength: 2, selector: ({ port }) => port.number }), maybe(hosts))
  .map(([ported, others]) => [...ported, ...others ? [{ hosts: others }] : []]);
const egress = fc.oneof({ weight: 3, arbitrary: hosts.map((own) => [{ hosts: own }]) }, { weight: 1, arbitrary: listeners });
/** Its own TLS, which istiod ignores unless a flag says otherwise. */
const tls = { mode: 'SIMPLE', serverCertificate: '/etc/certs/cert.pem', privateKey: '/etc/certs/key.pem' };

const ingress = fc.record({ number: containerPort, protocol: fc.constantFrom('HTTP', 'TCP', 'HTTPS', 'REDIS'), ends: fc.boolean() })
  .map(({ ends, ...port }) => [present({ port: { ...port, name: 'in' }, defaultEndpoint: '127.0.0.1:7000', tls: ends && port.protocol === 'HTTPS' ? tls : undefined })]);

const sidecar = fc.record({
  name: fc.constantFrom('s1', 's2'), ns: namespace, workloadSelector: maybe(selector.map((labels) => ({ labels }))), egress: fc.option(egress, { nil: undefined, freq: 6 }),
  ingress: maybe(ingress, 5), outboundTrafficPolicy: maybe(fc.constantFrom({ mode: 'REGISTRY_ONLY' }, { mode: 'ALLOW_ANY' }, {}), 3),
}).map(({ name, ns, ...spec }) => ({ apiVersion: 'networking.istio.io/v1', kind: 'Sidecar', metadata: { name, namespace: ns }, spec: present(spec) }))
  .filter(({ spec: { workloadSelector: _, ...said } }) => Object.keys(said).length > 0);

export const sidecars = objects(sidecar, 2);
