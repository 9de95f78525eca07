import { addTo, grouped } from '../../src/mesh/collections';

test('groups values by key, in the order of their first appearance', () => {
  expect([...grouped(['b1', 'a1', 'b2'], ([letter]) => letter)]).toEqual([['b', ['b1', 'b2']], ['a', ['a1']]]);
  expect([...grouped([], String)]).toEqual([]);
});

test('adds a value to its key\'s group', () => {
  const groups = new Map([['a', [1]]]);
  addTo(groups, 'a', 2);
  addTo(groups, 'b', 3);
  expect(groups).toEqual(new Map([['a', [1, 2]], ['b', [3]]]));
});
