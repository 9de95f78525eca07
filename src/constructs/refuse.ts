import { nearest } from '../findings/nearest';
import { RefusalDetails, refusal, withArticle } from '../findings/refusal';
import { checkOwnValue } from '../integration/one-copy';

/** Creates the error for an invalid prop of a construct. */
export type Refuse = (details: Omit<RefusalDetails, 'kind' | 'path' | 'name'>) => Error;

/** Creates errors for the construct at a path that emits an object of this kind; `name` if it is known. */
export function refusing(kind: string, path: string, name?: string): Refuse {
  return (details) => refusal({ kind, name, path, ...details });
}

/** How errors name a value that may be of any type; what one of another type holds isn't shown. */
export function valueWord(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (value === undefined || value === null) return 'missing';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && 'resolve' in value ? 'a token, which has no value before synth' : withArticle(typeof value);
}

/** Rejects what isn't a text where names are compared: a token would be compared before it has a value. */
export function refuseNonText(field: string, value: unknown, code: string, refuse: Refuse): void {
  if (typeof value === 'string') return;
  throw refuse({
    code, field, actual: valueWord(value), expected: 'a text', because: 'it is checked before synth', fix: 'write the text itself',
  });
}

/** Invalid words that an error may show: nothing that could be a private key. */
const SHORT_WORD = /^[\w-]{1,20}$/;

/** Rejects a value that the enum doesn't have. TypeScript does so too; JavaScript, casts and `any` don't. */
export function checkWord(field: string, word: unknown, words: Readonly<Record<string, string>>, refuse: Refuse): void {
  for (const member in words) if (words[member] === word) return; // allocates nothing: most apps have many words, and all are valid
  const known = Object.values(words);
  const shown = typeof word === 'string' && SHORT_WORD.test(word) ? word : undefined;
  const meant = shown && nearest(shown, known);
  const missing = word === undefined || word === null;
  throw refuse({
    code: 'API016',
    field,
    actual: missing ? 'missing' : shown ? `'${shown}'` : 'not a known value',
    expected: `one of ${known.join(', ')}`,
    because: missing ? 'an omitted value would silently use a default' : 'the API has no other values',
    fix: meant ? `write '${meant}'` : 'pass one of these',
  });
}

/** A value that only one class of the library creates. */
export interface MadeValue {
  readonly field: string;
  readonly value: unknown;
  /** A member that only this class has. */
  readonly member: string;
}

/** Rejects a value that the class of this copy didn't create, such as an object of Istio's YAML. TypeScript does so too. */
export function checkMadeBy(maker: string, { field, value, member }: MadeValue, refuse: Refuse): void {
  checkOwnValue(field, value, refuse);
  if (Object(value)[member] !== undefined) return;
  throw refuse({
    code: 'API019',
    field,
    actual: value === undefined || value === null ? 'missing' : `a value of type ${typeof value} that ${maker} didn't create`,
    expected: `a value created by ${maker}`,
    because: 'other values are not validated',
    fix: `use ${maker}`,
  });
}

/**
 * A copy of the labels that a user passed to select pods.
 *
 * Rejects a value that isn't a string: a missing one isn't written, and fewer labels select more pods; no labels
 * select every pod.
 */
export function labelValues(labels: { readonly [key: string]: string }, field: string, refuse: Refuse): Record<string, string> {
  const wrong = (at: string, actual: string, expected: string) => refuse({
    code: 'API017',
    field: at,
    actual,
    expected,
    because: 'a label without a value is not written, and fewer labels select more pods',
    fix: "write labels as in { app: 'ratings' }, with strings as values",
  });
  if (typeof labels !== 'object' || Array.isArray(labels)) throw wrong(field, 'not an object', 'an object of label keys and values');
  for (const key of Object.keys(labels)) {
    const value: unknown = labels[key];
    if (typeof value === 'string') continue;
    throw wrong(`${field}['${key}']`, value === undefined || value === null ? 'missing' : withArticle(typeof value), 'a string');
  }
  return { ...labels };
}

/** How errors describe a list of ports. */
export interface PortWords {
  /** The field, as in YAML. */
  readonly field: string;
  readonly entry: string;
  /** Whose port number it is. */
  readonly owner: string;
}

function isPortNumber(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65535;
}

/** Rejects invalid and duplicate ports. */
export function checkPortNumbers(ports: readonly number[], { field, entry, owner }: PortWords, refuse: Refuse): void {
  const seen = new Set<number>();
  for (const port of ports) {
    if (!isPortNumber(port)) {
      throw refuse({
        code: 'API006',
        field,
        actual: `for port ${valueWord(port)}`,
        expected: 'a port from 1 to 65535',
        fix: `pass the ${owner}'s port number`,
      });
    }
    if (seen.has(port)) {
      throw refuse({
        code: 'API010',
        field,
        actual: `given twice for port ${port}`,
        expected: `one ${entry} for each port`,
        because: 'only one of them can be written',
        fix: 'remove one',
      });
    }
    seen.add(port);
  }
}
