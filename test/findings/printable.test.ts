import { printable, printableJson, printableLines } from '../../src/findings/printable';
import { fc } from '../support/fast-check';
import { command, hostile, UNSEEN } from '../support/runner-commands';

test.each([
  ['what is harmless', 'Gateway shop/a: #1 of ::1, fd00::1, 日本 é\t#', 'Gateway shop/a: #1 of ::1, fd00::1, 日本 é\t#'],
  ['control characters', 'a\u001b[31m\r\n\u0085\u007f', 'a\\u001b[31m\\u000d\\u000a\\u0085\\u007f'],
  ['line ends of Unicode', 'a\u2028b\u2029', 'a\\u2028b\\u2029'],
  ['what turns the direction of writing', '\u061c\u200e\u200f\u202a\u202e\u2066\u2069', '\\u061c\\u200e\\u200f\\u202a\\u202e\\u2066\\u2069'],
  ['what has no width', '\u200b\u200d\u2060\ufeff\u00ad\u3164\u{e0041}', '\\u200b\\u200d\\u2060\\ufeff\\u00ad\\u3164\\udb40\\udc41'],
  ['halves of characters', '\ud83d\ude00 \ud83d \ude00', '\ud83d\ude00 \\ud83d \\ude00'],
  ['a command of GitHub\'s', '::stop-commands::x', '\\u003a:stop-commands::x'],
  ['one behind blanks', 'a \u3000::error file=a::b', 'a \u3000\\u003a:error file=a::b'],
  ['an older one, anywhere', 'a##[error]b', 'a#\\u0023[error]b'],
  ['one of Azure\'s', 'a##VSO[task.setvariable variable=x]b', 'a#\\u0023VSO[task.setvariable variable=x]b'],
  ['one of TeamCity\'s', '###teamcity[x]', '##\\u0023teamcity[x]'],
])('%s', (_, text, expected) => {
  expect(printable(text)).toBe(expected);
});

test('a text of several lines keeps them', () => {
  expect(printableLines('a\n ::error::b\r\n')).toBe('a\n \\u003a:error::b\\u000d\n');
});

test('whatever a text holds, it commands nobody, wherever it stands', () => {
  fc.assert(fc.property(hostile, fc.constantFrom('', ' ', '  - ', 'kind '), (text, before) => {
    const line = `${before}${printable(text)}`;
    expect(line).not.toMatch(UNSEEN);
    expect(line).not.toMatch(command);
    for (const word of printable(text).split(' ')) expect(word).not.toMatch(command);
  }), { seed: 20261126, numRuns: 2000 });
});

test('JSON holds the same, whatever it holds', () => {
  fc.assert(fc.property(fc.dictionary(hostile, hostile), (value) => {
    const json = printableJson(JSON.stringify(value, null, 2));
    expect(JSON.parse(json)).toEqual(value);
    for (const line of json.split('\n')) {
      expect(line).not.toMatch(UNSEEN);
      expect(line).not.toMatch(command);
    }
  }), { seed: 20261126, numRuns: 1000 });
});
