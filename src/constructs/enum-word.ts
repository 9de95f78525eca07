import { Refuse } from './refuse';
import { nearest } from '../findings/nearest';

/** What may be shown of a word that is none: nothing that could be a private key. */
const SHORT_WORD = /^[\w-]{1,20}$/;

/** Refuses what is none of an enum's words. TypeScript does so too; JavaScript, casts and `any` don't. */
export function checkWord(field: string, word: unknown, words: Readonly<Record<string, string>>, refuse: Refuse): void {
  const known = Object.values(words);
  if (known.includes(word as string)) return;
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
