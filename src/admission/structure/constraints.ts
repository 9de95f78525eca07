import { nearest } from '../../findings/nearest';
import { withArticle } from '../../findings/refusal';
import { shown } from '../../findings/safe-text';
import { isMapping } from '../../manifests/mapping';
import { CrdSchema } from '../crds';
import { Objections, ObjectionText } from '../objection';

/** The words for true and false that Go programs write, and those of YAML 1.1 that YAML 1.2 readers keep as strings. */
const BOOLEAN_WORDS = ['true', 'false', 'yes', 'no', 'on', 'off'];

/** The type of a JSON value in a schema's words; a whole number is an `integer`, however it is written. */
export function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < 2 ** 63 ? 'integer' : 'number';
  return typeof value;
}

/** The objection to a value of another type than its schema's. */
export function wrongType(type: string, value: unknown, schema: CrdSchema): ObjectionText | undefined {
  const expected = schema['x-kubernetes-int-or-string'] ? 'integer or string' : schema.type;
  if (expected === undefined || fits(type, value, schema)) return undefined;
  return {
    code: 'ADMIT202',
    actual: type === 'null' ? 'null' : `${shown(value)}, of type ${type}`,
    expected: `type ${expected}`,
    because: `the API server accepts only ${withArticle(expected)} here`,
    fix: remedy(value, schema),
  };
}

function fits(type: string, value: unknown, schema: CrdSchema): boolean {
  if (type === 'null') return schema.nullable === true;
  if (schema['x-kubernetes-int-or-string']) return type === 'integer' || type === 'string';
  if (schema.type === 'number') return typeof value === 'number' && Number.isFinite(value);
  return type === schema.type;
}

function remedy(value: unknown, { type, items }: CrdSchema): string {
  if (value === null) return 'write a value, or remove the item';
  if (type === 'string' && typeof value !== 'object') return `put it in quotes: "${String(value)}"`;
  if (type === 'array' && typeOf(value) === items?.type) return 'make it a list item: put it in […], or write it after a "-"';
  if (type === 'boolean' && typeof value === 'string' && BOOLEAN_WORDS.includes(value.toLowerCase())) {
    return 'write true or false without quotes';
  }
  if ((type === 'integer' || type === 'number') && typeof value === 'string' && /^-?\d+$/.test(value)) {
    return `write it without quotes: ${value}`;
  }
  if (type === 'integer' && typeof value === 'number') return 'write a whole number';
  return `write a value of type ${type ?? 'integer or string'}`;
}

/** The objection to a value that isn't in its schema's enum; null never is. */
export function wrongWord(value: unknown, { enum: words }: CrdSchema): ObjectionText | undefined {
  if (!words || words.includes(value as string)) return undefined;
  const meant = typeof value === 'string' ? nearest(value, words) : undefined;
  return {
    code: 'ADMIT204',
    actual: shown(value),
    expected: words.length === 1 ? `'${words[0]}'` : `one of ${words.join(', ')}`,
    because: 'the API server accepts no other value, and values are case-sensitive',
    fix: meant === undefined ? 'write one of these values' : `write ${meant || '""'}`,
  };
}

const INT32 = { minimum: -(2 ** 31), maximum: 2 ** 31 - 1 };
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/;
const patterns = new Map<string, RegExp>();

/** Length, pattern and format; like the API server, counts characters rather than UTF-16 units, and reports the first fault. */
export function checkString(at: Objections, text: string, schema: CrdSchema): void {
  const { minLength = 0, maxLength = Infinity, pattern, format } = schema;
  const isPlain = text.length >= 2 * minLength && text.length <= maxLength;
  const length = isPlain ? text.length : [...text].length;
  if (length < minLength || length > maxLength) return refuseLength(at, text, length, schema);
  if (pattern !== undefined && !patternOf(pattern).test(text)) {
    at.error({
      code: 'ADMIT207',
      actual: shown(text),
      expected: `text that matches ${pattern}`,
      because: 'the API server accepts nothing else here',
      fix: 'write a string of that form',
    });
  }
  if (format === 'byte' && !BASE64.test(text)) {
    at.error({
      code: 'ADMIT208',
      actual: shown(text),
      expected: 'base64',
      because: 'the field holds bytes',
      fix: 'encode it with base64, or use the corresponding field for plain text',
    });
  }
}

function patternOf(pattern: string): RegExp {
  const known = patterns.get(pattern);
  if (known) return known;
  const made = new RegExp(pattern, 'u');
  patterns.set(pattern, made);
  return made;
}

function refuseLength(at: Objections, text: string, length: number, { minLength = 0, maxLength }: CrdSchema): void {
  const expected = length < minLength ? `at least ${minLength}` : `at most ${maxLength}`;
  at.error({
    code: length < minLength ? 'ADMIT206' : 'ADMIT213',
    actual: text === '' ? 'empty' : `${shown(text)}, which has ${length} characters`,
    expected: `${expected} character${expected.endsWith(' 1') ? '' : 's'}`,
    fix: text === '' ? 'write a value' : length < minLength ? 'write a longer text' : 'shorten it',
  });
}

