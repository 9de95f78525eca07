import { relative, resolve, sep } from 'node:path';
import { GitPath, GitTree, gitPathOf } from './git-tree';
import { Note } from './raw-sources';
import { Unreadable } from './read-text';
import { readingOf, Reading, ReadingOptions } from './reading';
import { readTexts, STANDARD_INPUT, STANDARD_INPUT_NAME, Texts } from './sources';
import type { RenderedSource, RenderedSources } from '../../configuration/rendered-source';
import { numeral } from '../../findings/numeral';
import { Terminal } from '../output/terminal';

/** The sources of a mesh of the configuration file, by their paths from the working directory. */
export interface MeshState {
  readonly paths: readonly string[];
  readonly rendered?: RenderedSources;
  /** A commit; undefined: on disk. */
  readonly rev?: string;
}

/** A path of a state, or the sources of a mesh. */
export type StatePath = string | MeshState;

/** Where the two states of a mesh are. */
export interface StatePaths {
  /** Undefined if the cluster in `onto` is the state before. */
  readonly before?: StatePath;
  readonly after: StatePath;
  /** Whether the command line names one path for both states. */
  readonly isOnePath?: boolean;
  /** Paths of the cluster's objects, before either state is applied. */
  readonly onto: readonly string[];
}

/** The texts of both states; `after` includes those of the cluster. */
export interface StateTexts {
  readonly before?: Texts;
  readonly after: Texts;
}

/** The objects of both states. */
export interface StateObjects {
  readonly before?: Reading;
  readonly after: Reading;
}

/** What texts are read from. */
type Input = Pick<Terminal, 'input' | 'prepareFor'>;

/** Whether standard input is named twice, although it can be read only once. */
export function readsInputTwice({ before, after, isOnePath = false, onto }: StatePaths): boolean {
  return [...isOnePath ? [] : [before], after, ...onto].filter((path) => path === STANDARD_INPUT).length > 1;
}

/** What a path of the command line means beside `--mesh`: a commit without a path, the sources of the mesh in it. */
export function statePathOf(path: string, sources: (() => MeshState) | undefined): StatePath {
  const from = gitPathOf(path);
  return from && from.path === undefined && sources ? { ...sources(), rev: from.rev } : path;
}

/**
 * Reads both states, each from a path on disk or in a commit.
 *
 * @param settings files with settings of the run, which count for both states
 * @throws GitError if git can't provide a state
 */
export async function readStates(
  { before, after, onto }: StatePaths, terminal: Input, settings: readonly string[] = [],
): Promise<StateTexts> {
  const latter = await textsOf(after, before, onto, terminal);
  const shared = factsIn(latter);
  if (before === after && onto.length === 0) return { before: latter, after: latter };
  const notes = sharedNotes(shared.filter(({ isOfAfter }) => isOfAfter).map(({ name }) => name));
  if (before === undefined) return { after: latter };
  const others = { facts: shared.filter(({ isOfAfter }) => !isOfAfter).map(({ name }) => name), settings };
  const former = await textsOf(before, after, [], terminal, others);
  return { before: former, after: { ...latter, notes: [...latter.notes, ...notes] } };
}

/** The files of facts, and whether each is also in the judged state. */
function factsIn({ texts, paths }: Texts): readonly { readonly name: string; readonly isOfAfter: boolean }[] {
  const folders = paths.judged.filter((path) => path !== STANDARD_INPUT && !gitPathOf(path)).map((path) => resolve(path));
  return texts.filter(({ isFact, name }) => isFact && name !== STANDARD_INPUT_NAME)
    .map(({ name }) => ({ name, isOfAfter: folders.some((folder) => resolve(name).startsWith(folder + sep) || resolve(name) === folder) }));
}

/** Notes on facts that are part of the change: they count for both states, and so would hide their own change. */
function sharedNotes(files: readonly string[]): Note[] {
  return files.length === 0 ? [] : [{
    about: 'fact',
    path: files[0],
    text: `${filesText(files)} of the state after the change ${files.length === 1 ? 'is a fact' : 'are facts'} and ${COUNTS(files)}`,
  }];
}

