import { COUNTS } from '../../../tools/ci/counts.cjs';

test('a single-test step passes with exit code 0', () => {
  expect(COUNTS.one('1 failed', 0)).toEqual({ passed: 1, failed: 0 });
  expect(COUNTS.one('', 1)).toEqual({ passed: 0, failed: 1 });
});

describe('of a step of many tests', () => {
  const jest = (summary: string) => `PASS test/a.test.ts\n9 passed, 9 failed\nTests:       ${summary}\nSnapshots:   1 total\n`;
  const suite = (summary: string) => `part: 9 passed, 9 failed\n${summary}\n`;

  test.each([
    ['jest', jest('5 passed, 5 total'), 0, { passed: 5, failed: 0 }],
    ['jest', jest('\u001b[31m1 failed\u001b[39m, \u001b[32m4 passed\u001b[39m, 5 total'), 1, { passed: 4, failed: 1 }],
    ['jest', jest('1 failed, 4 passed, 5 total') + jest('3 passed, 3 total'), 1, { passed: 7, failed: 1 }],
    ['suite', suite('5 passed, 0 failed'), 0, { passed: 5, failed: 0 }],
    ['suite', suite('4 passed, 1 failed'), 1, { passed: 4, failed: 1 }],
  ] as const)('%s says how many passed and failed', (kind, log, exitCode, expected) => {
    expect(COUNTS[kind](log, exitCode)).toEqual(expected);
  });

  test.each([
    ['jest', jest('5 passed, 5 total')],
    ['suite', suite('5 passed, 0 failed')],
  ] as const)('%s that fails outside its tests has one failure', (kind, log) => {
    expect(COUNTS[kind](log, 1)).toEqual({ passed: 5, failed: 1 });
  });

  test.each([['jest', jest('0 total')], ['jest', ''], ['suite', suite('0 passed, 0 failed')], ['suite', '5 passed, 0 failed\nand then a crash'], ['suite', '']] as const)(
    '%s that ran no tests fails: %j', (kind, log) => {
      expect(COUNTS[kind](log, 0)).toEqual({ passed: 0, failed: 1 });
    });
});
