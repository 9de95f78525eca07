// What a run has seen: of whole texts, and of each feature.
import type { Verdicts } from './judging';
import { OUTCOMES, type Outcome } from './verdict';
import { EXOTIC, FEATURE_NAMES, FEATURES, type Feature } from '../generators/yaml/features';
import type { RandomText } from '../generators/yaml/texts';
import { moduleVersion } from '../node/module-version';

/** The modules that read for kubectl and istiod. */
const MODULES = ['k8s.io/cli-runtime', 'k8s.io/apimachinery', 'sigs.k8s.io/yaml', 'go.yaml.in/yaml/v2'];

/**
 * The largest share that may be refused of the texts with a feature that kubectl takes. Those with random edits may be
 * exotic in any way; others, only when something exotic stands beside the feature.
 */
const BOUNDS: Readonly<Partial<Record<Feature, number>>> = { 'an edited manifest': 0.15, 'an edited text': 0.3, 'characters at random': 0.6 };
const BOUND_OF_OTHERS = 0.2;
/** The same of all texts. */
const BOUND_OF_ALL = 0.05;
/** Fewer texts than this say nothing of a share. */
const ENOUGH = 200;
/**
 * A smaller share than this is taken only of texts with what kubectl refuses itself, such as a key that is null. It takes
 * those that have lost it, in a value that a merge replaces or behind the end of a document, which most often is refused here.
 */
const TAKEN = 0.08;
/** A run of so many texts has every feature. */
const LONG = 50_000;
const TWICE = 'ADMIT152';

/** Results of the texts that have something in common. */
interface TextCounts {
  texts: number;
  equal: number;
  refused: number;
  /** Those that are refused for nothing but a key that stands twice. */
  twice: number;
  asIstiod: number;
}

export interface YamlFacts {
  /** The versions of the modules that read for kubectl and istiod. */
  readonly modules: Readonly<Record<string, string>>;
  readonly seed: number;
  texts: number;
  characters: number;
  readonly kubectl: Record<Outcome, number>;
  readonly istiod: Record<Outcome, number>;
  readonly codes: Record<string, number>;
  readonly differences: Record<string, number>;
  readonly features: Record<Feature, TextCounts>;
}

export class Tally {
  readonly facts: YamlFacts;
  private readonly all = nothing();

  constructor(seed: number) {
    const modules = Object.fromEntries(MODULES.map((name) => [name, moduleVersion(name)]));
    this.facts = { modules, seed, texts: 0, characters: 0, kubectl: none(), istiod: none(), codes: {}, differences: {}, features: nothingOfEach() };
  }

  add({ text, features }: RandomText, verdicts: Verdicts): void {
    const { facts } = this;
    facts.texts += 1;
    facts.characters += text.length;
    for (const who of ['kubectl', 'istiod'] as const) {
      const { outcome, what } = verdicts[who];
      facts[who][outcome] += 1;
      if (what) count(facts.differences, `${who}: ${what}`);
    }
    const { outcome, codes = [] } = verdicts.kubectl;
    if (outcome === 'refused') for (const code of new Set(codes)) count(facts.codes, code);
    for (const counts of [this.all, ...features.map((name) => facts.features[name])]) {
      counts.texts += 1;
      if (outcome === 'equal') counts.equal += 1;
      if (verdicts.istiod.outcome === 'equal') counts.asIstiod += 1;
      if (outcome === 'refused') counts[codes.every((code) => code === TWICE) ? 'twice' : 'refused'] += 1;
    }
  }

  get differences(): number {
    return this.facts.kubectl.difference + this.facts.istiod.difference;
  }

  /** Features of which too large a share is refused, and in a long run those that no text had, in words. */
  overBounds(): string[] {
    const bounded = FEATURE_NAMES.filter((name) => name in BOUNDS || FEATURES[name] !== EXOTIC);
    const ofFeatures = bounded.flatMap((name) => overBound(name, this.facts.features[name], BOUNDS[name] ?? BOUND_OF_OTHERS));
    const unseen = FEATURE_NAMES.filter((name) => this.facts.texts >= LONG && this.facts.features[name].texts === 0);
    return [...overBound('all', this.all, BOUND_OF_ALL), ...ofFeatures, ...unseen.map((name) => `${name}: no text has it; expected some`)];
  }
}

const none = (): Record<Outcome, number> => Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
const nothingOfEach = () => Object.fromEntries(FEATURE_NAMES.map((name) => [name, nothing()])) as Record<Feature, TextCounts>;
const nothing = (): TextCounts => ({ texts: 0, equal: 0, refused: 0, twice: 0, asIstiod: 0 });

function overBound(name: string, { texts, equal, refused }: TextCounts, most: number): string[] {
  const taken = equal + refused;
  if (taken < ENOUGH || taken / texts < TAKEN || refused / taken <= most) return [];
  return [`${name}: of ${taken} texts that kubectl takes ${refused} are refused; expected at most ${100 * most} %`];
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
