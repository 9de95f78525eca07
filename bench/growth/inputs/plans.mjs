// What `istio-mtls plan` could be stalled by: many objects of a kind that change at once, each with the other state to start from.
import { deployment, documents, namespace, object, service, times, yaml } from '../objects.mjs';

/** Searches try each change after those before it, which is a little more than linear. */
const PLAN = { args: ['plan'], from: 4, most: 1.4 };

const here = (index) => ({ namespace: `n${index}` });
const INJECTED = { 'istio-injection': 'enabled' };

/** A namespace with two servers of a Service, and two other workloads. */
function space(index, labels, port = { name: 'http', port: 80, targetPort: 8080 }) {
  const pods = ['web', 'more', 'job', 'cron'].map((name) => deployment(name, { app: name === 'more' ? 'web' : name }, here(index)));
  return [namespace(`n${index}`, labels), ...pods, service('web', { ports: [port] }, here(index))];
}

const spaces = (make) => (n) => documents(times(n, make));

/** Labels of the Namespace and of its pods, a policy and a rule in each of the namespaces that join the mesh. */
function joining(isIn) {
  return spaces((index) => [
    ...space(index, isIn ? INJECTED : {}),
    object('DestinationRule', 'web', { host: 'web', trafficPolicy: { tls: { mode: isIn ? 'ISTIO_MUTUAL' : 'DISABLE' } } }, here(index)),
    ...isIn ? [object('PeerAuthentication', 'default', { mtls: { mode: 'STRICT' } }, here(index))] : [],
  ]);
}

const strict = (index) => object('PeerAuthentication', 'default', { mtls: { mode: 'STRICT' } }, here(index));

/** Of which istiod reads those of team x. */
const SELECTING = yaml({
  apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'istio-system', name: 'istio' }, data: { mesh: 'discoverySelectors: [{matchLabels: {team: x}}]\n' },
});

function discovered(team, mode) {
  const make = spaces((index) => space(index, { ...INJECTED, team }));
  const ofMesh = [namespace('istio-system', { team: 'x' }), object('PeerAuthentication', 'default', { mtls: { mode } }, { namespace: 'istio-system' })];
  return (n) => documents(SELECTING, ofMesh, make(n));
}

/** A Service of another protocol in each namespace. */
function speaking(name) {
  return spaces((index) => [...space(index, INJECTED, { name, port: 80, targetPort: 8080 }), strict(index)]);
}

/** A Sidecar in each namespace that imports some hosts, and listens itself. */
const importing = (hosts) => spaces((index) => [...space(index, INJECTED), strict(index), object('Sidecar', 'default', {
  egress: [{ hosts }], ingress: [{ port: { number: 8080, protocol: 'HTTP', name: 'http' }, defaultEndpoint: '127.0.0.1:8080' }],
}, here(index))]);

/** A Service and the Sidecar of its servers, which must not take a protocol before clients send it. */
const following = (protocol) => spaces((index) => [
  ...space(index, INJECTED, { name: protocol, port: 80, targetPort: 8080 }), strict(index),
  object('Sidecar', 'default', {
    ingress: [{ port: { number: 8080, protocol: protocol.toUpperCase(), name: protocol }, defaultEndpoint: '127.0.0.1:8080' }],
  }, here(index)),
]);

export const JOINING = { name: 'plan, namespaces that join the mesh', ...PLAN, before: joining(false), make: joining(true) };

export const PLANS = [
  JOINING,
  { name: 'plan, namespaces whose labels alone change', ...PLAN, before: spaces((index) => space(index, {})), make: spaces((index) => space(index, INJECTED)) },
  { name: 'plan, Services whose protocols change', ...PLAN, before: speaking('tcp'), make: speaking('web') },
  { name: 'plan, Sidecars that import more', ...PLAN, before: importing(['./*', 'istio-system/*']), make: importing(['./*', '*/*']) },
  { name: 'plan, Sidecars that follow their Services', ...PLAN, before: following('tcp'), make: following('http') },
  { name: 'plan, namespaces that discoverySelectors come to cover', ...PLAN, before: discovered('y', 'PERMISSIVE'), make: discovered('x', 'STRICT') },
];
