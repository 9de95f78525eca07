import { FieldPath, fieldText } from './field-path';
import { shown } from './shown';

/** A field that is set, or removed. */
export type FieldChange =
  | { readonly op: 'set'; readonly path: FieldPath; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: FieldPath };

/** Which object a change is of. */
export interface ChangedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** A change of one object: fields of one that is there, in this order; the whole of one to add; or that it is deleted. */
export interface ObjectChange {
  readonly object: ChangedObject;
  readonly fields?: readonly FieldChange[];
  readonly manifest?: object;
  readonly delete?: true;
}

/** Long enough for the policies that are copied. */
const LONGEST_VALUE = 500;

/** `set spec.mtls.mode to PERMISSIVE`; with the object, where another one is meant. */
export function changeText({ object, fields, manifest, delete: isDeleted }: ObjectChange, subject?: Omit<ChangedObject, 'apiVersion'>): string {
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

/** Words as YAML has them; what YAML would take for something else, in quotes. */
function valueText(value: unknown): string {
  return typeof value === 'string' && /^(?!true|false|null|yes|no|on|off)[A-Za-z][\w./-]*$/i.test(value) ? value : shown(value, LONGEST_VALUE);
}

/** What an object is after a change of it; undefined if it is deleted. */
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

/** What isn't there yet becomes a list where a number leads on, else a mapping. */
function copyOf(value: unknown, step: string | number): Record<string, unknown> | unknown[] {
  if (Array.isArray(value)) return [...value as unknown[]];
  return typeof value === 'object' && value !== null ? { ...value } : typeof step === 'number' ? [] : {};
}
