import { Command, Option } from 'commander';
import { fileName } from './arguments';
import type { CheckReport } from './check';
import { numeral } from './numbers';
import type { UsedBaseline } from './settled';
import { Terminal } from './terminal';
import { FailOn } from '../findings/finding';
import { printable } from '../findings/safe-text';

/** What `baselineOptions` give. */
export interface BaselineChoice {
  readonly baseline?: string;
  readonly writeBaseline?: boolean;
}

export function baselineOptions(): Option[] {
  return [
    new Option('--baseline <file>', 'a file of known findings, which are counted and don\'t fail the run').argParser(fileName),
    new Option('--write-baseline', 'write all findings to the baseline, and pass'),
  ];
}

/**
 * The baseline of a run, read before anything is judged, so that its faults are told at once.
 *
 * @throws SettingsError if there is something wrong with it
 * @throws CommanderError if one is to be written, and nobody says where
 */
export function usedBaseline(verb: Command, { baseline: path, writeBaseline: isWritten = false }: BaselineChoice): UsedBaseline | undefined {
  if (path !== undefined) {
    const { loadBaseline, loadBaselineIfThere } = modules();
    return { path, baseline: isWritten ? loadBaselineIfThere(path) : loadBaseline(path) };
  }
  if (isWritten) verb.error('error: --write-baseline has no file to write; expected --baseline <file>, or baseline in the configuration file');
  return undefined;
}

/**
 * Writes all that a report finds into the baseline. Not if something could not be read: the entries of its objects, and
 * their reasons, would be lost.
 *
 * @throws SettingsError if it can't be written
 */
export function rewritten(report: CheckReport, { path, baseline }: UsedBaseline, failOn: FailOn, terminal: Terminal): UsedBaseline {
  if (report.reading.unreadable.length > 0) {
    terminal.error(`${printable(path)} is unchanged: something could not be read, and its entries would be lost.\n`);
    return { path, baseline };
  }
  const { baselineOf, keysIn, keyText, writeBaseline } = modules();
  const undecided = failOn.includes('undecided') || baseline.undecided ? report.connections.undecided : undefined;
  const written = baselineOf(report.findings, keysIn(report), baseline, undecided);
  writeBaseline(written, path);
  const [before, after] = [baseline, written].map(({ entries }) => new Set(entries.map(keyText)));
  const added = [...after].filter((key) => !before.has(key)).length;
  const dropped = [...before].filter((key) => !after.has(key)).length;
  terminal.error(`${printable(path)}: ${after.size === 1 ? '1 entry' : `${numeral(after.size)} entries`} written, ${numeral(added)} new, ${numeral(dropped)} dropped.\n`);
  return { path, baseline: written };
}

/** Loaded when there is a baseline: most runs have none. */
function modules() {
  /* eslint-disable @typescript-eslint/no-require-imports */
  return {
    ...require('../baseline/baseline') as typeof import('../baseline/baseline'),
    ...require('../baseline/baseline-file') as typeof import('../baseline/baseline-file'),
    ...require('../baseline/key') as typeof import('../baseline/key'),
    ...require('./settled') as typeof import('./settled'),
  };
  /* eslint-enable @typescript-eslint/no-require-imports */
}
