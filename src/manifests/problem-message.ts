import { ManifestProblem } from './manifest-problem';
import { refusalMessage } from '../findings/refusal';

/** What is told of a document that could not be read. */
export function problemMessage({ code, file, position, actual, expected, because, fix }: ManifestProblem): string {
  return refusalMessage({ code, kind: `${file}:${position.line}:${position.column}`, field: 'the document', actual, expected, because, fix });
}
