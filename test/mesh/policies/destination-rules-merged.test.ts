import { readObject } from '../../../src/mesh/inventory/object';
import { readDestinationRule } from '../../../src/mesh/policies/destination-rule';
import { MergedRule, RuleMerger } from '../../../src/mesh/policies/destination-rules';
import { destinationRule } from '../../support/meshes/mesh';

/** Merges rules named a, b, c…, one after another. */
function merged(...specs: object[]): readonly MergedRule[] {
  const merger = new RuleMerger();
  for (const [index, spec] of specs.entries()) merger.add(readDestinationRule(readObject(destinationRule(`b/${'abc'[index]}`, { host: 'x', ...spec }))!));
  return merger.merged;
}
const from = (rules: readonly MergedRule[]) => rules.map((rule) => rule.from.map(({ name }) => name).join('+')).join(' | ');
const to = (...exportTo: string[]) => ({ exportTo });
const selecting = (matchLabels: object) => ({ workloadSelector: { matchLabels } });
const [X, Y, XY] = [selecting({ x: '1' }), selecting({ y: '1' }), selecting({ x: '1', y: '1' })];

test.each([
  ['merge without exportTo', [{}, {}], 'a+b'],
  ['merge with the same exportTo, in any order', [to('a', 'c'), to('c', 'a')], 'a+b'],
  ['don\'t merge with another exportTo', [to('a'), to('c')], 'a | b'],
  ['don\'t merge if the second has exportTo * and the first has none', [{}, to('*')], 'a | b'],
  ['don\'t merge if the first has exportTo * and the second has none', [to('*'), {}], 'a | b'],
  ['merge if the second is for more namespaces', [to('a'), to('a', 'c')], 'a+b'],
  ['don\'t merge if the second is for fewer namespaces', [to('a', 'c'), to('a')], 'a | b'],
  ['merge the third into an equal second', [to('a'), to('c'), to('c')], 'a | b+c'],
  ['merge the third into an equal first, and keep it separately after another one', [to('a'), to('c'), to('a')], 'a+c | b | c'],
  ['merge with the same selector', [X, X], 'a+b'],
  ['don\'t merge with another selector', [X, Y], 'a | b'],
  ['don\'t merge with a narrower selector', [X, XY], 'a | b'],
  ['don\'t merge with a wider selector', [XY, X], 'a | b'],
  ['merge a private one for all clients into one with a selector', [X, to('.')], 'a+b'],
  ['merge one with a selector into a private one for all clients', [to('.'), X], 'a+b'],
  ['merge one for more namespaces into one with a selector, and keep it separately', [X, to('.', 'c')], 'a+b | b'],
  ['merge the third into a second with its selector', [X, Y, Y], 'a | b+c'],
  ['merge the third into a first with its selector, and keep it separately after another one', [X, Y, X], 'a+c | b | c'],
])('rules of one namespace for one host: %s', (_, specs, expected) => {
  expect(from(merged(...specs))).toBe(expected);
});

describe('a merged rule has', () => {
  const policy = (mode: string) => ({ trafficPolicy: { tls: { mode } } });
  const subset = (name: string, mode: string) => ({ name, ...policy(mode) });

  test('the first policy, whole, and the rule that it belongs to', () => {
    const found = (...specs: object[]) => merged(...specs).map((rule) => [rule.policy?.tls?.mode, rule.policyAt.object.name]);
    expect(found({}, policy('SIMPLE'), policy('DISABLE'))).toEqual([['SIMPLE', 'b']]);
    expect(found(policy('SIMPLE'), policy('DISABLE'))).toEqual([['SIMPLE', 'a']]);
    expect(found({}, {})).toEqual([[undefined, 'a']]);
  });

  test('all subsets, each name once, with the rule that defines it', () => {
    const [rule] = merged({ subsets: [subset('v1', 'SIMPLE')] }, { subsets: [subset('v1', 'DISABLE'), subset('v2', 'DISABLE')] });
    expect(rule.subsets.map(({ name, policy: own, object }) => [name, own!.tls!.mode, object.name])).toEqual([['v1', 'SIMPLE', 'a'], ['v2', 'DISABLE', 'b']]);
  });

  test('host, namespace, exportTo and selector of the first', () => {
    expect(merged({ ...X, ...policy('SIMPLE') }, to('.'))).toMatchObject([
      { host: 'x.b.svc.cluster.local', namespace: 'b', exportTo: new Set(['.']), workloadSelector: { x: '1' } },
    ]);
  });
});
