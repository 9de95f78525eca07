import { goDuration } from '../../../src/admission/mesh-config/go-duration';

test.each([
  ['10s', 10e9], ['1h30m', 5400e9], ['1.5s', 1.5e9], ['.5m', 30e9], ['2.s', 2e9], ['100ms', 100e6], ['7us', 7e3], ['7µs', 7e3], ['3ns', 3],
  ['-5s', -5e9], ['+5s', 5e9], ['0', 0], ['2540400h', 2540400 * 3600e9],
])('%s is %d nanoseconds', (text, nanoseconds) => {
  expect(goDuration(text)).toBe(nanoseconds);
});

test.each(['', '10', '10 s', '1d', 's', '1h 30m', '1s-', '9999999h', '.s', '1e3s'])('%s is no duration', (text) => {
  expect(goDuration(text)).toBeUndefined();
});
