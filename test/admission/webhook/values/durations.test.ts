import { parseGoDuration } from '../../../../src/admission/go-values';
import { Objections } from '../../../../src/admission/objection';
import { judgeDuration, judgeDurationOrNone, judgeDurationText, judgeWholeSeconds } from '../../../../src/admission/webhook/values/durations';

const refuses = (judge: (at: Objections, duration?: string) => void, duration?: string) => {
  const objections = new Objections(['d']);
  judge(objections, duration);
  return objections.refused;
};

test.each([
  ['1s', 1_000_000_000n], ['1m30s', 90_000_000_000n], ['1.5h', 5_400_000_000_000n], ['.5s', 500_000_000n], ['1.s', 1_000_000_000n],
  ['-1ms', -1_000_000n], ['+1us', 1_000n], ['1µs', 1_000n], ['1μs', 1_000n], ['0', 0n], ['-0', 0n], ['0.3ns', 0n], ['1ns1h', 3_600_000_000_001n],
  ['2562047h47m16.854775807s', 2n ** 63n - 1n], ['-2562047h47m16.854775808s', -(2n ** 63n)],
])('reads %s as Go does', (text, nanoseconds) => {
  expect(parseGoDuration(text)).toBe(nanoseconds);
});

test.each(['', '1', '1d', 's', '.s', '1h1', '1 s', '1S', '--1s', '1e3s', '2562047h47m16.854775808s', '9999999h', '99999999999999999999ns'])('reads no duration in \'%s\'', (text) => {
  expect(parseGoDuration(text)).toBeUndefined();
});

test.each([['1ms', false], ['1.5s', false], ['1h', false], [undefined, false], ['0s', true], ['999us', true], ['1.5ms', true], ['-1s', true], ['5', true]])(
  'refuses below a millisecond and finer: %s', (text, refused) => {
    expect(refuses(judgeDuration, text)).toBe(refused);
  });

test.each([['0s', false], ['-1ns', false], ['999us', false], ['1ms', false], ['1.5ms', true], ['-1s', true], ['', true], [undefined, false]])(
  'lets what stands for none pass: %s', (text, refused) => {
    expect(refuses(judgeDurationOrNone, text)).toBe(refused);
  });

test.each([['1s', false], ['0.5s', true], ['1ns', true], ['-0.5s', false], ['x', false], [undefined, false]])('refuses a part of a second: %s', (text, refused) => {
  expect(refuses(judgeWholeSeconds, text)).toBe(refused);
});

test.each([['0s', false], ['-1ns', false], [undefined, false], ['', true], ['5', true]])('refuses what is no duration: %s', (text, refused) => {
  expect(refuses(judgeDurationText, text)).toBe(refused);
});
