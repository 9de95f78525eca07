import { isUtf8 } from 'node:buffer';
import { closeSync, openSync, readSync } from 'node:fs';
import { ManifestProblem } from '../../manifests/problems';
import { Position } from '../../manifests/source-text';

/** How many bytes of a file are read at most. */
export const LARGEST = 64 * 1024 * 1024;

/** How many bytes all files of a run may have together. */
export const MOST_TOGETHER = 512 * 1024 * 1024;

const PIECE = 1024 * 1024;

/** A document, or a whole path, that could not be read. */
export type Unreadable = Omit<ManifestProblem, 'position'> & { readonly position?: Position };

/** A text, or why it could not be read. */
export type ReadText = { readonly text: string } | { readonly problem: Unreadable };

/** Reads in pieces, so that an endless device does no harm. */
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

/** Reads a file that may be binary, one character per byte. */
export function readBytesOf(path: string, largest: number = LARGEST): ReadText {
  try {
    const file = openSync(path, 'r');
    try {
      const bytes = Buffer.concat(piecesOf(file, largest));
      return bytes.length > largest ? { problem: tooLarge(path, largest) } : { text: bytes.toString('latin1') };
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
  if (bytes.length > largest) return { problem: tooLarge(name, largest) };
  if (isLfsPointer(bytes)) return { problem: pathProblem('ADMIT169', name, 'a pointer of Git LFS') };
  return isUtf8(bytes) ? { text: bytes.toString('utf8') } : { problem: pathProblem('ADMIT166', name, 'not in UTF-8') };
}

export function tooLarge(file: string, largest = LARGEST): Unreadable {
  return pathProblem('ADMIT164', file, `larger than ${Math.floor(largest / 1024 / 1024)} MB`);
}

/** The problem of the file at which reading stops because all files together are too large. */
export function tooLargeTogether(file: string, most: number): Unreadable {
  const together = `at most ${Math.floor(most / 1024 / 1024)} MB in all files together`;
  return {
    ...pathProblem('ADMIT164', file, 'larger than what is left for it, and no file after it is read'),
    expected: together,
    because: 'more would exhaust memory',
    fix: 'check fewer files at a time',
  };
}

/** With Git LFS a file may be a pointer of three lines, which isn't YAML of an object. */
function isLfsPointer(bytes: Buffer): boolean {
  return bytes.length < 1024 && /^version https:\/\/(?:git-lfs|hawser)\.github\.com\/spec\//.test(bytes.toString('latin1', 0, 60));
}

/** Why something could not be read, in one sentence without its place. */
export function unreadableSentence({ actual, expected, fix }: Unreadable): string {
  return `could not read: ${actual}; expected ${expected}. Fix: ${fix}.`;
}

type Advice = Pick<Unreadable, 'expected' | 'because' | 'fix'>;

/** The expectations and fixes, as in docs/admission.md, section "Reading". */
const ADVICE = {
  ADMIT161: { expected: 'a file, a folder, or a pattern that matches one', fix: 'correct the path' },
  ADMIT162: {
    expected: 'a folder or pattern with files that end in .yaml, .yml or .json',
    because: 'a run that checked nothing must not pass',
    fix: 'correct the path, or name the file itself',
  },
  ADMIT163: { expected: 'a readable file', fix: 'correct the path or its permissions' },
  ADMIT164: { expected: 'at most 64 MB', because: 'a larger file would exhaust memory', fix: 'split it' },
  ADMIT165: {
    expected: 'at least one object', because: 'a run that checked nothing must not pass', fix: 'check what wrote it, or leave it out',
  },
  ADMIT166: { expected: 'UTF-8', because: 'Kubernetes accepts no other encoding', fix: 'convert it to UTF-8, or leave the file out' },
  ADMIT167: {
    expected: 'at least one object',
    because: 'a run that checked nothing must not pass',
    fix: 'render or build what was left out, and check the output; --list-skipped shows what it was',
  },
  ADMIT169: {
    expected: 'the file itself',
    because: 'what isn\'t read must not pass',
    fix: 'fetch what the clone lacks, such as with git fetch --refetch or git lfs pull, or rename the file',
  },
} as const satisfies Record<string, Advice>;

/** The problem of a whole path. */
export function pathProblem(code: keyof typeof ADVICE, file: string, actual: string): Unreadable {
  return { code, file, actual, ...ADVICE[code] };
}

const REASONS: { readonly [code: string]: string } = {
  ENOENT: 'missing',
  EACCES: 'not readable by this user',
  EPERM: 'not readable by this user',
  ELOOP: 'a link that leads to itself',
  EISDIR: 'a folder',
  ENOTDIR: 'below a file',
};

/** The operating system's error for a path. */
export function openProblem(error: unknown, file: string): Unreadable {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return pathProblem(code === 'ENOENT' ? 'ADMIT161' : 'ADMIT163', file, REASONS[code] ?? message);
}
