import { Inventory } from '../../../src/mesh/inventory/inventory';
import { KIND } from '../../../src/mesh/inventory/kinds';
import { idleIn } from '../../../src/mesh/workloads/scalers';

const object = (apiVersion: string, kind: string, name: string, spec: object = {}, metadata: object = {}) =>
  ({ apiVersion, kind, metadata: { name, namespace: 'shop', ...metadata }, spec });
const deployment = (metadata: object = {}) => object('apps/v1', 'Deployment', 'web', { replicas: 0, template: {} }, metadata);
const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };

function isScaled(workload: object, ...others: object[]): boolean {
  const objects = Inventory.of([workload, ...others]);
  return idleIn(objects.of(KIND.Deployment).map((one) => ({ object: one })), objects).length === 0;
}

test.each<[string, boolean, object]>([
  ['a HorizontalPodAutoscaler', true, object('autoscaling/v2', 'HorizontalPodAutoscaler', 'a', { scaleTargetRef: target })],
  ['a HorizontalPodAutoscaler of an old version', true, object('autoscaling/v1', 'HorizontalPodAutoscaler', 'a', { scaleTargetRef: { ...target, apiVersion: 'apps/v1beta1' } })],
  ['a HorizontalPodAutoscaler for another kind', false, object('autoscaling/v2', 'HorizontalPodAutoscaler', 'a', { scaleTargetRef: { ...target, kind: 'StatefulSet' } })],
  ['a HorizontalPodAutoscaler for another API group', false, object('autoscaling/v2', 'HorizontalPodAutoscaler', 'a', { scaleTargetRef: { ...target, apiVersion: 'argoproj.io/v1alpha1' } })],
  ['a HorizontalPodAutoscaler without a target', false, object('autoscaling/v2', 'HorizontalPodAutoscaler', 'a')],
  ['a ScaledObject of KEDA', true, object('keda.sh/v1alpha1', 'ScaledObject', 'a', { scaleTargetRef: { name: 'web' } })],
  ['a ScaledObject of KEDA for another workload', false, object('keda.sh/v1alpha1', 'ScaledObject', 'a', { scaleTargetRef: { name: 'db' } })],
  ['a ScaledJob of KEDA', false, object('keda.sh/v1alpha1', 'ScaledJob', 'a', { scaleTargetRef: { name: 'web' } })],
  ['a PodAutoscaler of Knative', true, object('autoscaling.internal.knative.dev/v1alpha1', 'PodAutoscaler', 'a', { scaleTargetRef: target })],
  ['a Canary of Flagger', true, object('flagger.app/v1beta1', 'Canary', 'a', { targetRef: target })],
  ['a Rollout', true, object('argoproj.io/v1alpha1', 'Rollout', 'a', { workloadRef: target })],
  ['a PodDisruptionBudget', false, object('policy/v1', 'PodDisruptionBudget', 'a', { targetRef: target })],
  ['a scaler in another namespace', false, object('keda.sh/v1alpha1', 'ScaledObject', 'a', { scaleTargetRef: { name: 'web' } }, { namespace: 'other' })],
])('%s scales the workload: %s', (_, expected, scaler) => {
  expect(isScaled(deployment(), scaler)).toBe(expected);
});

test('an object with an owner counts as scaled by its controller', () => {
  expect(isScaled(deployment({ ownerReferences: [{ apiVersion: 'serving.knative.dev/v1', kind: 'Revision', name: 'a', uid: 'a' }] }))).toBe(true);
  expect(isScaled(deployment({ ownerReferences: [] }))).toBe(false);
});
