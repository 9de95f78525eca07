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
  ['without exportTo', [{}, {}], 'a+b'],
  ['with the same exportTo, in whatever order', [to('a', 'c'), to('c', 'a')], 'a+b'],
  ['with another exportTo', [to('a'), to('c')], 'a | b'],
  ['absent exportTo and * aren\'t the same', [{}, to('*')], 'a | b'],
  ['nor the other way round', [to('*'), {}], 'a | b'],
  ['the second for more namespaces', [to('a'), to('a', 'c')], 'a+b'],
  ['the second for fewer namespaces', [to('a', 'c'), to('a')], 'a | b'],
  ['the third merges with the one that it equals, if that is the last', [to('a'), to('c'), to('c')], 'a | b+c'],
  ['and stands apart besides, if another follows', [to('a'), to('c'), to('a')], 'a+c | b | c'],
  ['with the same selector', [X, X], 'a+b'],
  ['with another selector', [X, Y], 'a | b'],
  ['with a narrower selector', [X, XY], 'a | b'],
  ['with a wider selector', [XY, X], 'a | b'],
  ['a private one for everybody into one with a selector', [X, to('.')], 'a+b'],
  ['one with a selector into a private one for everybody', [to('.'), X], 'a+b'],
  ['one for more namespaces into one with a selector, and it stands for itself too', [X, to('.', 'c')], 'a+b | b'],
  ['the third merges with the one whose selector it has, if that is the last', [X, Y, Y], 'a | b+c'],
  ['and stands apart besides, if another selector follows', [X, Y, X], 'a+c | b | c'],
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
