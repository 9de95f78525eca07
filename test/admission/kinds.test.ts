import { judgeKind } from '../../src/admission/kinds';
import { Objections } from '../../src/admission/objection';
import { fieldText } from '../../src/findings/finding';

function judged(apiVersion: unknown, kind: unknown) {
  const objections = new Objections();
  const known = judgeKind(objections, { apiVersion, kind });
  return { kind: known?.kind, objections: objections.all.map(({ code, severity, field, fix }) => [code, severity, fieldText(field), fix]) };
}

test.each([
  ['security.istio.io/v1', 'PeerAuthentication'],
  ['networking.istio.io/v1alpha3', 'EnvoyFilter'],
  ['networking.istio.io/v1beta1', 'ProxyConfig'],
  ['extensions.istio.io/v1alpha1', 'WasmPlugin'],
])('accepts %s %s', (apiVersion, kind) => {
  expect(judged(apiVersion, kind)).toEqual({ kind, objections: [] });
});

test.each([
  ['v1', 'Service'],
  ['apps/v1', 'Deployment'],
  ['gateway.networking.k8s.io/v1', 'Gateway'],
  ['sailoperator.io/v1', 'Istio'],
  ['example.com/v1', 'PeerAuthentication'],
  ['notistio.io/v1', 'PeerAuthentication'],
  ['rbac.authorization.k8s.io/v1', 'Role'],
])('ignores %s %s, which isn\'t one of Istio\'s kinds', (apiVersion, kind) => {
  expect(judged(apiVersion, kind)).toEqual({ kind: undefined, objections: [] });
});

test.each([
  ['security.istio.io/v1beta1', 'PeerAuthentication', 'write apiVersion: security.istio.io/v1; nothing else changes'],
  ['networking.istio.io/v1alpha3', 'DestinationRule', 'write apiVersion: networking.istio.io/v1; nothing else changes'],
  ['telemetry.istio.io/v1alpha1', 'Telemetry', 'write apiVersion: telemetry.istio.io/v1; nothing else changes'],
])('accepts %s %s, with an info that suggests v1', (apiVersion, kind, fix) => {
  expect(judged(apiVersion, kind)).toEqual({ kind, objections: [['ADMIT108', 'info', 'apiVersion', fix]] });
});

test.each([
  ['authentication.istio.io/v1alpha1', 'MeshPolicy', /PeerAuthentication of security\.istio\.io\/v1 without selector in the root namespace/],
  ['authentication.istio.io/v1alpha1', 'Policy', /PeerAuthentication of security\.istio\.io\/v1, and RequestAuthentication/],
  ['rbac.istio.io/v1alpha1', 'ClusterRbacConfig', /AuthorizationPolicy of security\.istio\.io\/v1/],
  ['rbac.istio.io/v1alpha1', 'RbacConfig', /AuthorizationPolicy/],
  ['rbac.istio.io/v1alpha1', 'ServiceRole', /AuthorizationPolicy/],
  ['rbac.istio.io/v1alpha1', 'ServiceRoleBinding', /AuthorizationPolicy/],
  ['config.istio.io/v1alpha2', 'HTTPAPISpec', /Telemetry/],
  ['config.istio.io/v1alpha2', 'QuotaSpec', /EnvoyFilter/],
  ['config.istio.io/v1alpha2', 'handler', /Telemetry/],
  ['config.istio.io/v1alpha2', 'RouteRule', /VirtualService/],
  ['security.istio.io/v1', 'MeshPolicy', /PeerAuthentication/],
  ['v1', 'MeshPolicy', /PeerAuthentication/],
])('rejects %s %s, and names what replaced it', (apiVersion, kind, successor) => {
  expect(judged(apiVersion, kind)).toEqual({ kind: undefined, objections: [['ADMIT104', 'error', 'kind', expect.stringMatching(successor)]] });
});

test.each([
  [undefined, 'PeerAuthentication', 'ADMIT102', 'apiVersion', 'write apiVersion: security.istio.io/v1'],
  ['', 'Foo', 'ADMIT102', 'apiVersion', 'write apiVersion: group/version'],
  ['a/b/c', 'Foo', 'ADMIT102', 'apiVersion', 'write apiVersion: group/version'],
  [5, 'Foo', 'ADMIT102', 'apiVersion', 'write apiVersion: group/version'],
  ['security.istio.io/v1', undefined, 'ADMIT103', 'kind', 'write kind, for example kind: PeerAuthentication'],
  ['security.istio.io/v1', null, 'ADMIT103', 'kind', 'write kind, for example kind: PeerAuthentication'],
  ['secure.istio.io/v1', 'PeerAuthentication', 'ADMIT105', 'apiVersion', 'write apiVersion: security.istio.io/v1'],
  ['securty.istio.io/v1', 'Foo', 'ADMIT105', 'apiVersion', 'write security.istio.io'],
  ['istio.io/v1', 'Foo', 'ADMIT105', 'apiVersion', 'write one of these groups'],
  ['networking.istio.io/v1', 'PeerAuthentication', 'ADMIT106', 'apiVersion', 'write apiVersion: security.istio.io/v1'],
  ['security.istio.io/v1', 'PeerAuthentification', 'ADMIT106', 'kind', 'write kind: PeerAuthentication'],
  ['security.istio.io/v1', 'peerauthentication', 'ADMIT106', 'kind', 'write kind: PeerAuthentication'],
  ['security.istio.io/v1', 'PeerAuthenticationList', 'ADMIT106', 'kind', 'write kind: PeerAuthentication'],
  ['security.istio.io/v1', 'Foo', 'ADMIT106', 'kind', 'write one of these kinds'],
  ['security.istio.io/v1alpha3', 'PeerAuthentication', 'ADMIT107', 'apiVersion', 'write apiVersion: security.istio.io/v1'],
  ['security.istio.io/', 'PeerAuthentication', 'ADMIT107', 'apiVersion', 'write apiVersion: security.istio.io/v1'],
  ['networking.istio.io/v1', 'EnvoyFilter', 'ADMIT107', 'apiVersion', 'write apiVersion: networking.istio.io/v1alpha3'],
  ['v1beta1', 'PeerAuthentication', 'ADMIT110', 'apiVersion', 'write apiVersion: security.istio.io/v1'],
])('rejects apiVersion %p with kind %p', (apiVersion, kind, code, field, fix) => {
  expect(judged(apiVersion, kind)).toEqual({ kind: undefined, objections: [[code, 'error', field, fix]] });
});

test('an IstioOperator is reported as a warning, because istioctl reads it', () => {
  expect(judged('install.istio.io/v1alpha1', 'IstioOperator').objections).toEqual([['ADMIT109', 'info', 'apiVersion', expect.stringContaining('istioctl install -f')]]);
});

test('warns about a group that differs from one of Istio\'s by a letter', () => {
  expect(judged('security.istio.oi/v1', 'PeerAuthentication').objections).toEqual([['ADMIT111', 'warning', 'apiVersion', 'write apiVersion: security.istio.io/v1']]);
});
