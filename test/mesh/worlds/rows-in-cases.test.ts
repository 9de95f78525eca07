import { conditionText, MissingInjection } from '../../../src/findings/condition';
import { factKey } from '../../../src/mesh/workloads/missing-injection';
import { RowsInCases } from '../../../src/mesh/worlds/rows-in-cases';
import { deployment, mesh } from '../../support/meshes/mesh';

const NAMES = ['bank', 'mall', 'park', 'port', 'shop'];
const MESH = mesh(NAMES.map((name) => deployment(`${name}/web`)));

/** All combinations of values of the facts about some namespaces. */
function casesOf(facts: readonly MissingInjection[]) {
  return [...Array(2 ** facts.length).keys()].map((bits) => {
    const known = facts.filter((_, index) => Math.floor(bits / 2 ** index) % 2 === 1);
    return { names: known.map(({ name }) => name), facts: new Set(known.map(factKey)) };
  });
}

/** What is told of a row about the workload of `shop`, which has a part in the cases that a rule selects. */
function told(namespaces: readonly string[], isFound: (names: readonly string[]) => boolean): string[] {
  const facts = namespaces.map((name): MissingInjection => ({ fact: 'namespace', name }));
  const cases = casesOf(facts);
  const rows = new RowsInCases<typeof cases[number], string>(cases, facts, [MESH]);
  const { object } = MESH.workloads.find(({ namespace }) => namespace === 'shop')!;
  for (const one of cases) if (isFound(one.names)) rows.add('row', [object], one, 'part');
  return rows.inFewCases((parts) => parts.join()).map((row) => (row ? `${row.conditions.length === 0 ? 'always' : conditionText(row.conditions)}: ${row.parts.join()}` : 'unknown'));
}

test.each<[string, readonly string[], (names: readonly string[]) => boolean, string[]]>([
  ['in every case', ['shop'], () => true, ['always: part']],
  ['with a value of its own fact', ['bank', 'shop'], (names) => names.includes('shop'), ['if shop has sidecars: part', 'if shop has none: ']],
  ['with a value of another\'s fact', ['bank', 'shop'], (names) => names.includes('bank'), ['if bank has sidecars: part', 'if bank has none: ']],
  ['with a value of another\'s, of too many facts', NAMES, (names) => names.includes('bank'), ['unknown']],
])('a row is found %s', (_, namespaces, isFound, expected) => {
  expect(told(namespaces, isFound)).toEqual(expected);
});

test('a row depends on the facts of the objects that it concerns', () => {
  const facts: MissingInjection[] = NAMES.map((name) => ({ fact: 'namespace', name }));
  const rows = new RowsInCases(casesOf(facts), facts, [MESH]);
  const objects = MESH.workloads.filter(({ namespace }) => namespace !== 'shop').slice(0, 2).map(({ object }) => object);
  expect([...rows.factsFor(objects)].sort()).toEqual(objects.map(({ namespace }) => factKey({ fact: 'namespace', name: namespace })).sort());
});
