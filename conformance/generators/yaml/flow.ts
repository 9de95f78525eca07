// Collections in flow style.
import { newKey } from './keys';
import { oneLine } from './scalars';
import { type Choice, type Writing } from './writing';

const COLLECTIONS: readonly Choice<[pad: string, depth: number]>[] = [
  [6, 'a flow sequence', sequence],
  [6, 'a flow mapping', mapping],
  [0.5, 'colons in a flow sequence', ({ random }) => random.pick(['[2001:db8::]', '[a:b]', '[a :b]', '[a: b]', '[::1]', '[a:]', '[:a]', '[ : ]', '[a::b]', '["a":b]', '[http://a:80/]', '[:]'])],
  [0.7, 'a flow mapping without a space after the colon', ({ random }) => random.pick(['{a:b}', '{"a":b}', '{a:{b: c}}', '{mtls:{mode: STRICT}}', '{\'a\':1}', '{a:[b]}', '{a:}', '{"a":}', '{a:"b"}', '{a :b}', '{a:b, c: d}', '{a: b:c}', '{[a]:b}', '{a::b}'])],
  [0.5, 'a flow mapping with a key alone', ({ random }) => random.pick(['{a}', '{a, b: c}', '{"a"}', '{a: }', '{a: , b: c}', '{: a}', '{:}', '{? a}', '{?}', '{? a : b}', '{?a: b}', '{, }', '{a?: b}'])],
  [0.5, 'a pair in a flow sequence', ({ random }) => random.pick(['[a: b]', '[a: b, c]', '["a": b]', '[? a : b]', '[? a]', '[: b]', '[a: ]', '[{a: b}: c]', '[,]', '[a,,b]', '[]]', '[a b: c d]'])],
];

/** @param pad the indentation of a line that follows within it */
export function flow(writing: Writing, pad: string, depth: number): string {
  return writing.choose(COLLECTIONS, pad, depth);
}

function sequence(writing: Writing, pad: string, depth: number): string {
  return collection(writing, ['[', ']'], pad, () => item(writing, pad, depth));
}

function mapping(writing: Writing, pad: string, depth: number): string {
  const taken = new Set<string>();
  return collection(writing, ['{', '}'], pad, () => `${newKey(writing, taken)}: ${item(writing, pad, depth)}`);
}

function collection(writing: Writing, [open, close]: readonly [string, string], pad: string, make: () => string): string {
  const { random } = writing;
  const breaks = writing.sometimes(0.15, 'a flow collection over several lines');
  const between = breaks ? `\n${pad}` : random.pick([' ', ' ', ' ', '  ', '']);
  const items = random.list(0, 3, make);
  const comment = breaks && writing.sometimes(0.2, 'a comment in a flow collection') ? ' # c, ]}' : '';
  const comma = items.length > 0 && writing.sometimes(0.05, 'a comma at the end of a flow collection') ? ',' : '';
  const edge = breaks ? between : random.pick(['', '', ' ']);
  return `${open}${edge}${items.join(`,${comment}${between}`)}${comma}${comment}${edge}${close}`;
}

function item(writing: Writing, pad: string, depth: number): string {
  const { random, anchors } = writing;
  if (depth > 0 && random.chance(0.2)) return flow(writing, `${pad} `, depth - 1);
  if (anchors.length > 0 && random.chance(0.1)) return `*${random.pick(anchors).name} `;
  const text = oneLine(writing);
  if (/^["']|^[^,?[\]{}]*$/.test(text)) return text;
  // Most of what ends a plain scalar here is quoted, as people do. What ends the collection may leave the rest behind the document.
  const isLeft = /[\]}]/.test(text) ? writing.sometimes(0.05, 'a plain scalar that ends a flow collection') : random.chance(0.05);
  return isLeft ? text : `'${text.replaceAll('\'', '\'\'')}'`;
}
