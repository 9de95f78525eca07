import { PlaceIndex } from '../../../src/manifests/yaml/place-index';
import { tellYaml } from '../../../src/manifests/yaml/read-yaml';

function indexOf(text: string): PlaceIndex {
  const index = new PlaceIndex();
  tellYaml(text, index);
  return index;
}

/** The text from where a value is written. */
function placeOf(text: string, ...path: (string | number)[]): string | undefined {
  const index = indexOf(text);
  const node = path.reduce<number | undefined>((parent, step) => parent === undefined ? undefined : index.childOf(parent, step), index.root);
  return node === undefined ? undefined : text.slice(index.placeOf(node), index.placeOf(node) + 3);
}

test.each<[string, string, (string | number)[], string | undefined]>([
  ['the document', '# c\nabc: 1', [], 'abc'],
  ['a field', 'a: 1\nbcd: 2', ['bcd'], 'bcd'],
  ['an item', '- a\n- bcd', [1], 'bcd'],
  ['an empty item', '- a\n-\n- b', [1], '-\n-'],
  ['a field of an item', '- {a: 1, bcd: 2}', [0, 'bcd'], 'bcd'],
  ['a key that isn\'t a string', '0x10: 1', ['16'], '0x1'],
  ['a field behind an alias, at the anchor', 'a: &x {bcd: 1}\nc: *x', ['c', 'bcd'], 'bcd'],
  ['a field behind an alias of a repeated anchor, at the last one', 'a: &x {bcd: 1}\nb: &x {bce: 1}\nc: *x', ['c', 'bce'], 'bce'],
  ['no place for a missing field', 'a: 1', ['b'], undefined],
  ['no place for a missing item', '[a]', [1], undefined],
  ['no place for a field of a list', '[a]', ['a'], undefined],
  ['no place for an item of a mapping', 'a: 1', [0], undefined],
  ['no place for a field of a string', 'a: 1', ['a', 'b'], undefined],
])('finds %s', (_, text, path, expected) => {
  expect(placeOf(text, ...path)).toBe(expected);
});

test('finds each of 100,000 items and fields, in any order', () => {
  const items = indexOf(`[${Array.from({ length: 100_000 }, (_, index) => index).join(', ')}]`);
  const fields = indexOf(Array.from({ length: 100_000 }, (_, index) => `k${index}: 1\n`).join(''));
  const numbers = Array.from({ length: 100_000 }, (_, index) => 99_999 - index);
  expect(numbers.filter((index) => items.childOf(0, index) !== index + 1 || fields.childOf(0, `k${index}`) !== index + 1)).toEqual([]);
});

test('finds where the lines of a block scalar begin, and not of a folded one', () => {
  const index = indexOf('a: |\n  b\nc: >\n  d\n');
  expect(['a', 'c'].map((field) => index.literalAt(index.childOf(0, field)!))).toEqual([3, undefined]);
});
