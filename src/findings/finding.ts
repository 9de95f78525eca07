import { Condition, conditionText } from './condition';
import { refusalMessage } from './refusal';
import { redacted, shown } from './safe-text';

/** `error`: rejected, broken or exposed; `warning`: surprising; `info`: good to know. */
export type Severity = 'error' | 'warning' | 'info';

/** The severities, the worst first. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

/** What is wrong with an object: one field, what it is, what was expected and how to fix it. */
export interface Finding {
  /** A code of the catalogues in docs/admission.md and docs/rules. */
  readonly code: string;
  readonly severity: Severity;
  readonly field: FieldPath;
  /** What the field is; never a secret's value. */
  readonly actual: string;
  readonly expected: string;
  readonly because?: string;
  /** One action. */
  readonly fix: string;
  /** The same action as a change of YAML, if one is known to fix it. */
  readonly change?: ObjectChange;
  /** Values of facts that the manifests don't contain, with which it holds; undefined: it holds with any. */
  readonly conditions?: readonly Condition[];
  /** How plainly other objects expect these values; undefined: no object does, or it depends on none. */
  readonly expectation?: 'strong' | 'weak';
}

/** Whether a severity is as bad as another, or worse. */
function reaches(severity: Severity, bar: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(bar);
}

/** The errors in objects that the API server stores all the same: istiod, which alone reads them, can't. */
const STORED: ReadonlySet<string> = new Set(['ADMIT601', 'ADMIT603']);

/** Whether an API server or istiod's webhook refuses the object of a finding, so that it isn't there after an apply. */
export function isRefusal({ code, severity }: Pick<Finding, 'code' | 'severity'>): boolean {
  return severity === 'error' && code.startsWith('ADMIT') && !STORED.has(code);
}

/** A path in an object: `['spec', 'subsets', 0, 'name']`. */
export type FieldPath = readonly (string | number)[];

/** The path as Kubernetes writes it: `spec.subsets[0].name`, `metadata.labels[istio.io/rev]`. */
export function fieldText(path: FieldPath): string {
  return path.map((step, index) => {
    if (typeof step === 'number' || !/^[A-Za-z_$][\w$-]*$/.test(step)) return `[${step}]`;
    return index === 0 ? step : `.${step}`;
  }).join('');
}

/** The value at a field of an object; undefined if it is absent. */
export function valueAt(object: unknown, path: FieldPath): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<string | number, unknown> | null | undefined)?.[step], object);
}

/** A field to set or remove. */
export type FieldChange =
  | { readonly op: 'set'; readonly path: FieldPath; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: FieldPath };

/** The object that a change is about. */
export interface ChangedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** A change of one object: field changes of an existing one, in this order; the whole object to add; or a deletion. */
export interface ObjectChange {
  readonly object: ChangedObject;
  readonly fields?: readonly FieldChange[];
  readonly manifest?: object;
  readonly delete?: true;
}

/** Long enough for the policies that are copied. */
const LONGEST_VALUE = 500;

/** `set spec.mtls.mode to PERMISSIVE`; names the object if it is another one. */
export function changeText(
  { object, fields, manifest, delete: isDeleted }: ObjectChange, subject?: Omit<ChangedObject, 'apiVersion'>,
): string {
  const name = `${object.kind} ${object.namespace === '' ? '' : `${object.namespace}/`}${object.name}`;
  if (isDeleted) return `delete ${name}`;
  if (manifest) return `add ${name} with spec ${shown((manifest as { spec?: unknown }).spec, LONGEST_VALUE)}`;
  const isSubject = subject && subject.kind === object.kind && subject.namespace === object.namespace && subject.name === object.name;
  return `${fields!.map(fieldChangeText).join(', and ')}${isSubject ? '' : ` in ${name}`}`;
}

function fieldChangeText(change: FieldChange): string {
  const field = fieldText(change.path);
  return change.op === 'remove' ? `remove ${field}` : `set ${field} to ${valueText(change.value)}`;
}

/** Words as in YAML; quoted if YAML would read them as something else. */
export function valueText(value: unknown, longest = LONGEST_VALUE): string {
  return typeof value === 'string' && /^(?!true|false|null|yes|no|on|off)[A-Za-z][\w./-]*$/i.test(value) ? value : shown(value, longest);
}

/** An object after a change; undefined if it is deleted. */
export function applied({ fields, manifest }: ObjectChange, former?: object): object | undefined {
  return fields ? changed(former!, fields) : manifest;
}

