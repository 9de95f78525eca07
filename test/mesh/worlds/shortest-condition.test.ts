import { conditionsText } from '../../../src/findings/condition';
import { BothWays, JudgedWorld } from '../../../src/mesh/worlds/both-ways';
import { furtherValues, ShortestConditions } from '../../../src/mesh/worlds/shortest-condition';
import { deployment, mesh } from '../../support/meshes/mesh';

const fact = (name: string) => ({ fact: 'namespace' as const, name });
const [a, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'].map(fact);
const expected = (name: string) => ({ ...fact(name), expectedBy: { strength: 'strong' as const, objects: 1, example: { kind: 'Sidecar', namespace: name, name: 's' } } });

type Names = string;

/** Worlds by the facts that are true there, such as `ab`. */
const worldsOf = (names: Names, all: readonly Names[]) => {
  const facts = [...names].map(fact);
  const byNames = new Map(all.map((held): [Names, JudgedWorld<Names>] => [held, { judged: held, holding: [...held].map(fact) }]));
  const [none, most] = [byNames.get('')!, byNames.get(names)!];
  return { byNames, worlds: { facts, with: most, without: none, strong: most, weak: most, all: [...byNames.values()] } as BothWays<Names> };
};

const subsets = (names: Names) => [...names].reduce((some, name) => [...some, ...some.map((one) => one + name)], ['']);

test.each<[string, Names, readonly Names[], (held: Names) => boolean, Names, string]>([
  ['holds always', 'ab', subsets('ab'), () => true, 'ab', ''],
  ['needs one fact of several', 'abc', subsets('abc'), (held) => held.includes('b'), 'abc', 'b has sidecars'],
  ['needs two', 'abc', subsets('abc'), (held) => /a.*c/.test(held), 'abc', 'a and c have sidecars'],
  ['needs one of two: the first', 'ab', subsets('ab'), (held) => held !== '', 'ab', 'a has sidecars'],
  ['needs two facts or another one', 'abc', subsets('abc'), (held) => /ab|c/.test(held), 'abc', 'c has sidecars'],
  ['needs that a fact doesn\'t hold', 'ab', subsets('ab'), (held) => !held.includes('b'), 'a', 'b has none'],
  ['needs two facts, or one that doesn\'t hold', 'abc', subsets('abc'), (held) => /ab/.test(held) || !held.includes('c'), 'ab', 'a and b have sidecars'],
  ['holds where two facts have the same value', 'ab', subsets('ab'), (held) => held.length !== 1, 'ab', 'a and b have sidecars'],
  ['needs one that is judged alone', 'abcde', ['', 'a', 'b', 'ab', 'abcde'], (held) => held.includes('b'), 'ab', 'b has sidecars'],
  ['needs one that isn\'t judged alone', 'abcde', ['', 'a', 'ab', 'abcde'], (held) => held.includes('b'), 'ab', 'a and b have sidecars'],
  ['needs two that are judged together', 'abcde', ['', 'a', 'b', 'abc', 'ab', 'abcde'], (held) => held.includes('ab'), 'abc', 'a and b have sidecars'],
  ['needs two that aren\'t judged together', 'abcde', ['', 'a', 'b', 'abc', 'abcde'], (held) => held.includes('ab'), 'abc', 'a, b and c have sidecars'],
  ['holds alone, but not with others', 'abcde', ['', 'a', 'ab', 'abcde'], (held) => held === 'a' || held === 'abcde', 'abcde', 'a and 4 other namespaces have sidecars'],
  ['is only judged to hold in one world', 'abcde', ['', 'a', 'ab', 'abcde'], (held) => held === 'ab', 'ab', 'a and b have sidecars and c, d and e have none'],
])('the condition of what %s', (_, names, all, holds, at, text) => {
  const { byNames, worlds } = worldsOf(names, all);
  const conditions = new ShortestConditions(worlds);
  const having = new Set(worlds.all.filter(({ judged }) => holds(judged)));
  expect(conditionsText(conditions.in(byNames.get(at)!, having))).toBe(text);
  expect(conditions.in(byNames.get(at)!, having)).toBe(conditions.in(byNames.get(at)!, new Set(having)));
});

const meshOf = (objects: number) => mesh(Array.from({ length: objects }, (_, index) => deployment(`a/d${index}`)));

test.each([
  ['few facts are judged in every combination', [a, b], 4, 4],
  ['four facts, too', [a, b, c, d], 4, 16],
  ['four facts of a large mesh aren\'t, if nothing is expected', [a, b, c, d], 1876, 1],
  ['of more facts, few expected ones are', [a, b, c, expected('d'), expected('e')], 4, 4],
  ['of more facts of a large mesh, none are', [a, b, c, expected('d'), expected('e')], 5001, 0],
  ['more expected facts are judged alone', [a, ...['b', 'c', 'd', 'e'].map(expected)], 4, 4],
  ['more expected facts of a large mesh aren\'t', [a, ...['b', 'c', 'd', 'e'].map(expected)], 3751, 0],
  ['eight expected facts are judged alone', [...'abcdefgh'].map(expected), 4, 8],
  ['nine aren\'t', [...'abcdefghi'].map(expected), 4, 0],
  ['five facts that nothing expects aren\'t, either', [a, b, c, d, e], 4, 1],
])('%s', (_, facts, objects, count) => {
  expect(furtherValues(facts, meshOf(objects)).length).toBe(count);
});
