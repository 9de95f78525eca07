// The state of the sources that an exploration says something about.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(__dirname, '..');

/** What runs write, and what is written for readers alone. */
const NO_INPUT = [/^conformance\/recorded\//, /\.md$/, /(^|\/)(node_modules|\.[^/]*)(\/|$)/];

/** A hash of all files under some paths: the same for the same contents, in whatever order they are named or found. */
export function hashOf(paths: readonly string[], root = ROOT): string {
  const hash = createHash('sha256');
  const files = new Set(paths.flatMap((path) => filesUnder(root, path)));
  for (const file of [...files].sort()) {
    const content = createHash('sha256').update(readFileSync(join(root, file))).digest('hex');
    hash.update(`${file}\0${content}\0`);
  }
  return hash.digest('hex').slice(0, 16);
}

/** @throws Error if nothing is there: a hash of nothing would never change */
function filesUnder(root: string, path: string): string[] {
  const found = statSync(join(root, path)).isDirectory() ? filesIn(root, path) : [path];
  if (found.length === 0) throw new Error(`${path} has no files; expected inputs of an exploration`);
  return found;
}

function filesIn(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (NO_INPUT.some((pattern) => pattern.test(entry.isDirectory() ? `${path}/` : path))) return [];
    return entry.isDirectory() ? filesIn(root, path) : [path];
  });
}
