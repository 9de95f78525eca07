import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { changeRecord, faultsIn, readRecord, SeedsRecord, SuiteRecord, textOf, Turn, withTurn } from '../../exploration/record';
import { SUITE_NAMES } from '../../exploration/suites';

const [OLD, NEW] = ['0123456789abcdef', 'fedcba9876543210'];
const SOUND: Turn = { seed: 7, asked: 100, count: 98, differences: 0, withoutVerdict: 2, unsteady: 1, text: [] };
const turn = (more: Partial<Turn> = {}): Turn => ({ ...SOUND, ...more });
const differing = (seed: number): Turn => turn({ seed, differences: 1, text: ['mesh 7/3 a/client calls b/server:80', '{"objects":[]}'] });
const of = (record: SuiteRecord, one: Turn, inputs = OLD, date = '2026-11-30') => withTurn(record, one, { inputs, date });
const EMPTY: SuiteRecord = { seed: 1 };

test('the first turn begins a record', () => {
  expect(of(EMPTY, turn())).toEqual({
    seed: 1, explored: { inputs: OLD, date: '2026-11-30', count: 98, differences: 0, withoutVerdict: 2, unsteady: 1, seeds: { 7: 100 } },
  });
});

test('turns with the same inputs add up', () => {
  const { seed, explored, found } = of(of(EMPTY, turn()), turn({ seed: 8, count: 100, withoutVerdict: 0 }), OLD, '2026-12-01');
  expect([seed, explored, found]).toEqual([1, { inputs: OLD, date: '2026-12-01', count: 198, differences: 0, withoutVerdict: 2, unsteady: 2, seeds: { 7: 100, 8: 100 } }, undefined]);
});

test('doesn\'t count a repeated seed again, but records its differences', () => {
  expect(of(of(EMPTY, turn()), turn()).explored).toMatchObject({ count: 98, unsteady: 1, seeds: { 7: 100 } });
  const { explored, found } = of(of(EMPTY, turn()), differing(7));
  expect([explored!.count, explored!.differences, found!.length]).toEqual([98, 1, 1]);
});

test('other inputs start a new record, which keeps differences', () => {
  const { explored, found } = of(of(EMPTY, differing(7)), turn({ seed: 8 }), NEW);
  expect(explored).toMatchObject({ inputs: NEW, count: 98, differences: 0, seeds: { 8: 100 } });
  expect(found).toEqual([{ seed: 7, count: 100, date: '2026-11-30', inputs: OLD, text: differing(7).text }]);
});

test('keeps each difference as found, once for each state, whatever turns follow', () => {
  const again = of(of(of(EMPTY, differing(7)), differing(7), OLD, '2026-12-01'), differing(8));
  expect(again.found!.map(({ seed, date }) => [seed, date])).toEqual([[7, '2026-12-01'], [8, '2026-11-30']]);
  const { found } = of(of(again, turn()), turn({ seed: 9 }), NEW);
  expect(found).toEqual(again.found);
});

describe('a file', () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'record-')); });
  afterEach(() => rmSync(folder, { recursive: true }));

  const ALL = Object.fromEntries(SUITE_NAMES.map((name) => [name, EMPTY])) as SeedsRecord;

  test('adds a turn, and keeps concurrent changes of another exploration', () => {
    const file = join(folder, 'seeds.json');
    writeFileSync(file, textOf(ALL));
    changeRecord('mixed', (record) => of(record, turn()), file);
    changeRecord('connections', (record) => of(record, turn()), file);
    const { connections, mixed, yaml } = readRecord(file);
    expect([connections.explored?.count, mixed.explored?.count, yaml]).toEqual([98, 98, EMPTY]);
  });
});

describe('the form', () => {
  const record = readRecord();
  const faults = (connections: object) => faultsIn({ ...record, connections });
  const explored = { inputs: OLD, date: '2026-11-30', count: 98, differences: 0, withoutVerdict: 2, unsteady: 1, seeds: { 7: 100 } };
  const find = { seed: 7, count: 100, date: '2026-11-30', inputs: OLD, text: ['a'] };

  test('in the repository is valid, and is written unchanged', () => {
    expect(faultsIn(record)).toEqual([]);
    expect(faults({ seed: 1, explored, found: [find] })).toEqual([]);
    expect(textOf(JSON.parse(textOf(record)))).toBe(textOf(record));
  });

  test.each<[string, object]>([
    ['connections: seed is 0; expected a whole number from 1', { seed: 0 }],
    ['connections: inputs is \'x\'; expected a hash of 16 hexadecimal digits', { seed: 1, explored: { ...explored, inputs: 'x' } }],
    ['connections: date is \'today\'; expected a day such as 2026-11-30', { seed: 1, explored: { ...explored, date: 'today' } }],
    ['connections: count is -1; expected a whole number', { seed: 1, explored: { ...explored, count: -1 } }],
    ['connections: seeds has no count for each seed', { seed: 1, explored: { ...explored, seeds: {} } }],
    ['connections: no field is called explred', { seed: 1, explred: explored }],
    ['connections: found has {"seed":7}; expected seed, count, date, inputs and lines of text', { seed: 1, found: [{ seed: 7 }] }],
  ])('%s', (fault, connections) => {
    expect(faults(connections)).toEqual([fault]);
  });

  test('has exactly all suites, and an exploration only of those that have one', () => {
    const { mixed: _, ...others } = record;
    expect(faultsIn({ ...others, nothing: EMPTY })).toEqual(['mixed is missing', 'nothing is no suite']);
    expect(faultsIn({ ...record, peers: { seed: 1, explored } })).toEqual(['peers: it is explored; expected none, since it has no exploration']);
  });
});
