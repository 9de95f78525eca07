import { join } from 'node:path';
import { loadCached } from './code-cache';
import type { Package } from './package';

/** The command: what its bin file runs. */
export function start(args: readonly string[], packaged: Package): Promise<void> {
  const [verb = ''] = args;
  const { main } = loadCached(join(__dirname, 'main.js'), /^[a-z]+$/.test(verb) ? verb : 'other') as typeof import('./main');
  return main(args, packaged);
}
