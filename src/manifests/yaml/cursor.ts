import { Code, isBlank, isBreak, isBreakOrEnd, isGap } from './characters';

/** A place in a text that moves on, and knows its column. */
export class Cursor {
  /** Where the line begins; two places are on one line if this is the same. */
  public lineStart: number;
  /** The text, and what stands after its last character. */
  public readonly characters: string;

  /** @param at the offset of the next character */
  public constructor(text: string, public at: number) {
    this.lineStart = at;
    // Joined, it is one string in memory; concatenated, it would be two, and slow to read.
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

  /** Whether more characters lie between a place and here; those beyond U+FFFF count once. */
  public isFartherThan(count: number, start: number): boolean {
    const distance = this.at - start;
    return distance > count && (distance > 2 * count || [...this.slice(start)].length > count);
  }

  public skipBlanks(): void {
    while (isBlank(this.code())) this.at++;
  }

  /** To the end of the line. */
  public skipLineRest(): void {
    const { characters } = this;
    let { at } = this;
    while (!isBreakOrEnd(characters.charCodeAt(at))) at++;
    this.at = at;
  }

  /** Over a line break, if one is next; gives what it stands for in a text. */
  public takeBreak(): string {
    const code = this.code();
    if (!isBreak(code)) return '';
    this.at += code === Code.CarriageReturn && this.code(1) === Code.LineFeed ? 2 : 1;
    this.lineStart = this.at;
    return code === Code.LineSeparator || code === Code.ParagraphSeparator ? String.fromCharCode(code) : '\n';
  }

  /** Whether `---` or `...` stands here, at the beginning of a line. */
  public isAtDocumentMark(): boolean {
    const code = this.code();
    return (code === Code.Minus || code === Code.Dot) && this.at === this.lineStart
      && this.code(1) === code && this.code(2) === code && isGap(this.code(3));
  }
}
