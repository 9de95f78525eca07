import { goesByGiven, isGiven, isOfSinglePods } from '../../../src/mesh/names/labels';

test.each([
  'pod-template-hash', 'pod-template-generation', 'controller-revision-hash', 'controller-uid', 'job-name', 'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index', 'batch.kubernetes.io/job-name', 'kubernetes.io/hostname', 'topology.kubernetes.io/zone', 'topology.istio.io/cluster',
])('the label %s is added to single pods', (label) => {
  expect([isOfSinglePods(label), isGiven(label)]).toEqual([true, true]);
});

test.each(['service.istio.io/canonical-name', 'security.istio.io/tlsMode', 'networking.istio.io/tunnel', 'istio.io/rev'])('the label %s is added to all pods of a workload', (label) => {
  expect([isOfSinglePods(label), isGiven(label)]).toEqual([false, true]);
});

test.each(['app', 'version', 'app.kubernetes.io/name', 'my-pod-template-hash', 'job-names', 'kubernetes.io/hostname/x', 'topology', 'sidecar.istio.io/inject', ''])('the label %j isn\'t added by Kubernetes or Istio', (label) => {
  expect([isOfSinglePods(label), isGiven(label)]).toEqual([false, false]);
});

test('a selector depends on added labels if one of its labels is added', () => {
  expect([goesByGiven({ 'app': 'x', 'job-name': 'y' }), goesByGiven({ app: 'x' }), goesByGiven({}), goesByGiven()]).toEqual([true, false, false, false]);
});
