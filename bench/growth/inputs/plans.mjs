// What `istio-mtls plan` could be stalled by: many objects of a kind that change at once, each with the other state to start from.
import { deployment, documents, namespace, object, service, times } from '../objects.mjs';

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

export const PLANS = [
  { name: 'plan, namespaces that join the mesh', ...PLAN, before: joining(false), make: joining(true) },
  { name: 'plan, namespaces whose labels alone change', ...PLAN, before: spaces((index) => space(index, {})), make: spaces((index) => space(index, INJECTED)) },
];
