import { Events } from './yaml/events';
import { plainScalar } from './yaml/scalar';

/** The result for text that isn't simple: the YAML parser must read it. */
const UNKNOWN = Symbol('unknown');

/** How deep values may be nested here; the parser allows more, and reports what is too deep. */
const DEEPEST = 40;

/** The longest line read here: regular expressions need memory for each character. */
const LONGEST_LINE = 1024 * 1024;

const BLANK_LINE = / *(?:#[ -~]*)?\n/y;
const START = /---(?=\n)/y;

/** The parse events that simple YAML can have. */
type PlainEvents = Pick<Events, 'key' | 'value' | 'beginMapping' | 'beginSequence' | 'end'>;

/**
 * The value of a text that is one mapping in simple block YAML; undefined for any other text, YAML or not.
 *
 * @param events receives the events that the parser would send; only some of them if the text turns out not to be simple
 */
export function plainYaml(text: string, lines = new PlainLines(), events?: PlainEvents): unknown {
  if (hasLongLine(text)) return undefined;
  const value = new PlainReader(text.endsWith('\n') ? text : `${text}\n`, lines, events).document();
  return value === UNKNOWN ? undefined : value;
}

function hasLongLine(text: string): boolean {
  for (let start = 0; text.length - start > LONGEST_LINE;) {
    const end = text.lastIndexOf('\n', start + LONGEST_LINE);
    if (end < start) return true;
    start = end + 1;
  }
  return false;
}

/** Reads line by line with one line of lookahead: its fields describe the next line. */
class PlainReader {
  private at = 0;
  /** -1 if no readable line follows: the text ends, or isn't simple. */
  private indent = -1;
  private isItem = false;
  /** The offset of the key or item. */
  private start = 0;
  private key?: string;
  /** The value on the line of the key or dash. */
  private value: unknown;
  private isAtEnd = false;

  public constructor(private readonly text: string, private readonly lines: PlainLines, private readonly events: PlainEvents | undefined) {}

  public document(): unknown {
    this.skip(START);
    this.advance();
    const value = this.indent < 0 || this.isItem ? UNKNOWN : this.mapping(this.indent, 0);
    return this.isAtEnd ? value : UNKNOWN;
  }

  /** Skips the text that a pattern matches here; returns whether it matches. */
  private skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    const fits = pattern.test(this.text);
    if (fits) this.at = pattern.lastIndex;
    return fits;
  }

  private mayBeBlank(): boolean {
    const first = this.text.charCodeAt(this.at);
    return first === 10 || first === 32 || first === 35;
  }

  private advance(): void {
    while (this.mayBeBlank() && this.skip(BLANK_LINE)) continue;
    this.isAtEnd = this.at === this.text.length;
    this.indent = -1;
    const end = this.text.indexOf('\n', this.at) + 1;
    const line = this.isAtEnd ? null : this.lines.read(this.text.slice(this.at, end));
    if (!line) return;
    this.indent = line.indent;
    this.isItem = line.isItem;
    this.start = this.at + line.indent + (line.isItem ? 2 : 0);
    this.at = end;
    this.key = line.key;
    this.value = line.empty === undefined ? line.value : emptied(line.empty);
  }

  private mapping(indent: number, depth: number): unknown {
    const object: Record<string, unknown> = {};
    this.events?.beginMapping(this.start);
    while (this.indent === indent && !this.isItem && this.key !== undefined) {
      const { key } = this;
      this.events?.key(key, key, this.start);
      const value = Object.hasOwn(object, key) ? UNKNOWN : this.field(indent, depth);
      if (value === UNKNOWN) return UNKNOWN;
      object[key] = value;
    }
    this.events?.end();
    return this.indent > indent ? UNKNOWN : object;
  }

  /** The value of a key. Items of a list may have the same indentation as their key. */
  private field(indent: number, depth: number): unknown {
    if (this.value !== undefined) return this.scalar();
    this.advance();
    if (depth > DEEPEST) return UNKNOWN;
    if (this.isItem && this.indent >= indent) return this.sequence(this.indent, depth + 1);
    if (this.indent > indent) return this.mapping(this.indent, depth + 1);
    this.events?.value(null, this.start, false);
    return null;
  }

  private sequence(indent: number, depth: number): unknown {
    const items: unknown[] = [];
    this.events?.beginSequence(this.start);
    while (this.indent === indent && this.isItem) {
      const item = this.item(indent, depth);
      if (item === UNKNOWN) return UNKNOWN;
      items.push(item);
    }
    this.events?.end();
    return this.indent > indent ? UNKNOWN : items;
  }

  private item(indent: number, depth: number): unknown {
    if (this.key === undefined) return this.scalar();
    // The rest of the line is the first line of a mapping.
    this.isItem = false;
    this.indent = indent + 2;
    return this.mapping(this.indent, depth + 1);
  }

  /** The value on the line of the key or dash. */
  private scalar(): unknown {
    const { value } = this;
    this.events?.value(value, this.start, false);
    this.advance();
    return value;
  }
}

/** A new value each time, since it belongs to the caller. */
function emptied(text: '{}' | '[]'): unknown {
  return text === '{}' ? {} : [];
}

/**
 * A line of simple block YAML: indentation, dash, key, value. Excludes everything that makes YAML hard: escapes, anchors,
 * tags, nonempty flow collections, texts of several lines, comments after values, and characters other than ASCII.
 */
const LINE = new RegExp([
  /^( *)(- )?/,
  /(?:(?:([A-Za-z][\w./-]*|[1-9]\d*)|"([A-Za-z0-9][\w./-]*)"):(?: +|(?=\n)))?/,
  /(?:([A-Za-z0-9/](?:[\w./@+=,*()-]|:(?=[\w./@+=,*()-])| (?=[\w./@+=,*()-]))*)|"([ !#-[\]-~]*)"|'([ -&(-~]*)'|(\{\}|\[\]))?/,
  /\n/,
].map(({ source }) => source).join(''));

/** The longest line with a key, which must end within 1,024 characters. */
const LONGEST_WITH_KEY = 1024;

/** A parsed line. */
export interface PlainLine {
  readonly indent: number;
  readonly isItem: boolean;
  readonly key?: string;
  /** The value on the line of the key or dash, unless it is an empty collection. */
  readonly value: unknown;
  readonly empty?: '{}' | '[]';
}

/** How many lines are cached: manifests repeat the same lines, mostly nearby. */
const MOST_REMEMBERED = 1000;

/** Parses lines, repeated ones only once. */
export class PlainLines {
  private readonly known = new Map<string, PlainLine | null>();

  /** @param line including its line end; the result is null if it isn't simple */
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

/** Whether an unquoted key means its own text: a word or 9080, but not `yes` or `null`. */
function isItself(key: string): boolean {
  const value = plainScalar(key);
  return value !== null && String(value) === key;
}
