/** How many values a document with aliases may stand for; kubectl draws its line in the same region. */
const MOST_VALUES = 400_000;

/** An anchor, such as `&labels`, where YAML allows one. Only then can a document hold more than its text. */
const ANCHOR = /(?:^|[\s[{,:-])&[^\s,[\]{}]/m;

/** Why a document must not be walked through: its aliases contain themselves, or multiply beyond measure. */
export function aliasTrouble(text: string, document: unknown): string | undefined {
  if (!text.includes('&') || !ANCHOR.test(text)) return undefined;
  const size = sizeOf(document, new Map());
  if (size === Infinity) return 'an alias that contains itself';
  return size > MOST_VALUES ? `aliases that stand for ${size > 1e9 ? 'more than 1,000,000,000' : size} values` : undefined;
}

/** How many values there are with every alias written out; Infinity for a circle. The depth is the parser's, which is bounded. */
function sizeOf(value: unknown, known: Map<object, number>): number {
  if (typeof value !== 'object' || value === null) return 1;
  const counted = known.get(value);
  if (counted !== undefined) return counted;
  known.set(value, Infinity);
  let size = 1;
  for (const item of Object.values(value)) size += sizeOf(item, known);
  known.set(value, size);
  return size;
}
