import { Chunk, positionIn } from './lines';
import { ManifestProblem, Position } from './manifest-problem';
import { templateAt } from './templates';

type Text = Pick<ManifestProblem, 'expected' | 'because' | 'fix'>;

const TEXTS: { readonly [code: string]: Text } = {
  ADMIT151: { expected: 'YAML or JSON', fix: 'mend the text at this place' },
  ADMIT152: { expected: 'each key once', because: 'only one of the two would count, silently', fix: 'remove one of them' },
  ADMIT153: { expected: 'aliases that stand for little', because: 'written out, the document would exhaust the memory', fix: 'write the values out where they are needed' },
  ADMIT154: { expected: 'values nested at most 100 deep', because: 'no Kubernetes object needs more', fix: 'nest less' },
  ADMIT155: { expected: 'an object with apiVersion and kind', because: 'Kubernetes knows nothing else', fix: 'remove it, or mend its indentation' },
  ADMIT156: { expected: 'spaces', because: 'YAML forbids tabs in indentation', fix: 'replace the tab by spaces' },
  ADMIT157: { expected: 'text', because: 'it has bytes that no text has', fix: 'leave the file out' },
  ADMIT158: { expected: 'YAML or JSON', because: 'a template must be rendered before anyone can judge it', fix: 'judge what helm template makes of the chart' },
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
  const said = (reason ?? message).split('\n')[0];
  const code = CODES.find(([pattern]) => pattern.test(said))?.[1] ?? 'ADMIT151';
  // What the parser says may quote the text.
  const actual = chunk.isSecret ? withoutQuotes(said) : said;
  return (code === 'ADMIT151' ? templateProblem(file, chunk, ` (${actual})`) : undefined)
    ?? unreadable(code, actual, file, positionIn(chunk, mark?.line ?? 0, mark?.column ?? 0));
}

/** What a YAML parser says, without what it repeats of the text. */
export function withoutQuotes(said: string): string {
  return said.replace(/".*"|<.*>|(?<=: ).*/, '…');
}

/** Of a text that has a template that Helm hasn't rendered. */
export function templateProblem(file: string, chunk: Chunk, said = ''): ManifestProblem | undefined {
  const place = templateAt(chunk.text);
  return place && unreadable('ADMIT158', `a template that isn't rendered${said}`, file, positionIn(chunk, place.line, place.column));
}
