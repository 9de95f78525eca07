import { isUtf8 } from 'node:buffer';
import { accessSync, chmodSync, constants, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { FieldPath, fieldText } from '../findings/finding';
import { nearest } from '../findings/nearest';
import { RefusalDetails, refusalMessage } from '../findings/refusal';
import { shown } from '../findings/safe-text';
import { ManifestObject, readManifests } from '../manifests/manifests';
import { isMapping } from '../manifests/mapping';
import { ManifestProblem, problemMessage } from '../manifests/problems';
import { Position } from '../manifests/source-text';

/** What is wrong with a field of a settings file. */
export type SettingsFault = Pick<RefusalDetails, 'code' | 'actual' | 'expected' | 'because' | 'fix'>;

/** Collects faults, so that all are reported at once. */
export interface Faults {
  fault(field: FieldPath, fault: SettingsFault): void;
}

/** All faults of a configuration file or a baseline, one per line. */
export class SettingsError extends Error {
  public constructor(public readonly faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'SettingsError';
  }
}

/** The maximum size of a settings file. */
const LARGEST = 64 * 1024 * 1024;

/**
 * The text of a settings file.
 *
 * @param fix the fix if the file can't be read
 * @throws SettingsError if it can't be read
 */
export function readSettingsText(file: string, fix: string): string {
  const read = readOrFault(file);
  if ('text' in read) return read.text;
  throw new SettingsError([refusalMessage({ code: 'API094', kind: file, field: 'the file', ...read, fix })]);
}

function readOrFault(file: string): { readonly text: string } | { readonly actual: string; readonly expected: string } {
  try {
    const status = statSync(file);
    if (status.isDirectory()) return { actual: 'a folder', expected: 'a file' };
    if (status.size > LARGEST) return { actual: 'larger than 64 MB', expected: 'at most 64 MB' };
    const bytes = readFileSync(file);
    return isUtf8(bytes) ? { text: bytes.toString('utf8') } : { actual: 'not in UTF-8', expected: 'YAML in UTF-8' };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { actual: code === 'ENOENT' ? 'missing' : `not readable (${code ?? message})`, expected: 'a readable file' };
  }
}

/**
 * Writes a file that the command line names. An existing file keeps its mode, and a new one gets the default mode.
 *
 * @throws SettingsError if it can't be written
 */
export function writeTextFile(file: string, text: string): void {
  try {
    writeWhole(file, text);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new SettingsError([refusalMessage({
      code: 'API095',
      kind: file,
      field: 'the file',
      actual: `not writable (${code ?? message})`,
      expected: 'a writable file in an existing folder',
      fix: 'correct the path or its permissions',
    })]);
  }
}

/**
 * Writes a file beside its place and moves it there, so that a disk that is full, or a process that ends, leaves the former one as it
 * is. What is no file, such as a pipe, is written to.
 */
export function writeWhole(file: string, text: string, mode?: number): void {
  const former = statSync(file, { throwIfNoEntry: false });
  if (former && !former.isFile()) {
    writeFileSync(file, text);
    return;
  }
  // A link stays one.
  const place = former ? realpathSync(file) : file;
  if (former) accessSync(place, constants.W_OK);
  const beside = `${place}.${process.pid}.tmp`;
  try {
    writeFileSync(beside, text, { flag: 'wx', mode: former?.mode ?? mode });
    if (former) chmodSync(beside, former.mode);
    renameSync(beside, place);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

/** A settings file: one mapping in YAML or JSON, read like manifests, with the positions of its fields. */
export class SettingsDocument implements Faults {
  private readonly found: { readonly position: Position; readonly message: string }[] = [];
  private readonly document?: ManifestObject;
  /** Documents that aren't mappings. */
  private readonly others: readonly ManifestProblem[];

  /** @param takesObjects whether it may be a Kubernetes object */
  public constructor(text: string, public readonly file: string, takesObjects = false) {
    const { documents, problems } = readManifests(text, file);
    const unread = problems.filter(({ code }) => code !== NO_MAPPING);
    for (const problem of unread) this.found.push({ position: problem.position, message: problemMessage(problem) });
    this.others = problems.filter(({ code }) => code === NO_MAPPING);
    const [first, second] = documents;
    if (second) {
      this.fault([], { code: 'API092', actual: `${documents.length} documents`, expected: 'one document', fix: 'keep one of them' },
        second);
    }
    const isObject = first !== undefined && (first.isItem || (first.object.apiVersion !== undefined && first.object.kind !== undefined));
    if (isObject && !takesObjects) {
      this.fault([], { code: 'API092', actual: 'a Kubernetes object', expected: 'settings of istio-mtls', fix: 'name another file' },
        first);
    } else {
      this.document = first;
    }
  }

  /** The whole mapping; that of an empty file is empty. */
  public fields(known: readonly string[]): SettingsFields {
    this.expectMapping(`a mapping with ${known.join(', ')}`);
    return new SettingsFields(this, this.object, [], known);
  }

  /** The whole mapping, unchecked. */
  public get object(): Readonly<Record<string, unknown>> {
    return this.document?.object ?? {};
  }

  /** Reports documents that aren't mappings, such as a list. */
  public expectMapping(expected: string): void {
    for (const { actual, position } of this.others) {
      this.faultAt(position, [], { code: 'API092', actual, expected, fix: 'write "FIELD: value", one per line' });
    }
  }

  public fault(field: FieldPath, fault: SettingsFault, document = this.document): void {
    this.faultAt(document?.positionOf(field) ?? START, field, fault);
  }

  public positionOf(field: FieldPath): Position {
    return this.document?.positionOf(field) ?? START;
  }

  /** @throws SettingsError with all faults, ordered by position, if there are any */
  public finish(): void {
    if (this.found.length === 0) return;
    const sorted = [...this.found].sort(({ position: left }, { position: right }) => left.line - right.line || left.column - right.column);
    throw new SettingsError(sorted.map(({ message }) => message));
  }

  private faultAt(position: Position, field: FieldPath, { code, ...said }: SettingsFault): void {
    const kind = `${this.file}:${position.line}:${position.column}`;
    this.found.push({ position, message: refusalMessage({ code, kind, field: fieldText(field) || 'the document', ...said }) });
  }
}

const START: Position = { line: 1, column: 1 };

/** The code for a document that isn't a mapping. */
const NO_MAPPING = 'ADMIT155';

/** What a string must be. */
export interface TextRule {
  readonly expected: string;
  readonly because?: string;
  readonly fix: string;
  holds(text: string): boolean;
}

/**
 * A mapping of a settings file, whose fields are read with their expected types. A wrong value is added to the document's faults
 * and counts as unset; so does null, which isn't a fault.
 */
export class SettingsFields {
  public constructor(
    private readonly faults: Faults, private readonly object: Readonly<Record<string, unknown>>,
    public readonly path: FieldPath, known?: readonly string[],
  ) {
    for (const name of known ? this.names : []) if (!known!.includes(name)) this.unknown(name, known!);
  }

  public get names(): readonly string[] {
    return Object.keys(this.object);
  }

  public value(name: string): unknown {
    return Object.hasOwn(this.object, name) ? this.object[name] ?? undefined : undefined;
  }

  public text(name: string, rule?: TextRule): string | undefined {
    const value = this.value(name);
    return value === undefined ? undefined : this.textAt([...this.path, name], value, rule);
  }

  public requiredText(name: string, rule?: TextRule): string {
    if (this.value(name) === undefined) this.missing(name, 'a string');
    return this.text(name, rule) ?? '';
  }

  public texts(name: string, rule?: TextRule): readonly string[] | undefined {
    return this.list(name)?.map((value, index) => this.textAt([...this.path, name, index], value, rule) ?? '');
  }

  /** A whole number of at least `least`. */
  public count(name: string, least = 0): number | undefined {
    const value = this.value(name);
    if (value === undefined || (Number.isSafeInteger(value) && (value as number) >= least)) return value as number | undefined;
    return this.wrong([...this.path, name], value, `a whole number of at least ${least}`, 'write a number without quotes');
  }

  public mappings(name: string, known: readonly string[]): readonly SettingsFields[] {
    return (this.list(name) ?? []).flatMap((value, index) => {
      const path = [...this.path, name, index];
      if (isMapping(value)) return [new SettingsFields(this.faults, value, path, known)];
      this.wrong(path, value, `a mapping with ${known.join(', ')}`, `write "- ${known[0]}: …"`);
      return [];
    });
  }

  /** The strings and mappings of a list. */
  public entries(name: string, known: readonly string[], rule: TextRule): readonly (string | SettingsFields)[] {
    return (this.list(name) ?? []).flatMap<string | SettingsFields>((value, index) => {
      const path = [...this.path, name, index];
      if (isMapping(value)) return [new SettingsFields(this.faults, value, path, known)];
      return this.textAt(path, value, rule) ?? [];
    });
  }

  /** A mapping; by default with arbitrary keys. */
  public mapping(name: string, known?: readonly string[]): SettingsFields | undefined {
    const value = this.value(name);
    const path = [...this.path, name];
    if (value === undefined || isMapping(value)) return value && new SettingsFields(this.faults, value, path, known);
    return this.wrong(path, value, 'a mapping', known ? `write ${known.join(', ')}` : 'write "KEY: value", one per line');
  }

  /** A mapping of arbitrary keys to strings; numbers and booleans are converted. */
  public textMapping(name: string): Readonly<Record<string, string>> | undefined {
    const fields = this.mapping(name);
    return fields && Object.fromEntries(fields.names.flatMap((key) => {
      const value = fields.value(key);
      if (['string', 'boolean', 'number'].includes(typeof value)) return [[key, String(value)]];
      this.wrong([...fields.path, key], value, 'a string', 'write it in quotes');
      return [];
    }));
  }

  public list(name: string): readonly unknown[] | undefined {
    const value = this.value(name);
    if (value === undefined || Array.isArray(value)) return value;
    return this.wrong([...this.path, name], value, 'a list', 'write "- " before each entry');
  }

  public missing(name: string, expected: string): void {
    this.faults.fault(this.path, { code: 'API092', actual: `without ${name}`, expected, fix: `add ${name}` });
  }

  private textAt(path: FieldPath, value: unknown, rule?: TextRule): string | undefined {
    if (typeof value !== 'string') {
      return this.wrong(path, value, 'a string', isMapping(value) || Array.isArray(value) ? 'write a string' : 'write it in quotes');
    }
    if (value.trim() === '') return this.wrong(path, value, 'a string that isn\'t empty', 'fill it in, or delete it');
    if (rule && !rule.holds(value)) {
      const { expected, because, fix } = rule;
      this.faults.fault(path, { code: 'API092', actual: shown(value), expected, because, fix });
      return undefined;
    }
    return value;
  }

  private wrong(path: FieldPath, value: unknown, expected: string, fix: string): undefined {
    this.faults.fault(path, { code: 'API092', actual: described(value), expected, fix });
    return undefined;
  }

  /** Doesn't show the value: that of an unknown field may be a secret. */
  private unknown(name: string, known: readonly string[]): void {
    const meant = nearest(name, known);
    this.faults.fault([...this.path, name.slice(0, LONGEST_NAME)], {
      code: 'API091', actual: 'an unknown field', expected: `one of ${known.join(', ')}`, fix: meant ? `write ${meant}` : 'delete it',
    });
  }
}

const LONGEST_NAME = 64;

function described(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return isMapping(value) ? 'a mapping' : shown(value);
}
