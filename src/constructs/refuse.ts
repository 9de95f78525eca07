import { nearest } from '../findings/nearest';
import { RefusalDetails, refusal, withArticle } from '../findings/refusal';

/** Makes the error that refuses what a construct was given. */
export type Refuse = (details: Omit<RefusalDetails, 'kind' | 'path' | 'name'>) => Error;

/** The refusals of the construct at a path, which stands for an object of this kind; `name` as far as it is known. */
export function refusing(kind: string, path: string, name?: string): Refuse {
  return (details) => refusal({ kind, name, path, ...details });
}

/** What may be shown of a word that is none: nothing that could be a private key. */
const SHORT_WORD = /^[\w-]{1,20}$/;

/** Refuses what is none of an enum's words. TypeScript does so too; JavaScript, casts and `any` don't. */
export function checkWord(field: string, word: unknown, words: Readonly<Record<string, string>>, refuse: Refuse): void {
  for (const member in words) if (words[member] === word) return; // without a list: most apps have many words, and all are right
  const known = Object.values(words);
  const shown = typeof word === 'string' && SHORT_WORD.test(word) ? word : undefined;
  const meant = shown && nearest(shown, known);
  const missing = word === undefined || word === null;
  throw refuse({
    code: 'MTLS016',
    field,
    actual: missing ? 'missing' : shown ? `'${shown}'` : 'no such word',
    expected: `one of ${known.join(', ')}`,
    because: missing ? 'without it a default would hold that nobody asked for' : 'the API has no other words',
    fix: meant ? `write '${meant}'` : 'pass one of these',
  });
}

/** A value that only one class of the library makes. */
export interface MadeValue {
  readonly field: string;
  readonly value: unknown;
  /** A member that tells its class. */
  readonly member: string;
}

/** Refuses what the maker named didn't make, such as an object of Istio's YAML. TypeScript does so too. */
export function checkMadeBy(maker: string, { field, value, member }: MadeValue, refuse: Refuse): void {
  if (Object(value)[member] !== undefined) return;
  throw refuse({
    code: 'MTLS019',
    field,
    actual: value === undefined || value === null ? 'missing' : `of type ${typeof value}, and of another class`,
    expected: `what ${maker} makes`,
    because: 'nothing else is checked',
    fix: `use ${maker}`,
  });
}

/**
 * A copy of the labels that a user gave to select pods by.
 *
 * Refuses a value that isn't text: an absent one is not written, and fewer labels match more pods; none at all
 * match every pod.
 */
export function labelValues(labels: { readonly [key: string]: string }, field: string, refuse: Refuse): Record<string, string> {
  const wrong = (at: string, actual: string, expected: string) => refuse({
    code: 'MTLS017',
    field: at,
    actual,
    expected,
    because: 'a label without a value is not written, and fewer labels select more pods',
    fix: "write labels as in { app: 'ratings' }, all values as text",
  });
  if (typeof labels !== 'object' || Array.isArray(labels)) throw wrong(field, 'no mapping', 'label values by label keys');
  for (const key of Object.keys(labels)) {
    const value: unknown = labels[key];
    if (typeof value === 'string') continue;
    throw wrong(`${field}['${key}']`, value === undefined || value === null ? 'missing' : withArticle(typeof value), 'text');
  }
  return { ...labels };
}

/** How a list of ports is told in an error. */
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

/** Refuses what is no port, and a port that is given twice. */
export function checkPortNumbers(ports: readonly number[], { field, entry, owner }: PortWords, refuse: Refuse): void {
  const seen = new Set<number>();
  for (const port of ports) {
    if (!isPortNumber(port)) {
      throw refuse({ code: 'MTLS006', field, actual: `for port ${port}`, expected: 'a port from 1 to 65535', fix: `give the ${owner}'s port number` });
    }
    if (seen.has(port)) {
      throw refuse({ code: 'MTLS010', field, actual: `given twice for port ${port}`, expected: `one ${entry} a port`, because: 'only one of them could be written', fix: 'remove one' });
    }
    seen.add(port);
  }
}
