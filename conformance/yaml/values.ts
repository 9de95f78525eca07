// Values of JSON that are compared without losing a digit.

/** Stands for a whole number that JavaScript's numbers can't all hold. */
class Whole {
  constructor(readonly digits: string) {}
}

const MARK = '\u0000whole';
const STRING_OR_LONG_NUMBER = /"(?:[^"\\]|\\.)*"|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;

/** JSON as Go writes it; whole numbers of many digits keep them. */
export function parsed(json: string): unknown {
  // A function for each value is for few: it can't go as deep as JSON.parse alone.
  if (!/\d{16}|\\ud[89a-f]/i.test(json)) return JSON.parse(json);
  const marked = json.replaceAll(STRING_OR_LONG_NUMBER, (token) => (token.startsWith('"') ? token : `{"${MARK.replace('\u0000', '\\u0000')}":"${token}"}`));
  return JSON.parse(marked, (_, value) => (isObject(value) && Object.hasOwn(value, MARK) ? new Whole(String(value[MARK])) : wellFormed(value)));
}

/** Go has no half of a surrogate pair; kubectl hands JSON on as it is, and whoever decodes it reads U+FFFD. */
function wellFormed(value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value;
}

/** Whether JSON holds a whole number that JavaScript's numbers don't hold exactly: mutations make them, too. */
export function holdsInexactWhole(json: string): boolean {
  return (json.match(STRING_OR_LONG_NUMBER) ?? []).some((token) => !token.startsWith('"') && !Number.isSafeInteger(Number(token)));
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Whole);
}

type Path = readonly (string | number)[];

export interface ValueDifference {
  readonly what: string;
  readonly path: Path;
}

/** Where our value first differs from theirs; undefined where they are equal. */
export function firstDifference(ours: unknown, theirs: unknown, path: Path = []): ValueDifference | undefined {
  if (theirs instanceof Whole) return sameWhole(ours, theirs) ? undefined : { what: 'other value', path };
  if (Array.isArray(theirs) && Array.isArray(ours)) return ofItems(ours, theirs, path);
  if (isObject(theirs) && isObject(ours)) return ofFields(ours, theirs, path);
  if (typeof ours === 'bigint' && typeof theirs === 'number') return BigInt(theirs) === ours ? undefined : { what: 'other value', path };
  return ours === theirs ? undefined : { what: 'other value', path };
}

/** The same digits, or the same number. */
function sameWhole(ours: unknown, { digits }: Whole): boolean {
  if (typeof ours === 'bigint') return String(ours) === digits;
  return typeof ours === 'number' && (String(ours) === digits || (Number.isInteger(ours) && String(BigInt(ours)) === digits));
}

function ofItems(ours: readonly unknown[], theirs: readonly unknown[], path: Path): ValueDifference | undefined {
  if (ours.length !== theirs.length) return { what: ours.length < theirs.length ? 'content unseen' : 'content that isn\'t there', path };
  return first(theirs, (item, index) => firstDifference(ours[index], item, [...path, index]));
}

function ofFields(ours: Record<string, unknown>, theirs: Record<string, unknown>, path: Path): ValueDifference | undefined {
  const unseen = Object.keys(theirs).find((key) => !Object.hasOwn(ours, key));
  if (unseen !== undefined) return { what: 'content unseen', path: [...path, unseen] };
  const added = Object.keys(ours).find((key) => !Object.hasOwn(theirs, key) && !isNoNamespace(ours[key], [...path, key]));
  if (added !== undefined) return { what: 'content that isn\'t there', path: [...path, added] };
  return first(Object.keys(theirs), (key) => firstDifference(ours[key], theirs[key], [...path, key]));
}

/** kubectl takes a namespace away that is none. */
function isNoNamespace(value: unknown, path: Path): boolean {
  return /^(?:\d+\.)?metadata\.namespace$/.test(path.join('.')) && (typeof value !== 'string' || value === '');
}

function first<T>(list: readonly T[], differenceOf: (item: T, index: number) => ValueDifference | undefined): ValueDifference | undefined {
  for (const [index, item] of list.entries()) {
    const found = differenceOf(item, index);
    if (found) return found;
  }
  return undefined;
}
