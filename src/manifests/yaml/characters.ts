
/** Codes of the characters that mean something in YAML. */
export const enum Code {
  /** Marks the end of a text, which can't contain this character itself. */
  End = 0,
  Tab = 9,
  LineFeed = 10,
  CarriageReturn = 13,
  Space = 32,
  Exclamation = 33,
  DoubleQuote = 34,
  Hash = 35,
  Percent = 37,
  Ampersand = 38,
  SingleQuote = 39,
  Asterisk = 42,
  Plus = 43,
  Comma = 44,
  Minus = 45,
  Dot = 46,
  Zero = 48,
  Nine = 57,
  Colon = 58,
  Less = 60,
  Greater = 62,
  Question = 63,
  At = 64,
  OpenBracket = 91,
  Backslash = 92,
  CloseBracket = 93,
  Backtick = 96,
  OpenBrace = 123,
  Bar = 124,
  CloseBrace = 125,
  NextLine = 0x85,
  LineSeparator = 0x2028,
  ParagraphSeparator = 0x2029,
}

/** A set of ASCII characters. */
type Class = Uint8Array;

function classOf(characters: string): Class {
  const members = new Uint8Array(128);
  for (const character of characters) members[character.charCodeAt(0)] = 1;
  return members;
}

const WORD = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-';
const BREAKS = classOf('\n\r');
const BREAKS_AND_END = classOf('\n\r\0');
const GAPS = classOf(' \t\n\r\0');
const INDICATORS = classOf('-?:,[]{}#&*!|>\'"%@`');
const FLOW_INDICATORS = classOf(',?[]{}');
const WORDS = classOf(WORD);
const URIS = classOf(`${WORD};/?:@&=+$,.!~*'()[]`);

/** YAML 1.1 ends lines at three characters that are text in most other formats. */
function isUnicodeBreak(code: number): boolean {
  return code === Code.NextLine || code === Code.LineSeparator || code === Code.ParagraphSeparator;
}

/** A space or a tab. */
export function isBlank(code: number): boolean {
  return code === Code.Space || code === Code.Tab;
}

export function isBreak(code: number): boolean {
  return code < 128 ? BREAKS[code] === 1 : isUnicodeBreak(code);
}

export function isBreakOrEnd(code: number): boolean {
  return code < 128 ? BREAKS_AND_END[code] === 1 : isUnicodeBreak(code);
}

/** Whether a character separates tokens: a blank, line break or the end. */
export function isGap(code: number): boolean {
  return code < 128 ? GAPS[code] === 1 : isUnicodeBreak(code);
}

/** Whether a character can't begin a plain scalar, with few exceptions. */
export function isIndicator(code: number): boolean {
  return code < 128 && INDICATORS[code] === 1;
}

/** Whether a character ends a plain scalar within brackets. */
export function isFlowIndicator(code: number): boolean {
  return code < 128 && FLOW_INDICATORS[code] === 1;
}

/** Whether a character may be in the name of an anchor. */
export function isWord(code: number): boolean {
  return code < 128 && WORDS[code] === 1;
}

/** Whether a character may be in a tag; escapes with `%` are handled elsewhere. */
export function isUri(code: number): boolean {
  return code < 128 && URIS[code] === 1;
}

/** A position in a text that moves forward and knows its column. */
export class Cursor {
  /** The offset of the line's beginning, which identifies the line. */
  public lineStart: number;
  /** The text, followed by the end mark. */
  public readonly characters: string;

  /** @param at the offset of the next character */
  public constructor(text: string, public at: number) {
    this.lineStart = at;
    // `join` makes one flat string in memory; concatenation would make a tree, which is slow to read.
    this.characters = [text, '\0'].join('');
  }

  public get column(): number {
    return this.at - this.lineStart;
  }

  /** The next character, or one that many further on. */
  public code(ahead = 0): number {
    return this.characters.charCodeAt(this.at + ahead);
  }

  public slice(start: number, end = this.at): string {
    return this.characters.slice(start, end);
  }

  /** Whether the distance from a place is greater than a number of characters; those beyond U+FFFF count once. */
  public isFartherThan(count: number, start: number): boolean {
    const distance = this.at - start;
    return distance > count && (distance > 2 * count || [...this.slice(start)].length > count);
  }

  public skipBlanks(): void {
    while (isBlank(this.code())) this.at++;
  }

  /** Moves to the end of the line. */
  public skipLineRest(): void {
    const { characters } = this;
    let { at } = this;
    while (!isBreakOrEnd(characters.charCodeAt(at))) at++;
    this.at = at;
  }

  /** Moves over a line break, if one is next; returns its meaning in a text. */
  public takeBreak(): string {
    const code = this.code();
    if (!isBreak(code)) return '';
    this.at += code === Code.CarriageReturn && this.code(1) === Code.LineFeed ? 2 : 1;
    this.lineStart = this.at;
    return code === Code.LineSeparator || code === Code.ParagraphSeparator ? String.fromCharCode(code) : '\n';
  }

  /** Whether `---` or `...` is here, at the beginning of a line. */
  public isAtDocumentMark(): boolean {
    const code = this.code();
    return (code === Code.Minus || code === Code.Dot) && this.at === this.lineStart
      && this.code(1) === code && this.code(2) === code && isGap(this.code(3));
  }
}
