// Keys that JSON gives one name, in a mapping and in what it merges: in Go some are one key, and others two.
import { type Random } from './random';
import { type Writing } from './writing';

/** Spellings of which many have the same name in JSON. */
const FAMILIES: readonly (readonly string[])[] = [
  ['1000', '1_000', '+1000', '0x3e8', '01750', '0o1750', '0b1111101000', '1e3', '1000.0', '1_000.0', '1E+3', '!!float 1000', '"1000"', '\'1000\'', '!!str 1000'],
  ['8', '010', '0x8', '8.0', '.8e1', '"8"', '!!int "8"'],
  ['0', '-0', '0.0', '-0.0', '+0.0', '-.0', '1e-300', '"0"', '"-0"', '!!float 0'],
  ['0.3', '.3', '3e-1', '0.30000001', '0.300000001', '"0.3"'],
  ['1e21', '1e+21', '1000000000000000000000', '"1e+21"'],
  ['9223372036854775807', '0x7fffffffffffffff', '"9223372036854775807"', '9223372036854775806'],
  ['true', 'yes', 'on', 'Y', 'TRUE', '"true"', '!!str true', '!!bool "on"'],
  ['false', 'no', 'off', 'N', '"false"', '\'false\''],
  ['.nan', '.NaN', '".nan"'],
  ['.inf', '+.Inf', '1e39', '1e40', '".inf"'],
  ['2001-01-01', '"2001-01-01"', '!!timestamp 2001-01-01'],
  ['a', '"a"', '\'a\'', '!!str a', '!!binary YQ==', '! a'],
  ['!!binary /w==', '!!binary /g==', '"\\uFFFD"'],
];
/** A key that no JSON has, which a merge may bring along. */
const NULLS = ['null', '~', '"null"', '"~"', '!!null ""'];

/** The entries of a mapping with two namesakes more, of which merges bring one or both. */
export function withNamesakes(writing: Writing, entries: readonly string[]): readonly string[] {
  if (!writing.sometimes(0.02, 'a merge of namesakes')) return entries;
  const { random } = writing;
  const keys = family(writing);
  const [first, second] = [field(random, keys), field(random, keys)];
  const pair = random.pick([
    [merge(first), second],
    [second, merge(first)],
    [merge(first), merge(second)],
    [`<<: [{${first}}, {${second}}]`],
    [`<<: {<<: {${first}}, ${second}}`],
    [merge(first), second, merge(field(random, keys))],
  ]);
  return random.chance(0.5) ? [...pair, ...entries] : [...entries, ...pair];
}

function family(writing: Writing): readonly string[] {
  const { random } = writing;
  if (!random.chance(0.05) || !writing.may('null as key')) return random.pick(FAMILIES);
  writing.features.add('null as key');
  return NULLS;
}

/** The same value stands behind both now and then: then it doesn't matter which counts. */
const field = (random: Random, keys: readonly string[]): string => `${random.pick(keys)}: ${random.pick(['1', '2', '{a: 1}'])}`;
const merge = (merged: string): string => `<<: {${merged}}`;
