import { Position } from './manifest-problem';
import { mayHoldSecret, mayShowKey } from './secrets';

/** A text in parts. Their lines are counted when somebody asks where one is: mostly nobody does. */
class Whole {
  private counted?: readonly number[];

  public constructor(private readonly parts: readonly string[]) {}

  /** The first line of each part, counted from 0. */
  public get firstLines(): readonly number[] {
    return this.counted ??= countedFrom(this.parts);
  }
}

/** A part of a text that is one or more YAML documents, up to the next line with `---`. */
export class Chunk {
  private split?: readonly string[];
  private secret?: boolean;
  private shown?: Map<number, string | undefined>;

  public constructor(public readonly text: string, private readonly whole = new Whole([text]), private readonly index = 0) {}

  /** Its first line in the whole text, counted from 0. */
  public get firstLine(): number {
    return this.whole.firstLines[this.index];
  }

  /** Whether no part of the text may be shown. */
  public get isSecret(): boolean {
    return this.secret ??= mayHoldSecret(this.text);
  }

  /** A line as it may be shown; nothing where it may hold a secret. Kept, as one line of JSON may have very many findings. */
  public shownLine(index: number): string | undefined {
    if (this.isSecret) return undefined;
    const shown = this.shown ??= new Map();
    if (!shown.has(index)) shown.set(index, mayShowKey(this.line(index)) ? undefined : this.line(index));
    return shown.get(index);
  }

  /** A line without its end, counted from 0. */
  public line(index: number): string {
    return (this.split ??= this.text.split('\n'))[index]?.replace(/\r$/, '') ?? '';
  }
}

const BEFORE_SEPARATOR = /^(?=---(?:[ \t\r]|$))/m;
const NOTHING_BUT_COMMENTS = /^(?:---)?(?:[ \t]*(?:#.*|%.*|\.\.\.[ \t]*)?(?:\r?\n|$))*$/;

/**
 * Splits a text at its `---` lines, so that one broken document doesn't take the others with it. Chunks of comments,
 * directives and empty lines are left out.
 */
export function chunksOf(text: string): Chunk[] {
  const parts = text.split(BEFORE_SEPARATOR);
  const whole = new Whole(parts);
  return parts.map((part, index) => new Chunk(part, whole, index)).filter((chunk) => !NOTHING_BUT_COMMENTS.test(chunk.text));
}

function countedFrom(parts: readonly string[]): number[] {
  let line = 0;
  return parts.map((part) => {
    const first = line;
    line += lineCount(part);
    return first;
  });
}

function lineCount(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/** A place of a chunk, counted from 0 there, in the whole text. */
export function positionIn(chunk: Chunk, line: number, column: number): Position {
  const text = chunk.shownLine(line);
  return { line: chunk.firstLine + line + 1, column: column + 1, ...text !== undefined && { text } };
}