function differingNotes(tree: GitTree, { facts, settings }: SharedFiles, state: string): Note[] {
  const told = tree.differing(facts);
  return [
    ...told.length === 0 ? [] : [{
      about: 'fact' as const,
      path: told[0],
      text: `${filesText(told)} of facts ${told.length === 1 ? 'isn\'t' : 'aren\'t'} as in ${state} and ${COUNTS(told)}`,
    }],
    ...tree.differing(settings).map((file) => ({
      about: 'fact' as const,
      path: file,
      text: `${file} isn't as in ${state} and counts for both states: --no-config, or --config with that of ${state}, `
        + 'leaves out what a change says itself',
    })),
  ];
}

const COUNTS = ({ length }: readonly string[]) => (
  `${length === 1 ? 'counts' : 'count'} for both states, so what ${length === 1 ? 'it changes' : 'they change'} isn't compared`);

function filesText(files: readonly string[]): string {
  return files.length === 1 ? `file ${files[0]}` : `${numeral(files.length)} files, such as ${files[0]},`;
}

/** Files that count for both states. */
interface SharedFiles {
  readonly facts: readonly string[];
  readonly settings: readonly string[];
}

/**
 * Reads one state alone, to compare it with manifests that were read from other paths.
 *
 * @param others the paths of those manifests; if there is only one, a commit without a path is read at that path
 * @throws GitError if git can't provide it
 */
export function readBase(path: StatePath, others: readonly string[], terminal: Input): Promise<Texts> {
  return textsOf(path, others.length === 1 ? others[0] : undefined, [], terminal);
}

export function allTexts({ before, after }: StateTexts): Pick<Texts, 'texts'> {
  return { texts: [...before?.texts ?? [], ...after.texts] };
}

export function statesOf({ before, after }: StateTexts, options: ReadingOptions, terminal: Pick<Terminal, 'progress'>): StateObjects {
  const latter = readingOf(after, options, terminal.progress);
  const former = before === after ? latter : before && readingOf(before, options, terminal.progress);
  return { before: former && withNotesOfStates(former), after: withNotesOfStates(latter) };
}

/**
 * @param other the path of the other state
 * @param shared files that count for both states, compared with the commit if the path is in one
 */
async function textsOf(
  path: StatePath, other: StatePath | undefined, facts: readonly string[], terminal: Input, shared?: SharedFiles,
): Promise<Texts> {
  if (typeof path !== 'string') return textsOfMesh(path, facts, terminal, shared);
  const from = gitPathOf(path);
  if (!from) return readTexts({ judged: [path], facts }, terminal);
  return textsInCommit(from, typeof other === 'string' ? other : undefined, facts, terminal, shared);
}

async function textsOfMesh(
  { paths, rendered, rev }: MeshState, facts: readonly string[], terminal: Input, shared?: SharedFiles,
): Promise<Texts> {
  if (rev === undefined) return readTexts({ judged: paths, facts, rendered }, terminal);
  if (rendered) return renderedInCommit({ paths, rendered, rev }, facts, terminal, shared);
  const several: Texts[] = [];
  for (const [index, one] of paths.entries()) {
    const from = { rev, path: `./${relative('.', one).split(sep).join('/')}` };
    several.push(await textsInCommit(from, undefined, index === 0 ? facts : [], terminal, shared));
  }
  return together(several);
}

/** Renders from the commit's files, and nothing that is only on disk. */
async function renderedInCommit(
  { paths, rendered: { sources, within: repository }, rev }: Required<MeshState>, facts: readonly string[], terminal: Input,
  shared?: SharedFiles,
): Promise<Texts> {
  const tree = await GitTree.whole(rev, [...paths, ...sources.flatMap((one) => [one.folder, ...one.program === 'helm' ? one.values : []])]);
  try {
    const moved = sources.map((source): RenderedSource => (source.program === 'helm'
      ? { ...source, folder: tree.pathOf(source.folder), values: source.values.map((file) => tree.pathOf(file)) }
      : { ...source, folder: tree.pathOf(source.folder) }));
    const judged = paths.map((path) => tree.pathOf(path));
    const read = await readTexts({ judged, facts, rendered: { sources: moved, within: tree.folder, repository } }, terminal);
    const texts = withOthers(named(read, (text) => tree.named(text)), tree);
    return shared ? { ...texts, notes: [...texts.notes, ...differingNotes(tree, shared, `git:${rev}`)] } : texts;
  } finally {
    await tree.remove();
  }
}

