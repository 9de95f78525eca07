import { realpathSync, statSync } from 'node:fs';
import { isAbsolute, relative, sep } from 'node:path';

/** Whether a path without links is a folder, or in it. */
export function isInside(path: string, folder: string): boolean {
  const from = relative(realpathSync(folder), path);
  return from === '' || !(isAbsolute(from) || from.split(sep)[0] === '..');
}

/** Whether a source may read a path without links: it is in the folder, and not in `.git`, which may hold credentials. */
export function mayBeRead(path: string, folder: string): boolean {
  return isInside(path, folder) && !relative(realpathSync(folder), path).split(sep).some((name) => name.toLowerCase() === '.git');
}

/** The path without links; undefined if it isn't there. */
export function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

export function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false; // there is none, or links that lead to each other
  }
}
