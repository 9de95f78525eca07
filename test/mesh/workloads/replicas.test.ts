import { readObject } from '../../../src/mesh/inventory/object';
import { mayDeclarePeers, mayRunSeveralPods, replicasOf } from '../../../src/mesh/workloads/replicas';

const workload = (kind: string, spec: object = {}) => (
  readObject({ apiVersion: kind === 'Pod' ? 'v1' : kind.endsWith('Job') ? 'batch/v1' : 'apps/v1', kind, metadata: { name: 'x', namespace: 'a' }, spec })!);

test('a workload\'s number of pods is its replicas, and a Job\'s its parallelism', () => {
  expect([replicasOf(workload('Deployment', { replicas: 3 })), replicasOf(workload('Job', { parallelism: 2, replicas: 3 })), replicasOf(workload('Deployment'))]).toEqual([3, 2, undefined]);
});

test.each<[string, object, boolean, boolean]>([
  ['Deployment', {}, false, true],
  ['Deployment', { replicas: 1 }, false, false],
  ['Deployment', { replicas: 0 }, false, false],
  ['Deployment', { replicas: 2 }, true, true],
  ['StatefulSet', {}, true, true],
  ['StatefulSet', { replicas: 1 }, false, false],
  ['DaemonSet', {}, true, true],
  ['Job', { parallelism: 1 }, false, false],
  ['Pod', {}, false, false],
  ['CronJob', {}, false, false],
])('a %s with %j may run several pods: %s, or if it declares a call to itself: %s', (kind, spec, several, declared) => {
  const object = workload(kind, spec);
  expect([mayRunSeveralPods(object), mayDeclarePeers(object)]).toEqual([several, declared]);
});
