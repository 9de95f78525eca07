// The peers part: Istio's own checks beside ours on the same files, in time and memory, and in the broken connections of
// random meshes that each tells of.
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PartOptions, PartResult, Print } from '../part';
import { countBroken, type BrokenFacts } from './broken';
import { best, measured, type Cost } from './measuring';
import { programs, RIVALS, type Program } from './programs';

const SIZES = [1000, 10000, 11000, 20000];
const PROMISED_AT = 11000;
const TURNS = 3;

type Costs = Readonly<Record<Program, Cost>>;

/** What each program costs on one file. */
interface Measured {
  readonly resources: number;
  readonly megabytes: number;
  readonly costs: Costs;
}

export interface PeerFacts extends BrokenFacts {
  readonly node: string;
  readonly cpus: number;
  readonly turns: number;
  readonly sizes: readonly Measured[];
  readonly seed: number;
}

/** Measures, and counts in `count` meshes. It fails where a promise is broken. */
export async function peers({ seed, count = 100, print }: PartOptions): Promise<PartResult<PeerFacts>> {
  const { meshOf } = await import('../../bench/mesh.mjs');
  const sizes = SIZES.map((size) => measuredAt(size, meshOf(size), print));
  const facts = { node: process.version, cpus: cpus().length, turns: TURNS, sizes, seed, ...countBroken(seed, count) };
  const { told, broken } = facts;
  for (const [program, { deciding, any, errors }] of Object.entries(told)) {
    print(`of ${broken} broken connections ${program} has a message about an object that decides ${deciding}, that decides or takes part in ${any}, an error about ${errors}`);
  }
  const { costs } = sizes.find(({ resources }) => resources === PROMISED_AT)!;
  const promises = RIVALS.flatMap(({ ours, theirs, bound }) => {
    if (bound === undefined) return [];
    const ratio = costs[ours].seconds / costs[theirs].seconds;
    if (ratio > bound) print(`peers: at ${PROMISED_AT} resources ${ours} takes ${ratio.toFixed(2)} of ${theirs}; at most ${bound} was promised`);
    return [ratio <= bound];
  });
  return { passed: promises.filter(Boolean).length, failed: promises.filter((kept) => !kept).length, facts };
}

/** The programs take turns on one file, so that a slow moment hits all alike. */
function measuredAt(size: number, mesh: string, print: Print): Measured {
  const folder = mkdtempSync(join(tmpdir(), 'peers-'));
  try {
    const file = join(folder, 'mesh.yaml');
    writeFileSync(file, mesh);
    const commands = programs();
    const names = Object.keys(commands) as Program[];
    const turns = Array.from({ length: TURNS }, () => names.map((name) => measured(commands[name], file)));
    const costs = Object.fromEntries(names.map((name, index) => [name, best(turns.map((turn) => turn[index]))])) as Costs;
    for (const { ours, theirs } of RIVALS) print(`${size} resources: ${row(costs, ours)}, ${row(costs, theirs)}, ratio ${(costs[ours].seconds / costs[theirs].seconds).toFixed(2)}`);
    return { resources: size, megabytes: Number((statSync(file).size / 1e6).toFixed(1)), costs };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const row = (costs: Costs, name: Program) => `${name} ${costs[name].seconds.toFixed(2)} s (${costs[name].cpu.toFixed(2)} s of processor) ${costs[name].megabytes} MB`;
