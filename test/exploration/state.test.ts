import { hashOf } from '../../exploration/inputs';
import { Explored, readRecord, SuiteRecord } from '../../exploration/record';
import { stateOf, tableOf } from '../../exploration/state';
import { SUITE_NAMES, suiteOf, SUITES } from '../../exploration/suites';

const EXPLORED: Explored = { inputs: '0123456789abcdef', date: '2026-11-30', count: 98, differences: 1, withoutVerdict: 2, unsteady: 0, seeds: { 7: 100 } };
const find = { seed: 7, count: 100, date: '2026-11-30', inputs: EXPLORED.inputs, text: ['a'] };
const current = { ...EXPLORED, inputs: hashOf(suiteOf('fuzz').inputs) };
const none = Object.fromEntries(SUITE_NAMES.map((name) => [name, { seed: 1 }])) as Record<keyof typeof SUITES, SuiteRecord>;
const record = { ...none, fuzz: { seed: 1, explored: current }, yaml: { seed: 2, explored: EXPLORED, found: [find] } };

test('one line lists suites explored with other sources or never, and the number of open differences', () => {
  expect(stateOf(record)).toMatch(/^explorations: 1 of \d+ suites were explored with the sources as they are; older than the sources: yaml; never explored: connections, mixed, .*; 1 find is open$/);
  expect(stateOf(record)).not.toMatch(/\n|self-test/);
  expect(stateOf(readRecord())).toMatch(/^explorations: \d+ of \d+ suites/);
});

test('a table lists each suite\'s progress', () => {
  const lines = tableOf(record).split('\n').map((line) => line.replaceAll(/ +/g, ' ').trim());
  expect(lines).toContain('fuzz 1 98 changed manifests 1 differences 2026-11-30 2 without a verdict');
  expect(lines).toContain('yaml 2 98 texts 1 differences 2026-11-30, older than the sources 2 without a verdict, 1 open find');
  expect(lines).toContain('cas 1 0 CAs never explored');
});
