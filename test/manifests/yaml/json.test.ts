import { UnreadableText } from '../../../src/manifests/yaml/events';
import { JsonStream } from '../../../src/manifests/yaml/json';
import { Values } from '../../../src/manifests/yaml/values';

/** The values of a text, and where what isn't JSON begins. */
function read(text: string): { values: unknown[]; rest?: string } {
  const stream = new JsonStream(text);
  const values: unknown[] = [];
  while (!stream.isAtEnd()) {
    const start = stream.at;
    const one = new Values();
    if (!stream.read(one)) return { values, rest: text.slice(start) };
    values.push(one.root);
  }
  return { values };
}

test.each(['{}', '[]', '[[], {"a": {"b": [1, -0.5, 1e3, true, false, null]}}]', ' "a\\n\\u00e9\\/\\ud83d\\ude00" ', '"é\u2028"', '{"": 1, "__proto__": 2}'])('%s is read as JSON.parse reads it', (text) => {
  expect(read(text)).toEqual({ values: [JSON.parse(text)] });
});

test.each([
  ['values one after the other', '{"a":1}[2]\n"b"3 true', [{ a: 1 }, [2], 'b', 3, true], undefined],
  ['half a surrogate pair, which becomes U+FFFD', '"\\ud83d"', ['\ufffd'], undefined],
  ['JSON that continues as YAML', '{"a":1}\n---\nb: 2', [{ a: 1 }], '---\nb: 2'],
  ['a trailing comma', '{"a":1,}', [], '{"a":1,}'],
  ['a number without digits after the point', '1. 5', [], '1. 5'],
  ['a number with a leading zero', '[01]', [], '[01]'],
  ['an escape that JSON lacks', '["\\x41"]', [], '["\\x41"]'],
  ['a line break in a string', '"a\nb"', [], '"a\nb"'],
  ['an unterminated string', '["a', [], '["a'],
  ['a key without quotes', '{a: 1}', [], '{a: 1}'],
  ['an unterminated object', '{"a": [1', [], '{"a": [1'],
])('reads JSON values up to what isn\'t JSON: %s', (_, text, values, rest) => {
  expect(read(text)).toEqual({ values, ...rest !== undefined && { rest } });
});

test.each([
  ['a duplicate key', '{"a": 1, "a": 2}', 'ADMIT152', 9],
  ['a number that no float can hold', '[1e400]', 'ADMIT151', 1],
  ['nesting over 100 levels', '['.repeat(101), 'ADMIT154', 100],
])('rejects %s', (_, text, code, at) => {
  expect(() => read(text)).toThrow(expect.objectContaining({ code, at }));
  expect(() => read(text)).toThrow(UnreadableText);
});

test('leaves a number that no float can hold to YAML, if what surrounds it isn\'t JSON', () => {
  expect(read('[1e400,]')).toEqual({ values: [], rest: '[1e400,]' });
});
