// What a run has seen: of whole texts, and of each feature.
import { FEATURES } from '../generators/yaml/features.mjs';

const OUTCOMES = ['equal', 'both refuse', 'refused', 'unsteady', 'difference'];

/** Texts with random edits may be exotic in any way; of those that kubectl takes, so many may be refused. */
const BOUNDS = { 'an edited manifest': 0.05, 'an edited text': 0.1, 'characters at random': 0.2 };
/** Fewer texts than this say nothing of a share. */
const ENOUGH = 200;
const TWICE = 'ADMIT152';

export class Tally {
  constructor(seed) {
    const none = () => Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0]));
    this.facts = { seed, texts: 0, characters: 0, kubectl: none(), istiod: none(), codes: {}, differences: {}, features: {} };
    for (const name of Object.keys(FEATURES)) this.facts.features[name] = { texts: 0, equal: 0, refused: 0, twice: 0, asIstiod: 0 };
  }

  add({ text, features }, verdicts) {
    const { facts } = this;
    facts.texts += 1;
    facts.characters += text.length;
    for (const [who, { outcome, what }] of Object.entries(verdicts)) {
      facts[who][outcome] += 1;
      if (what) count(facts.differences, `${who}: ${what}`);
    }
    const { outcome, codes = [] } = verdicts.kubectl;
    if (outcome === 'refused') for (const code of new Set(codes)) count(facts.codes, code);
    for (const name of features) this.#addFeature(facts.features[name], outcome, codes, verdicts.istiod.outcome);
  }

  #addFeature(feature, outcome, codes, asIstiod) {
    feature.texts += 1;
    if (outcome === 'equal') feature.equal += 1;
    if (asIstiod === 'equal') feature.asIstiod += 1;
    if (outcome === 'refused') feature[codes.every((code) => code === TWICE) ? 'twice' : 'refused'] += 1;
  }

  get differences() {
    return this.facts.kubectl.difference + this.facts.istiod.difference;
  }

  /** Features of which too large a share is refused, in words. */
  overBounds() {
    return Object.entries(BOUNDS).flatMap(([name, most]) => {
      const { equal, refused } = this.facts.features[name];
      const share = refused / (equal + refused);
      return equal + refused >= ENOUGH && share > most
        ? [`${name}: of ${equal + refused} texts that kubectl takes ${refused} are refused; expected at most ${100 * most} %`] : [];
    });
  }
}

function count(counts, name) {
  counts[name] = (counts[name] ?? 0) + 1;
}
