import { Baseline, baselineOf, compared, undecidedBeyond } from '../../src/baseline/baseline';
import { FindingKey, Keyable } from '../../src/baseline/key';

interface Found extends Keyable { readonly name: string; readonly calls?: readonly string[] }

const found = (code: string, name: string, connections?: number): Found => ({ code, name, field: ['spec'], connections });
const keyOf = ({ code, name }: Found): FindingKey => ({ code, group: '', kind: 'Service', namespace: 'shop', name, field: 'spec' });
const callsOf = ({ calls = [] }: Found): readonly string[] => calls;
const NONE: Baseline = { entries: [] };
const baseline = (...findings: Found[]) => baselineOf(findings, { keyOf, callsOf }, NONE);
const against = (known: Baseline, ...findings: Found[]) => {
  const { open, held, grown, stale } = compared(findings, known, keyOf, callsOf);
  return { open, held: [...held.keys()], grown: [...grown.keys()], stale: stale.map(({ code, name }) => `${code} ${name}`) };
};

const ONE = found('MTLS101', 'one', 3);

test('holds exactly the findings with its keys', () => {
  const [other, elsewhere] = [found('MTLS102', 'one', 3), found('MTLS101', 'two', 3)];
  expect(against(baseline(ONE), ONE, other, elsewhere)).toEqual({ open: [other, elsewhere], held: [ONE], grown: [], stale: [] });
});

test('an entry without a finding is stale', () => {
  expect(against(baseline(ONE, found('MTLS201', 'two')), ONE)).toMatchObject({ open: [], stale: ['MTLS201 two'] });
});

test('reports findings with more connections than the entry, not with fewer', () => {
  const [more, fewer] = [found('MTLS101', 'one', 4), found('MTLS101', 'one', 2)];
  expect(against(baseline(ONE), more)).toEqual({ open: [more], held: [], grown: [more], stale: [] });
  expect(against(baseline(ONE), fewer)).toEqual({ open: [], held: [fewer], grown: [], stale: [] });
});

test('reports all findings of a key if there are more than the entry has, since any may be new', () => {
  const all = [found('MTLS201', 'one'), found('MTLS201', 'one'), found('MTLS201', 'one')];
  const [first, second, third] = all;
  expect(against(baseline(first, second), ...all)).toEqual({ open: all, held: [], grown: all, stale: [] });
  expect(against(baseline(first, second), third)).toMatchObject({ open: [], held: [third] });
});

test('adds up the connections of findings with one key', () => {
  const [two, three] = [found('MTLS101', 'one', 2), found('MTLS101', 'one', 3)];
  expect(baseline(two, three).entries).toMatchObject([{ count: 2, connections: 5 }]);
  expect(against(baseline(two, three), two, found('MTLS101', 'one', 4)).held).toEqual([]);
});

test('an entry without connections holds any number, also after an update', () => {
  const [entry] = baseline(ONE).entries;
  const loose: Baseline = { entries: [{ ...entry, connections: undefined }] };
  const many = found('MTLS101', 'one', 400);
  expect(against(loose, many)).toMatchObject({ open: [], held: [many] });
  expect(baselineOf([many], { keyOf, callsOf }, loose).entries).toEqual(loose.entries);
});

test('an update keeps reasons, drops stale entries and adds new ones', () => {
  const previous: Baseline = { entries: baseline(ONE, found('MTLS201', 'two')).entries.map((entry) => ({ ...entry, reason: `known: ${entry.name}` })) };
  const written = baselineOf([found('MTLS101', 'one', 7), found('MTLS301', 'three')], { keyOf, callsOf }, previous);
  expect(written.entries.map(({ code, name, connections, reason }) => [code, name, connections, reason])).toEqual([
    ['MTLS101', 'one', 7, 'known: one'], ['MTLS301', 'three', undefined, undefined],
  ]);
});

test('counts undecided connections beyond the baseline for each reason', () => {
  expect(undecidedBeyond({ 'no-endpoints': 3, 'delegate': 1 }, { 'no-endpoints': 3, 'delegate': 4 })).toBe(0);
  expect(undecidedBeyond({ 'no-endpoints': 5, 'delegate': 1 }, { 'no-endpoints': 3, 'delegate': 4 })).toBe(2);
  expect(undecidedBeyond({ 'no-endpoints': 5 })).toBe(5);
  expect(undecidedBeyond({ constructor: 5 } as any, {})).toBe(5);
});

test('holds declared calls by name: another one is new, even if an old one ended', () => {
  const calls = (...names: string[]): Found => ({ ...found('MTLS101', 'one', names.length), calls: names });
  const known = baseline(calls('a', 'b'));
  expect(known.entries).toEqual([expect.objectContaining({ connections: 2, calls: ['a', 'b'] })]);
  expect([against(known, calls('b', 'a')), against(known, calls('b'))]).toMatchObject([{ open: [], grown: [] }, { open: [], grown: [] }]);
  const other = calls('b', 'c');
  expect(against(known, other)).toEqual({ open: [other], held: [], grown: [other], stale: [] });
  expect([...compared([other], known, keyOf, callsOf).grown.values()]).toEqual([expect.objectContaining({ count: 1, connections: 2, calls: ['c'] })]);
});

test('an entry without calls holds none, and one of any number of connections holds any', () => {
  const one: Found = { ...ONE, calls: ['a'] };
  expect(against(baseline(ONE), one)).toMatchObject({ open: [one], grown: [one] });
  const [entry] = baseline(one).entries;
  const loose: Baseline = { entries: [{ ...entry, connections: undefined, calls: undefined }] };
  expect(against(loose, one)).toMatchObject({ open: [], held: [one] });
  expect(baselineOf([one], { keyOf, callsOf }, loose).entries).toEqual([expect.not.objectContaining({ calls: ['a'] })]);
});

test('only findings about connections have calls', () => {
  const other: Found = { ...found('MTLS201', 'one'), calls: ['a'] };
  expect(baseline(other).entries).toEqual([expect.not.objectContaining({ calls: ['a'] })]);
});
