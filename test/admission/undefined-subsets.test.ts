import { UndefinedSubsets } from '../../src/admission/undefined-subsets';
import { fieldText } from '../../src/findings/field-path';

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
  ['no rule at all', []],
  ['a rule without subsets', [rule(HOST)]],
  ['a rule with other subsets', [rule(HOST, ['v2'])]],
  ['a rule of another host', [rule('other.my-namespace.svc.cluster.local', ['v1'])]],
  ['a short name that means another namespace', [rule('my-service', ['v1'], 'shop')]],
  ['a rule that is none', [null, 5, { kind: 'DestinationRule' }]],
])('warns with %s', (_, rules) => {
  expect(told(route({ host: HOST, subset: 'v1' }), ...rules)).toEqual([['ADMIT801', 'warning', 'spec.http[0].route[0].destination.subset']]);
});

test.each([
  ['its host in full', rule(HOST, ['v1'], 'istio-system')],
  ['a short name', rule('my-service', ['v1'])],
  ['a wildcard', rule('*.my-namespace.svc.cluster.local', ['v1'])],
])('is content with a rule by %s', (_, defining) => {
  expect(told(route({ host: HOST, subset: 'v1' }, { host: 'my-service', subset: 'v1' }), defining)).toEqual([]);
});

test('has nothing to say of routes without a subset, of broken ones, or of other kinds', () => {
  expect(told(route({ host: HOST }, { subset: 'v1' }, { host: HOST, subset: '' }))).toEqual([]);
  expect(told({ ...route(), spec: { http: 'x', tls: [null] } })).toEqual([]);
  expect(told(rule(HOST))).toEqual([]);
});
