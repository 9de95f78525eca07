import { Code, isBlank, isBreak, isBreakOrEnd, isGap } from './characters';
import { Cursor } from './cursor';
import { folded } from './folding';
import { UnreadableText } from './unreadable-text';

const ESCAPES = new Map([
  ['0', '\0'], ['a', '\x07'], ['b', '\b'], ['t', '\t'], ['\t', '\t'], ['n', '\n'], ['v', '\v'], ['f', '\f'], ['r', '\r'], ['e', '\x1b'],
  [' ', ' '], ['"', '"'], ['\'', '\''], ['\\', '\\'], ['N', '\x85'], ['_', '\xa0'], ['L', '\u2028'], ['P', '\u2029'],
]);

/** How many hexadecimal digits follow. */
const HEXADECIMAL = new Map([['x', 2], ['u', 4], ['U', 8]]);

/** Reads a scalar in quotes. */
export function quotedScalar(cursor: Cursor): string {
  return onOneLine(cursor) ?? new QuotedScalar(cursor).value;
}

/** What most are: without escapes, on one line. */
function onOneLine(cursor: Cursor): string | undefined {
  const { characters, at: start } = cursor;
  const quote = cursor.code();
  let at = start + 1;
  for (let code = characters.charCodeAt(at); code !== quote; code = characters.charCodeAt(++at)) {
    if (isBreakOrEnd(code) || code === Code.Backslash) return undefined;
  }
  if (quote === Code.SingleQuote && characters.charCodeAt(at + 1) === quote) return undefined;
  cursor.at = at + 1;
  return characters.slice(start + 1, at);
}

class QuotedScalar {
  public value = '';
  private readonly quote: number;
  private readonly start: number;

  public constructor(private readonly cursor: Cursor) {
    this.start = cursor.at;
    this.quote = cursor.code();
    cursor.at++;
    for (;;) {
      const isEscaped = this.takeWord();
      if (cursor.code() === this.quote) break;
      this.value += folded(this.takeGap(), isEscaped);
    }
    cursor.at++;
  }

  private takeGap(): string {
    const { cursor } = this;
    const start = cursor.at;
    for (let code = cursor.code(); isBlank(code) || isBreak(code); code = cursor.code()) {
      if (isBreak(code)) cursor.takeBreak();
      else cursor.at++;
    }
    return cursor.slice(start);
  }

  /** Up to a blank, the end of the line or the quote; whether an escape ends the line. */
  private takeWord(): boolean {
    const { cursor, quote } = this;
    if (cursor.isAtDocumentMark()) throw new UnreadableText('ADMIT151', 'a text in quotes that goes on beyond the end of the document', this.start);
    if (cursor.code() === Code.End) throw new UnreadableText('ADMIT151', 'a text in quotes without end', this.start);
    let start = cursor.at;
    for (let code = cursor.code(); !isGap(code); code = cursor.code()) {
      const isEscape = quote === Code.DoubleQuote ? code === Code.Backslash : code === quote && cursor.code(1) === quote;
      if (!isEscape && code === quote) break;
      if (isEscape) {
        this.value += cursor.slice(start);
        if (this.takeEscape()) return true;
        start = cursor.at;
      } else {
        cursor.at++;
      }
    }
    this.value += cursor.slice(start);
    return false;
  }

  /** Whether the line ends with it. */
  private takeEscape(): boolean {
    const { cursor } = this;
    const letter = cursor.slice(cursor.at + 1, cursor.at + 2);
    const written = this.quote === Code.SingleQuote ? '\'' : ESCAPES.get(letter);
    const digits = HEXADECIMAL.get(letter);
    if (written === undefined && isBreak(cursor.code(1))) {
      cursor.at++;
      cursor.takeBreak();
      return true;
    }
    if (written === undefined && digits === undefined) throw new UnreadableText('ADMIT151', 'an escape that YAML doesn\'t know', cursor.at);
    this.value += written ?? this.characterOf(digits!);
    cursor.at += 2 + (written === undefined ? digits! : 0);
    return false;
  }

  private characterOf(digits: number): string {
    const { cursor } = this;
    const written = cursor.slice(cursor.at + 2, cursor.at + 2 + digits);
    const code = /^[0-9a-fA-F]+$/.test(written) && written.length === digits ? parseInt(written, 16) : NaN;
    if (!(code <= 0x10ffff)) throw new UnreadableText('ADMIT151', `an escape without ${digits} hexadecimal digits of a character`, cursor.at);
    if (code >= 0xd800 && code <= 0xdfff) {
      throw new UnreadableText('ADMIT151', 'an escape of half a character, which only JSON may have', cursor.at);
    }
    return String.fromCodePoint(code);
  }
}

