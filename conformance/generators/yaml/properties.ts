// Anchors, aliases and tags before or instead of a value.
import { flow } from './flow';
import { oneLine } from './scalars';
import { type Choice, type Writing } from './writing';

const NAMES = ['a', 'b', 'base', 'x1', 'a-b', 'a_b'];

const TAGS: readonly Choice<[text: string]>[] = [
  [3, 'the tag !!str', ({ random }, text) => ` !!str${random.pick([text, ' 8080', ' true', '', ' ~', ' 2001-01-01', ' yes'])}`],
  [3, 'the tag !!int, !!float or !!bool', ({ random }) => ` ${random.mostly(['!!int 1', '!!int "1"', '!!float 1', '!!float 1.5', '!!bool yes', '!!bool "true"', '!!float .5', '!!int 010', '!!float 9007199254740993', '!!bool \'no\'', '!!int 0x1F', '!!float 1e3', '!!int -1'], ['!!int a', '!!int 1.5', '!!bool 1', '!!float a', '!!int', '!!float 18446744073709551615', '!!int [1]'])}`],
  [1, 'the tag !!null', ({ random }) => ` ${random.mostly(['!!null', '!!null ""', '!!null ~', '!!null null', '!!null {a: 1}', '!!null [a]'], ['!!null a', '!!null 1'])}`],
  [1, 'the tag !!binary', ({ random }) => ` !!binary ${random.mostly(['aGk=', '"aGk="', '/w==', '4oI=', '""', '|\n          aGk=\n', '[a]', '{a: 1}'], ['aGk', 'a Gk=', '!', '"="'])}`],
  [1, 'the tag !!timestamp', ({ random }) => ` !!timestamp ${random.mostly(['2001-01-01', '"2001-01-01"', '2001-12-14t21:59:43.10-05:00'], ['a', '1', '2001-13-01'])}`],
  [2, 'the tag !!map or !!seq', (writing) => ` ${writing.random.pick(['!!map', '!!seq', '!!omap', '!!set'])} ${writing.random.chance(0.8) ? flow(writing, '          ', 1) : oneLine(writing)}`],
  [1, 'the tag ! alone', ({ random }, text) => ` !${random.pick([' 1', ' true', ' {a: 1}', ' [a]', '', text])}`],
  [1.5, 'a local tag', ({ random }, text) => ` ${random.mostly(['!local', '!a/b', '!Ref', '!a%20b', '!a.b'], ['!a,b', '!e!x', '!a%2', '!{a}'])}${random.pick([' 1', ' a', text])}`],
  [1, 'a verbatim tag', ({ random }) => ` ${random.mostly(['!<tag:yaml.org,2002:str> 1', '!<!local> 1', '!<tag:yaml.org,2002:int> "1"', '!<tag:yaml.org,2002:bool> yes', '!<x> a'], ['!<x', '!<> a'])}`],
  [0.5, 'a tag that nobody knows', ({ random }) => ` ${random.mostly(['!!foo a', '!!python/object:x {a: 1}', '!!int_ 1', '!!merge <<'], ['!! a', '!!str!x a'])}`],
];

/** A value of `make`, rarely with an anchor or a tag, or an alias instead of it. */
export function withProperties(writing: Writing, make: () => string): string {
  const { random, anchors } = writing;
  if (anchors.length > 0 && writing.sometimes(0.06, 'an anchor and its alias')) return ` *${random.pick(anchors).name}`;
  if (writing.sometimes(0.001, 'an alias of nothing')) return ' *nothing';
  if (writing.sometimes(0.001, 'an alias within its anchor')) return random.pick([' &self [*self]', ' &self {a: *self}', ' &self\n          - *self']);
  if (random.chance(0.05)) return anchored(writing, make);
  if (writing.may('the tag !!str') && random.chance(0.05)) return tagged(writing, make);
  return make();
}

function tagged(writing: Writing, make: () => string): string {
  const known = [...writing.anchors];
  const value = make();
  const text = writing.choose(TAGS, value);
  // Some take another value, and with it the anchors are gone.
  if (!text.includes(value)) writing.anchors = known;
  return text;
}

function anchored(writing: Writing, make: () => string): string {
  const { random, anchors } = writing;
  const free = NAMES.filter((name) => !anchors.some((anchor) => anchor.name === name));
  const anew = anchors.length > 0 && writing.sometimes(0.15, 'an anchor that is defined anew');
  if (!anew && free.length === 0) return make();
  const name = anew ? random.pick(anchors).name : random.pick(free);
  const text = make();
  // A block of literal text and an alias have none, or it is an error that says little.
  if (/^ [*|>]/.test(text) && !random.chance(0.1)) return text;
  if (!anew && random.chance(0.1) && writing.sometimes(1, 'an anchor that nobody uses')) return ` &unused${text}`;
  if (!anew) anchors.push({ name, isMapping: /^(?: *\{|\n\s*[\w"'.-]+:)/.test(text) });
  return ` &${name}${text}`;
}
