import { shown } from '../../src/findings/shown';

test.each([
  ['a', '\'a\''], ['', '\'\''], [5, '5'], [['a'], '["a"]'], [{ a: 1 }, '{"a":1}'], [undefined, 'missing'], [null, 'null'], ['a'.repeat(100), `'${'a'.repeat(78)}…`],
])('shows %p as %s', (value, text) => {
  expect(shown(value)).toBe(text);
});
