import { addTo, grouped } from '../../src/mesh/collections';

test('values of one key stay together, in their order, and keys in that of their first', () => {
  expect([...grouped(['b1', 'a1', 'b2'], ([letter]) => letter)]).toEqual([['b', ['b1', 'b2']], ['a', ['a1']]]);
  expect([...grouped([], String)]).toEqual([]);
});

test('a value is added to those of its key', () => {
  const groups = new Map([['a', [1]]]);
  addTo(groups, 'a', 2);
  addTo(groups, 'b', 3);
  expect(groups).toEqual(new Map([['a', [1, 2]], ['b', [3]]]));
});
