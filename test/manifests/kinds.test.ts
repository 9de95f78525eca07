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
])('the scope of kind %s %s is known, or undefined for unknown kinds', (apiVersion, kind, expected) => {
  expect(scopeOf({ apiVersion, kind })).toBe(expected);
});

test.each<[string, unknown, string | undefined]>([
  ['a Pod', 'Pod', 'v1'],
  ['an Ingress', 'Ingress', 'networking.k8s.io/v1'],
  ['a DaemonSet', 'DaemonSet', 'apps/v1'],
  ['an Event', 'Event', 'v1'],
  ['an HTTPRoute', 'HTTPRoute', 'gateway.networking.k8s.io/v1'],
  ['a kind of no usual group', 'ServiceMonitor', undefined],
  ['the name of an object\'s member', 'constructor', undefined],
  ['no kind', undefined, undefined],
  ['a kind that isn\'t a string', {}, undefined],
])('the usual apiVersion of a kind without one: %s', (_, kind, expected) => {
  expect(usualApiVersion(kind)).toBe(expected);
});

describe('the namespace of a run', () => {
  const service = (metadata: unknown) => ({ apiVersion: 'v1', kind: 'Service', metadata });

  test.each<[string, Record<string, unknown>, unknown]>([
    ['applies to an object without a namespace', service({ name: 'a' }), { name: 'a', namespace: 'shop' }],
    ['applies to an object whose namespace is empty', service({ name: 'a', namespace: '' }), { name: 'a', namespace: 'shop' }],
    ['applies to an object whose namespace is null', service({ name: 'a', namespace: null }), { name: 'a', namespace: 'shop' }],
    ['doesn\'t replace an object\'s namespace', service({ name: 'a', namespace: 'b' }), { name: 'a', namespace: 'b' }],
    ['doesn\'t replace a namespace that isn\'t a string', service({ name: 'a', namespace: 3 }), { name: 'a', namespace: 3 }],
    ['isn\'t added to an object without metadata', service(undefined), undefined],
    ['isn\'t added to a cluster-scoped object', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } }, { name: 'a' }],
    ['isn\'t added to an object of an unknown kind', { apiVersion: 'example.com/v1', kind: 'A', metadata: { name: 'a' } }, { name: 'a' }],
  ])('%s', (_, object, expected) => {
    expect(inNamespace(object, 'shop').metadata).toEqual(expected);
    expect(inNamespace(object, undefined)).toBe(object);
  });

  test('applies to a kind that the user declares as running pods', () => {
    const object = { apiVersion: 'apps.kruise.io/v1alpha1', kind: 'CloneSet', metadata: { name: 'a' } };
    const kinds = WorkloadKinds.with([{ group: 'apps.kruise.io', kind: 'CloneSet', podTemplate: ['spec', 'template'] }]);
    expect([inNamespace(object, 'shop', kinds).metadata, inNamespace(object, 'shop')]).toEqual([{ name: 'a', namespace: 'shop' }, object]);
    expect([lacksNamespace(object, kinds), lacksNamespace(object)]).toEqual([true, false]);
  });

  test('isn\'t written into the given object', () => {
    const object = service({ name: 'a' });
    expect(inNamespace(object, 'shop')).not.toBe(object);
    expect(lacksNamespace(object)).toBe(true);
  });
});
