// A text that is being written: chance, what may be written, and what was.
import { EXOTIC, FEATURES } from './features.mjs';

/** How much more often what is exotic is written where it may be: one such feature in a text is enough. */
const MORE = 4;

export class Writing {
  features = new Set();
  /** Names that an alias may use, with whether each is of a mapping. */
  anchors = [];

  /** @param most the rarest class of features that may be written */
  constructor(random, most) {
    this.random = random;
    this.most = most;
  }

  may(feature) {
    if (!(feature in FEATURES)) throw new Error(`no feature '${feature}'; expected one of features.mjs`);
    return FEATURES[feature] <= this.most;
  }

  /** Notes a feature and says true, by chance; never what may not be written. */
  sometimes(share, feature) {
    if (!this.may(feature) || !this.random.chance(share * moreOf(feature))) return false;
    this.features.add(feature);
    return true;
  }

  /** What one of `[weight, feature, make]` makes; its feature is noted. */
  choose(table, ...parameters) {
    const possible = table.filter(([, name]) => name === undefined || this.may(name));
    const [, feature, make] = this.#weighted(possible.map(([weight, name, made]) => [weight * moreOf(name), name, made]));
    if (feature !== undefined) this.features.add(feature);
    return make(this, ...parameters);
  }

  #weighted(table) {
    let left = this.random.next() * table.reduce((sum, [weight]) => sum + weight, 0);
    return table.find(([weight]) => (left -= weight) < 0) ?? table.at(-1);
  }
}

const moreOf = (feature) => (FEATURES[feature] === EXOTIC ? MORE : 1);
