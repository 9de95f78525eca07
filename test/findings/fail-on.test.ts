import { failsOn, readFailOn } from '../../src/findings/fail-on';

test.each([
  ['error', ['error']],
  ['error,undecided', ['error', 'undecided']],
  [' warning , skipped ', ['warning', 'skipped']],
  ['never', ['never']],
])('%j is read', (list, words) => {
  expect(readFailOn(list)).toEqual(words);
  expect(readFailOn(words)).toEqual(words);
});

test.each<[string | unknown[], string]>([
  ['eror', 'failOn is \'eror\'; expected one or several of error, warning, info, undecided, skipped, never'],
  ['error,,info', 'failOn is \'\'; expected one or several of'],
  [[], 'failOn is empty; expected one or several of'],
  [[1], 'failOn is 1; expected'],
  [[undefined], 'failOn is '],
  ['never,error', 'failOn is \'never\' beside other words; expected it alone'],
])('%j is refused', (list, message) => {
  expect(() => readFailOn(list)).toThrow(message);
});

test('only the words that there are are taken', () => {
  expect(() => readFailOn('undecided', ['error', 'never'])).toThrow('failOn is \'undecided\'; expected one or several of error, never');
});

test.each([
  ['error', ['error'], true], ['warning', ['error'], false], ['warning', ['warning'], true], ['error', ['warning'], true], ['info', ['warning'], false], ['info', ['undecided', 'info'], true],
  ['error', ['never'], false], ['error', ['undecided', 'skipped'], false],
] as const)('a finding of severity %s fails a run on %j: %j', (severity, failOn, fails) => {
  expect(failsOn({ severity }, failOn)).toBe(fails);
});
