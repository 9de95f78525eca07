import { statSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { filesOfFolder, FolderContent, hasManifestName } from './folder';
import { openProblem, pathProblem, Unreadable } from './path-problem';
import { Note, rawSourcesOf, Skipped } from './raw-sources';

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
  /** The path of the command line that it is found by. */
  readonly given: string;
  /** Named itself, not found in a folder or by a pattern. */
  readonly isNamed: boolean;
  /** Read for what it says of the cluster, not judged. */
  readonly isFact: boolean;
}

export interface Sources {
  readonly paths: Paths;
  readonly sources: readonly Source[];
  readonly problems: readonly Unreadable[];
  /** Files of those to judge that are no manifests as they stand. */
  readonly skipped: readonly Skipped[];
  readonly notes: readonly Note[];
}

/**
 * What the paths of a command line mean, in their order, each file once. A file that is found by paths of both kinds is a fact
 * if the narrower one says so: `dist/ --with dist/cluster.yaml` judges the rest of the folder.
 */
export function sourcesOf(paths: Paths): Sources {
  const found = new Map<string, Found>();
  const problems = [
    ...paths.judged.flatMap((path) => addSources(found, path, false)),
    ...(paths.facts ?? []).flatMap((path) => addSources(found, path, true)),
  ];
  const sources = [...found.values()].map(({ source }) => source);
  const unnamed = sources.filter(({ isNamed }) => !isNamed);
  const raw = rawSourcesOf(unnamed.map(({ path }) => path));
  const isManifest = new Set(raw.manifests);
  const isFact = new Set(unnamed.filter((source) => source.isFact).map(({ path }) => path));
  return {
    paths,
    sources: sources.filter(({ path, isNamed }) => isNamed || isManifest.has(path)),
    problems: [...problems, ...raw.problems],
    skipped: raw.skipped.filter(({ file }) => !isFact.has(file)),
    notes: raw.notes,
  };
}

interface Found {
  readonly source: Source;
  /** How much of the file's own path the given one names: the more, the narrower it is. */
  readonly narrowness: number;
}

function addSources(found: Map<string, Found>, given: string, isFact: boolean): readonly Unreadable[] {
  const { files, problems, isNamed, narrowness } = filesOf(given, isFact);
  for (const path of files) {
    const key = path === STANDARD_INPUT ? STANDARD_INPUT : resolve(path);
    const known = found.get(key);
    if (known && known.narrowness >= narrowness) continue;
    const isSame = known?.source.isFact === isFact;
    if (!isSame) found.delete(key);
    found.set(key, { source: isSame ? { ...known.source, isNamed } : { path, given, isNamed, isFact }, narrowness });
  }
  return problems;
}

function filesOf(path: string, isFact: boolean): FolderContent & Pick<Source, 'isNamed'> & Pick<Found, 'narrowness'> {
  if (path === STANDARD_INPUT) return named(path);
  try {
    if (!statSync(path).isDirectory()) return named(path);
    const content = filesOfFolder(path);
    return { ...isFact ? content : atLeastOne(path, content), isNamed: false, narrowness: resolve(path).length };
  } catch (error) {
    const literal = path.search(/[*?[{(]/);
    const isPattern = (error as NodeJS.ErrnoException).code === 'ENOENT' && literal >= 0;
    if (!isPattern) return { ...named(path), files: [], problems: [openProblem(error, path)] };
    const content = atLeastOne(path, { files: filesOfPattern(path), problems: [] });
    return { ...content, isNamed: false, narrowness: resolve(path).length - path.slice(literal).length };
  }
}

function named(path: string): ReturnType<typeof filesOf> {
  return { files: [path], problems: [], isNamed: true, narrowness: Infinity };
}

function atLeastOne(path: string, { files, problems }: FolderContent): FolderContent {
  const nothing = files.length + problems.length === 0 ? [pathProblem('ADMIT162', path, 'without any manifest')] : [];
  return { files, problems: [...problems, ...nothing] };
}

function filesOfPattern(pattern: string): string[] {
  // Loaded only when a pattern reaches us: most shells expand them.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { globSync } = require('tinyglobby') as typeof import('tinyglobby');
  const files = globSync(pattern, { ignore: '**/node_modules/**', absolute: isAbsolute(pattern), expandDirectories: false, followSymbolicLinks: false });
  return files.filter((file) => hasManifestName(file) && (pattern.includes('node_modules') || !/(^|\/)node_modules\//.test(file))).sort();
}
