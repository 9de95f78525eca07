import { readObject } from '../../../src/mesh/inventory/object';
import { compareRules, readDestinationRule } from '../../../src/mesh/policies/destination-rule';
import { RuleIndex, ruleForClient } from '../../../src/mesh/policies/destination-rules';
import { destinationRule } from '../../support/meshes/mesh';

const SERVICE = { namespace: 'b', host: 'x.b.svc.cluster.local' };
const index = (...objects: unknown[]) => new RuleIndex(objects.map((object) => readDestinationRule(readObject(object)!)).sort(compareRules), 'root', { privateByDefault: false, mergeByExportTo: true });
const names = (places: ReturnType<RuleIndex['covering']>) => places.map(({ place, rules }) => `${place}: ${rules.map(({ from }) => from.map(({ name }) => name).join('+')).join(', ')}`);

test('finds the rules that apply, and the others that cover the service', () => {
  const rules = index(destinationRule('a/own', { host: '*.local' }), destinationRule('b/exact', { host: 'x' }), destinationRule('b/wide', { host: '*' }),
    destinationRule('b/private', { host: 'x', exportTo: ['.'] }), destinationRule('root/all', { host: '*' }), destinationRule('c/other', { host: 'x' }));
  expect(names(rules.covering('a', SERVICE))).toEqual(['client: own', 'service: exact, wide', 'root: all']);
  expect(names([rules.find('a', SERVICE)])).toEqual(['client: own']);
  expect(names(rules.covering('c', SERVICE))).toEqual(['service: exact, wide', 'root: all']);
  expect(names(rules.covering('root', SERVICE))).toEqual(['service: exact, wide', 'root: all']);
});

test('names the namespace level of the rules', () => {
  const found = (...objects: unknown[]) => names([index(...objects).find('a', SERVICE)]);
  expect(found(destinationRule('b/exact', { host: 'x' }), destinationRule('root/all', { host: '*' }))).toEqual(['service: exact']);
  expect(found(destinationRule('root/all', { host: '*' }))).toEqual(['root: all']);
  expect(found(destinationRule('a/public', { host: '*', exportTo: ['*'] }))).toEqual(['client: public']);
  expect(index().covering('a', SERVICE)).toEqual([]);
});

test('a rule applies only to the clients that its workloadSelector matches in its namespace, before rules for all', () => {
  const selecting = destinationRule('b/selecting', { host: 'x', workloadSelector: { matchLabels: { app: 'y' } } });
  const everybody = destinationRule('b/everybody', { host: 'x', exportTo: ['*'] });
  const rules = index(everybody, selecting).find('b', SERVICE).rules;
  const forClient = (namespace: string, app: string) => ruleForClient(rules, { namespace, labels: { app } })?.from[0].name;
  expect([forClient('b', 'y'), forClient('b', 'z'), forClient('a', 'y')]).toEqual(['selecting', 'everybody', 'everybody']);
  const read = (object: unknown) => readDestinationRule(readObject(object)!);
  expect([compareRules(read(everybody), read(selecting)), compareRules(read(selecting), read(everybody))]).toEqual([1, -1]);
});

test('a merged rule lists its sources in order, and the one whose policy applies', () => {
  const rules = index(destinationRule('b/two', { host: 'x', trafficPolicy: { tls: { mode: 'SIMPLE' } } }), destinationRule('b/one', { host: 'x' }));
  const [merged] = rules.find('a', SERVICE).rules;
  expect([merged.from.map(({ name }) => name), merged.policyAt.object.name, merged.host]).toEqual([['one', 'two'], 'two', 'x.b.svc.cluster.local']);
});

test('lists all rules by host, for clients of their own namespace and for others', () => {
  const rules = index(destinationRule('b/one', { host: 'x' }), destinationRule('b/two', { host: 'x', exportTo: ['.'] }), destinationRule('a/own', { host: '*' }));
  const listed = [...rules.byHost()].map(({ local, rules: ofHost }) => `${local ? 'local' : 'exported'}: ${ofHost.map(({ from: [{ name }] }) => name).join(', ')}`);
  expect(listed).toEqual(['local: one, two', 'local: own', 'exported: one', 'exported: own']);
});

test('finds no rules in an empty index', () => {
  expect(index().find('a', SERVICE)).toEqual({ place: 'root', rules: [] });
  expect(ruleForClient([], { namespace: 'a', labels: {} })).toBeUndefined();
});

test('lists the namespaces whose clients may have different rules for a host', () => {
  const rules = index(destinationRule('a/d', { host: '*.local', exportTo: ['.', 'c'] }), destinationRule('b/d', { host: 'x', workloadSelector: { matchLabels: { app: 'y' } } }));
  expect(rules.namespacesConcernedBy(SERVICE.host).map((namespaces) => [...namespaces])).toEqual([['b', '.'], ['a', '.', 'c']]);
  expect([rules.selectorsOf('b'), rules.selectorsOf('a')]).toEqual([[{ app: 'y' }], []]);
});
