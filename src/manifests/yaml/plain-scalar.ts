import { Code, isBlank, isBreak, isFlowIndicator, isGap } from './characters';
import { Cursor } from './cursor';
import { folded } from './folding';
import { UnreadableText } from './unreadable-text';

/** Reads a scalar without quotes. */
export class PlainScalar {
  public value: string;
  /** Whether what comes next stands on another line than the scalar's last word. */
  public endsBeforeLine = false;

  /** @param indent the least column of its further lines */
  public constructor(private readonly cursor: Cursor, private readonly indent: number, private readonly isInFlow: boolean) {
    this.value = this.takeLine();
    const start = cursor.at;
    if (this.takeGap()) this.takeMoreLines(start);
  }

  /** @param start where the first line ends */
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

  /** The words up to what ends the scalar or its line, without the blanks after them. */
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

  /** Takes blanks and line breaks; whether the scalar may go on after them. */
  private takeGap(): boolean {
    const { cursor, indent } = this;
    for (let code = cursor.code(); isBlank(code) || isBreak(code); code = cursor.code()) {
      if (isBreak(code)) {
        cursor.takeBreak();
        this.endsBeforeLine = true;
      } else if (code === Code.Tab && this.endsBeforeLine && cursor.column < indent) {
        throw new UnreadableText('ADMIT156', 'a tab in the indentation of a text', cursor.at);
      } else {
        cursor.at++;
      }
    }
    if (!this.endsBeforeLine || (!this.isInFlow && cursor.column < indent)) return false;
    return cursor.code() !== Code.Hash && !cursor.isAtDocumentMark();
  }
}
