import { isBlank, isBreak } from './characters';
import { Cursor } from './cursor';

/** Blanks and line breaks within a scalar, and what they stand for: one line break is a space, more are one less. */
export class LineFolding {
  private blanks = '';
  private firstBreak = '';
  private furtherBreaks = '';
  /** Whether a line ended since the last word. */
  public hasBreak = false;

  /** A line that ends with an escape goes on without any space. */
  public takeEscapedBreak(cursor: Cursor): void {
    cursor.takeBreak();
    this.hasBreak = true;
  }

  /** Takes all blanks and line breaks that come next. */
  public take(cursor: Cursor, beforeIndentation?: () => void): void {
    for (let code = cursor.code(); ; code = cursor.code()) {
      if (isBlank(code)) {
        if (this.hasBreak) beforeIndentation?.();
        else this.blanks += String.fromCharCode(code);
        cursor.at++;
      } else if (!isBreak(code)) {
        return;
      } else if (this.hasBreak) {
        this.furtherBreaks += cursor.takeBreak();
      } else {
        this.blanks = '';
        this.firstBreak = cursor.takeBreak();
        this.hasBreak = true;
      }
    }
  }

  /** What stands for the gap that was taken; the next one begins. */
  public join(): string {
    const { blanks, firstBreak, furtherBreaks, hasBreak } = this;
    this.blanks = this.firstBreak = this.furtherBreaks = '';
    this.hasBreak = false;
    if (!hasBreak) return blanks;
    if (firstBreak !== '\n') return firstBreak + furtherBreaks;
    return furtherBreaks === '' ? ' ' : furtherBreaks;
  }
}
