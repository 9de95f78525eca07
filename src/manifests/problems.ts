import { Chunk, positionIn } from './lines';
import { ManifestProblem, Position } from './manifest-problem';

type Text = Pick<ManifestProblem, 'expected' | 'because' | 'fix'>;

const TEXTS: { readonly [code: string]: Text } = {
  ADMIT151: { expected: 'YAML or JSON', fix: 'mend the text at this place' },
  ADMIT152: { expected: 'each key once', because: 'only one of the two would count, silently', fix: 'remove one of them' },
  ADMIT153: { expected: 'aliases that stand for little', because: 'written out, the document would exhaust the memory', fix: 'write the values out where they are needed' },
  ADMIT154: { expected: 'values nested at most 100 deep', because: 'no Kubernetes object needs more', fix: 'nest less' },
  ADMIT155: { expected: 'an object with apiVersion and kind', because: 'Kubernetes knows nothing else', fix: 'remove it, or mend its indentation' },
  ADMIT156: { expected: 'spaces', because: 'YAML forbids tabs in indentation', fix: 'replace the tab by spaces' },
  ADMIT157: { expected: 'text', because: 'it has bytes that no text has', fix: 'leave the file out' },
};

/** What js-yaml says, and the code of that mistake; anything else is ADMIT151. */
const CODES: readonly [RegExp, string][] = [
  [/duplicated mapping key/, 'ADMIT152'],
  [/nesting exceeded/, 'ADMIT154'],
  [/tab characters/, 'ADMIT156'],
  [/non-printable|null byte/, 'ADMIT157'],
];

export function unreadable(code: string, actual: string, file: string, position: Position): ManifestProblem {
  return { code, file, position, actual, ...TEXTS[code] };
}

/** The problem that an error of the YAML parser is. */
export function parseProblem(error: unknown, file: string, chunk: Chunk): ManifestProblem {
  const { reason, mark, message } = error as { reason?: string; mark?: { line: number; column: number }; message: string };
  const actual = (reason ?? message).split('\n')[0];
  const code = CODES.find(([pattern]) => pattern.test(actual))?.[1] ?? 'ADMIT151';
  return unreadable(code, actual, file, positionIn(chunk, mark?.line ?? 0, mark?.column ?? 0));
}
