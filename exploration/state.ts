// How far the suites were explored with the sources as they are.
import { hashOf } from './inputs';
import type { SeedsRecord } from './record';
import { SUITE_NAMES, suiteOf, type SuiteName } from './suites';

const EXPLORABLE = SUITE_NAMES.filter((name) => suiteOf(name).runs);

type Age = 'current' | 'older' | 'never';

function ageOf(record: SeedsRecord, name: SuiteName): Age {
  const { explored } = record[name];
  if (!explored) return 'never';
  return explored.inputs === hashOf(suiteOf(name).inputs) ? 'current' : 'older';
}

/** One line: how many suites were explored as they are, and which with other sources. */
export function stateOf(record: SeedsRecord): string {
  const ages = EXPLORABLE.map((name) => ({ name, age: ageOf(record, name) }));
  const of = (age: Age) => ages.filter((one) => one.age === age).map(({ name }) => name);
  const older = of('older');
  const never = of('never');
  const finds = EXPLORABLE.reduce((sum, name) => sum + (record[name].found?.length ?? 0), 0);
  return [
    `explorations: ${of('current').length} of ${EXPLORABLE.length} suites were explored with the sources as they are`,
    ...older.length > 0 ? [`older than the sources: ${older.join(', ')}`] : [],
    ...never.length > 0 ? [`never explored: ${never.join(', ')}`] : [],
    finds === 1 ? '1 find is open' : `${finds === 0 ? 'no' : finds} finds are open`,
  ].join('; ');
}

/** A line for each suite that can be explored. */
export function tableOf(record: SeedsRecord): string {
  const rows = EXPLORABLE.map((name) => {
    const { seed, explored, found = [] } = record[name];
    if (!explored) return [name, seed, '0', suiteOf(name).unit, '', '', 'never explored', ''];
    const age = ageOf(record, name) === 'current' ? explored.date : `${explored.date}, older than the sources`;
    const apart = [[explored.withoutVerdict, 'without a verdict'], [explored.unsteady, 'unsteady'], [found.length, found.length === 1 ? 'open find' : 'open finds']] as const;
    return [name, seed, explored.count, suiteOf(name).unit, explored.differences, 'differences', age, apart.filter(([count]) => count > 0).map((words) => words.join(' ')).join(', ')];
  });
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  const isNumber = [false, true, true, false, true, false, false, false];
  return rows.map((row) => row.map((cell, column) => (isNumber[column] ? String(cell).padStart(widths[column]) : String(cell).padEnd(widths[column]))).join('  ').trimEnd()).join('\n');
}
