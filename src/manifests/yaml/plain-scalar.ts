import { Code, isBlank, isBreak, isFlowIndicator, isGap } from './characters';
import { Cursor } from './cursor';
import { LineFolding } from './line-folding';
import { UnreadableText } from './unreadable-text';

/** Reads a scalar without quotes. */
export class PlainScalar {
  public value = '';
  private readonly folding = new LineFolding();

  /** @param indent the least column of its further lines */
  public constructor(private readonly cursor: Cursor, private readonly indent: number, private readonly isInFlow: boolean) {
    do this.takeWords();
    while (this.takeGap());
  }

  /** Whether what comes next stands on another line than the scalar's last word. */
  public get endsBeforeLine(): boolean {
    return this.folding.hasBreak;
  }

  private takeWords(): void {
    const { cursor } = this;
    const start = cursor.at;
    while (!this.isAtEnd()) cursor.at++;
    if (cursor.at > start) this.value += this.folding.join() + cursor.slice(start);
  }

  private isAtEnd(): boolean {
    const code = this.cursor.code();
    return isGap(code) || (code === Code.Colon && isGap(this.cursor.code(1))) || (this.isInFlow && isFlowIndicator(code));
  }

  /** Whether the scalar may go on after blanks and line breaks. */
  private takeGap(): boolean {
    const { cursor } = this;
    const code = cursor.code();
    if (!isBlank(code) && !isBreak(code)) return false;
    this.folding.take(cursor, () => {
      if (cursor.code() === Code.Tab && cursor.column < this.indent) throw new UnreadableText('ADMIT156', 'a tab in the indentation of a text', cursor.at);
    });
    if (!this.isInFlow && cursor.column < this.indent) return false;
    return cursor.code() !== Code.Hash && !cursor.isAtDocumentMark();
  }
}