export function checkNumber(at: Objections, value: number, schema: CrdSchema): void {
  const { minimum = -Infinity, maximum = Infinity } = schema;
  const least = schema.format === 'int32' ? Math.max(minimum, INT32.minimum) : minimum;
  const greatest = schema.format === 'int32' ? Math.min(maximum, INT32.maximum) : maximum;
  if (value >= least && value <= greatest) return;
  at.error({
    code: 'ADMIT205',
    actual: shown(value),
    expected: least === -Infinity ? `at most ${greatest}` : greatest === Infinity ? `at least ${least}` : `from ${least} to ${greatest}`,
    because: 'the API server accepts no number outside that range',
    fix: value < least ? `write ${least} or more` : `write ${greatest} or less`,
  });
}

/** The bounds of items in a list, or entries in a map. */
export function checkSize(at: Objections, value: unknown, schema: CrdSchema): void {
  if (Array.isArray(value)) return refuseSize(at, value.length, 'item', schema.minItems, schema.maxItems);
  if ((schema.minProperties !== undefined || schema.maxProperties !== undefined) && isMapping(value)) {
    refuseSize(at, Object.keys(value).length, 'entry', schema.minProperties, schema.maxProperties);
  }
}

function refuseSize(at: Objections, size: number, noun: 'item' | 'entry', least = 0, most = Infinity): void {
  if (size >= least && size <= most) return;
  const plural = (count: number) => (count === 1 ? `${count} ${noun}` : `${count} ${noun === 'item' ? 'items' : 'entries'}`);
  at.error({
    code: size < least ? 'ADMIT209' : 'ADMIT214',
    actual: size === 0 ? 'empty' : plural(size),
    expected: size < least ? `at least ${plural(least)}` : `at most ${plural(most)}`,
    fix: size === 0 ? 'add one, or remove the field' : size < least ? 'add what is missing' : 'split it',
  });
}

/** No two list items may have the same keys, if the CRD names them; like the API server, reports the second of several. */
export function checkUnique(at: Objections, items: readonly unknown[], schema: CrdSchema): void {
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const seen = new Map<string, number>();
  const told = new Set<string>();
  items.forEach((item, index) => {
    const values = keys.map((key) => (isMapping(item) && Object.hasOwn(item, key) ? item[key] : undefined));
    const identity = JSON.stringify(values.map((value) => (typeof value === 'object' ? shown(value) : value ?? null)));
    const first = seen.get(identity);
    if (first === undefined) return void seen.set(identity, index);
    if (told.has(identity)) return;
    told.add(identity);
    at.at(index).error({
      code: 'ADMIT212',
      actual: `a second item with ${keys.map((key, place) => `${key} ${shown(values[place])}`).join(', ')}`,
      expected: `a unique ${keys.join(' and ')} for each item`,
      because: `item [${first}] has the same`,
      fix: 'rename it or remove it',
    });
  });
}

/** The CRD's oneOf, anyOf, allOf and not, which Istio uses to allow only one of some fields. */
export function checkAlternatives(at: Objections, value: unknown, schema: CrdSchema): void {
  for (const part of schema.allOf ?? []) checkAlternatives(at, value, part);
  if (schema.oneOf) checkOneOf(at, value, schema.oneOf);
  if (schema.anyOf && !schema.anyOf.some((part) => matches(value, part))) refuse(at, 'no value that any of the allowed forms covers');
  if (schema.not && matches(value, schema.not)) refuse(at, 'a value that is excluded');
}

function checkOneOf(at: Objections, value: unknown, parts: readonly CrdSchema[]): void {
  const matching = parts.filter((part) => matches(value, part));
  if (matching.length === 1) return;
  const set = matching.flatMap(({ required = [] }) => required);
  if (set.length < 2) return refuse(at, 'a value that fits none, or several, of the allowed forms');
  const all = parts.flatMap(({ required = [] }) => required);
  at.error({
    code: 'ADMIT210',
    actual: `an object with ${set.join(' and ')}`,
    expected: `only one of ${all.join(', ')}`,
    because: 'they exclude each other',
    fix: `keep one and remove ${set.length === 2 ? 'the other' : 'the others'}`,
  });
}

function refuse(at: Objections, actual: string): void {
  at.error({ code: 'ADMIT211', actual, expected: 'what the CRD allows', fix: 'compare it with the kind\'s reference' });
}

/** Whether a value fits a part of a oneOf, anyOf, allOf or not: structural schemas have little else there. */
function matches(value: unknown, schema: CrdSchema): boolean {
  if (wrongType(typeOf(value), value, schema)) return false;
  if (isMapping(value) && schema.required?.some((key) => !Object.hasOwn(value, key))) return false;
  if (schema.not && matches(value, schema.not)) return false;
  if (schema.anyOf && !schema.anyOf.some((part) => matches(value, part))) return false;
  if (schema.allOf && !schema.allOf.every((part) => matches(value, part))) return false;
  return schema.oneOf === undefined || schema.oneOf.filter((part) => matches(value, part)).length === 1;
}
