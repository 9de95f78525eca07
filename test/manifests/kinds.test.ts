import { ISTIO_CRDS } from '../../src/admission/crds';
import { inNamespace, lacksNamespace, scopeOf, usualApiVersion, WorkloadKinds } from '../../src/manifests/kinds';

test('all of Istio\'s kinds are known, with their scopes', () => {
  const differing = ISTIO_CRDS.filter(({ group, kind, scope, versions }) => scopeOf({ apiVersion: `${group}/${versions[0]}`, kind }) !== scope.toLowerCase());
  expect(differing).toEqual([]);
  expect(ISTIO_CRDS.filter(({ group, kind }) => !usualApiVersion(kind)!.startsWith(`${group}/`))).toEqual([]);
});

test.each<[string, string, ReturnType<typeof scopeOf>]>([
  ['v1', 'Service', 'namespaced'],
  ['v1', 'Namespace', 'cluster'],
  ['v1', 'Deployment', undefined],
  ['apps/v1', 'Deployment', 'namespaced'],
  ['apps/v1beta2', 'Deployment', 'namespaced'],
  ['rbac.authorization.k8s.io/v1', 'ClusterRole', 'cluster'],
  ['gateway.networking.k8s.io/v1', 'Gateway', 'namespaced'],
  ['gateway.networking.k8s.io/v1', 'GatewayClass', 'cluster'],
  ['monitoring.coreos.com/v1', 'ServiceMonitor', 'namespaced'],
  ['argoproj.io/v1alpha1', 'Rollout', 'namespaced'],
  ['example.com/v1', 'Service', undefined],
])('the scope of %s %s', (apiVersion, kind, expected) => {
  expect(scopeOf({ apiVersion, kind })).toBe(expected);
});

test.each<[unknown, string | undefined]>([
  ['Pod', 'v1'], ['Ingress', 'networking.k8s.io/v1'], ['DaemonSet', 'apps/v1'], ['Event', 'v1'], ['HTTPRoute', 'gateway.networking.k8s.io/v1'],
  ['ServiceMonitor', undefined], ['constructor', undefined], [undefined, undefined], [{}, undefined],
])('the apiVersion of a kind %j that names none', (kind, expected) => {
  expect(usualApiVersion(kind)).toBe(expected);
});

describe('the namespace of a run', () => {
  const service = (metadata: unknown) => ({ apiVersion: 'v1', kind: 'Service', metadata });

  test.each<[string, Record<string, unknown>, unknown]>([
    ['is that of an object that names none', service({ name: 'a' }), { name: 'a', namespace: 'shop' }],
    ['is that of an object that names an empty one', service({ name: 'a', namespace: '' }), { name: 'a', namespace: 'shop' }],
    ['is that of an object that names null', service({ name: 'a', namespace: null }), { name: 'a', namespace: 'shop' }],
    ['isn\'t that of an object that names one', service({ name: 'a', namespace: 'b' }), { name: 'a', namespace: 'b' }],
    ['isn\'t that of an object that names what is none', service({ name: 'a', namespace: 3 }), { name: 'a', namespace: 3 }],
    ['isn\'t that of an object without metadata', service(undefined), undefined],
    ['isn\'t that of an object that is in none', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } }, { name: 'a' }],
    ['isn\'t that of a kind that isn\'t known', { apiVersion: 'example.com/v1', kind: 'A', metadata: { name: 'a' } }, { name: 'a' }],
  ])('%s', (_, object, expected) => {
    expect(inNamespace(object, 'shop').metadata).toEqual(expected);
    expect(inNamespace(object, undefined)).toBe(object);
  });

  test('is that of a kind that runs pods, as a user tells', () => {
    const object = { apiVersion: 'apps.kruise.io/v1alpha1', kind: 'CloneSet', metadata: { name: 'a' } };
    const kinds = WorkloadKinds.with([{ group: 'apps.kruise.io', kind: 'CloneSet', podTemplate: ['spec', 'template'] }]);
    expect([inNamespace(object, 'shop', kinds).metadata, inNamespace(object, 'shop')]).toEqual([{ name: 'a', namespace: 'shop' }, object]);
    expect([lacksNamespace(object, kinds), lacksNamespace(object)]).toEqual([true, false]);
  });

  test('doesn\'t change the given object', () => {
    const object = service({ name: 'a' });
    expect(inNamespace(object, 'shop')).not.toBe(object);
    expect(lacksNamespace(object)).toBe(true);
  });
});
