// A text that is being written: chance, what may be written, and what was.
import { EXOTIC, FEATURES, type Feature, type Rarity } from './features';
import { type Random } from './random';

/** How much more often what is exotic is written where it may be: one such feature in a text is enough. */
const MORE = 4;

/** What a name stands for that an alias may use. */
export interface Anchor {
  readonly name: string;
  readonly isMapping: boolean;
}

/** One of several ways to write something, the feature that it is, if it is one, and its weight among them. */
export type Choice<Parameters extends readonly unknown[] = []> = readonly [
  weight: number, feature: Feature | undefined, make: (writing: Writing, ...parameters: Parameters) => string,
];

export class Writing {
  readonly features = new Set<Feature>();
  /** Names that an alias may use. */
  anchors: Anchor[] = [];

  /** @param most the rarest class of features that may be written */
  constructor(readonly random: Random, readonly most: Rarity) {}

  may(feature: Feature): boolean {
    return FEATURES[feature] <= this.most;
  }

  /** Notes a feature and says true, by chance; never what may not be written. */
  sometimes(share: number, feature: Feature): boolean {
    if (!this.may(feature) || !this.random.chance(share * moreOf(feature))) return false;
    this.features.add(feature);
    return true;
  }

  /** What one of the choices makes; its feature is noted. */
  choose<Parameters extends readonly unknown[]>(table: readonly Choice<Parameters>[], ...parameters: Parameters): string {
    const possible = table.filter(([, name]) => name === undefined || this.may(name));
    const [, feature, make] = this.weighted(possible.map(([weight, name, made]) => [weight * moreOf(name), name, made] as const));
    if (feature !== undefined) this.features.add(feature);
    return make(this, ...parameters);
  }

  private weighted<Parameters extends readonly unknown[]>(table: readonly Choice<Parameters>[]): Choice<Parameters> {
    let left = this.random.next() * table.reduce((sum, [weight]) => sum + weight, 0);
    return table.find(([weight]) => (left -= weight) < 0) ?? table.at(-1)!;
  }
}

const moreOf = (feature: Feature | undefined) => (feature !== undefined && FEATURES[feature] === EXOTIC ? MORE : 1);
