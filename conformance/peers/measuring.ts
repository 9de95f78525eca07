// What a program costs on a file: time from start to end, processor time, and the most memory that it held.
import { spawnSync } from 'node:child_process';
import { goBinary } from '../node/go-binary';

/** What a run cost: time and processor time in seconds, and memory. */
export interface Cost {
  readonly seconds: number;
  readonly cpu: number;
  readonly megabytes: number;
}

/** Runs a command on a file. Where it may find something, whatever it ends with will do. */
export function measured(command: readonly string[], file: string, { mayFind = false } = {}): Cost {
  const { error, status: ended, stdout, stderr: problem } = spawnSync(goBinary('measure'), [...command, file], { encoding: 'utf8' });
  if (error || ended !== 0) throw new Error(`${command.join(' ')} can't be run: ${error?.message ?? problem}`);
  const { status, stderr, ...cost } = JSON.parse(stdout);
  if (status !== 0 && !mayFind) throw new Error(`${command.join(' ')} ${file} ended with ${status}; expected 0, as nothing is wrong with the file: ${stderr}`);
  return cost;
}

/** The best of several runs, each of its numbers; what else the machine does can only add to them. */
export function best(runs: readonly Cost[]): Cost {
  const least = (name: keyof Cost) => Math.min(...runs.map((run) => run[name]));
  return { seconds: Number(least('seconds').toFixed(2)), cpu: Number(least('cpu').toFixed(2)), megabytes: Math.round(least('megabytes')) };
}

/** What half of the runs are under, of each of their numbers. */
export function median(runs: readonly Cost[]): Cost {
  const middle = (name: keyof Cost) => runs.map((run) => run[name]).sort((left, right) => left - right)[Math.floor(runs.length / 2)];
  return { seconds: middle('seconds'), cpu: middle('cpu'), megabytes: middle('megabytes') };
}
