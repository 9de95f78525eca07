import { deployment, mesh, namespace } from '../../support/meshes/mesh';

const not = (key: string) => ({ key, operator: 'DoesNotExist' });
const WILLING = { matchExpressions: [{ key: 'sidecar.istio.io/inject', operator: 'NotIn', values: ['false'] }] };
const BY_NAMESPACE = { namespaceSelector: { matchExpressions: [{ key: 'istio-injection', operator: 'In', values: ['enabled'] }] }, objectSelector: WILLING };
const BY_REVISION = { namespaceSelector: { matchExpressions: [{ key: 'istio.io/rev', operator: 'In', values: ['canary'] }, not('istio-injection')] }, objectSelector: WILLING };
const AUTO = { namespaceSelector: { matchExpressions: [not('istio-injection'), not('istio.io/rev')] }, objectSelector: { matchExpressions: [not('sidecar.istio.io/inject')] } };
const configuration = (webhooks: object[], name = 'istio-sidecar-injector', labels: object = {}) =>
  ({ apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingWebhookConfiguration', metadata: { name, labels }, webhooks });
const kind = (configurations: unknown[], labels: Record<string, string>, pod: Parameters<typeof deployment>[1] = {}) =>
  mesh([namespace('a', labels), deployment('a/w', pod), configurations]).workloads[0].proxy.kind;

const ENABLED = { 'istio-injection': 'enabled' };
const CANARY = { 'istio.io/rev': 'canary' };

test.each<[string, object[], Record<string, string>, string]>([
  ['as in Istio\'s charts inject', [BY_NAMESPACE], ENABLED, 'sidecar'],
  ['as in Istio\'s charts don\'t inject into a namespace without the label', [BY_NAMESPACE], {}, 'none'],
  ['with conditions on other labels inject', [{ ...BY_NAMESPACE, namespaceSelector: { matchExpressions: [...BY_NAMESPACE.namespaceSelector.matchExpressions, not('control-plane')] } }], ENABLED, 'sidecar'],
  ['that don\'t select the namespace are unknown', [{ ...BY_NAMESPACE, namespaceSelector: { matchLabels: { team: 'one' } } }], ENABLED, 'unknown'],
  ['that don\'t select the pod are unknown', [{ ...BY_NAMESPACE, objectSelector: { matchLabels: { team: 'one' } } }], ENABLED, 'unknown'],
  ['that select a namespace without the label are unknown', [BY_NAMESPACE, AUTO], {}, 'unknown'],
  ['without selectors are unknown', [{}], {}, 'unknown'],
  ['with matchConditions are unknown', [{ ...BY_NAMESPACE, matchConditions: [{ name: 'x', expression: 'true' }] }], ENABLED, 'unknown'],
  ['with matchConditions are unknown for a namespace without the label', [{ ...AUTO, matchConditions: [{ name: 'x', expression: 'true' }] }], {}, 'unknown'],
])('webhooks %s', (_, webhooks, labels, expected) => {
  expect(kind([configuration(webhooks)], labels)).toBe(expected);
});

test('apply to their own revision and tag', () => {
  const canary = configuration([BY_REVISION], 'istio-sidecar-injector-canary', { 'istio.io/rev': 'canary' });
  const odd = configuration([{ ...BY_REVISION, objectSelector: { matchLabels: { team: 'one' } } }], 'istio-revision-tag-canary', { 'istio.io/rev': '1-31', 'istio.io/tag': 'canary' });
  expect([kind([canary], CANARY), kind([canary], ENABLED), kind([odd], CANARY), kind([odd, canary], CANARY)]).toEqual(['sidecar', 'sidecar', 'unknown', 'sidecar']);
});

test('of a tag don\'t apply to namespaces that select its revision without the tag', () => {
  const tag = configuration([BY_REVISION], 'istio-revision-tag-canary', { 'istio.io/rev': 'default', 'istio.io/tag': 'canary' });
  expect([kind([tag], ENABLED), kind([tag], { 'istio.io/rev': 'default' }), kind([tag], CANARY)]).toEqual(['sidecar', 'sidecar', 'sidecar']);
});

test('are named in the reason if they differ from Istio\'s charts', () => {
  const { proxy } = mesh([namespace('a', {}), deployment('a/w'), configuration([AUTO], 'mine', { app: 'sidecar-injector' })]).workloads[0];
  expect(proxy).toMatchObject({ because: 'MutatingWebhookConfiguration mine differs from Istio\'s charts', lacks: { fact: 'injector' } });
});

test('of other webhooks, or for namespaces of injectedNamespaces, have no effect', () => {
  expect(kind([configuration([{}], 'others')], {})).toBe('none');
  expect(mesh([deployment('a/w'), configuration([{ ...BY_NAMESPACE, objectSelector: { matchLabels: { team: 'one' } } }])], { injectedNamespaces: ['a'] }).workloads[0].proxy.kind).toBe('sidecar');
});
