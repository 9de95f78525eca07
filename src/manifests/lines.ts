import { Position } from './manifest-problem';
import { mayHoldSecret } from './secrets';

/** A part of a text that is one or more YAML documents, up to the next line with `---`. */
export class Chunk {
  private split?: readonly string[];
  private secret?: boolean;

  /** `firstLine` is the chunk's first line in the whole text, counted from 0. */
  public constructor(public readonly text: string, public readonly firstLine: number) {}

  /** Whether no part of the text may be shown. */
  public get isSecret(): boolean {
    return this.secret ??= mayHoldSecret(this.text);
  }

  /** A line without its end, counted from 0. */
  public line(index: number): string {
    return (this.split ??= this.text.split('\n'))[index]?.replace(/\r$/, '') ?? '';
  }
}

const SEPARATOR = /^---(?=[ \t\r]|$)/gm;
const NOTHING_BUT_COMMENTS = /^(?:[ \t]*(?:#.*|%.*|\.\.\.[ \t]*)?(?:\r?\n|$))*$/;

/**
 * Splits a text at its `---` lines, so that one broken document doesn't take the others with it. Chunks of comments,
 * directives and empty lines are left out.
 */
export function chunksOf(text: string): Chunk[] {
  const starts = [0, ...[...text.matchAll(SEPARATOR)].map(({ index }) => index).filter((index) => index > 0)];
  let line = 0;
  const chunks = starts.map((start, index) => {
    const chunk = new Chunk(text.slice(start, starts[index + 1]), line);
    line += lineCount(chunk.text);
    return chunk;
  });
  return chunks.filter((chunk) => !NOTHING_BUT_COMMENTS.test(chunk.text.replace(/^---/, '')));
}

function lineCount(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/** A place of a chunk, counted from 0 there, in the whole text. */
export function positionIn(chunk: Chunk, line: number, column: number): Position {
  const place = { line: chunk.firstLine + line + 1, column: column + 1 };
  return chunk.isSecret ? place : { ...place, text: chunk.line(line) };
}