async function textsInCommit(
  from: GitPath, other: string | undefined, facts: readonly string[], terminal: Input, shared?: SharedFiles,
): Promise<Texts> {
  const tree = await GitTree.of(from, other === STANDARD_INPUT ? undefined : other && pathIn(other));
  try {
    const texts = withOthers(named(await readTexts({ judged: [tree.path], facts }, terminal), (text) => tree.named(text)), tree);
    return shared ? { ...texts, notes: [...texts.notes, ...differingNotes(tree, shared, `git:${from.rev}`)] } : texts;
  } finally {
    await tree.remove();
  }
}

/** The texts of several paths, each file once, and the facts last. */
function together(several: readonly Texts[]): Texts {
  const once = <T>(items: readonly T[], keyOf: (item: T) => string) => [...new Map(items.map((item) => [keyOf(item), item])).values()];
  const [facts, judged] = [true, false].map((isFact) => several.flatMap(({ texts }) => texts.filter((text) => text.isFact === isFact)));
  return {
    paths: { judged: several.flatMap(({ paths }) => paths.judged), facts: several[0].paths.facts },
    texts: [...once(judged, ({ name }) => name), ...facts],
    problems: once(several.flatMap(({ problems }) => problems), ({ code, file, actual }) => `${code} ${file} ${actual}`),
    skipped: once(several.flatMap(({ skipped }) => skipped), ({ file, why }) => `${file} ${why}`),
    notes: once(several.flatMap(({ notes }) => notes), ({ text }) => text),
  };
}

/** The path that a state is read from, on disk or in a commit. */
function pathIn(path: string): string | undefined {
  const from = gitPathOf(path);
  return from ? from.path : path;
}

/** Adds the problems of git; they replace the report that the path doesn't exist. */
function withOthers(texts: Texts, { problems, notes }: GitTree): Texts {
  const isKnown = new Set([...texts.paths.judged, ...problems.map(({ file }) => file)]);
  const own = problems.length === 0 ? texts.problems : texts.problems.filter(({ file }) => !isKnown.has(file));
  return { ...texts, problems: [...own, ...problems], notes: [...texts.notes, ...notes] };
}

/** The texts of a commit, with the names that users know. */
function named({ paths, texts, problems, skipped, notes }: Texts, nameOf: (text: string) => string): Texts {
  const file = <T extends { readonly file: string }>(one: T): T => ({ ...one, file: nameOf(one.file) });
  const problem = (one: Unreadable): Unreadable => ({ ...file(one), actual: nameOf(one.actual), fix: nameOf(one.fix) });
  return {
    paths: { ...paths, judged: paths.judged.map(nameOf) },
    texts: texts.map(
      (one) => ({ ...one, name: nameOf(one.name), given: nameOf(one.given), ...'problem' in one && { problem: problem(one.problem) } }),
    ),
    problems: problems.map(problem),
    skipped: skipped.map((one) => ({ ...file(one), why: nameOf(one.why) })),
    notes: notes.map((note) => ({ ...note, path: note.path && nameOf(note.path), text: nameOf(note.text) })),
  };
}

/** Changes notes on unrendered charts and unbuilt kustomizations: one side lacks them, and the fix differs from that for one mesh. */
function withNotesOfStates(reading: Reading): Reading {
  return { ...reading, notes: reading.notes.map(noteOfState) };
}

function noteOfState(note: Note): Note {
  switch (note.about) {
    case 'chart':
      return { ...note, text: `${note.path} is a chart, and its templates are left out: render both states, and compare the output` };
    case 'kustomization':
      return { ...note, text: `${note.path} is a kustomization, and its output isn't compared: build both states, and compare the output` };
    default: return note;
  }
}
