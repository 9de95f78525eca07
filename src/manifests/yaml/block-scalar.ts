import { Code, Cursor, isBlank, isBreak, isBreakOrEnd } from './characters';
import { UnreadableText } from './events';

/** Reads a scalar after `|` or `>`. */
export class BlockScalar {
  public value = '';
  private readonly isLiteral: boolean;
  /** `+` keeps the line breaks at the end, `-` drops them all. */
  private chomping = 0;
  /** 0 if the first line with text determines it. */
  private indent = 0;
  private breaks = '';

  /** @param parentIndent the column of the parent; -1 at the top of the document */
  public constructor(private readonly cursor: Cursor, private readonly parentIndent: number) {
    this.isLiteral = cursor.code() === Code.Bar;
    cursor.at++;
    this.takeHeader();
    this.takeBreaks();
    const lastBreak = this.takeLines();
    if (this.chomping !== Code.Minus) this.value += lastBreak;
    if (this.chomping === Code.Plus) this.value += this.breaks;
  }

  private takeHeader(): void {
    const { cursor } = this;
    if (!this.takeChomping()) {
      this.takeIndent();
      this.takeChomping();
    } else {
      this.takeIndent();
    }
    cursor.skipBlanks();
    if (cursor.code() === Code.Hash) cursor.skipLineRest();
    if (!isBreakOrEnd(cursor.code())) throw new UnreadableText('ADMIT151', 'something other than a comment after | or >', cursor.at);
    cursor.takeBreak();
  }

  private takeChomping(): boolean {
    const code = this.cursor.code();
    if (code !== Code.Plus && code !== Code.Minus) return false;
    this.chomping = code;
    this.cursor.at++;
    return true;
  }

  private takeIndent(): void {
    const code = this.cursor.code();
    if (code < Code.Zero || code > Code.Nine) return;
    if (code === Code.Zero) throw new UnreadableText('ADMIT151', 'an indentation of 0 after | or >', this.cursor.at);
    this.indent = Math.max(this.parentIndent, 0) + code - Code.Zero;
    this.cursor.at++;
  }

  /** Consumes line breaks, and the indentation of the next line with text. */
  private takeBreaks(): void {
    const { cursor } = this;
    let widest = 0;
    for (;;) {
      while ((this.indent === 0 || cursor.column < this.indent) && cursor.code() === Code.Space) cursor.at++;
      widest = Math.max(widest, cursor.column);
      if (cursor.code() === Code.Tab && (this.indent === 0 || cursor.column < this.indent)) {
        throw new UnreadableText('ADMIT156', 'a tab in the indentation of a string', cursor.at);
      }
      if (!isBreak(cursor.code())) break;
      this.breaks += cursor.takeBreak();
    }
    if (this.indent === 0) this.indent = Math.max(widest, this.parentIndent + 1, 1);
  }

  /** Consumes the lines; returns the break that ended the last one. */
  private takeLines(): string {
    const { cursor } = this;
    let lastBreak = '';
    let afterIndented = false;
    const lines: string[] = [];
    while (cursor.column === this.indent && cursor.code() !== Code.End) {
      const isIndented = isBlank(cursor.code());
      const isFolded = !this.isLiteral && !afterIndented && !isIndented && lastBreak === '\n';
      lines.push(isFolded ? (this.breaks === '' ? ' ' : '') : lastBreak, this.breaks);
      this.breaks = '';
      afterIndented = isIndented;
      const start = cursor.at;
      cursor.skipLineRest();
      lines.push(cursor.slice(start));
      lastBreak = cursor.takeBreak();
      this.takeBreaks();
    }
    this.value = lines.join('');
    return lastBreak;
  }
}
