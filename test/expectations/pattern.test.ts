import { callPattern, FROM, SERVER, TO, workloadPattern } from '../../src/expectations/pattern';
import { processorSeconds } from '../support/command/processor-time';
import { mesh, service, serviceEntry } from '../support/meshes/mesh';

const named = (name: string, namespace = 'shop', kind = 'Deployment') => ({ kind, namespace, name });

test.each<[string, string, boolean]>([
  ['shop/web', 'web', true],
  ['shop/web', 'web2', false],
  ['shop/w*', 'web', true],
  ['shop/*b', 'web', true],
  ['shop/w*b', 'web', true],
  ['shop/w*b', 'wb', true],
  ['shop/*', 'web', true],
  ['shop/**', 'web', true],
  ['shop/ab*bc', 'abc', false],
  ['shop/ab*bc', 'abbc', true],
  ['shop/a*b*c', 'a-b-c', true],
  ['shop/a*b*c', 'a-c', false],
  ['shop/a*bc*c', 'abc', false],
  ['shop/a*b*b', 'ab', false],
  ['shop/a.c', 'abc', false],
  ['*/web', 'web', true],
  ['s*p/web', 'web', true],
  ['bank/web', 'web', false],
  ['deployment/shop/web', 'web', true],
  ['Deploy*/shop/web', 'web', true],
  ['CronJob/shop/web', 'web', false],
  ['*', 'web', true],
])('workload %s and %s: %s', (text, name, fits) => {
  expect(workloadPattern(text).matches(named(name))).toBe(fits);
});

test('isName holds only for the name of one workload', () => {
  expect(['shop/web', 'shop/web:80', 'Deployment/shop/web', 'shop/*', '*'].map((text) => workloadPattern(text).isName)).toEqual([true, true, false, false, false]);
});

test('a call matches by its host, or by its Service or ServiceEntry', () => {
  const { decisions: { calls } } = mesh([service('shop/web', [80, 90]), serviceEntry('infra/api', { hosts: ['*.example.com', 'example.com'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }] })]);
  const meant = (text: string) => calls.filter(callPattern(text).matches).map(({ host, port }) => `${host}:${port}`);
  expect(meant('shop/web')).toEqual(['web.shop.svc.cluster.local:80', 'web.shop.svc.cluster.local:90']);
  expect(meant('shop/*:90')).toEqual(['web.shop.svc.cluster.local:90']);
  expect(meant('infra/api')).toEqual(['*.example.com:80', 'example.com:80']);
  expect(meant('*.example.com')).toEqual(['*.example.com:80']);
  expect(meant('*example.com')).toEqual(['*.example.com:80', 'example.com:80']);
  expect(meant('*:80')).toHaveLength(3);
  expect(meant('*')).toHaveLength(4);
  expect(meant('web')).toEqual([]);
});

test('invalid names break the rule of their field', () => {
  expect(['shop/web', '*', 'Pod/shop/web', '*/*/*', 'shop/load-', 'x.y/shop/web', 'shop/', '/web', 'a/b/c/d', 'shop web', 'shop/web:80', ''].map((text) => FROM.holds(text)))
    .toEqual([true, true, true, true, true, false, false, false, false, false, false, false]);
  expect(['shop/web:80', '*:80', 'shop/web:', 'shop/web:x', 'shop/web:65535', 'shop/web:65536', '*:0'].map((text) => SERVER.holds(text))).toEqual([true, true, false, false, true, false, false]);
  expect(['example.com', 'shop/web:80', '*', '*.example.com:443', '[::1]:80', 'a/b/c', 'https://x'].map((text) => TO.holds(text))).toEqual([true, true, true, true, false, false, false]);
});

test('many wildcards take linear time', () => {
  const pattern = workloadPattern(`shop/${'a*'.repeat(5000)}b`);
  expect(processorSeconds(() => expect(pattern.matches(named('a'.repeat(20_000)))).toBe(false))).toBeLessThan(1);
});
