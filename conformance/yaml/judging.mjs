// Judges one text: as a manifest, and as the text of a mesh config.
import { areExotic, SEVERAL } from '../generators/yaml/features.mjs';
import { holdsInexactWhole } from './values.mjs';
import { manifestVerdict, meshConfigVerdict } from './verdict.mjs';

/**
 * How often kubectl is asked again about a text that differs: of keys with one name in JSON it keeps one by chance, and
 * Go's maps may give one of two first seven times in eight.
 */
const ASKED_AGAIN = 400;

export class Judge {
  constructor(library, referees, exotic) {
    Object.assign(this, { library, referees, exotic });
  }

  /** `{ kubectl, istiod }`: a verdict each; that of a text which kubectl reads by chance is 'unsteady'. */
  async judge({ text, features }) {
    const isExotic = areExotic(features);
    const [kubectl, istiod] = await Promise.all([
      this.#ofKubectl(text, this.#termsOf(text, isExotic)),
      this.#ofIstiod(text, this.#termsOf(text, isExotic || features.some((name) => SEVERAL.has(name)))),
    ]);
    return { kubectl, istiod };
  }

  #termsOf(text, mayRefuse) {
    return { exotic: this.exotic, mayRefuse, isJson: text.trimStart().startsWith('{'), isTwice: () => this.referees.twice(text) };
  }

  async #ofKubectl(text, terms) {
    const theirs = await this.referees.kubectl(text);
    const ours = this.library.manifests(text);
    const mayRefuse = terms.mayRefuse || (theirs.documents ?? []).some(({ value }) => holdsInexactWhole(value));
    const verdict = theirs.wrong
      ? { outcome: 'difference', what: 'the referee is wrong', why: theirs.wrong, codes: [] }
      : await manifestVerdict(ours, theirs, { ...terms, mayRefuse });
    if (verdict.outcome !== 'difference' || ours.crash) return verdict;
    return (await this.#isUnsteady(text, (one) => this.referees.kubectl(one), theirs)) ? unsteady(verdict, ours.problems.length > 0) : verdict;
  }

  async #ofIstiod(text, terms) {
    const theirs = await this.referees.istiod(text);
    const ours = this.library.meshConfig(text);
    const mayRefuse = terms.mayRefuse || holdsInexactWhole(theirs.value ?? '');
    const verdict = await meshConfigVerdict(ours, theirs, { ...terms, mayRefuse });
    if (verdict.outcome !== 'difference') return verdict;
    return (await this.#isUnsteady(text, (one) => this.referees.istiod(one), theirs)) ? unsteady(verdict, ours.error !== undefined) : verdict;
  }

  async #isUnsteady(text, ask, first) {
    const said = JSON.stringify({ ...first, wrong: undefined });
    for (let time = 0; time < ASKED_AGAIN; time += 1) {
      if (JSON.stringify({ ...await ask(text), wrong: undefined }) !== said) return true;
    }
    return false;
  }
}

/** What is read by chance must be refused. */
function unsteady(verdict, isRefused) {
  return isRefused ? { outcome: 'unsteady' } : { ...verdict, what: 'we read what is read by chance' };
}
