import { isName, isPrefix, LABEL, nameRuleOf, SUBDOMAIN } from '../../../src/admission/metadata/name-rules';
import { ISTIO_KINDS, KIND } from '../../../src/mesh/inventory/kinds';

const GATEWAY_API = /^gateway\./;

test('there is a rule for every kind that a mesh is read from, but Istio\'s', () => {
  const kinds = Object.values(KIND).filter((kind) => !ISTIO_KINDS.has(kind) || GATEWAY_API.test(kind.group));
  const without = kinds.filter(({ group, kind }) => nameRuleOf({ apiVersion: group === '' ? 'v1' : `${group}/v1`, kind }) === undefined);
  expect([kinds.length > 30, without]).toEqual([true, []]);
});

test.each<[string, unknown]>([
  ['Role.rbac.authorization.k8s.io, whose names may have colons', { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role' }],
  ['a kind of another project called Service', { apiVersion: 'serving.knative.dev/v1', kind: 'Service' }],
  ['constructor', { apiVersion: 'constructor/v1', kind: 'constructor' }],
  ['a core kind called constructor', { apiVersion: 'v1', kind: 'constructor' }],
  ['no kind', {}],
])('there is no rule for %s', (_, object) => {
  expect(nameRuleOf(object as Readonly<Record<string, unknown>>)).toBeUndefined();
});

const a = (count: number) => 'a'.repeat(count);
const job = (spec: object) => nameRuleOf({ apiVersion: 'batch/v1', kind: 'Job', spec })!;

test.each([
  ['a subdomain', SUBDOMAIN, `${a(251)}.b`, true],
  ['a subdomain', SUBDOMAIN, a(254), false],
  ['a label', LABEL, a(63), true],
  ['a label', LABEL, a(64), false],
  ['a label', LABEL, 'a.b', false],
  ['a CronJob\'s', nameRuleOf({ apiVersion: 'batch/v1', kind: 'CronJob' })!, a(52), true],
  ['a CronJob\'s', nameRuleOf({ apiVersion: 'batch/v1', kind: 'CronJob' })!, a(53), false],
  ['a Job\'s', job({}), `${a(61)}.b`, true],
  ['a Job\'s', job({}), a(64), false],
  ['a Job\'s, whose selector is the user\'s', job({ manualSelector: true }), a(64), true],
  ['an indexed Job\'s', job({ completionMode: 'Indexed', completions: 12 }), a(60), true],
  ['an indexed Job\'s', job({ completionMode: 'Indexed', completions: 12 }), a(61), false],
  ['an indexed Job\'s', job({ completionMode: 'Indexed', completions: 12 }), 'a.b', false],
])('%s name, %j: %s is one: %s', (_, rule, name, isOne) => {
  expect(isName(name, rule)).toBe(isOne);
});

test('a prefix counts with the letters that are added to it, if no name is set', () => {
  const cronJob = nameRuleOf({ apiVersion: 'batch/v1', kind: 'CronJob' })!;
  expect([isPrefix(a(47), true, cronJob), isPrefix(a(48), true, cronJob), isPrefix(a(48), false, cronJob)]).toEqual([true, false, true]);
  expect([isPrefix('web-', true, LABEL), isPrefix('web.-', true, SUBDOMAIN), isPrefix('web.-', false, SUBDOMAIN)]).toEqual([true, false, true]);
});
