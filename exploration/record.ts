// The committed seeds with the record of what was explored: exploration/seeds.json.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SUITE_NAMES, suiteOf, type SuiteName } from './suites';

export const RECORD_FILE = join(__dirname, 'seeds.json');

/** What was explored of a suite with one state of its inputs. */
export interface Explored {
  /** The hash of the inputs: what else was explored before says nothing about these. */
  readonly inputs: string;
  /** The last day of it. */
  readonly date: string;
  /** How many cases have a verdict. */
  readonly count: number;
  readonly differences: number;
  /** Cases on which no verdict was reached; they are not in the count. */
  readonly withoutVerdict: number;
  /** Cases that differed, and not when they were tried again. */
  readonly unsteady: number;
  /** How many cases were asked for of each seed. */
  readonly seeds: Readonly<Record<string, number>>;
}

/** What differed. It stays until somebody has kept it as a regression and takes it out. */
interface Find {
  readonly seed: number;
  readonly count: number;
  readonly date: string;
  readonly inputs: string;
  readonly text: readonly string[];
}

export interface SuiteRecord {
  /** What CI and a run without options try. */
  readonly seed: number;
  readonly explored?: Explored;
  readonly found?: readonly Find[];
}

export type SeedsRecord = Readonly<Record<SuiteName, SuiteRecord>>;

/** What one turn of a suite has shown. */
export interface Turn {
  readonly seed: number;
  /** How many cases were asked for. */
  readonly asked: number;
  readonly count: number;
  readonly differences: number;
  readonly withoutVerdict: number;
  readonly unsteady: number;
  /** What differs, as the suite prints it. */
  readonly text: readonly string[];
}

const COUNTS = ['count', 'differences', 'withoutVerdict', 'unsteady'] as const;
const NOTHING = { count: 0, differences: 0, withoutVerdict: 0, unsteady: 0, seeds: {} };

/** The record of a suite with one more turn in it. A seed that was explored before adds nothing but what it finds. */
export function withTurn(record: SuiteRecord, turn: Turn, { inputs, date }: { readonly inputs: string; readonly date: string }): SuiteRecord {
  const { seed, asked, text } = turn;
  const known: Explored = record.explored?.inputs === inputs ? record.explored : { ...NOTHING, inputs, date };
  const sums = Object.fromEntries(COUNTS.map((name) => [name, known[name] + turn[name]]));
  const explored = Object.hasOwn(known.seeds, seed)
    ? { ...known, date, differences: Math.max(known.differences, turn.differences) }
    : { ...known, date, ...sums, seeds: { ...known.seeds, [seed]: asked } };
  const isSame = (one: Find): boolean => one.seed === seed && one.count === asked && one.inputs === inputs;
  const found = [
    ...(record.found ?? []).filter((one) => !(turn.differences > 0 && isSame(one))),
    ...turn.differences > 0 ? [{ seed, count: asked, date, inputs, text }] : [],
  ];
  return { seed: record.seed, explored, ...found.length > 0 ? { found } : {} };
}

export function readRecord(file = RECORD_FILE): SeedsRecord {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Changes the record of one suite as it is in the file now, so that two explorations at a time lose nothing of each other. */
export function changeRecord(name: SuiteName, change: (record: SuiteRecord) => SuiteRecord, file = RECORD_FILE): SuiteRecord {
  const all = readRecord(file);
  const changed = change(all[name]);
  const scratch = `${file}.${process.pid}`;
  writeFileSync(scratch, textOf({ ...all, [name]: changed }));
  renameSync(scratch, file);
  return changed;
}

export function textOf(record: SeedsRecord): string {
  const ordered = Object.fromEntries(SUITE_NAMES.map((name) => [name, record[name]]));
  return `${JSON.stringify(ordered, undefined, 2)}\n`;
}

const isWhole = (value: unknown, least = 0): boolean => Number.isSafeInteger(value) && Number(value) >= least;
const isHash = (value: unknown): boolean => /^[0-9a-f]{16}$/.test(String(value));
const isDate = (value: unknown): boolean => /^\d{4}-\d{2}-\d{2}$/.test(String(value));

/** What is wrong with the form of a record. */
export function faultsIn(record: Readonly<Record<string, any>>): string[] {
  const names: readonly string[] = SUITE_NAMES;
  return [
    ...names.filter((name) => !Object.hasOwn(record, name)).map((name) => `${name} is missing`),
    ...Object.keys(record).filter((name) => !names.includes(name)).map((name) => `${name} is no suite`),
    ...SUITE_NAMES.filter((name) => Object.hasOwn(record, name)).flatMap((name) => faultsOf(name, record[name]).map((text) => `${name}: ${text}`)),
  ];
}

function faultsOf(name: SuiteName, { seed, explored, found = [], ...others }: any): string[] {
  const faults = Object.keys(others).map((key) => `no field is called ${key}`);
  if (!isWhole(seed, 1)) faults.push(`seed is ${seed}; expected a whole number from 1`);
  if (explored && !suiteOf(name).runs) faults.push('it is explored; expected none, since it has no exploration');
  if (explored) faults.push(...faultsOfExplored(explored));
  for (const find of found) if (!isFind(find)) faults.push(`found has ${JSON.stringify(find)}; expected seed, count, date, inputs and lines of text`);
  return faults;
}

function faultsOfExplored({ inputs, date, seeds, ...counts }: any): string[] {
  const faults = [];
  if (!isHash(inputs)) faults.push(`inputs is '${inputs}'; expected a hash of 16 hexadecimal digits`);
  if (!isDate(date)) faults.push(`date is '${date}'; expected a day such as 2026-11-30`);
  for (const name of COUNTS) if (!isWhole(counts[name])) faults.push(`${name} is ${counts[name]}; expected a whole number`);
  const asked = Object.entries(seeds ?? {});
  if (asked.length === 0 || !asked.every(([seed, count]) => isWhole(Number(seed), 1) && isWhole(count, 1))) faults.push('seeds has no count for each seed');
  return faults;
}

function isFind({ seed, count, date, inputs, text }: any): boolean {
  return isWhole(seed, 1) && isWhole(count, 1) && isDate(date) && isHash(inputs) && Array.isArray(text) && text.every((line) => typeof line === 'string');
}
