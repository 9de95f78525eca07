import { existsSync, realpathSync } from 'node:fs';
import { isAbsolute, relative, sep } from 'node:path';
import { Note, Skipped } from './raw-sources';
import { pathProblem, Unreadable } from './read-text';
import { NamedText, Paths, readTexts, STANDARD_INPUT, STANDARD_INPUT_NAME, Texts } from './sources';
import { FieldPath } from '../../findings/finding';
import { numeral } from '../../findings/numeral';
import { lacksNamespace, usualApiVersion, WorkloadKind, WorkloadKinds } from '../../manifests/kinds';
import { ManifestObject, readManifests } from '../../manifests/manifests';
import { ManifestProblem } from '../../manifests/problems';
import { Position } from '../../manifests/source-text';
import { Progress, Terminal } from '../output/terminal';

/** An object that was read, with the places of its fields. */
export interface ReadObject extends Pick<ManifestObject, 'object' | 'file' | 'edit'> {
  /** Undefined if its source is rendered: no file holds the lines. */
  positionOf(field: FieldPath): Position | undefined;
}

/** Objects and the number of files that they are from. */
interface ReadFiles {
  readonly files: number;
  /** In the order of the paths and of the objects in them. */
  readonly documents: readonly ReadObject[];
}

/** The objects of a command line's paths: those to judge, and facts about the cluster. */
export interface Reading extends ReadFiles {
  readonly facts: ReadFiles;
  /** Documents and files of folders or patterns that aren't checked. */
  readonly skipped: readonly Skipped[];
  readonly unreadable: readonly Unreadable[];
  readonly notes: readonly Note[];
}

/** Defaults for objects that don't state them. */
export interface ReadingOptions {
  /** The namespace of namespaced objects that name none. */
  readonly namespace?: string;
  /** Further kinds that run pods, and so are namespaced. */
  readonly workloadKinds?: readonly WorkloadKind[];
}

/** All objects that were read: first those to judge, whose indices start at 0, then the facts. */
export function objectsOf({ documents, facts }: Reading): readonly ReadObject[] {
  return facts.documents.length === 0 ? documents : [...documents, ...facts.documents];
}

export async function readPaths(
  paths: Paths, options: ReadingOptions, terminal: Pick<Terminal, 'input' | 'prepareFor' | 'progress'>,
): Promise<Reading> {
  return readingOf(await readTexts(paths, terminal), options, terminal.progress);
}

export function readingOf(
  { paths, texts, problems, skipped, notes }: Texts, { namespace, workloadKinds }: ReadingOptions = {}, progress?: Progress,
): Reading {
  const kinds = WorkloadKinds.with(workloadKinds);
  const judged = new Reader(namespace, kinds);
  const facts = new Reader(undefined, kinds);
  for (const [index, one] of texts.entries()) {
    progress?.show(() => `Reading file ${index + 1} of ${texts.length} …`);
    (one.isFact ? facts : judged).read(one);
  }
  const unreadable = [...problems, ...judged.unreadable, ...facts.unreadable];
  return {
    files: judged.files,
    documents: judged.documents,
    facts,
    skipped: [...skipped, ...judged.skipped],
    unreadable: unreadable.length > 0 ? unreadable : emptiness(paths.judged, judged),
    notes: [
      ...notes,
      ...namespaceNotes(judged, 'object', ': set --namespace'),
      ...namespaceNotes(facts, 'fact', ''),
      ...unreadable.length > 0 ? [] : emptyFactNotes(paths.facts, facts),
    ],
  };
}

/** A problem; without a position if its source is rendered. */
type PlacedProblem = Omit<ManifestProblem, 'position'> & Pick<Unreadable, 'position'>;

class Reader implements ReadFiles {
  public files = 0;
  public readonly documents: ReadObject[] = [];
  public readonly skipped: Skipped[] = [];
  public readonly unreadable: Unreadable[] = [];
  /** The given paths that have contributed objects. */
  public readonly fruitful = new Set<string>();

  public constructor(private readonly namespace: string | undefined, private readonly kinds: WorkloadKinds) {}

  public read(source: NamedText): void {
    if ('problem' in source) {
      this.unreadable.push(source.problem);
      return;
    }
    const { text, name, given, isNamed, isFact, isRendered, namespace = this.namespace, quotedWithin } = source;
    this.files++;
    const { documents, problems } = readManifests(text, name, quotedWithin && (() => isWithin(name, quotedWithin)));
    if (isNamed && !isFact && documents.length + problems.length === 0) this.unreadable.push(pathProblem('ADMIT165', name, 'empty'));
    const shown = templatesOnce(problems).map((problem) => (isRendered ? { ...problem, position: undefined } : problem));
    this.sort(shown, isNamed, problems.length > 0 && mayBeManifest(text));
    for (const document of documents) {
      const why = isNamed || document.isItem ? undefined : whyNoObject(document.object);
      if (why !== undefined) {
        this.skipped.push(skippedDocument(document, why));
        continue;
      }
      const placed = document.inNamespace(namespace, this.kinds);
      this.documents.push(isRendered ? rendered(placed) : placed);
      this.fruitful.add(given);
    }
  }

