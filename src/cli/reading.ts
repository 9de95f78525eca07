import { mayBeManifest, whyNoObject } from './kubernetes-object';
import { Note } from './note';
import { numeral } from './numbers';
import { pathProblem } from './path-problem';
import { Progress } from './progress';
import { Unreadable } from './report';
import { Skipped } from './skipped';
import { Paths } from './sources';
import { Terminal } from './terminal';
import { NamedText, readTexts, Texts } from './texts';
import { inNamespace, lacksNamespace } from '../manifests/known-kinds';
import { ManifestProblem } from '../manifests/manifest-problem';
import { ManifestObject, readManifests } from '../manifests/manifests';
import { WorkloadKind, WorkloadKinds } from '../manifests/workload-kinds';

/** An object as it was read, and where its fields are written. */
export type ReadObject = Pick<ManifestObject, 'object' | 'file' | 'positionOf'>;

/** Objects and the number of files that they are from. */
export interface ReadFiles {
  readonly files: number;
  /** In the order of the paths and of the objects in them. */
  readonly documents: readonly ReadObject[];
}

/** The objects of the paths of a command line: those that are judged, and what else is known of the cluster. */
export interface Reading extends ReadFiles {
  readonly facts: ReadFiles;
  /** What was found in folders or by patterns and isn't judged. */
  readonly skipped: readonly Skipped[];
  readonly unreadable: readonly Unreadable[];
  readonly notes: readonly Note[];
}

/** How objects are read that don't say it themselves. */
export interface ReadingOptions {
  /** Where those go that name no namespace and need one. */
  readonly namespace?: string;
  /** Kinds that run pods, and so need a namespace, besides those that everybody knows. */
  readonly workloadKinds?: readonly WorkloadKind[];
}

/** All objects that were read: the judged ones, whose numbers come first, and the facts. */
export function objectsOf({ documents, facts }: Reading): readonly ReadObject[] {
  return facts.documents.length === 0 ? documents : [...documents, ...facts.documents];
}

export async function readPaths(paths: Paths, options: ReadingOptions, { input, progress }: Pick<Terminal, 'input' | 'progress'>): Promise<Reading> {
  return readingOf(await readTexts(paths, input), options, progress);
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
    unreadable: unreadable.length > 0 ? unreadable : [...emptiness(paths.judged, judged), ...emptiness(paths.facts ?? [], facts)],
    notes: [...notes, ...namespaceNotes(judged, 'object', ': say --namespace'), ...namespaceNotes(facts, 'fact', '')],
  };
}

class Reader implements ReadFiles {
  public files = 0;
  public readonly documents: ReadObject[] = [];
  public readonly skipped: Skipped[] = [];
  public readonly unreadable: Unreadable[] = [];

  public constructor(private readonly namespace: string | undefined, private readonly kinds: WorkloadKinds) {}

  public read(source: NamedText): void {
    if ('problem' in source) {
      this.unreadable.push(source.problem);
      return;
    }
    const { text, name, isNamed } = source;
    this.files++;
    const { documents, problems } = readManifests(text, name);
    if (isNamed && documents.length + problems.length === 0) this.unreadable.push(pathProblem('ADMIT165', name, 'empty'));
    this.sort(problems, isNamed, problems.length > 0 && mayBeManifest(text));
    for (const document of documents) {
      const why = isNamed || document.isItem ? undefined : whyNoObject(document.object);
      if (why === undefined) this.documents.push(this.placed(document));
      else this.skipped.push(skippedDocument(document, why));
    }
  }

  /** @param isManifest whether the text is meant to be one */
  private sort(problems: readonly ManifestProblem[], isNamed: boolean, isManifest: boolean): void {
    for (const problem of problems) {
      const { code, file, position, actual, isListDocument } = problem;
      if (isNamed || (isManifest && !isListDocument)) this.unreadable.push(problem);
      else this.skipped.push({ file, position, why: code === 'ADMIT155' ? actual : `no YAML of Kubernetes: ${actual}` });
    }
  }

  /** How many objects say no namespace though they need one. */
  public get homeless(): number {
    return this.documents.filter(({ object }) => lacksNamespace(object, this.kinds)).length;
  }

  private placed(document: ManifestObject): ReadObject {
    const object = inNamespace(document.object, this.namespace, this.kinds);
    return object === document.object ? document : { object, file: document.file, positionOf: (field) => document.positionOf(field) };
  }
}

/** Its place is looked for when somebody asks: that may cost as much as to read it. */
function skippedDocument(document: ManifestObject, why: string): Skipped {
  return { file: document.file, get position() { return document.positionOf([]); }, why };
}

/** Of paths that hold no object at all: whatever is said of them would be of nothing. */
function emptiness(paths: readonly string[], { documents }: ReadFiles): Unreadable[] {
  return paths.length > 0 && documents.length === 0 ? [pathProblem('ADMIT167', paths.join(' '), 'without any object')] : [];
}

function namespaceNotes({ homeless: count }: Reader, noun: string, remedy: string): Note[] {
  if (count === 0) return [];
  const [objects, name, are] = count === 1 ? [noun, 'names', 'is'] : [`${noun}s`, 'name', 'are'];
  return [{ about: 'namespace', text: `${numeral(count)} ${objects} ${name} no namespace and ${are} taken to be in default${remedy}` }];
}
