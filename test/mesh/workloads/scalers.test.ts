import { Inventory } from '../../../src/mesh/inventory/inventory';
import { KIND } from '../../../src/mesh/inventory/kinds';
import { Scalers } from '../../../src/mesh/workloads/scalers';

const object = (apiVersion: string, kind: string, name: string, spec: object = {}, metadata: object = {}) =>
  ({ apiVersion, kind, metadata: { name, namespace: 'shop', ...metadata }, spec });
const deployment = (metadata: object = {}) => object('apps/v1', 'Deployment', 'web', { replicas: 0, template: {} }, metadata);
const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };

function isScaled(workload: object, ...others: object[]): boolean {
  const objects = Inventory.of([workload, ...others]);
  return new Scalers(objects).scale(objects.of(KIND.Deployment)[0]);
}

test.each<[string, boolean, object]>([
  ['an autoscaler', true, object('autoscaling/v2', 'HorizontalPodAutoscaler', 'a', { scaleTargetRef: target })],
  ['one of an old version', true, object('autoscaling/v1', 'HorizontalPodAutoscaler', 'a', { scaleTargetRef: { ...target, apiVersion: 'apps/v1beta1' } })],
  ['one of another kind', false, object('autoscaling/v2', 'HorizontalPodAutoscaler', 'a', { scaleTargetRef: { ...target, kind: 'StatefulSet' } })],
  ['one of another group', false, object('autoscaling/v2', 'HorizontalPodAutoscaler', 'a', { scaleTargetRef: { ...target, apiVersion: 'argoproj.io/v1alpha1' } })],
  ['one without a target', false, object('autoscaling/v2', 'HorizontalPodAutoscaler', 'a')],
  ['KEDA', true, object('keda.sh/v1alpha1', 'ScaledObject', 'a', { scaleTargetRef: { name: 'web' } })],
  ['KEDA for another', false, object('keda.sh/v1alpha1', 'ScaledObject', 'a', { scaleTargetRef: { name: 'db' } })],
  ['KEDA for jobs', false, object('keda.sh/v1alpha1', 'ScaledJob', 'a', { scaleTargetRef: { name: 'web' } })],
  ['Knative', true, object('autoscaling.internal.knative.dev/v1alpha1', 'PodAutoscaler', 'a', { scaleTargetRef: target })],
  ['Flagger', true, object('flagger.app/v1beta1', 'Canary', 'a', { targetRef: target })],
  ['a Rollout', true, object('argoproj.io/v1alpha1', 'Rollout', 'a', { workloadRef: target })],
  ['a budget', false, object('policy/v1', 'PodDisruptionBudget', 'a', { targetRef: target })],
  ['another namespace', false, object('keda.sh/v1alpha1', 'ScaledObject', 'a', { scaleTargetRef: { name: 'web' } }, { namespace: 'other' })],
])('%s: %s', (_, expected, scaler) => {
  expect(isScaled(deployment(), scaler)).toBe(expected);
});

test('an object with an owner counts as scaled by its controller', () => {
  expect(isScaled(deployment({ ownerReferences: [{ apiVersion: 'serving.knative.dev/v1', kind: 'Revision', name: 'a', uid: 'a' }] }))).toBe(true);
  expect(isScaled(deployment({ ownerReferences: [] }))).toBe(false);
});
