import { mayHoldNulls } from '../../src/admission/nulls';

function nested(levels: number): unknown {
  return levels === 0 ? 1 : { in: nested(levels - 1) };
}

test.each([
  ['null itself', null, true],
  ['undefined', undefined, true],
  ['a string', 'null', false],
  ['null in a field', { spec: { host: null } }, true],
  ['undefined in a field', { spec: { host: undefined } }, true],
  ['null in a list', [1, [null]], true],
  ['an object without null', { spec: { hosts: ['a', 0, false, ''], empty: {} } }, false],
  ['nesting deeper than any schema', nested(100), true],
])('mayHoldNull of %s', (_, value, holds) => {
  expect(mayHoldNulls(value)).toBe(holds);
});
