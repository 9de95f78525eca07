// Random texts: as real manifests are, as YAML allows, as it hardly does, JSON, and all of them with edits.
import { documents } from './documents';
import { edited, soup } from './edits';
import { COMMON, EXOTIC, RARE, type Feature, type Rarity } from './features';
import { jsonTexts } from './json';
import { manifests } from './manifests';
import { Random } from './random';
import { Writing } from './writing';

/** How large a manifest may be that is edited: larger ones say no more. */
const LARGEST = 3000;

const SORTS: readonly (readonly [share: number, rarest: Rarity, write: (writing: Writing) => string])[] = [
  [0.25, COMMON, documents],
  [0.3, RARE, documents],
  [0.13, EXOTIC, documents],
  [0.04, COMMON, jsonTexts],
  [0.05, EXOTIC, jsonTexts],
  [0.08, EXOTIC, editedText],
  [0.117, EXOTIC, editedManifest],
  [0.003, EXOTIC, large],
  [0.03, EXOTIC, characters],
];

/** The manifests that are edited, once they are read. */
let known: readonly string[] | undefined;

export interface RandomText {
  readonly id: string;
  readonly text: string;
  readonly features: readonly Feature[];
}

/** Text `index` of a seed; lone surrogates, which no file holds, are never in it. */
export function textOf(seed: number, index: number): RandomText {
  const random = new Random(seed, index);
  let left = random.next();
  const [, most, write] = SORTS.find(([share]) => (left -= share) < 0) ?? SORTS.at(-1)!;
  const writing = new Writing(random, most);
  const text = write(writing).toWellFormed();
  return { id: `${seed}/${index}`, text, features: [...writing.features] };
}

function editedText(writing: Writing): string {
  writing.features.add('an edited text');
  const text = writing.random.chance(0.8) ? documents(writing) : jsonTexts(writing);
  return edited(writing, text, 2);
}

function editedManifest(writing: Writing): string {
  writing.features.add('an edited manifest');
  known ??= manifests().filter((text) => text.length <= LARGEST);
  return edited(writing, writing.random.pick(known), 3);
}

const DEPTHS = [20, 50, 90, 99, 100, 101, 102, 110, 500, 9_998, 9_999, 10_000, 10_001, 12_000];

/** What would exhaust a reader without bounds. */
function large(writing: Writing): string {
  const { random } = writing;
  const head = 'apiVersion: v1\nkind: ConfigMap\n';
  if (writing.sometimes(0.15, 'aliases that stand for much')) {
    const [levels, wide] = [random.between(2, 5), random.between(2, 10)];
    const lines = Array.from({ length: levels }, (_, level) => `a${level}: &a${level} [${Array(wide).fill(level === 0 ? 'x' : `*a${level - 1}`).join(', ')}]\n`);
    return head + lines.join('');
  }
  writing.features.add('values nested deeply');
  const depth = random.pick(DEPTHS);
  const [open, close] = random.pick([['[', ']'], ['{a: ', '}'], ['[{"a":', '}]'], ['- ', ''], ['{"a":', '}']]);
  const nested = open.repeat(depth) + (random.chance(0.5) ? '1' : '[]') + close.repeat(depth);
  return random.pick([`${head}data: ${nested}\n`, `${head}data:\n  ${nested}\n`, nested]);
}

function characters(writing: Writing): string {
  writing.features.add('characters at random');
  return soup(writing);
}
