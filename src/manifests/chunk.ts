import { Position } from './manifest-problem';
import { holdsSecret, mayHoldSecret, mayShowKey } from './secrets';
import { SourceText } from './source-text';
import { Events } from './yaml/events';
import { JsonStream } from './yaml/json';
import { tellYaml } from './yaml/read-yaml';

/** A part of a text with one document at most. */
export class Chunk {
  public readonly text: string;
  /** What was read of it. */
  public value: unknown;
  private secret?: boolean;
  private shown?: { readonly line: number; readonly text?: string };

  /**
   * @param start where it begins in the source
   * @param isJson whether it was found to be one value of JSON
   */
  public constructor(public readonly source: SourceText, public readonly start = 0, end = source.text.length, private readonly isJson = false) {
    this.text = source.text.slice(start, end);
  }

  /** Tells what its document holds, with offsets in the chunk; nothing if it has none. */
  public tell(events: Events): void {
    if (this.isJson) new JsonStream(this.text).read(events);
    // Go's reader of lines ends the last one, too.
    else tellYaml(this.text.endsWith('\n') ? this.text : `${this.text}\n`, events);
  }

  /** Whether no part of the text may be shown. */
  public get isSecret(): boolean {
    return this.secret ??= mayHoldSecret(this.text, this.value !== undefined) || holdsSecret(this.value);
  }

  /** An offset of the chunk as a place in the whole text. */
  public positionAt(offset: number): Position {
    const { line, column } = this.source.placeOf(this.start + offset);
    return this.position(line, column);
  }

  /** A place of the whole text, counted from 0. */
  public position(line: number, column: number): Position {
    // One line of JSON may be very long, and have very many findings.
    if (this.shown?.line !== line) this.shown = { line, text: this.shownLine(line) };
    const { text } = this.shown;
    return { line: line + 1, column: column + 1, ...text !== undefined && { text } };
  }

  /** The line of an offset, counted from 0 in the whole text. */
  public lineOf(offset: number): number {
    return this.source.placeOf(this.start + offset).line;
  }

  /** How many characters a line of the whole text has. */
  public lengthOf(line: number): number {
    return this.source.line(line).length;
  }

  private shownLine(line: number): string | undefined {
    if (this.isSecret) return undefined;
    const text = this.source.line(line);
    // A key may be folded: what is a part of one is told by its neighbours.
    const around = [line - 1, line, line + 1].map((at) => this.source.line(at)?.trim() ?? '').join('');
    return mayShowKey(text) || mayShowKey(around) ? undefined : text;
  }
}
