import { Depth, Events, UnreadableText } from './events';
import { exactNumber } from './scalar';
import { INEXACT } from './values';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE_CODE = 0x20;
const SPACE = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+|(?!\.))(?:[eE][-+]?\d+|(?![eE]))/y;
/** An integer that a JavaScript number may not hold exactly. */
const LONG_INTEGER = /^-?\d{16,}$/;
const WORD = /true|false|null/y;
const WORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

/** Reads consecutive JSON values in a text. */
export class JsonStream {
  private readonly depth = new Depth();
  private tooLarge?: UnreadableText;

  /** @param at the offset at which reading continues */
  public constructor(private readonly text: string, public at = 0) {}

  /** Skips spaces; returns whether the text ends there. */
  public isAtEnd(): boolean {
    this.match(SPACE);
    return this.at === this.text.length;
  }

  /** Sends the events of the next value; returns false if it isn't JSON, in which case the events are invalid. */
  public read(events: Events): boolean {
    if (!this.value(events)) return false;
    if (this.tooLarge) throw this.tooLarge;
    return true;
  }

  private value(events: Events): boolean {
    this.match(SPACE);
    const first = this.text[this.at];
    if (first === '{') return this.collection(events, '}', () => this.field(events));
    if (first === '[') return this.collection(events, ']', () => this.value(events));
    return this.scalar(events);
  }

  private collection(events: Events, close: string, part: () => boolean): boolean {
    const start = this.at++;
    this.depth.enter(start);
    if (close === '}') events.beginMapping(start);
    else events.beginSequence(start);
    if (!this.takes(close)) {
      do if (!part()) return false; while (this.takes(','));
      if (!this.takes(close)) return false;
    }
    events.end();
    this.depth.leave();
    return true;
  }

  private field(events: Events): boolean {
    this.match(SPACE);
    const start = this.at;
    const name = this.string();
    if (name === undefined || !this.takes(':')) return false;
    events.key(name, name, start);
    return this.value(events);
  }

  private scalar(events: Events): boolean {
    const start = this.at;
    const value = this.string() ?? this.number() ?? this.word();
    if (value === undefined) return false;
    events.value(value, start, false);
    return true;
  }

  private string(): string | undefined {
    const { text, at: start } = this;
    if (text.charCodeAt(start) !== QUOTE) return undefined;
    let isSimple = true;
    let end = start + 1;
    for (let code = text.charCodeAt(end); code !== QUOTE; code = text.charCodeAt(end)) {
      // NaN beyond the end.
      if (!(code >= SPACE_CODE)) return undefined;
      if (code === BACKSLASH) isSimple = false;
      end += code === BACKSLASH ? 2 : 1;
    }
    const value = isSimple ? text.slice(start + 1, end) : unescaped(text.slice(start, end + 1));
    if (value !== undefined) this.at = end + 1;
    return value;
  }

  private number(): number | undefined {
    const start = this.at;
    const written = this.match(NUMBER);
    if (written === undefined) return undefined;
    const value = Number(written);
    const isInexact = LONG_INTEGER.test(written) && exactNumber(written) === undefined;
    if (Number.isFinite(value) && !isInexact) return value;
    // If the whole isn't JSON, it may be YAML, in which this is a text.
    this.tooLarge ??= isInexact
      ? new UnreadableText('ADMIT160', INEXACT, start)
      : new UnreadableText('ADMIT151', 'a number that is too large', start);
    return 0;
  }

  private word(): boolean | null | undefined {
    const written = this.match(WORD);
    return written === undefined ? undefined : WORDS[written];
  }

  private takes(character: string): boolean {
    this.match(SPACE);
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (!match) return undefined;
    this.at += match[0].length;
    return match[0];
  }
}

/** Undefined for an escape that JSON doesn't have. A lone surrogate becomes U+FFFD, as in Go. */
function unescaped(written: string): string | undefined {
  try {
    return Buffer.from(JSON.parse(written)).toString();
  } catch {
    return undefined;
  }
}
