// The peers part: Istio's own checks beside ours on the same files, in time and memory, and in the broken connections of
// random meshes that each tells of.
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { meshOf } from '../../bench/mesh.mjs';
import { countBroken } from './broken.mjs';
import { best, measured } from './measuring.mjs';
import { programs, RIVALS } from './programs.mjs';

const SIZES = [1000, 10000, 11000, 20000];
const PROMISED_AT = 11000;
const TURNS = 3;

/** Measures, and counts in `count` meshes: `{ passed, failed, facts }`. It fails where a promise is broken. */
export async function peers({ seed = 1, count = 100, print = console.log } = {}) {
  const facts = { node: process.version, cpus: cpus().length, turns: TURNS, sizes: SIZES.map((size) => measuredAt(size, print)), seed, ...countBroken(seed, count) };
  const { told, broken } = facts;
  for (const [program, { deciding, any, errors }] of Object.entries(told)) {
    print(`of ${broken} broken connections ${program} has a message about an object that decides ${deciding}, that decides or takes part in ${any}, an error about ${errors}`);
  }
  const promises = RIVALS.filter(({ bound }) => bound !== undefined).map(({ ours, theirs, bound }) => {
    const { costs } = facts.sizes.find(({ resources }) => resources === PROMISED_AT);
    const ratio = costs[ours].seconds / costs[theirs].seconds;
    if (ratio > bound) print(`peers: at ${PROMISED_AT} resources ${ours} takes ${ratio.toFixed(2)} of ${theirs}; at most ${bound} was promised`);
    return ratio <= bound;
  });
  return { passed: promises.filter(Boolean).length, failed: promises.filter((kept) => !kept).length, facts };
}

/** The programs take turns on one file, so that a slow moment hits all alike. */
function measuredAt(size, print) {
  const folder = mkdtempSync(join(tmpdir(), 'peers-'));
  try {
    const file = join(folder, 'mesh.yaml');
    writeFileSync(file, meshOf(size));
    const commands = Object.entries(programs());
    const runs = Object.fromEntries(commands.map(([name]) => [name, []]));
    for (let turn = 0; turn < TURNS; turn += 1) {
      for (const [name, command] of commands) runs[name].push(measured(command, file));
    }
    const costs = Object.fromEntries(Object.entries(runs).map(([name, of]) => [name, best(of)]));
    for (const { ours, theirs } of RIVALS) print(`${size} resources: ${row(costs, ours)}, ${row(costs, theirs)}, ratio ${(costs[ours].seconds / costs[theirs].seconds).toFixed(2)}`);
    return { resources: size, megabytes: Number((statSync(file).size / 1e6).toFixed(1)), costs };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const row = (costs, name) => `${name} ${costs[name].seconds.toFixed(2)} s (${costs[name].cpu.toFixed(2)} s of processor) ${costs[name].megabytes} MB`;
