import { deployment, mesh, meshConfig, namespace, service, workloadEntry } from '../../../support/meshes/mesh';

const ADDRESS = '10.130.0.1';
const SELECTORS = meshConfig({ discoverySelectors: [{ matchLabels: { read: 'true' } }] });
const read = (...names: string[]) => names.map((name) => namespace(name, { read: 'true' }));
const entry = (path: string, app: string, more = {}) => workloadEntry(path, { address: ADDRESS, labels: { app } }, more);
const tcp = (app: string, space = 'a') => service(`${space}/${app}`, ['tcp:80'], { selector: { app } });

/** The protocol of a pod's port 80, which a Service of the pod says is HTTP; then the others that are possible. */
function protocolOfPod(more: unknown[]): string {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'server', namespace: 'a', labels: { app: 'server' } }, spec: {}, status: { podIP: ADDRESS } };
  const whole = mesh([namespace('a', { 'istio-injection': 'enabled', 'read': 'true' }), pod, service('a/server', ['http:80']), more]);
  const { protocol, others = [], isByChance = false } = whole.dataPlanes.accept(whole.workloads[0], 80).protocol;
  return [protocol, ...others, ...isByChance ? ['by chance'] : []].join(' ');
}

describe('of a pod at whose address there is a WorkloadEntry, the protocol of a port is', () => {
  test.each<[string, string, unknown[]]>([
    ['that of the Services that select the WorkloadEntry', 'TCP', [entry('a/m', 'one'), tcp('one')]],
    ['not known, if no Service selects it', 'AUTO', [entry('a/m', 'other')]],
    ['that of the Services of its namespace', 'TCP', [read('b'), entry('b/m', 'one'), tcp('one', 'b')]],
    ['that of the pod\'s Services, if istiod doesn\'t read the WorkloadEntry', 'HTTP', [SELECTORS, namespace('b'), entry('b/m', 'one'), tcp('one', 'b')]],
    ['that of the pod\'s Services, if the WorkloadEntry is for another istiod', 'HTTP', [entry('a/m', 'one', { labels: { 'istio.io/rev': 'x' } }), tcp('one')]],
    ['either, if it isn\'t known whether istiod reads the WorkloadEntry', 'TCP HTTP', [SELECTORS, entry('b/m', 'one'), tcp('one', 'b')]],
    ['that of the pod\'s Services or not known', 'AUTO HTTP by chance', [SELECTORS, entry('b/m', 'other')]],
    ['that of the first one that istiod reads', 'TCP', [SELECTORS, read('c'), namespace('b'), entry('b/m', 'other'), entry('c/m', 'one'), tcp('one', 'c')]],
    ['that of the first one that it may read or of the first that it reads', 'AUTO TCP by chance', [SELECTORS, read('c'), entry('b/m', 'other'), entry('c/m', 'one'), tcp('one', 'c')]],
    ['that of the one in the pod\'s namespace', 'TCP', [read('A'), entry('A/m', 'other'), entry('a/m', 'one'), tcp('one')]],
    ['that of the one with the pod\'s name', 'TCP', [entry('a/m', 'other'), entry('a/server', 'one'), tcp('one')]],
    ['that of the first one by name, not of the oldest', 'TCP', [entry('a/n', 'other', { creationTimestamp: '2020-01-01T00:00:00Z' }), entry('a/m', 'one'), tcp('one')]],
    ['that of the first one by the text of its namespace and name', 'TCP', [read('b', 'b-c'), entry('b/m', 'other'), entry('b-c/m', 'one'), tcp('one', 'b-c')]],
  ])('%s: %s', (_, expected, more) => {
    expect(protocolOfPod(more)).toBe(expected);
  });

  test('that of the first one by name for a pod of a Deployment, though another one has the Deployment\'s name', () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'server-1', namespace: 'a', labels: { app: 'server' }, ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'server-rs' }] }, spec: {}, status: { podIP: ADDRESS } };
    const replicas = { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'server-rs', namespace: 'a', ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'server' }] }, spec: {} };
    const whole = mesh([namespace('a', { 'istio-injection': 'enabled' }), deployment('a/server'), replicas, pod, service('a/server', ['http:80']),
      entry('a/m', 'one'), entry('a/server', 'other'), tcp('one')]);
    expect(whole.workloads.map(({ name }) => [name, whole.dataPlanes.accept(whole.workloads[0], 80).protocol.protocol])).toEqual([['server', 'TCP']]);
  });
});