/** A copy of an object with fields set and removed. */
export function changed(source: object, fields: readonly FieldChange[]): object {
  return fields.reduce<object>((object, change) => changedAt(object, change.path, change) as object, source);
}

function changedAt(value: unknown, [step, ...rest]: FieldPath, change: FieldChange): unknown {
  const copy = copyOf(value, step);
  const key = step as keyof typeof copy;
  if (rest.length > 0) copy[key] = changedAt(copy[key], rest, change) as never;
  else if (change.op === 'set') copy[key] = change.value as never;
  else if (Array.isArray(copy)) copy.splice(Number(step), 1);
  else delete copy[key];
  return copy;
}

/** A missing parent becomes a list if a number follows, else a mapping. */
function copyOf(value: unknown, step: string | number): Record<string, unknown> | unknown[] {
  if (Array.isArray(value)) return [...value as unknown[]];
  return typeof value === 'object' && value !== null ? { ...value } : typeof step === 'number' ? [] : {};
}

/** The message for an objection to an object; `path` is where its author wrote it. */
export function findingMessage(object: unknown, finding: Finding, path?: string): string {
  const { code, field, actual, expected, because, fix, conditions } = finding;
  return refusalMessage({
    code,
    kind: kindOf(object),
    name: objectName(object),
    path,
    condition: conditions && conditionText(conditions),
    field: fieldText(field) || 'the document',
    actual,
    expected,
    because,
    fix,
  });
}

/** The kind, as far as the object has one. */
function kindOf(object: unknown): string {
  const { kind } = fieldsIn(object);
  return typeof kind === 'string' && kind !== '' ? kind : 'Object';
}

/** `namespace/name`, as far as the object has them. */
export function objectName(object: unknown): string | undefined {
  const { namespace, name, generateName } = fieldsIn(fieldsIn(object).metadata);
  const parts = [namespace, name ?? generateName].filter((part) => typeof part === 'string' && part !== '');
  return parts.length > 0 ? parts.join('/') : undefined;
}

/** The fields of a value; none if it can't have any. */
function fieldsIn(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? value as Readonly<Record<string, unknown>> : {};
}

/** A finding in one sentence, without its object: `spec.mtls.mode is …; expected …, because …. Fix: ….` */
export function findingSentence({
  field, actual, expected, because, fix, conditions,
}: Pick<Finding, 'field' | 'actual' | 'expected' | 'because' | 'fix' | 'conditions'>): string {
  const when = conditions ? `${conditionText(conditions)}, ` : '';
  return redacted(
    `${when}${fieldText(field) || 'the document'} is ${actual}; expected ${expected}${because ? `, because ${because}` : ''}. Fix: ${fix}.`,
  );
}

/**
 * What makes a run fail: findings of a severity or worse, undecided connections, findings and connections that depend on who gets a
 * sidecar, skipped documents; `never`, alone: nothing.
 */
export const FAIL_WORDS = [...SEVERITIES, 'undecided', 'conditional', 'skipped', 'never'] as const;

export type FailWord = typeof FAIL_WORDS[number];

export type FailWords = readonly FailWord[];

/** The default. */
export const FAIL_ON_ERROR: FailWords = ['error'];

/**
 * The words of a list, such as `error,undecided`.
 *
 * @param words the valid ones
 * @throws if a word is unknown, if there is none, or if `never` isn't alone
 */
export function readFailOn(list: string | readonly unknown[], words: FailWords = FAIL_WORDS): FailWords {
  const given = typeof list === 'string' ? list.split(',').map((word) => word.trim()) : list;
  const fault = faultIn(given, words);
  if (fault) throw new Error(`failOn is ${fault.actual}; expected ${fault.expected}`);
  return given as FailWords;
}

/** What is wrong with a list of words. */
export function faultIn(given: readonly unknown[], words: readonly string[]): Pick<Finding, 'actual' | 'expected'> | undefined {
  const wrong = given.filter((word) => !words.includes(word as string));
  if (given.length === 0 || wrong.length > 0) {
    return { actual: wrong.length === 0 ? 'empty' : shown(wrong[0]), expected: `one or more of ${words.join(', ')}` };
  }
  return given.includes('never') && given.length > 1 ? {
    actual: '\'never\' together with others', expected: '\'never\' alone',
  } : undefined;
}

/** Whether a finding makes a run fail. */
export function failsOn({ severity }: Pick<Finding, 'severity'>, failOn: FailWords): boolean {
  return failOn.some((word) => isSeverity(word) && reaches(severity, word));
}

function isSeverity(word: FailWord): word is Severity {
  return (SEVERITIES as readonly string[]).includes(word);
}
