import { enumerated } from '../../src/findings/enumerated';

test.each<[readonly string[], string]>([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b'], 'a and b'],
  [['a', 'b', 'c'], 'a, b and c'],
])('%j is %j', (parts, text) => {
  expect(enumerated(parts)).toBe(text);
});
