import { statSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { filesOfFolder, FolderContent, hasManifestName } from './folder';
import { openProblem, pathProblem } from './path-problem';
import { Unreadable } from './report';

/** The path that means standard input. */
export const STANDARD_INPUT = '-';

/** A file to read, or standard input. */
export interface Source {
  readonly path: string;
  /** Named itself, not found in a folder or by a pattern. */
  readonly isNamed: boolean;
}

export interface Sources {
  readonly sources: readonly Source[];
  readonly problems: readonly Unreadable[];
}

/** What the paths of a command line mean, in their order, each file once. */
export function sourcesOf(paths: readonly string[]): Sources {
  const sources = new Map<string, Source>();
  const problems: Unreadable[] = [];
  for (const path of paths) {
    const meant = sourcesOfPath(path);
    problems.push(...meant.problems);
    for (const source of meant.sources) {
      const key = source.path === STANDARD_INPUT ? STANDARD_INPUT : resolve(source.path);
      const known = sources.get(key);
      sources.set(key, known ? { ...known, isNamed: known.isNamed || source.isNamed } : source);
    }
  }
  return { sources: [...sources.values()], problems };
}

function sourcesOfPath(path: string): Sources {
  if (path === STANDARD_INPUT) return { sources: [{ path, isNamed: true }], problems: [] };
  try {
    return statSync(path).isDirectory() ? found(path, filesOfFolder(path)) : { sources: [{ path, isNamed: true }], problems: [] };
  } catch (error) {
    const isPattern = (error as NodeJS.ErrnoException).code === 'ENOENT' && /[*?[{(]/.test(path);
    return isPattern ? found(path, { files: filesOfPattern(path), problems: [] }) : { sources: [], problems: [openProblem(error, path)] };
  }
}

function found(path: string, { files, problems }: FolderContent): Sources {
  const nothing = files.length + problems.length === 0 ? [pathProblem('ADMIT162', path, 'without any manifest')] : [];
  return { sources: files.map((file) => ({ path: file, isNamed: false })), problems: [...problems, ...nothing] };
}

function filesOfPattern(pattern: string): string[] {
  // Loaded only when a pattern reaches us: most shells expand them.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { globSync } = require('tinyglobby') as typeof import('tinyglobby');
  const files = globSync(pattern, { ignore: '**/node_modules/**', absolute: isAbsolute(pattern), expandDirectories: false, followSymbolicLinks: false });
  return files.filter((file) => hasManifestName(file) && (pattern.includes('node_modules') || !/(^|\/)node_modules\//.test(file))).sort();
}
