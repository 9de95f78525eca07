import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Finds the seed of all random tests, once for the run: the tree's, or what the variable SEED says, such as `random`. */
export default function seedOfTree(): void {
  const wanted = process.env.SEED ? [process.env.SEED] : [];
  process.env.SEED = execFileSync(process.execPath, [join(__dirname, '..', '..', 'tools', 'seed.mjs'), ...wanted], { encoding: 'utf8' }).trim();
}
