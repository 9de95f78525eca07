import { ManifestProblem } from '../manifests/problems';
import { Position } from '../manifests/source-text';

/** What could not be read: a document, or a path as a whole. */
export type Unreadable = Omit<ManifestProblem, 'position'> & { readonly position?: Position };

/** What is wrong with what could not be read, in one sentence without its place. */
export function unreadableSentence({ actual, expected, fix }: Unreadable): string {
  return `could not read: ${actual}; expected ${expected}. Fix: ${fix}.`;
}

type Text = Pick<Unreadable, 'expected' | 'because' | 'fix'>;

/** Of the catalogue in docs/admission.md, section "Reading". */
const TEXTS = {
  ADMIT161: { expected: 'a file, a folder, or a pattern that matches one', fix: 'mend the path' },
  ADMIT162: { expected: 'a folder or pattern with files that end in .yaml, .yml or .json', because: 'a run that judged nothing must not pass', fix: 'mend the path, or name the file itself' },
  ADMIT163: { expected: 'a file that can be opened', fix: 'mend the path or its permissions' },
  ADMIT164: { expected: 'at most 64 MB', because: 'more would exhaust the memory', fix: 'split it' },
  ADMIT165: { expected: 'at least one object', because: 'a run that judged nothing must not pass', fix: 'look at what wrote it, or leave it out' },
  ADMIT166: { expected: 'UTF-8', because: 'Kubernetes reads no other text', fix: 'convert it to UTF-8, or leave the file out' },
  ADMIT167: { expected: 'at least one object', because: 'a run that judged nothing must not pass', fix: 'render or build what was left out, and judge that; --list-skipped tells what it was' },
} as const satisfies Record<string, Text>;

/** What is wrong with a path as a whole. */
export function pathProblem(code: keyof typeof TEXTS, file: string, actual: string): Unreadable {
  return { code, file, actual, ...TEXTS[code] };
}

const REASONS: { readonly [code: string]: string } = {
  ENOENT: 'not there',
  EACCES: 'not open to this user',
  EPERM: 'not open to this user',
  ELOOP: 'a link that leads to itself',
  EISDIR: 'a folder',
  ENOTDIR: 'below a file',
};

/** What the operating system says of a path. */
export function openProblem(error: unknown, file: string): Unreadable {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return pathProblem(code === 'ENOENT' ? 'ADMIT161' : 'ADMIT163', file, REASONS[code] ?? message);
}
