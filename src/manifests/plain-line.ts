import { plainScalar } from './yaml/scalar';

/**
 * A line of simple block YAML: indentation, dash, key, value. Without what makes YAML hard: escapes, anchors, tags,
 * flow collections but the empty ones, texts of several lines, comments beside values, anything but ASCII.
 */
const LINE = new RegExp([
  /^( *)(- )?/,
  /(?:(?:([A-Za-z][\w./-]*|[1-9]\d*)|"([A-Za-z0-9][\w./-]*)"):(?: +|(?=\n)))?/,
  /(?:([A-Za-z0-9/](?:[\w./@+=,*()-]|:(?=[\w./@+=,*()-])| (?=[\w./@+=,*()-]))*)|"([ !#-[\]-~]*)"|'([ -&(-~]*)'|(\{\}|\[\]))?/,
  /\n/,
].map(({ source }) => source).join(''));

/** How long a line may be: a key must end within 1,024 characters. */
const LONGEST_WITH_KEY = 1024;

/** What a line says. */
export interface PlainLine {
  readonly indent: number;
  readonly isItem: boolean;
  readonly key?: string;
  /** The value beside the key or the dash, unless it is an empty collection. */
  readonly value: unknown;
  readonly empty?: '{}' | '[]';
}

/** How many lines are remembered: manifests say the same again and again, mostly nearby. */
const MOST_REMEMBERED = 1000;

/** Reads lines, each only once where it comes again. */
export class PlainLines {
  private readonly known = new Map<string, PlainLine | null>();

  /** @param line with its end; null if it isn't simple */
  public read(line: string): PlainLine | null {
    const known = this.known.get(line);
    if (known !== undefined) return known;
    const read = plainLine(line);
    if (this.known.size === MOST_REMEMBERED) this.known.clear();
    this.known.set(line, read);
    return read;
  }
}

function plainLine(line: string): PlainLine | null {
  const match = LINE.exec(line);
  if (!match) return null;
  const { 1: indent, 2: dash, 3: bare, 4: quoted, 5: plain, 6: double, 7: single, 8: empty } = match;
  const key = bare ?? quoted;
  const value = plain === undefined ? double ?? single : plainScalar(plain);
  if ((bare !== undefined && !isItself(bare)) || line.length > LONGEST_WITH_KEY || typeof value === 'bigint') return null;
  if (key === undefined && value === undefined && empty === undefined) return null;
  return { indent: indent.length, isItem: dash !== undefined, key, value, empty: empty as PlainLine['empty'] };
}

/** Whether a key without quotes becomes the text that it looks like: a word or 9080, but not `yes` or `null`. */
function isItself(key: string): boolean {
  const value = plainScalar(key);
  return value !== null && String(value) === key;
}
