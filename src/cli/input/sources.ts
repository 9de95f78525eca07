import { resolve } from 'node:path';
import { Note, rawSourcesOf, Skipped } from './raw-sources';
import { MOST_TOGETHER, openProblem, pathProblem, ReadText, readTextOf, readTextOfStream, tooLargeTogether, Unreadable } from './read-text';
import { manifestFilesOf } from '../../configuration/manifest-files';
import type { RenderedSources } from '../../configuration/rendered-source';
import { late } from '../../modules/late';
import type { Terminal } from '../output/terminal';

/** The path that means standard input. */
export const STANDARD_INPUT = '-';

/** The name of standard input in reports. */
export const STANDARD_INPUT_NAME = '<stdin>';

/** The paths of a command line. */
export interface Paths {
  readonly judged: readonly string[];
  /** Paths with facts about the cluster. */
  readonly facts?: readonly string[];
  /** Sources to judge that are rendered first. */
  readonly rendered?: RenderedSources;
}

/** What one path holds. */
export type NamedText = ReadText & Omit<Source, 'path'> & {
  readonly name: string;
  /** Lines are quoted only from files in these folders. The second thread gets them as well. */
  readonly quotedWithin?: readonly string[];
  /** Whether it is the output of a renderer: no file holds its lines. */
  readonly isRendered?: boolean;
  /** The namespace of its objects that name none, instead of the run's. */
  readonly namespace?: string;
};

/** The texts of the paths of a command line, in their order, the facts last. */
export interface Texts extends Omit<Sources, 'sources'> {
  readonly texts: readonly NamedText[];
}

/** @param most the maximum number of characters of all texts together: many links may lead to one file */
export async function readTexts(
  paths: Paths, { input, prepareFor }: Pick<Terminal, 'input' | 'prepareFor'>, most = MOST_TOGETHER,
): Promise<Texts> {
  const { sources, ...found } = sourcesOf(paths);
  const texts: NamedText[] = [];
  let length = 0;
  for (const { path, ...source } of sources) {
    const isInput = path === STANDARD_INPUT;
    const name = isInput ? STANDARD_INPUT_NAME : path;
    const read = isInput ? await readTextOfStream(input(), name) : readTextOf(name);
    length += 'text' in read ? read.text.length : 0;
    texts.push({ name, ...source, ...length > most ? { problem: tooLargeTogether(name, most) } : read });
    if (length > most) break;
  }
  const rendered = await renderedTexts(paths);
  const all = rendered ? withRendered(texts, rendered) : texts;
  prepareFor?.(sizeOf(all));
  return { ...found, texts: all, ...rendered && { notes: [...found.notes, ...rendered.notes] } };
}

/** Loaded late: most runs render nothing. */
async function renderedTexts({ rendered }: Paths): Promise<Pick<Texts, 'texts' | 'notes'> | undefined> {
  return rendered && late<typeof import('./rendered-texts')>(() => require('./rendered-texts')).renderedTexts(rendered);
}

/** Facts come last. */
function withRendered(texts: readonly NamedText[], rendered: Pick<Texts, 'texts'>): readonly NamedText[] {
  return [...texts.filter(({ isFact }) => !isFact), ...rendered.texts, ...texts.filter(({ isFact }) => isFact)];
}

export function sizeOf(texts: Texts['texts']): number {
  return texts.reduce((size, one) => size + ('text' in one ? one.text.length : 0), 0);
}

/** A file to read, or standard input. */
interface Source {
  readonly path: string;
  /** The path of the command line that led to it. */
  readonly given: string;
  /** Whether the command line names it directly, not through a folder or pattern. */
  readonly isNamed: boolean;
  /** Whether it is read as a fact about the cluster, and not checked. */
  readonly isFact: boolean;
}

interface Sources {
  readonly paths: Paths;
  readonly sources: readonly Source[];
  readonly problems: readonly Unreadable[];
  /** Files to judge that aren't plain manifests. */
  readonly skipped: readonly Skipped[];
  readonly notes: readonly Note[];
}

/**
 * The files of a command line's paths, in order, each once. If paths to judge and paths of facts both contain a
 * file, the narrower path decides: `dist/ --with dist/cluster.yaml` judges the rest of the folder.
 */
function sourcesOf(paths: Paths): Sources {
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
  /** How much of the file's own path the given path names: the more, the narrower. */
  readonly narrowness: number;
}

/** The files of one path, and what could not be opened. */
interface PathContent extends Pick<Source, 'isNamed'>, Pick<Found, 'narrowness'> {
  readonly files: readonly string[];
  readonly problems: readonly Unreadable[];
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

function filesOf(path: string, isFact: boolean): PathContent {
  if (path === STANDARD_INPUT) return { files: [path], problems: [], isNamed: true, narrowness: Infinity };
  const { kind, files, unopened, narrowness } = manifestFilesOf(path);
  const problems = unopened.map((one) => openProblem(one.error, one.path));
  const mayBeEmpty = isFact && kind === 'folder';
  const nothing = !mayBeEmpty && files.length + problems.length === 0 ? [pathProblem('ADMIT162', path, 'without any manifest')] : [];
  return { files, problems: [...problems, ...nothing], isNamed: kind === 'file', narrowness };
}
