// Shows that the command prints the same as that of another commit, to the byte, and ends with the same exit codes:
//   node tools/same-output.mjs COMMIT [--meshes N] [--seed S|random]
// Runs check, connections and validate in every format on all manifests of test/ and examples/, on the benchmarks' mesh
// of 11,000 objects, and on N random meshes. Compile the working tree first.
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Build, requireFreshBuild } from './same-output/build.mjs';
import { compare, endsWell, summaryOf } from './same-output/comparison.mjs';
import { writeInputs } from './same-output/inputs.mjs';
import { formatsOf, runsOf } from './same-output/runs.mjs';
import { Side } from './same-output/side.mjs';

const require = createRequire(import.meta.url);
require('../conformance/typescript.js');
const { seedOf } = require('../exploration/seed.ts');

const ROOT = fileURLToPath(new URL('..', import.meta.url));

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`same-output: ${error.message}`);
  process.exitCode = 2;
}

async function main() {
  const { commit, meshes, seed } = options();
  requireFreshBuild(ROOT);
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'same-output-')));
  const other = new Build(ROOT, commit, join(scratch, 'commit'));
  // Whatever ends this process, nothing of it stays.
  process.once('exit', () => {
    other.remove();
    rmSync(scratch, { recursive: true, force: true });
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(2));
  console.log(`Compiling ${other.name} …`);
  other.make();
  console.log(`Writing manifests, of random meshes those of seed ${seed} …`);
  const manifests = join(scratch, 'manifests');
  mkdirSync(manifests);
  // A format that only the working tree has is compared with nothing.
  const runs = runsOf(writeInputs(ROOT, manifests, { meshes, seed }), formatsOf(other.folder));
  console.log(`Comparing ${runs.length} runs of the working tree with those of ${other.name} …`);
  const sides = [other.folder, ROOT].map((root) => new Side(root, manifests));
  try {
    const counts = await compare(runs, sides, console.log);
    console.log(summaryOf(counts));
    return endsWell(counts) ? 0 : 1;
  } finally {
    for (const side of sides) side.end();
  }
}

function options() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { meshes: { type: 'string', default: '1000' }, seed: { type: 'string' } } });
  if (positionals.length !== 1) throw new Error('no commit is named; expected one. Fix: node tools/same-output.mjs COMMIT, such as HEAD');
  if (!/^\d{1,6}$/.test(values.meshes)) throw new Error(`--meshes is '${values.meshes}'; expected how many random meshes there are, such as 1000`);
  return { commit: positionals[0], meshes: Number(values.meshes), seed: seedOf('same-output', values.seed) };
}
