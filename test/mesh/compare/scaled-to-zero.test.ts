import { objectChanges } from '../../../src/mesh/compare/object-changes';
import { scaledToZero } from '../../../src/mesh/compare/scaled-to-zero';
import { worsened } from '../../../src/mesh/plan/worsened';
import { deployment, injected, mesh, service, sidecar } from '../../support/meshes/mesh';

const PORTS = { ports: [{ containerPort: 80 }] };
const scaled = (path: string, replicas: unknown, labels?: Record<string, string>) => {
  const { spec, ...rest } = deployment(path, { ...PORTS, labels });
  return { ...rest, spec: { ...spec, replicas } };
};
const SHOP = [...injected('shop'), deployment('shop/web'), service('shop/db')];
const scaling = (apiVersion: string, kind: string, spec: object) => ({ apiVersion, kind, metadata: { namespace: 'shop', name: 'one' }, spec });

function found(before: unknown[], after: unknown[], options = {}) {
  const [former, latter] = [mesh([...SHOP, ...before], options), mesh([...SHOP, ...after], options)];
  const some = scaledToZero(former, latter, objectChanges(former.objects, latter.objects));
  expect(worsened({ before: former, after: latter }).lost).toBe(some.reduce((sum, { connections }) => sum + connections, 0));
  return some.map(({ object, connections }) => [object.after!.name, connections]);
}

test.each<[string, unknown[], unknown[], unknown[]]>([
  ['1 → 0', [scaled('shop/db', 1)], [scaled('shop/db', 0)], [['db', 1]]],
  ['unset → 0', [scaled('shop/db', undefined)], [scaled('shop/db', 0)], [['db', 1]]],
  ['0 → 0, with another change', [scaled('shop/db', 0)], [{ ...scaled('shop/db', 0), metadata: { namespace: 'shop', name: 'db', labels: { a: 'b' } } }], []],
  ['new with 0', [], [scaled('shop/db', 0)], []],
  ['1 → 2', [scaled('shop/db', 1)], [scaled('shop/db', 2)], []],
  ['another server stays', [scaled('shop/db', 1), scaled('shop/db2', 1, { app: 'db' })], [scaled('shop/db', 0), scaled('shop/db2', 1, { app: 'db' })], [['db', 0]]],
  ['both servers', [scaled('shop/db', 1), scaled('shop/db2', 1, { app: 'db' })],
    [scaled('shop/db', 0), scaled('shop/db2', 0, { app: 'db' })], [['db', 1], ['db2', 1]]],
  ['a client without pods loses nothing', [scaled('shop/db', 1), scaled('shop/job', 1)], [scaled('shop/db', 0), scaled('shop/job', 0)], [['db', 1], ['job', 0]]],
])('workloads that are scaled to zero: %s', (_, before, after, expected) => {
  expect(found(before, after)).toEqual(expected);
});

test.each<[string, object]>([
  ['HorizontalPodAutoscaler', scaling('autoscaling/v2', 'HorizontalPodAutoscaler', { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'db' } })],
  ['KEDA', scaling('keda.sh/v1alpha1', 'ScaledObject', { scaleTargetRef: { name: 'db' } })],
  ['Flagger', scaling('flagger.app/v1beta1', 'Canary', { targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'db' } })],
  ['Knative', scaling('autoscaling.internal.knative.dev/v1alpha1', 'PodAutoscaler', { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'db' } })],
  ['Rollout', scaling('argoproj.io/v1alpha1', 'Rollout', { workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'db' } })],
])('%s sets the number of pods', (_, scaler) => {
  expect(found([scaler, scaled('shop/db', 1)], [scaler, scaled('shop/db', 0)])).toEqual([]);
});

test('in a partial namespace, an autoscaler may be elsewhere', () => {
  expect(found([scaled('shop/db', 1)], [scaled('shop/db', 0)], { partialNamespaces: ['shop'] })).toEqual([]);
});

test('a broken call is no loss', () => {
  const strict = [sidecar('shop/none', { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' }, egress: [{ hosts: ['./nothing'] }] })];
  expect(found([...strict, scaled('shop/db', 1)], [...strict, scaled('shop/db', 0)])).toEqual([['db', 0]]);
});
