import { Code, Cursor, isBlank, isBreak, isBreakOrEnd, isFlowIndicator, isGap } from './characters';
import { UnreadableText } from './events';

/** Reads a scalar without quotes. */
export class PlainScalar {
  public value: string;
  /** Whether the next token is on another line than the scalar's last word. */
  public endsBeforeLine = false;

  /** @param indent the smallest column of its further lines */
  public constructor(private readonly cursor: Cursor, private readonly indent: number, private readonly isInFlow: boolean) {
    this.value = this.takeLine();
    const start = cursor.at;
    if (this.takeGap()) this.takeMoreLines(start);
  }

  /** @param start the end of the first line */
  private takeMoreLines(start: number): void {
    const { cursor } = this;
    const parts = [this.value];
    let end = start;
    do {
      const gap = cursor.slice(end);
      const line = this.takeLine();
      if (line === '') break;
      parts.push(folded(gap), line);
      this.endsBeforeLine = false;
      end = cursor.at;
    } while (this.takeGap());
    this.value = parts.join('');
  }

  /** The words up to the end of the scalar or its line, without trailing blanks. */
  private takeLine(): string {
    const { cursor, isInFlow } = this;
    const { characters, at: start } = cursor;
    let end = start;
    for (let at = start; ; at++) {
      const code = characters.charCodeAt(at);
      if (isBlank(code)) continue;
      if (code === Code.Hash && at > end) break;
      if (isGap(code) || (code === Code.Colon && isGap(characters.charCodeAt(at + 1))) || (isInFlow && isFlowIndicator(code))) break;
      end = at + 1;
    }
    cursor.at = end;
    return characters.slice(start, end);
  }

  /** Consumes blanks and line breaks; returns whether the scalar may continue after them. */
  private takeGap(): boolean {
    const { cursor, indent } = this;
    for (let code = cursor.code(); isBlank(code) || isBreak(code); code = cursor.code()) {
      if (isBreak(code)) {
        cursor.takeBreak();
        this.endsBeforeLine = true;
      } else if (code === Code.Tab && this.endsBeforeLine && cursor.column < indent) {
        throw new UnreadableText('ADMIT156', 'a tab in the indentation of a string', cursor.at);
      } else {
        cursor.at++;
      }
    }
    if (!this.endsBeforeLine || (!this.isInFlow && cursor.column < indent)) return false;
    return cursor.code() !== Code.Hash && !cursor.isAtDocumentMark();
  }
}

const ESCAPES = new Map([
  ['0', '\0'], ['a', '\x07'], ['b', '\b'], ['t', '\t'], ['\t', '\t'], ['n', '\n'], ['v', '\v'], ['f', '\f'], ['r', '\r'], ['e', '\x1b'],
  [' ', ' '], ['"', '"'], ['\'', '\''], ['\\', '\\'], ['N', '\x85'], ['_', '\xa0'], ['L', '\u2028'], ['P', '\u2029'],
]);

/** The number of hexadecimal digits in an escape. */
const HEXADECIMAL = new Map([['x', 2], ['u', 4], ['U', 8]]);

/** Reads a scalar in quotes. */
export function quotedScalar(cursor: Cursor): string {
  return onOneLine(cursor) ?? new QuotedScalar(cursor).value;
}

/** The fast path for most scalars: one line without escapes. */
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

  /** Reads up to a blank, the end of the line or the quote; returns whether an escape ends the line. */
  private takeWord(): boolean {
    const { cursor, quote } = this;
    if (cursor.isAtDocumentMark()) {
      throw new UnreadableText('ADMIT151', 'a quoted string that continues past the end of the document', this.start);
    }
    if (cursor.code() === Code.End) throw new UnreadableText('ADMIT151', 'a quoted string without an end', this.start);
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

  /** Returns whether the escape ends the line. */
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
    if (!(code <= 0x10ffff)) {
      throw new UnreadableText('ADMIT151', `an escape without ${digits} hexadecimal digits of a character`, cursor.at);
    }
    if (code >= 0xd800 && code <= 0xdfff) {
      throw new UnreadableText('ADMIT151', 'an escape of half a character, which only JSON may have', cursor.at);
    }
    return String.fromCodePoint(code);
  }
}

const SINGLE_BREAK = /^[ \t]*\n[ \t]*$/;
const BREAK = /\r\n|[\n\r\x85\u2028\u2029]/g;

/**
 * Folds blanks and line breaks within a scalar: blanks stay, one line break becomes a space, several become one less.
 *
 * @param isEscaped whether an escape ended the line, so that it continues without a space
 */
function folded(gap: string, isEscaped = false): string {
  if (!isEscaped && SINGLE_BREAK.test(gap)) return ' ';
  const breaks = (gap.match(BREAK) ?? []).map((each) => (each === '\u2028' || each === '\u2029' ? each : '\n'));
  if (isEscaped) return breaks.join('');
  if (breaks.length === 0) return gap;
  if (breaks[0] !== '\n') return breaks.join('');
  return breaks.length === 1 ? ' ' : breaks.slice(1).join('');
}
