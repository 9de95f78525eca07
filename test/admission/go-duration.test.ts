import { nanosecondsIn } from '../../src/admission/go-duration';

test.each<[string, bigint]>([
  ['1s', 1_000_000_000n],
  ['1h30m', 5_400_000_000_000n],
  ['1.5h', 5_400_000_000_000n],
  ['.5s', 500_000_000n],
  ['1.s', 1_000_000_000n],
  ['+5ms', 5_000_000n],
  ['-1us', -1_000n],
  ['1µs', 1_000n],
  ['1μs', 1_000n],
  ['0', 0n],
  ['-0', 0n],
  ['0.9999999ms', 999_999n],
  ['9223372036854775807ns', 9_223_372_036_854_775_807n],
  ['-9223372036854775808ns', -9_223_372_036_854_775_808n],
])('%s', (text, nanos) => {
  expect(nanosecondsIn(text)).toBe(nanos);
});

test.each(['', '1', 's', '.s', '1d', '1S', ' 1s', '1s ', '1h-1m', '1e3s', '+-1s', '٣s', '9223372036854775808ns', '2562048h', '99999999h'])('%p is none', (text) => {
  expect(nanosecondsIn(text)).toBeUndefined();
});

test.each(['1', '1.', '.1', '0'])('many times %p without a unit is none, and soon known to be', (digits) => {
  const start = performance.now();
  expect(nanosecondsIn(digits.repeat(200_000))).toBeUndefined();
  expect(nanosecondsIn(`${digits.repeat(200_000)}1d`)).toBeUndefined();
  expect(performance.now() - start).toBeLessThan(500);
});

test('zeros in front don\'t count', () => {
  expect(nanosecondsIn(`${'0'.repeat(30)}1s`)).toBe(1_000_000_000n);
});
