import { hostsOverlap, isHostWithin } from '../../../../src/admission/webhook/values/hosts';

test.each([
  ['a.b', 'a.b', true, true], ['a.b', 'a.c', false, false],
  ['a.b', '*.b', true, true], ['*.b', 'a.b', true, false], ['b', '*.b', false, false],
  ['*.a.b', '*.b', true, true], ['*.b', '*.a.b', true, false], ['*.b', '*.b', true, true], ['*.b', '*.c', false, false],
  ['a', '*', true, true], ['*', 'a', true, false], ['*.a', '*', true, true],
])('%s and %s overlap: %p; the first is within the second: %p', (one, other, overlap, within) => {
  expect(hostsOverlap(one, other)).toBe(overlap);
  expect(isHostWithin(one, other)).toBe(within);
});
