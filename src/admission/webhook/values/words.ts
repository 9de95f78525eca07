import { shown } from '../../../findings/safe-text';
import { Objections } from '../../objection';

/** The values that a field accepts, and what they are. */
export interface Vocabulary {
  readonly words: ReadonlySet<string>;
  /** For example `a gRPC status`. */
  readonly meaning: string;
  readonly example: string;
}

/** Rejects a word that isn't in the vocabulary. */
export function judgeWord(at: Objections, word: string, vocabulary: Vocabulary): void {
  if (vocabulary.words.has(word)) return;
  const meant = [...vocabulary.words].find((known) => known.toLowerCase() === word.trim().toLowerCase());
  at.error({
    code: 'ADMIT442',
    actual: shown(word),
    expected: vocabulary.meaning,
    because: 'Istio supports no others',
    fix: `write '${meant ?? vocabulary.example}'`,
  });
}

/** Warns of a deprecated setting that Istio still accepts. */
export function warnOfDeprecated(at: Objections, value: unknown, successor: string): void {
  at.warning({
    code: 'ADMIT416',
    actual: shown(value),
    expected: `${successor} instead`,
    because: 'the setting is deprecated',
    fix: `use ${successor}`,
  });
}
