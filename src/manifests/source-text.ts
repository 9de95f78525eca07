import { PlainLines } from './plain-yaml';

/** A place in a text, counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
  /** The whole line as written; undefined if the document or line may hold a secret. */
  readonly text?: string;
}

/** Where something is written. */
export interface Place {
  readonly file: string;
  readonly position: Position;
}

/** A text whose lines are counted only when a position is needed, which is rare. */
export class SourceText {
  private starts?: Uint32Array;
  private known?: PlainLines;

  /** @param isShown whether messages may quote its lines */
  public constructor(public readonly text: string, public readonly isShown: () => boolean = () => true) {}

  /** Line and column of an offset, both counted from 0. */
  public placeOf(offset: number): { readonly line: number; readonly column: number } {
    const starts = this.lineStarts;
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low, column: offset - starts[low] };
  }

  /** A line without its end, counted from 0; empty beyond the last one. */
  public line(index: number): string {
    const starts = this.lineStarts;
    if (index >= starts.length) return '';
    const end = index + 1 < starts.length ? starts[index + 1] - 1 : this.text.length;
    return this.text.slice(starts[index], this.text[end - 1] === '\r' ? Math.max(end - 1, starts[index]) : end);
  }

  /** The reader of simple YAML for its lines, shared by its chunks. */
  public get plainLines(): PlainLines {
    return this.known ??= new PlainLines();
  }

  private get lineStarts(): Uint32Array {
    return this.starts ??= lineStartsOf(this.text);
  }
}

function lineStartsOf(text: string): Uint32Array {
  let count = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  const starts = new Uint32Array(count);
  for (let at = text.indexOf('\n'), line = 1; at >= 0; at = text.indexOf('\n', at + 1)) starts[line++] = at + 1;
  return starts;
}
