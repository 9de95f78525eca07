import { nearest } from '../../findings/nearest';
import { shown } from '../../findings/safe-text';
import { CrdSchema } from '../crd-schema';
import { Objection } from '../objection';

type ObjectionText = Omit<Objection, 'severity' | 'field'>;

/** The words that a Go program writes for true and false, and those of YAML 1.1 that YAML 1.2 readers keep as strings. */
const BOOLEAN_WORDS = ['true', 'false', 'yes', 'no', 'on', 'off'];

/** The type of a JSON value in the words of a schema; a whole number is an `integer`, however it is written. */
export function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < 2 ** 63 ? 'integer' : 'number';
  return typeof value;
}

/** An objection to a value that isn't of its schema's type. */
export function wrongType(type: string, value: unknown, schema: CrdSchema): ObjectionText | undefined {
  const expected = schema['x-kubernetes-int-or-string'] ? 'integer or string' : schema.type;
  if (expected === undefined || fits(type, value, schema)) return undefined;
  return {
    code: 'ADMIT202',
    actual: type === 'null' ? 'null' : `${shown(value)}, of type ${type}`,
    expected: `type ${expected}`,
    because: `the API server takes nothing but ${withArticle(expected)} here`,
    fix: remedy(value, schema),
  };
}

function fits(type: string, value: unknown, schema: CrdSchema): boolean {
  if (type === 'null') return schema.nullable === true;
  if (schema['x-kubernetes-int-or-string']) return type === 'integer' || type === 'string';
  if (schema.type === 'number') return typeof value === 'number' && Number.isFinite(value);
  return type === schema.type;
}

function withArticle(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function remedy(value: unknown, { type, items }: CrdSchema): string {
  if (value === null) return 'write a value, or remove the item';
  if (type === 'string' && typeof value !== 'object') return `put it into quotes: "${String(value)}"`;
  if (type === 'array' && typeOf(value) === items?.type) return 'make it an item of a list: put it into […], or write it after a "-"';
  if (type === 'boolean' && typeof value === 'string' && BOOLEAN_WORDS.includes(value.toLowerCase())) return 'write true or false without quotes';
  if ((type === 'integer' || type === 'number') && typeof value === 'string' && /^-?\d+$/.test(value)) return `write it without quotes: ${value}`;
  if (type === 'integer' && typeof value === 'number') return 'write a whole number';
  return `write a value of type ${type ?? 'integer or string'}`;
}

/** An objection to a value that isn't among the words its schema lists; null never is. */
export function wrongWord(value: unknown, { enum: words }: CrdSchema): ObjectionText | undefined {
  if (!words || words.includes(value as string)) return undefined;
  const meant = typeof value === 'string' ? nearest(value, words) : undefined;
  return {
    code: 'ADMIT204',
    actual: shown(value),
    expected: words.length === 1 ? `'${words[0]}'` : `one of ${words.join(', ')}`,
    because: 'the API server takes no other word, and upper and lower case count',
    fix: meant === undefined ? 'write one of these words' : `write ${meant || '""'}`,
  };
}
