import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

export const CONFIGURATION_NAME = 'istio-mtls.yaml';

/**
 * The configuration file that applies to a folder: its own, or the nearest one above. The search ends at the first folder with
 * `.git`, because what is above a repository belongs to others.
 */
export function findConfiguration(folder: string): string | undefined {
  const start = resolve(folder);
  for (let at = start; ; at = dirname(at)) {
    const file = join(at, CONFIGURATION_NAME);
    if (existsSync(file)) return relative(start, file);
    if (existsSync(join(at, '.git')) || dirname(at) === at) return undefined;
  }
}
