// What `istio-mtls check` costs beside `istioctl analyze`, on meshes with a mistake a service: medians, in turns. Needs Go, which
// builds istioctl at first use.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bound } from './measure.mjs';
import { meshOf } from './mesh.mjs';

const require = createRequire(import.meta.url);
require('../conformance/typescript.js');
const { measured, median } = require('../conformance/peers/measuring.ts');
const { programs } = require('../conformance/peers/programs.ts');

const TURNS = 15;

const SIZES = [{ resources: 11_000, ratio: 0.65, megabytes: 175 }, { resources: 111_000, ratio: 0.45, megabytes: 850 }];

/** Measures in all sizes, or in one: which bounds are broken. */
export function istioctl({ words: [size, turns = TURNS] }) {
  const sizes = SIZES.filter(({ resources }) => size === undefined || resources === Number(size));
  if (sizes.length === 0) throw new Error(`bench: ${size} is unknown; expected ${SIZES.map(({ resources }) => resources).join(' or ')} resources, and a number of turns.`);
  return sizes.map((one) => compared(one, Number(turns))).flat();
}

function compared({ resources, ratio, megabytes }, turns) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const file = join(folder, 'mesh.yaml');
    writeFileSync(file, meshOf(resources, { isFaulty: true }));
    const { 'istio-mtls check': check, 'istioctl analyze': analyze } = programs();
    const runs = Array.from({ length: turns }, () => ({
      ours: measured([...check, '--all', '--fail-on', 'never'], file),
      theirs: measured(analyze, file, { mayFind: true }),
    }));
    const [ours, theirs] = [median(runs.map((run) => run.ours)), median(runs.map((run) => run.theirs))];
    const told = ({ seconds, cpu, megabytes: memory }) => `${seconds.toFixed(2)} s (${cpu.toFixed(2)} s of processor, ${memory.toFixed(0)} MB)`;
    const share = ours.seconds / theirs.seconds;
    return [
      bound({ what: `check ${resources} resources`, text: `${told(ours)}, istioctl analyze ${told(theirs)}, ratio ${share.toFixed(2)}`, value: share, most: ratio }),
      bound({ what: `check ${resources} resources, memory`, text: `${ours.megabytes.toFixed(0)} MB`, value: ours.megabytes, most: megabytes }),
    ].flat();
  } finally {
    rmSync(folder, { recursive: true });
  }
}
