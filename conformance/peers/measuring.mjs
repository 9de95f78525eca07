// What a program costs on a file: time from start to end, processor time, and the most memory that it held.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RefereeUnavailable } from '../node/go-binary.mjs';

const TIME = '/usr/bin/time';

/**
 * Runs a command under GNU time: `{ seconds, cpu, megabytes }`.
 * @param folder for what GNU time writes
 */
export function measured([program, ...args], file, folder) {
  if (!existsSync(TIME)) throw new RefereeUnavailable(`the peers are measured by GNU time, and there is no ${TIME}. Fix: install it`);
  const log = join(folder, 'time');
  const { status, stderr } = spawnSync(TIME, ['-q', '-f', '%e %U %S %M', '-o', log, program, ...args, file], { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ${file} ended with ${status}; expected 0, as nothing is wrong with the file: ${stderr}`);
  const [seconds, user, system, kilobytes] = readFileSync(log, 'utf8').trim().split(' ').map(Number);
  return { seconds, cpu: user + system, megabytes: kilobytes / 1024 };
}

/** The best of several runs, each of its numbers; what else the machine does can only add to them. */
export function best(runs) {
  const least = (name) => Math.min(...runs.map((run) => run[name]));
  return { seconds: least('seconds'), cpu: Number(least('cpu').toFixed(2)), megabytes: Math.round(least('megabytes')) };
}
