import { duration } from './proposal';
import { isMapping } from '../../manifests/mapping';
import { CallExpression, Expression, FieldExpressions, options } from '../expression';

/** How the fields of a mapping are read as properties of the same names; undefined of a value: it has none. */
export interface Readers {
  readonly [field: string]: Readers | ((value: unknown) => Expression | undefined);
}

/** What of a value properties say, and what they don't. */
export interface Divided {
  readonly properties?: FieldExpressions;
  readonly others?: Expression;
}

/** Divides a mapping into what readers read and all the rest. */
export function divided(value: unknown, readers: Readers): Divided {
  if (!isMapping(value)) return { others: value as Expression | undefined };
  const [properties, others]: [Record<string, Expression>, Record<string, Expression>] = [{}, {}];
  for (const [field, one] of Object.entries(value)) {
    const part = dividedField(one, Object.hasOwn(readers, field) ? readers[field] : undefined);
    if (part.property !== undefined) properties[field] = part.property;
    if (part.other !== undefined) others[field] = part.other;
  }
  const isEmpty = Object.keys(value).length === 0;
  return { properties: isEmpty ? {} : options(properties), others: options(others) };
}

function dividedField(
  value: unknown, reader: Readers[string] | undefined,
): { readonly property?: Expression; readonly other?: Expression } {
  const property = typeof reader === 'function' ? reader(value) : undefined;
  if (property !== undefined || !isMapping(value) || reader === undefined || typeof reader === 'function') {
    return property === undefined ? { other: value as Expression } : { property };
  }
  const { properties, others } = divided(value, reader);
  return { property: properties, other: others };
}

/** A duration that a construct writes again as it is, in seconds. */
export function inSeconds(value: unknown): CallExpression | undefined {
  return typeof value === 'string' && /^(?:0|[1-9]\d*)(?:\.\d{0,2}[1-9])?s$/.test(value) ? duration(value) : undefined;
}

/** A mapping of which each value is read; undefined: one isn't. */
export function eachRead(value: unknown, read: (one: unknown) => Expression | undefined): FieldExpressions | undefined {
  if (!isMapping(value)) return undefined;
  const all = Object.entries(value).map(([key, one]) => [key, read(one)] as const);
  return all.some(([, one]) => one === undefined) ? undefined : Object.fromEntries(all);
}
