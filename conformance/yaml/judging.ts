// Judges one text: as a manifest, and as the text of a mesh config.
import type { Library, Readers } from './readers';
import { holdsInexactWhole } from './values';
import { manifestVerdict, meshConfigVerdict, type Terms, type Verdict } from './verdict';
import { areExotic, SEVERAL } from '../generators/yaml/features';
import type { RandomText } from '../generators/yaml/texts';

/**
 * How often kubectl is asked again about a text that differs: of keys with one name in JSON it keeps one by chance, and
 * Go's maps may give one of two first seven times in eight.
 */
const ASKED_AGAIN = 400;

/** A verdict for each of those whom the library is held against. */
export type Verdicts = Readonly<Record<'kubectl' | 'istiod', Verdict>>;

export class Judge {
  /** @param exotic the codes of what kubectl takes and the library refuses */
  constructor(readonly library: Library, readonly referees: Readers, private readonly exotic: ReadonlySet<string>) {}

  /** The verdict on a text which kubectl reads by chance is 'unsteady'. */
  async judge({ text, features }: Pick<RandomText, 'text' | 'features'>): Promise<Verdicts> {
    const isExotic = areExotic(features);
    const [kubectl, istiod] = await Promise.all([
      this.ofKubectl(text, this.termsOf(text, isExotic)),
      this.ofIstiod(text, this.termsOf(text, isExotic || features.some((name) => SEVERAL.has(name)))),
    ]);
    return { kubectl, istiod };
  }

  private termsOf(text: string, mayRefuse: boolean): Terms {
    return { exotic: this.exotic, mayRefuse, isJson: text.trimStart().startsWith('{'), isTwice: () => this.referees.twice(text) };
  }

  private async ofKubectl(text: string, terms: Terms): Promise<Verdict> {
    const theirs = await this.referees.kubectl(text);
    const ours = this.library.manifests(text);
    const mayRefuse = terms.mayRefuse || (theirs.documents ?? []).some(({ value }) => holdsInexactWhole(value));
    const verdict: Verdict = theirs.wrong
      ? { outcome: 'difference', what: 'the referee is wrong', why: theirs.wrong, codes: [] }
      : await manifestVerdict(ours, theirs, { ...terms, mayRefuse });
    if (verdict.outcome !== 'difference' || 'crash' in ours) return verdict;
    return (await this.isUnsteady(text, (one) => this.referees.kubectl(one), theirs)) ? unsteady(verdict, ours.problems.length > 0) : verdict;
  }

  private async ofIstiod(text: string, terms: Terms): Promise<Verdict> {
    const theirs = await this.referees.istiod(text);
    const ours = this.library.meshConfig(text);
    const mayRefuse = terms.mayRefuse || holdsInexactWhole(theirs.value ?? '');
    const verdict = await meshConfigVerdict(ours, theirs, { ...terms, mayRefuse });
    if (verdict.outcome !== 'difference') return verdict;
    return (await this.isUnsteady(text, (one) => this.referees.istiod(one), theirs)) ? unsteady(verdict, ours.error !== undefined) : verdict;
  }

  private async isUnsteady(text: string, ask: (text: string) => Promise<object>, first: object): Promise<boolean> {
    const said = JSON.stringify({ ...first, wrong: undefined });
    for (let time = 0; time < ASKED_AGAIN; time += 1) {
      if (JSON.stringify({ ...await ask(text), wrong: undefined }) !== said) return true;
    }
    return false;
  }
}

/** What is read by chance must be refused. */
function unsteady(verdict: Verdict, isRefused: boolean): Verdict {
  return isRefused ? { outcome: 'unsteady' } : { ...verdict, what: 'we read what is read by chance' };
}
