import { isUtf8 } from 'node:buffer';
import { closeSync, openSync, readSync } from 'node:fs';
import { openProblem, pathProblem, Unreadable } from './path-problem';

/** How many bytes of a file are read at most. */
export const LARGEST = 64 * 1024 * 1024;

const PIECE = 1024 * 1024;

/** A text, or why there is none. */
export type ReadText = { readonly text: string } | { readonly problem: Unreadable };

/** Reads piece by piece, so that a device without end is no danger. */
export function readTextOf(path: string, largest: number = LARGEST): ReadText {
  try {
    const file = openSync(path, 'r');
    try {
      return textOf(piecesOf(file, largest), path, largest);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return { problem: openProblem(error, path) };
  }
}

/** Reads a stream such as standard input. */
export async function readTextOfStream(stream: AsyncIterable<Buffer | string>, name: string, largest: number = LARGEST): Promise<ReadText> {
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of stream) {
      pieces.push(Buffer.from(piece));
      size += piece.length;
      if (size > largest) break;
    }
  } catch (error) {
    return { problem: openProblem(error, name) };
  }
  return textOf(pieces, name, largest);
}

function piecesOf(file: number, largest: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let size = 0; size <= largest;) {
    const piece = Buffer.allocUnsafe(PIECE);
    const count = readSync(file, piece, 0, PIECE, null);
    if (count === 0) break;
    pieces.push(piece.subarray(0, count));
    size += count;
  }
  return pieces;
}

function textOf(pieces: readonly Buffer[], name: string, largest: number): ReadText {
  const bytes = Buffer.concat(pieces);
  if (bytes.length > largest) return { problem: pathProblem('ADMIT164', name, `larger than ${Math.floor(largest / 1024 / 1024)} MB`) };
  return isUtf8(bytes) ? { text: bytes.toString('utf8') } : { problem: pathProblem('ADMIT166', name, 'no UTF-8 text') };
}
