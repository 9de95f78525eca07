import { Position } from './manifest-problem';

/** A part of a text that is one or more YAML documents, up to the next line with `---`. */
export interface Chunk {
  readonly text: string;
  /** Of the chunk's first line in the whole text, counted from 0. */
  readonly firstLine: number;
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
    const chunk = { text: text.slice(start, starts[index + 1]), firstLine: line };
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
  const text = chunk.text.split('\n', line + 1)[line] ?? '';
  return { line: chunk.firstLine + line + 1, column: column + 1, text: text.replace(/\r$/, '') };
}
