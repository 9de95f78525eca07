import { UndefinedSubsets } from '../../src/admission/undefined-subsets';
import { fieldText } from '../../src/findings/finding';

const HOST = 'my-service.my-namespace.svc.cluster.local';
const rule = (host: string, subsets?: string[], namespace = 'my-namespace') => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'DestinationRule',
  metadata: { name: 'r', namespace },
  spec: { host, subsets: subsets?.map((name) => ({ name })) },
});
const route = (...destinations: object[]) => ({
  apiVersion: 'networking.istio.io/v1beta1',
  kind: 'VirtualService',
  metadata: { name: 'v', namespace: 'my-namespace' },
  spec: { hosts: [HOST], http: [{ route: destinations.map((destination) => ({ destination })) }] },
});
const told = (object: object, ...rules: unknown[]) => new UndefinedSubsets([object, ...rules]).objections(object)
  .map(({ code, severity, field }) => [code, severity, fieldText(field)]);

test.each([
  ['no rule', 'info', []],
  ['a rule without subsets', 'warning', [rule(HOST)]],
  ['a rule with other subsets', 'warning', [rule(HOST, ['v2'])]],
  ['a rule for another host', 'info', [rule('other.my-namespace.svc.cluster.local', ['v1'])]],
  ['a wildcard without the subset', 'info', [rule('*.local', ['v2'])]],
  ['a short name that refers to another namespace', 'info', [rule('my-service', ['v1'], 'shop')]],
  ['an invalid rule', 'info', [null, 5, { kind: 'DestinationRule' }]],
])('with %s, an undefined subset gives %s, because a rule may be outside the manifests', (_, severity, rules) => {
  expect(told(route({ host: HOST, subset: 'v1' }), ...rules)).toEqual([['ADMIT801', severity, 'spec.http[0].route[0].destination.subset']]);
});

test('reports mirrors as well', () => {
  const mirroring = { ...route(), spec: { http: [{ mirror: { host: HOST, subset: 'v1' }, mirrors: [{ destination: { host: HOST, subset: 'v2' } }] }] } };
  expect(told(mirroring, rule(HOST, ['v2']))).toEqual([['ADMIT801', 'warning', 'spec.http[0].mirror.subset']]);
  expect(told(mirroring, rule(HOST, ['v1']))).toEqual([['ADMIT801', 'warning', 'spec.http[0].mirrors[0].destination.subset']]);
});

test.each([
  ['the full host', rule(HOST, ['v1'], 'istio-system')],
  ['the short host', rule('my-service', ['v1'])],
  ['a wildcard host', rule('*.my-namespace.svc.cluster.local', ['v1'])],
])('accepts a subset that a rule defines for %s', (_, defining) => {
  expect(told(route({ host: HOST, subset: 'v1' }, { host: 'my-service', subset: 'v1' }), defining)).toEqual([]);
});

test('ignores routes without a subset, malformed routes and other kinds', () => {
  expect(told(route({ host: HOST }, { subset: 'v1' }, { host: HOST, subset: '' }))).toEqual([]);
  expect(told({ ...route(), spec: { http: 'x', tls: [null] } })).toEqual([]);
  expect(told(rule(HOST))).toEqual([]);
});

test('a short host and a full one are equal in the cluster\'s domain', () => {
  const object = route({ host: 'my-service', subset: 'v1' });
  const rules = [rule('my-service.my-namespace.svc.corp.local', ['v1'])];
  const codes = (domain?: string) => new UndefinedSubsets([object, ...rules], domain).objections(object).map(({ severity }) => severity);
  expect([codes(), codes('corp.local')]).toEqual([['info'], []]);
});
