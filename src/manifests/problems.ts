import { Chunk } from './documents';
import { Position } from './source-text';
import { UnreadableText } from './yaml/events';
import { refusalMessage } from '../findings/refusal';

/** Why a document, or an item of a List, could not be read. */
export interface ManifestProblem {
  /** Whether a whole document is a list, such as a JSON patch or a table. */
  readonly isListDocument?: boolean;
  /** A code of docs/admission.md, section "Reading". */
  readonly code: string;
  readonly file: string;
  readonly position: Position;
  readonly actual: string;
  readonly expected: string;
  readonly because?: string;
  /** One action. */
  readonly fix: string;
}

type Advice = Pick<ManifestProblem, 'expected' | 'because' | 'fix'>;

/** The texts of each code that don't depend on the finding. */
const ADVICE: { readonly [code: string]: Advice } = {
  ADMIT151: { expected: 'YAML or JSON', fix: 'correct the text at this position' },
  ADMIT152: { expected: 'each key once', because: 'one of the two values would be silently ignored', fix: 'remove one of them' },
  ADMIT153: {
    expected: 'aliases that expand to few values',
    because: 'expanded, the document would exhaust memory',
    fix: 'write the values out where they are needed',
  },
  ADMIT154: { expected: 'values nested at most 100 deep', because: 'no Kubernetes object needs more', fix: 'reduce the nesting' },
  ADMIT155: {
    expected: 'an object with apiVersion and kind',
    because: 'Kubernetes only accepts objects',
    fix: 'remove it, or correct its indentation',
  },
  ADMIT156: { expected: 'spaces', because: 'YAML forbids tabs in indentation', fix: 'replace the tab with spaces' },
  ADMIT157: { expected: 'text', because: 'it contains bytes that aren\'t text', fix: 'leave the file out' },
  ADMIT158: {
    expected: 'YAML or JSON',
    because: 'a template must be rendered before it can be checked',
    fix: 'render it first, as with helm template, and check the output',
  },
  ADMIT159: {
    expected: 'nothing more', because: 'kubectl silently ignores the rest', fix: 'begin each document with a --- line, or remove the rest',
  },
  ADMIT160: {
    expected: 'YAML that every tool reads the same way',
    because: 'kubectl rejects it, or tools read it differently',
    fix: 'rewrite it without that',
  },
  // 161 to 167, and 169, are about paths.
  ADMIT168: {
    expected: 'a List of objects, none a List itself',
    because: 'kubectl rejects the whole List',
    fix: 'make each object an item of one List, or a document of its own',
  },
};

export function unreadable(code: string, actual: string, file: string, position: Position): ManifestProblem {
  return { code, file, position, actual, ...ADVICE[code] };
}

/** The problem of an unreadable document. */
export function readingProblem({ code, message, at }: UnreadableText, file: string, chunk: Chunk): ManifestProblem {
  const template = code === 'ADMIT151' ? templateAt(chunk.text) : undefined;
  if (template !== undefined) return unreadable('ADMIT158', 'a template that isn\'t rendered', file, chunk.positionAt(template));
  return unreadable(code, message, file, chunk.positionAt(at));
}

/** The message about an unreadable document. */
export function problemMessage({ code, file, position, actual, expected, because, fix }: ManifestProblem): string {
  return refusalMessage({
    code, kind: `${file}:${position.line}:${position.column}`, field: 'the document', actual, expected, because, fix,
  });
}

/** The offset of the first template in a text: a line or value that begins like one of Helm or Jinja, and isn't valid YAML. */
export function templateAt(text: string): number | undefined {
  const found = ['{{', '{%'].map((start) => startAt(start, text)).filter((at) => at !== undefined);
  return found.length === 0 ? undefined : Math.min(...found);
}

function startAt(start: string, text: string): number | undefined {
  for (let at = text.indexOf(start); at >= 0; at = nextLineWith(start, text, at)) {
    if (mayPrecedeTemplate(text.slice(text.lastIndexOf('\n', at) + 1, at))) return at;
  }
  return undefined;
}

/** Before a second template of a line there is a brace, so the rest of the line is skipped. */
function nextLineWith(wanted: string, text: string, from: number): number {
  const lineEnd = text.indexOf('\n', from);
  return lineEnd < 0 ? -1 : text.indexOf(wanted, lineEnd);
}

/** Whether the text before a template is indentation, dashes of items, or an unquoted key. */
function mayPrecedeTemplate(before: string): boolean {
  const written = before.trimEnd();
  if (written.replace(/[- \t]/g, '') === '') return true;
  return written.endsWith(':') && written.length < before.length && !/['"#{]/.test(written);
}
