import { realpathSync } from 'node:fs';
import { isAbsolute, relative, sep } from 'node:path';

/** Whether a path without links is a folder, or in it. */
export function isInside(path: string, folder: string): boolean {
  const from = relative(realpathSync(folder), path);
  return from === '' || !(isAbsolute(from) || from.split(sep)[0] === '..');
}

/** The path without links; undefined if it isn't there. */
export function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
