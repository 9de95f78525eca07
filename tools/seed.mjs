// The seed of everything random in tests and suites. It comes from the tree: a run before a commit is CI's run after it.
//   node tools/seed.mjs [SEED|random]   prints it
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** A suite counts up from its seed, so some room is left above it. */
const LARGEST = 2 ** 31 - 100_000;

/**
 * The seed that an option names: a whole number as it is, `random` for one that nobody knows before, and that of the
 * tree where the option is missing.
 */
export function seedOf(option, tree = treeHash) {
  if (option === undefined) return 1 + Number(BigInt(`0x${tree()}`) % BigInt(LARGEST - 1));
  if (option === 'random') return randomInt(1, LARGEST);
  if (/^[1-9]\d{0,9}$/.test(option) && Number(option) <= LARGEST) return Number(option);
  throw new Error(`the seed is '${option}'; expected a whole number from 1 to ${LARGEST}, or random`);
}

/** The hash of the tree that a commit of everything in the checkout, ignored files left out, would have. */
function treeHash() {
  const scratch = mkdtempSync(join(tmpdir(), 'seed-'));
  try {
    const index = join(scratch, 'index');
    const known = resolve(ROOT, git(['rev-parse', '--git-path', 'index']));
    // What git knows of each file's state spares it to read them all again.
    if (existsSync(known)) copyFileSync(known, index);
    const env = { ...process.env, GIT_INDEX_FILE: index };
    git(['add', '--all'], env);
    return git(['write-tree'], env);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function git(args, env = process.env) {
  const { status, error, stdout, stderr } = spawnSync('git', args, { cwd: ROOT, env, encoding: 'utf8' });
  if (status === 0) return stdout.trim();
  throw new Error(`no seed: 'git ${args.join(' ')}' failed (${(error?.message ?? stderr).trim()}); expected a git checkout. Fix: say which seed, or random`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    console.log(seedOf(process.argv[2]));
  } catch (error) {
    console.error(`seed: ${error.message}`);
    process.exitCode = 2;
  }
}