  /** @param isManifest whether the text seems meant as a manifest */
  private sort(problems: readonly PlacedProblem[], isNamed: boolean, isManifest: boolean): void {
    for (const problem of problems) {
      const { code, file, position, actual, isListDocument } = problem;
      if (isNamed || (isManifest && !isListDocument)) this.unreadable.push(problem);
      else this.skipped.push({ file, position, why: code === 'ADMIT155' ? actual : `not Kubernetes YAML: ${actual}` });
    }
  }

  /** The number of objects that need a namespace but name none. */
  public get homeless(): number {
    return this.documents.filter(({ object }) => lacksNamespace(object, this.kinds)).length;
  }
}

/** Reports a template once, at its first document. */
function templatesOnce(problems: readonly ManifestProblem[]): readonly ManifestProblem[] {
  const [first, ...rest] = problems.filter(({ code }) => code === 'ADMIT158');
  if (rest.length === 0) return problems;
  const more = rest.length === 1 ? 'another document of the file' : `${numeral(rest.length)} other documents of the file`;
  return problems.filter((problem) => !rest.includes(problem))
    .map((problem) => (
      problem === first ? { ...first, actual: `${first.actual}, as ${rest.length === 1 ? 'is' : 'are'} ${more}` } : problem));
}

/** An object of a rendered source, which has no lines in any file and can't be edited. */
function rendered({ object, file }: ManifestObject): ReadObject {
  return { object, file, positionOf: () => undefined, edit: () => undefined };
}

/** Its position is computed only on access: that may cost as much as parsing. */
function skippedDocument(document: ManifestObject, why: string): Skipped {
  return { file: document.file, get position() { return document.positionOf([]); }, why };
}

/** The problem of paths without any object: a report would be about nothing. */
function emptiness(paths: readonly string[], { documents }: ReadFiles): Unreadable[] {
  return documents.length === 0 ? [pathProblem('ADMIT167', paths.join(' '), 'without any object')] : [];
}

/** A cluster may be empty, so this isn't a failure; the note shows a mistaken path. */
function emptyFactNotes(paths: readonly string[] = [], { fruitful }: Reader): Note[] {
  return paths.filter((path) => !fruitful.has(path)).map((path) => ({
    about: 'fact',
    path,
    text: `${path === STANDARD_INPUT ? STANDARD_INPUT_NAME : path} adds nothing: it is empty, or another path also contains its objects`,
  }));
}

function namespaceNotes({ homeless: count }: Reader, noun: string, remedy: string): Note[] {
  if (count === 0) return [];
  const [objects, name, are] = count === 1 ? [noun, 'names', 'is'] : [`${noun}s`, 'name', 'are'];
  return [{ about: 'namespace', text: `${numeral(count)} ${objects} ${name} no namespace and ${are} assumed to be in default${remedy}` }];
}

/** A `kind` at the beginning of a line, as in a document of an object. */
const KIND = /^["']?kind["']?[ \t]*:[ \t]*["']?(\w+)/gm;

/**
 * Why a document of a folder isn't meant for an API server: values of a chart, settings of
 * tools. Undefined if it looks like an object, even an incomplete one: then it is judged.
 */
function whyNoObject({ apiVersion, kind, metadata, spec, $patch }: Readonly<Record<string, unknown>>): string | undefined {
  if (isGiven($patch)) return 'a patch of kustomize, which says so by $patch';
  if (!isGiven(apiVersion) && !isGiven(kind)) return 'neither apiVersion nor kind';
  if (!isGiven(apiVersion)) {
    return usualApiVersion(kind) === undefined
      ? 'a kind without apiVersion that isn\'t one of Kubernetes, Istio or the Gateway API'
      : undefined;
  }
  if (!isGiven(kind)) return isGiven(metadata) || isGiven(spec) ? undefined : 'an apiVersion without kind, metadata and spec';
  return String(apiVersion).startsWith('kustomize.config.k8s.io/') ? 'an input of kustomize' : undefined;
}

/** Whether a text that can't be parsed may nevertheless be a manifest. */
function mayBeManifest(text: string): boolean {
  if (/\bapiVersion["']?\s*:/.test(text)) return true;
  return [...text.matchAll(KIND)].some(([, kind]) => kind === 'List' || usualApiVersion(kind) !== undefined);
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** Whether a file is in one of the folders after following links. Input that isn't on disk counts as inside. */
function isWithin(file: string, folders: readonly string[]): boolean {
  try {
    const real = realpathSync(file);
    return folders.some((folder) => {
      const path = relative(realpathSync(existsSync(folder) ? folder : '.'), real);
      return path === '' || !(isAbsolute(path) || path.split(sep)[0] === '..');
    });
  } catch {
    return true;
  }
}
