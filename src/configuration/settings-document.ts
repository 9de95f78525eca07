import { Fault, Faults, SettingsError, Fields } from './fields';
import { FieldPath, fieldText } from '../findings/finding';
import { refusalMessage } from '../findings/refusal';
import { ManifestProblem, Position } from '../manifests/manifest-problem';
import { ManifestObject, readManifests } from '../manifests/manifests';
import { problemMessage } from '../manifests/problem-message';

/** A file of settings: one mapping in YAML or JSON, read as manifests are, with the places of its fields. */
export class SettingsDocument implements Faults {
  private readonly found: { readonly position: Position; readonly message: string }[] = [];
  private readonly document?: ManifestObject;
  /** Documents that are no mappings. */
  private readonly others: readonly ManifestProblem[];

  /** @param takesObjects whether it may be a Kubernetes object */
  public constructor(text: string, public readonly file: string, takesObjects = false) {
    const { documents, problems } = readManifests(text, file);
    const unread = problems.filter(({ code }) => code !== NO_MAPPING);
    for (const problem of unread) this.found.push({ position: problem.position, message: problemMessage(problem) });
    this.others = problems.filter(({ code }) => code === NO_MAPPING);
    const [first, second] = documents;
    if (second) this.fault([], { code: 'MTLS092', actual: `${documents.length} documents`, expected: 'one', fix: 'keep one of them' }, second);
    const isObject = first !== undefined && (first.isItem || (first.object.apiVersion !== undefined && first.object.kind !== undefined));
    if (isObject && !takesObjects) this.fault([], { code: 'MTLS092', actual: 'a Kubernetes object', expected: 'settings of istio-mtls', fix: 'name another file' }, first);
    else this.document = first;
  }

  /** The whole mapping; an empty file holds an empty one. */
  public fields(known: readonly string[]): Fields {
    this.expectMapping(`a mapping with ${known.join(', ')}`);
    return new Fields(this, this.object, [], known);
  }

  /** The whole mapping as it is. */
  public get object(): Readonly<Record<string, unknown>> {
    return this.document?.object ?? {};
  }

  /** Finds fault with a list or a text in the place of a mapping. */
  public expectMapping(expected: string): void {
    for (const { actual, position } of this.others) this.faultAt(position, [], { code: 'MTLS092', actual, expected, fix: 'write "FIELD: value", one a line' });
  }

  public fault(field: FieldPath, fault: Fault, document = this.document): void {
    this.faultAt(document?.positionOf(field) ?? START, field, fault);
  }

  public positionOf(field: FieldPath): Position {
    return this.document?.positionOf(field) ?? START;
  }

  /** @throws SettingsError with every fault in the order of its place, if there is one */
  public finish(): void {
    if (this.found.length === 0) return;
    const sorted = [...this.found].sort(({ position: left }, { position: right }) => left.line - right.line || left.column - right.column);
    throw new SettingsError(sorted.map(({ message }) => message));
  }

  private faultAt(position: Position, field: FieldPath, { code, ...said }: Fault): void {
    const kind = `${this.file}:${position.line}:${position.column}`;
    this.found.push({ position, message: refusalMessage({ code, kind, field: fieldText(field) || 'the document', ...said }) });
  }
}

const START: Position = { line: 1, column: 1 };

/** The problem of a list or a text, which no object can be read from. */
const NO_MAPPING = 'ADMIT155';
