import { documentsOf, ReadDocument } from './documents';
import { inNamespace, WorkloadKinds } from './kinds';
import { isList, isNestedList, List, namedBy } from './lists';
import { isMapping } from './mapping';
import { Positions, Steps } from './positions';
import { ManifestProblem, readingProblem, unreadable } from './problems';
import { Position } from './source-text';
import { addition, deletion, fieldEdit, TextEdit } from './text-edit';
import { ObjectChange } from '../findings/finding';

/** A Kubernetes object in a text; each item of a List is one. */
export class ManifestObject {
  public constructor(
    public readonly object: Readonly<Record<string, unknown>>,
    public readonly file: string,
    private readonly place: Steps,
    private readonly positions: Positions,
  ) {}

  /** Whether it is an item of a List, not a document of its own. */
  public get isItem(): boolean {
    return this.place.length > 0;
  }

  /** The object in a default namespace, as with kubectl's `--namespace`: a namespace in the object stays. */
  public inNamespace(namespace: string | undefined, kinds?: WorkloadKinds): ManifestObject {
    const object = inNamespace(this.object, namespace, kinds);
    return object === this.object ? this : new ManifestObject(object, this.file, this.place, this.positions);
  }

  /** The position of a field, or of its nearest parent if the object lacks it. */
  public positionOf(field: Steps): Position {
    return this.positions.of([...this.place, ...field]);
  }

  /** The edit of the text that makes a change; undefined if the text can't be edited. A new object is added at the end of the text. */
  public edit({ fields, manifest }: ObjectChange): TextEdit | undefined {
    const { place, positions: { chunk } } = this;
    if (manifest) return addition(chunk, manifest);
    if (!fields && !this.isItem) return deletion(chunk);
    return fieldEdit(chunk, fields ? place : [], fields ?? [{ op: 'remove', path: place }]);
  }
}

/** The content of a text: its objects, and what could not be read. */
export interface Manifests {
  readonly documents: readonly ManifestObject[];
  readonly problems: readonly ManifestProblem[];
}

/**
 * Reads YAML or JSON as kubectl does: several documents, Lists, YAML 1.1 words. An unreadable document is a problem, but doesn't
 * prevent reading the others. Stricter than kubectl: a duplicate key is a problem, and so is text that kubectl ignores.
 */
export function readManifests(text: string, file: string, isShown?: () => boolean): Manifests {
  const reader = new Reader(file);
  for (const document of documentsOf(text.replace(/^\uFEFF/, ''), isShown)) reader.read(document);
  return reader;
}

/** The path of a document that isn't a List. */
const DOCUMENT: Steps = [];

class Reader implements Manifests {
  public readonly documents: ManifestObject[] = [];
  public readonly problems: ManifestProblem[] = [];

  public constructor(private readonly file: string) {}

  public read({ chunk, error }: ReadDocument): void {
    if (error) this.problems.push(readingProblem(error, this.file, chunk));
    else this.addDocument(chunk.value, new Positions(chunk));
  }

  private addDocument(value: unknown, positions: Positions): void {
    if (isList(value)) {
      this.addItems(value, positions);
    } else if (isMapping(value)) {
      this.documents.push(new ManifestObject(value, this.file, DOCUMENT, positions));
    } else {
      this.problems.push({
        ...unreadable('ADMIT155', describe(value), this.file, positions.of(DOCUMENT)), ...Array.isArray(value) && { isListDocument: true },
      });
    }
  }

  private addItems(list: List, positions: Positions): void {
    if (Array.isArray(list.items)) list.items.forEach((item, index) => this.addItem(namedBy(list, item), ['items', index], positions));
    // Null is an empty list.
    else if (list.items !== null) this.refuse('ADMIT168', `a List whose items are ${describe(list.items)}`, ['items'], positions);
  }

  private addItem(item: unknown, place: Steps, positions: Positions): void {
    if (!isMapping(item)) this.refuse('ADMIT155', describe(item), place, positions);
    else if (isNestedList(item)) this.refuse('ADMIT168', 'a List in a List', place, positions);
    else this.documents.push(new ManifestObject(item, this.file, place, positions));
  }

  private refuse(code: string, actual: string, place: Steps, positions: Positions): void {
    this.problems.push(unreadable(code, actual, this.file, positions.of(place)));
  }
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (isMapping(value)) return 'a mapping';
  // Quotes no text: a file with only a key or password is a string, too.
  return typeof value === 'string' ? `a string of ${value.length} characters` : `the ${typeof value} ${String(value)}`;
}
