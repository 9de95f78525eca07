import { redactedTexts } from './redacted-value';
import { printable, redacted } from './safe-text';

/** The parts of an error: the object, what is wrong with it, what was expected and why, and how to fix it. */
export interface RefusalDetails {
  /** The catalogue's code, see docs/refusals.md. */
  readonly code: string;
  /** The kind of the rejected object, in Kubernetes' words. */
  readonly kind: string;
  /** `namespace/name`, as far as known. */
  readonly name?: string;
  /** Where the user wrote it: the construct's path. */
  readonly path?: string;
  /** When it holds, as `if …`; undefined: always. */
  readonly condition?: string;
  /** The field, as in YAML. */
  readonly field: string;
  /** What the field is; never a secret's value. */
  readonly actual: string;
  readonly expected: string;
  readonly because?: string;
  /** One action. */
  readonly fix: string;
}

/** The one sentence of every error of this library: in one line, without commands to a terminal or a CI runner. */
export function refusalMessage(details: RefusalDetails): string {
  const { code, kind, name, path, condition, field, actual, expected, because, fix } = redactedTexts(details);
  const subject = [redacted(kind), name && `'${redacted(name)}'`, path && `(${path})`].filter(Boolean).join(' ');
  const reason = because ? `, because ${because}` : '';
  const when = condition ? `${condition}, ` : '';
  return printable(`${subject}: ${when}${redacted(field)} is ${actual}; expected ${expected}${reason}. Fix: ${fix}. [${code}]`);
}

/** `an object`, `a list`: a noun with its article. */
export function withArticle(noun: string): string {
  return `${/^(?!u(?:se|ni))[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;
}

export function refusal(details: RefusalDetails): Error {
  return new Error(refusalMessage(details));
}

/**
 * The manifests contain more of something than can be judged in reasonable time and memory. Nothing is judged then: a mesh with
 * parts left out could look sound.
 */
export class LimitError extends Error {}

export function limitError(details: Omit<RefusalDetails, 'code'>): LimitError {
  return new LimitError(refusalMessage({ code: 'API090', ...details }));
}
