// `<<` among the keys of a mapping.
import { type Anchor, type Writing } from './writing';

const PLACED = '{m1: 1, m2: {m3: a}}';
/** Mappings that have keys in common: one of them counts. */
const LISTED = [PLACED, '{m1: 2, name: one}', '{m1: 3, name: other, m2: ~}'];

/**
 * The entries of a mapping, rarely with a merge among them.
 * @param known the anchors before the mapping: what it defines itself may stand behind the merge
 */
export function merges(writing: Writing, indent: number, entries: readonly string[], known: readonly Anchor[]): readonly string[] {
  const { random } = writing;
  if (!random.chance(known.length > 0 ? 0.2 : 0.04)) return entries;
  const merge = aMerge(writing, indent, known);
  if (merge === undefined) return entries;
  const several = writing.sometimes(0.05, 'several merges') ? [aMerge(writing, indent, known) ?? `<<: ${PLACED}`] : [];
  return [merge, ...several].reduce<readonly string[]>((list, one) => placed(writing, list, one), entries);
}

function placed(writing: Writing, entries: readonly string[], merge: string): string[] {
  const at = writing.may('a merge after keys') ? writing.random.below(entries.length + 1) : 0;
  if (at > 0) writing.features.add('a merge after keys');
  return [...entries.slice(0, at), merge, ...entries.slice(at)];
}

function aMerge(writing: Writing, indent: number, known: readonly Anchor[]): string | undefined {
  const { random } = writing;
  const mappings = known.filter(({ isMapping }) => isMapping).map(({ name }) => `*${name}`);
  if (writing.sometimes(0.15, 'a merge of a mapping in place')) return `<<: ${random.pick([PLACED, '{}', `\n${' '.repeat(indent + 2)}m1: 1`, '{name: merged, mode: merged}', '{<<: {name: deep}, host: merged}'])}`;
  if (writing.sometimes(0.1, 'a merge of a list')) return `<<: [${random.list(0, 3, () => random.pick([...mappings, ...LISTED])).join(', ')}]`;
  if (writing.sometimes(0.05, 'a merge of no mapping')) return random.pick(['<<: 1', '<<:', '<<: a', '<<: [1]', '<<: [[{a: 1}]]', '<<: null', '"<<": {a: 1}', '!!merge <<: {m1: 1}', '<<: !!map {a: 1}', '<<: "a"', `<<: *${known[0]?.name ?? 'a'}`, '? <<\n: {a: 1}']);
  if (mappings.length === 0) return undefined;
  writing.features.add('a merge');
  return `<<: ${random.pick(mappings)}`;
}
