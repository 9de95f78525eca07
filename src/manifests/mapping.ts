/** A mapping in a manifest. It may have any content: other modules check that. */
export type Mapping = Readonly<Record<string, unknown>>;

const NOTHING: Mapping = Object.freeze({});
const NO_SHAPES: readonly Mapping[] = Object.freeze([]);
const NO_TEXTS: readonly string[] = Object.freeze([]);

/** The mapping that `value` is, or an empty one. */
export function mapping(value: unknown): Mapping {
  return isMapping(value) ? value : NOTHING;
}

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The mappings of the list that `value` is. */
export function mappings(value: unknown): readonly Mapping[] {
  if (!Array.isArray(value)) return NO_SHAPES;
  return value.every(isMapping) ? value : value.filter(isMapping);
}

/** The mappings of the list that `value` is, each with its index. */
export function indexedMappings(value: unknown): readonly (readonly [index: number, entry: Mapping])[] {
  return Array.isArray(value) ? value.flatMap((entry, index) => (isMapping(entry) ? [[index, entry] as const] : [])) : [];
}

/** The texts of the list that `value` is. */
export function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : NO_TEXTS;
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A whole number, or a text with one, since Istio's decoder accepts both. */
export function integer(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) ? number : undefined;
}

/** Labels, annotations or a selector, without values that aren't texts. */
export function labelsOf(value: unknown): Readonly<Record<string, string>> {
  const entries = mapping(value);
  for (const key in entries) if (typeof entries[key] !== 'string') return textsOf(entries);
  return entries as Readonly<Record<string, string>>;
}

function textsOf(entries: Mapping): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(entries).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** A boolean in a text, as Go parses it; undefined if it isn't one. */
export function booleanText(value: string | undefined): boolean | undefined {
  if (value === undefined) return undefined;
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(value)) return true;
  return ['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(value) ? false : undefined;
}
