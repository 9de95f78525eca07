import { shown } from '../../findings/safe-text';
import { CrdSchema, isJsonObject } from '../crd-schema';
import { Report } from '../report';

const INT32 = { minimum: -(2 ** 31), maximum: 2 ** 31 - 1 };
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/;
const patterns = new Map<string, RegExp>();

/** Length, pattern and format; the API server counts characters, not UTF-16 units, and tells the first that is wrong. */
export function checkString(text: string, schema: CrdSchema, report: Report): void {
  const { minLength = 0, maxLength = Infinity, pattern, format } = schema;
  const isPlain = text.length >= 2 * minLength && text.length <= maxLength;
  const length = isPlain ? text.length : [...text].length;
  if (length < minLength || length > maxLength) return refuseLength(text, length, schema, report);
  if (pattern !== undefined && !patternOf(pattern).test(text)) {
    report.error({ code: 'ADMIT207', actual: shown(text), expected: `text that matches ${pattern}`, because: 'the API server takes nothing else here', fix: 'write a text of that form' });
  }
  if (format === 'byte' && !BASE64.test(text)) {
    report.error({ code: 'ADMIT208', actual: shown(text), expected: 'base64', because: 'the field holds bytes', fix: 'encode it with base64, or use the field for plain text beside it' });
  }
}

function patternOf(pattern: string): RegExp {
  const known = patterns.get(pattern);
  if (known) return known;
  const made = new RegExp(pattern, 'u');
  patterns.set(pattern, made);
  return made;
}

function refuseLength(text: string, length: number, { minLength = 0, maxLength }: CrdSchema, report: Report): void {
  const expected = length < minLength ? `at least ${minLength}` : `at most ${maxLength}`;
  report.error({
    code: length < minLength ? 'ADMIT206' : 'ADMIT213',
    actual: text === '' ? 'empty' : `${shown(text)}, which has ${length} characters`,
    expected: `${expected} character${expected.endsWith(' 1') ? '' : 's'}`,
    fix: text === '' ? 'write a value' : length < minLength ? 'write a longer text' : 'shorten it',
  });
}

export function checkNumber(value: number, schema: CrdSchema, report: Report): void {
  const { minimum = -Infinity, maximum = Infinity } = schema;
  const least = schema.format === 'int32' ? Math.max(minimum, INT32.minimum) : minimum;
  const greatest = schema.format === 'int32' ? Math.min(maximum, INT32.maximum) : maximum;
  if (value >= least && value <= greatest) return;
  report.error({
    code: 'ADMIT205',
    actual: shown(value),
    expected: least === -Infinity ? `at most ${greatest}` : greatest === Infinity ? `at least ${least}` : `from ${least} to ${greatest}`,
    because: 'the API server takes no number outside that range',
    fix: value < least ? `write ${least} or more` : `write ${greatest} or less`,
  });
}

/** How many items a list, or entries a map, may have. */
export function checkSize(value: unknown, schema: CrdSchema, report: Report): void {
  if (Array.isArray(value)) return refuseSize(value.length, schema.minItems, schema.maxItems, 'item', report);
  if ((schema.minProperties !== undefined || schema.maxProperties !== undefined) && isJsonObject(value)) {
    refuseSize(Object.keys(value).length, schema.minProperties, schema.maxProperties, 'entry', report);
  }
}

function refuseSize(size: number, least = 0, most = Infinity, noun: 'item' | 'entry', report: Report): void {
  if (size >= least && size <= most) return;
  const plural = (count: number) => (count === 1 ? `${count} ${noun}` : `${count} ${noun === 'item' ? 'items' : 'entries'}`);
  report.error({
    code: size < least ? 'ADMIT209' : 'ADMIT214',
    actual: size === 0 ? 'empty' : plural(size),
    expected: size < least ? `at least ${plural(least)}` : `at most ${plural(most)}`,
    fix: size === 0 ? 'add one, or remove the field' : size < least ? 'add what is missing' : 'split it',
  });
}

/** No two items of a list may have the same keys, where the CRD names them; like the API server, tells of the second of several. */
export function checkUnique(items: readonly unknown[], schema: CrdSchema, report: Report): void {
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const seen = new Map<string, number>();
  const told = new Set<string>();
  items.forEach((item, index) => {
    const values = keys.map((key) => (isJsonObject(item) && Object.hasOwn(item, key) ? item[key] : undefined));
    const identity = JSON.stringify(values.map((value) => (typeof value === 'object' ? shown(value) : value ?? null)));
    const first = seen.get(identity);
    if (first === undefined) return void seen.set(identity, index);
    if (told.has(identity)) return;
    told.add(identity);
    report.at(index, () => report.error({
      code: 'ADMIT212',
      actual: `a second item with ${keys.map((key, at) => `${key} ${shown(values[at])}`).join(', ')}`,
      expected: `every item's ${keys.join(' and ')} to be its own`,
      because: `item [${first}] has the same`,
      fix: 'name it otherwise, or remove it',
    }));
  });
}
