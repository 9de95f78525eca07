/** Codes of the characters that mean something in YAML. */
export const enum Code {
  /** Stands after the last character of a text: no text has one itself. */
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

/** Whether an ASCII character is one of those. */
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

/** YAML 1.1 ends lines at three characters that most other formats take for text. */
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

/** What separates tokens: blanks, line breaks, the end. */
export function isGap(code: number): boolean {
  return code < 128 ? GAPS[code] === 1 : isUnicodeBreak(code);
}

/** What no plain scalar begins with, mostly. */
export function isIndicator(code: number): boolean {
  return code < 128 && INDICATORS[code] === 1;
}

/** What ends a plain scalar within brackets. */
export function isFlowIndicator(code: number): boolean {
  return code < 128 && FLOW_INDICATORS[code] === 1;
}

/** What the names of anchors consist of. */
export function isWord(code: number): boolean {
  return code < 128 && WORDS[code] === 1;
}

/** What tags consist of; escapes with `%` aside. */
export function isUri(code: number): boolean {
  return code < 128 && URIS[code] === 1;
}
