import { mayHoldNulls } from '../../src/admission/nulls';

function nested(levels: number): unknown {
  return levels === 0 ? 1 : { in: nested(levels - 1) };
}

test.each([
  ['null itself', null, true],
  ['a missing value', undefined, true],
  ['a text', 'null', false],
  ['a field', { spec: { host: null } }, true],
  ['a field without a value', { spec: { host: undefined } }, true],
  ['an item', [1, [null]], true],
  ['nothing of the kind', { spec: { hosts: ['a', 0, false, ''], empty: {} } }, false],
  ['what is deeper than any schema', nested(100), true],
])('may contain nulls: %s', (_, value, holds) => {
  expect(mayHoldNulls(value)).toBe(holds);
});
