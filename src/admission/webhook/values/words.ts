import { shown } from '../../../findings/safe-text';
import { Objections } from '../../objection';

/** Words that a field takes, and what they are. */
export interface Vocabulary {
  readonly words: ReadonlySet<string>;
  /** For example `a gRPC status`. */
  readonly meaning: string;
  readonly example: string;
}

/** Objects to a word that isn't of the vocabulary. */
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

/** Warns of a setting that Istio still takes but wants replaced. */
export function warnOfDeprecated(at: Objections, value: unknown, successor: string): void {
  at.warning({
    code: 'ADMIT416',
    actual: shown(value),
    expected: `${successor} instead`,
    because: 'the setting is deprecated',
    fix: `use ${successor}`,
  });
}
