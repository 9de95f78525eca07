import { keyGroups } from './key-groups';
import { redacted } from './safe-text';

/** A value with all texts in it redacted, including keys; a list without redactions is the very same one, since findings have many. */
export function redactedValue<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return new Redaction().of(value);
  const texts: string[] = [];
  collectTexts(value, texts);
  return new Redaction(partsOfKeys(texts)).of(value);
}

class Redaction {
  private index = 0;

  /** @param parts which texts are parts of a key, by their number in the value */
  public constructor(private readonly parts: ReadonlySet<number> = new Set()) {}

  public of<T>(value: T): T {
    if (typeof value === 'string') {
      return (this.parts.has(this.index++) ? `… (${value.length} characters not shown)` : redacted(value)) as T;
    }
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) {
      const items = value.map((item) => this.of(item));
      return items.every((item, index) => item === value[index]) ? value : items as T;
    }
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.of(key), this.of(item)])) as T;
  }
}

/** All texts in a value, in the order in which they are redacted. */
function collectTexts(value: unknown, texts: string[]): void {
  if (typeof value === 'string') texts.push(value);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    if (!Array.isArray(value)) texts.push(key);
    collectTexts(item, texts);
  }
}

/** What stands between two texts, as in JSON. */
const BETWEEN = '","';

/** Which texts are a key only together: the items of a list, the fields of a mapping. */
function partsOfKeys(texts: readonly string[]): ReadonlySet<number> {
  const spans = keyGroups(texts.join(BETWEEN), true);
  const parts = new Set<number>();
  let [start, next] = [0, 0];
  for (const [index, text] of texts.entries()) {
    const end = start + text.length;
    while (next < spans.length && spans[next][1] <= start) next++;
    if (next === spans.length) break;
    const common = Math.min(end, spans[next][1]) - Math.max(start, spans[next][0]);
    // One that is a key by itself is redacted anyhow, and needn't vanish.
    if (common > 0 && common >= text.length / 2 && !isWord(text) && redacted(text) === text) parts.add(index);
    start = end + BETWEEN.length;
  }
  return parts;
}

/** Names of fields and kinds, versions, fingerprints: they are beside a key in a value, and hardly any is part of one. */
function isWord(text: string): boolean {
  return /^(?:[A-Z]?[a-z]+(?:[A-Z][a-z]+)*|[A-Z]+|v\d\w{0,7}|[a-z\d:.-]{16,}|[A-F\d:]{16,})$/.test(text);
}

/** The texts of a finding, redacted. */
export function redactedTexts<T extends Texts>(finding: T): T {
  const { actual, expected, because, fix, change } = finding;
  return {
    ...finding,
    actual: redacted(actual),
    expected: redacted(expected),
    ...because !== undefined && { because: redacted(because) },
    fix: redacted(fix),
    ...change !== undefined && { change: isWhole(change) ? change : undefined },
  };
}

/** Whether nothing is redacted in a value: a redacted change fixes nothing. */
function isWhole(value: unknown): boolean {
  return JSON.stringify(redactedValue(value)) === JSON.stringify(value);
}

interface Texts {
  readonly actual: string;
  readonly expected: string;
  readonly because?: string;
  readonly fix: string;
  readonly change?: unknown;
}
