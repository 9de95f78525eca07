import { statSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { filesOfFolder, FolderContent, hasManifestName } from './folder';
import { Note } from './note';
import { openProblem, pathProblem } from './path-problem';
import { rawSourcesOf } from './raw-sources';
import { Unreadable } from './report';
import { Skipped } from './skipped';

/** The path that means standard input. */
export const STANDARD_INPUT = '-';

/** The paths of a command line. */
export interface Paths {
  readonly judged: readonly string[];
  /** What is known of the cluster besides. */
  readonly facts?: readonly string[];
}

/** A file to read, or standard input. */
export interface Source {
  readonly path: string;
  /** Named itself, not found in a folder or by a pattern. */
  readonly isNamed: boolean;
  /** Read for what it says of the cluster, not judged. */
  readonly isFact: boolean;
}

export interface Sources {
  /** Without facts that are judged, too. */
  readonly paths: Paths;
  readonly sources: readonly Source[];
  readonly problems: readonly Unreadable[];
  /** Files of those to judge that are no manifests as they stand. */
  readonly skipped: readonly Skipped[];
  readonly notes: readonly Note[];
}

/** What the paths of a command line mean, in their order, each file once: what is judged is no fact. */
export function sourcesOf(paths: Paths): Sources {
  const sources = new Map<string, Source>();
  const problems: Unreadable[] = [];
  for (const path of paths.judged) problems.push(...addSources(sources, path, false));
  const facts: string[] = [];
  for (const path of paths.facts ?? []) {
    const { size } = sources;
    const faults = addSources(sources, path, true);
    if (sources.size > size || faults.length > 0) facts.push(path);
    problems.push(...faults);
  }
  const unnamed = [...sources.values()].filter(({ isNamed }) => !isNamed);
  const raw = rawSourcesOf(unnamed.map(({ path }) => path));
  const isManifest = new Set(raw.manifests);
  const isFact = new Set(unnamed.filter((source) => source.isFact).map(({ path }) => path));
  return {
    paths: { judged: paths.judged, facts },
    sources: [...sources.values()].filter(({ path, isNamed }) => isNamed || isManifest.has(path)),
    problems: [...problems, ...raw.problems],
    skipped: raw.skipped.filter(({ file }) => !isFact.has(file)),
    notes: raw.notes,
  };
}

function addSources(sources: Map<string, Source>, path: string, isFact: boolean): readonly Unreadable[] {
  const { files, problems, isNamed } = filesOf(path);
  for (const file of files) {
    const key = file === STANDARD_INPUT ? STANDARD_INPUT : resolve(file);
    const known = sources.get(key);
    sources.set(key, known ? { ...known, isNamed: known.isNamed || isNamed } : { path: file, isNamed, isFact });
  }
  return problems;
}

function filesOf(path: string): FolderContent & Pick<Source, 'isNamed'> {
  if (path === STANDARD_INPUT) return named(path);
  try {
    return statSync(path).isDirectory() ? found(path, filesOfFolder(path)) : named(path);
  } catch (error) {
    const isPattern = (error as NodeJS.ErrnoException).code === 'ENOENT' && /[*?[{(]/.test(path);
    if (isPattern) return found(path, { files: filesOfPattern(path), problems: [] });
    return { files: [], problems: [openProblem(error, path)], isNamed: true };
  }
}

function named(path: string): ReturnType<typeof filesOf> {
  return { files: [path], problems: [], isNamed: true };
}

function found(path: string, { files, problems }: FolderContent): ReturnType<typeof filesOf> {
  const nothing = files.length + problems.length === 0 ? [pathProblem('ADMIT162', path, 'without any manifest')] : [];
  return { files, problems: [...problems, ...nothing], isNamed: false };
}

function filesOfPattern(pattern: string): string[] {
  // Loaded only when a pattern reaches us: most shells expand them.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { globSync } = require('tinyglobby') as typeof import('tinyglobby');
  const files = globSync(pattern, { ignore: '**/node_modules/**', absolute: isAbsolute(pattern), expandDirectories: false, followSymbolicLinks: false });
  return files.filter((file) => hasManifestName(file) && (pattern.includes('node_modules') || !/(^|\/)node_modules\//.test(file))).sort();
}
