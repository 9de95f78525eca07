import { Chunk } from './chunk';
import { ManifestProblem, Position } from './manifest-problem';
import { templateAt } from './templates';
import { UnreadableText } from './yaml/unreadable-text';

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
  ADMIT159: { expected: 'nothing more', because: 'kubectl reads no further, and doesn\'t say so', fix: 'begin each document with a line ---, or remove what follows' },
  ADMIT160: { expected: 'YAML that means the same everywhere', because: 'kubectl refuses it, or tools read it in different ways', fix: 'write it without' },
  // 161 to 167 are of paths.
  ADMIT168: { expected: 'a List of objects, none a List itself', because: 'kubectl refuses all of it', fix: 'make each object an item of one List, or a document of its own' },
};

export function unreadable(code: string, actual: string, file: string, position: Position): ManifestProblem {
  return { code, file, position, actual, ...TEXTS[code] };
}

/** The problem that keeps a document from being read. */
export function readingProblem({ code, message, at }: UnreadableText, file: string, chunk: Chunk): ManifestProblem {
  const template = code === 'ADMIT151' ? templateAt(chunk.text) : undefined;
  if (template !== undefined) return unreadable('ADMIT158', 'a template that isn\'t rendered', file, chunk.positionAt(template));
  return unreadable(code, message, file, chunk.positionAt(at));
}
