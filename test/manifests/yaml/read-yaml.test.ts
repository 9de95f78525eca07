import { UnreadableText } from '../../../src/manifests/yaml/events';
import { readYaml } from '../../../src/manifests/yaml/read-yaml';

/** What is read, or the code and the offset of what keeps it from being read. */
function read(text: string): unknown {
  try {
    return readYaml(text);
  } catch (error) {
    if (error instanceof UnreadableText) return `${error.code} at ${error.at}`;
    throw error;
  }
}

// The values are those of sigs.k8s.io/yaml v1.6.0.
describe.each<[string, [string, unknown][]]>([
  ['line ends of YAML 1.1', [
    ['# reviewed\u2028spec: {mtls: {mode: DISABLE}}', { spec: { mtls: { mode: 'DISABLE' } } }],
    ['# reviewed\u2029a: 1', { a: 1 }],
    ['# reviewed\u0085a: 1', { a: 1 }],
    ['a: b\u0085 c\u2028 d', { a: 'b c\u2028d' }],
    ['a: |\n x\u0085 y\u2028 z\n', { a: 'x\ny\u2028z\n' }],
    ['a: 1\rb: 2\r\nc: 3', { a: 1, b: 2, c: 3 }],
  ]],
  ['merge keys', [
    ['{<<: {a: 1}, a: 2}', { a: 2 }],
    ['{a: 2, <<: {a: 1}}', { a: 1 }],
    ['{<<: [{a: 1}, {a: 2, b: 2}]}', { a: 1, b: 2 }],
    ['x: &x {a: 1}\nz: {<<: *x, <<: {a: 2}}', { x: { a: 1 }, z: { a: 2 } }],
    ['"<<": {a: 1}', { '<<': { a: 1 } }],
    ['{<<: {a: 1}, a: 2, a: 3}', 'ADMIT152 at 19'],
    ['<<: 5', 'ADMIT151 at 4'],
    ['x: &x [{a: 1}]\ny: {<<: *x}', 'ADMIT151 at 23'],
    ['x: &x {1: a}\ny: {<<: *x, "1": b}', 'ADMIT152 at 25'],
  ]],
  // Of keys that Go tells apart, and JSON doesn't, chance keeps one.
  ['a merged key that JSON can\'t tell from another', [
    ['{<<: {1_000: a}, 1e3: b}', 'ADMIT152 at 17'],
    ['{1e3: b, <<: {1_000: a}}', 'ADMIT152 at 13'],
    ['x: &x {1_000: a}\ny: {<<: *x, 1000.0: b}', 'ADMIT152 at 29'],
    ['{<<: {8: a}, <<: {!!float 8: b}}', 'ADMIT152 at 17'],
    ['{<<: [{010: a}, {8.0: b}]}', 'ADMIT152 at 5'],
    ['{<<: {<<: {0x8: a}, .8e1: b}}', 'ADMIT152 at 20'],
    ['{<<: {yes: a}, "true": b}', 'ADMIT152 at 15'],
    ['{<<: {0.3: a}, 0.30000001: b}', 'ADMIT152 at 15'],
    ['{<<: {0.0: a}, 1e-300: b}', 'ADMIT152 at 15'],
    ['{<<: {.inf: a}, 1e39: b}', 'ADMIT152 at 16'],
    ['{<<: {.nan: a}, .nan: b}', 'ADMIT152 at 16'],
    ['{<<: {9223372036854775807: a}, "9223372036854775807": b}', 'ADMIT152 at 31'],
    ['{<<: {!!binary /w==: a}, "\\ufffd": b}', 'ADMIT152 at 25'],
    ['{<<: {!!binary /w==: a}, !!binary /g==: b}', 'ADMIT152 at 25'],
  ]],
  ['a merged key that is written in another way', [
    ['{<<: {1_000: a}, 0x3e8: b}', { 1000: 'b' }],
    ['{<<: {1e3: a}, !!float 1000: b}', { 1000: 'b' }],
    ['{1000.0: b, <<: {1E+3: a}}', { 1000: 'a' }],
    ['{<<: {010: a}, 0b1000: b, <<: {8: c}}', { 8: 'c' }],
    ['{<<: {yes: a}, on: b}', { true: 'b' }],
    ['{<<: {.inf: a}, +.INF: b}', { '.inf': 'b' }],
    ['{<<: {"8": a}, !!str 8: b}', { 8: 'b' }],
    ['{<<: {!!binary YQ==: a}, a: b}', { a: 'b' }],
    ['{<<: {!!binary /w==: a}, !!binary "/w==": b}', { '\ufffd': 'b' }],
    ['{<<: {9223372036854775807: a}, 0x7fffffffffffffff: b}', { '9223372036854775807': 'b' }],
    ['{<<: {8: a}, 0o10: b, 8: c}', 'ADMIT152 at 22'],
  ]],
  // 0.0 and -0.0 are one key to Go, with the name that was written last.
  ['zeros as keys', [
    ['{<<: {0.0: a}, -0.0: b}', { '-0': 'b' }],
    ['{<<: {-0.0: a}, 0.0: b}', { 0: 'b' }],
    ['{-0.0: b, <<: {0.0: a}}', { 0: 'a' }],
    ['{<<: {0.0: a}, <<: {-0.0: b}, 0.0: c}', { 0: 'c' }],
    ['{<<: {0.0: a}, -0.0: b, 0.0: c}', 'ADMIT152 at 24'],
    ['{-0.0: b, <<: {0.0: a}, -0.0: c}', 'ADMIT152 at 24'],
    ['{0.0: a, -0.0: b}', 'ADMIT152 at 9'],
    ['{0: a, -0.0: b}', { '0': 'a', '-0': 'b' }],
    ['{0: a, -0.0: b, <<: {0.0: c}}', 'ADMIT152 at 20'],
    ['{"-0": a, 0.0: b}', { '-0': 'a', '0': 'b' }],
  ]],
  ['plain scalars in flow collections', [
    ['[2001:db8::]', ['2001:db8::']],
    ['[a:b, http://x:80]', ['a:b', 'http://x:80']],
    ['{a:b}', { 'a:b': null }],
    ['{mtls:{mode: STRICT}}', 'ADMIT151 at 6'],
    ['{a: b: c}', 'ADMIT151 at 5'],
    ['[a?b]', 'ADMIT151 at 2'],
    ['[a: b, c]', [{ a: 'b' }, 'c']],
    ['{a, "b", c: }', { a: null, b: null, c: null }],
  ]],
  ['tabs', [
    ['a:\n\t\n  b: 1', 'ADMIT156 at 3'],
    ['a:\tb\t# c', { a: 'b' }],
    ['[\n\ta]', ['a']],
    ['a: b\n\tc', 'ADMIT156 at 5'],
    ['a: |\n\tb', 'ADMIT156 at 5'],
    ['-\ta', 'ADMIT156 at 1'],
  ]],
  ['document marks', [
    ['--- {a: 1}', { a: 1 }],
    ['---\n...\n...\n# c', null],
    ['--- |\n a\n', 'a\n'],
    ['a: 1\n...\n', { a: 1 }],
    ['a: 1\n...\nb: 2', 'ADMIT159 at 9'],
    ['a: 1\n---\nb: 2', 'ADMIT159 at 5'],
    ['[a] b', 'ADMIT159 at 4'],
    ['...', 'ADMIT151 at 0'],
    ['%YAML 1.1\n---\na: 1', 'ADMIT160 at 0'],
    ['# nothing', undefined],
    ['', undefined],
    ['a: "b\n---\nc"', 'ADMIT151 at 3'],
  ]],
  ['byte order marks', [
    ['\uFEFFa: 1\nb: 2', { a: 1, b: 2 }],
    ['a: \uFEFF1', 'ADMIT160 at 3'],
  ]],
  ['keys', [
    [`${'k'.repeat(1024)}: 1`, { ['k'.repeat(1024)]: 1 }],
    [`${'k'.repeat(1025)}: 1`, 'ADMIT151 at 1025'],
    [`${'😀'.repeat(1024)}: 1`, { ['😀'.repeat(1024)]: 1 }],
    [`? ${'k'.repeat(2000)}\n: 1`, { ['k'.repeat(2000)]: 1 }],
    ['9000: a\n0x10: b\n1.50: c\n1e20: d\n123456789.5: e\nno: f\n', { '9000': 'a', '16': 'b', '1.5': 'c', '1e+20': 'd', '1.2345679e+08': 'e', 'false': 'f' }],
    ['9223372036854775807: a', { '9223372036854775807': 'a' }],
    ['9223372036854775808: a', 'ADMIT160 at 0'],
    ['.inf: a', { '.inf': 'a' }],
    ['~: a', 'ADMIT160 at 0'],
    ['{~: a, b: 1, b: 2}', 'ADMIT152 at 13'],
    ['1: a\n"1": b', 'ADMIT152 at 5'],
    ['[a]: b', 'ADMIT151 at 0'],
    ['&a b: 1\n*a : 2', 'ADMIT152 at 8'],
    ['a: &a 1\n*a : 2', 'ADMIT160 at 8'],
    ['"a\n b": c', 'ADMIT151 at 6'],
    ['!!str : a', { '': 'a' }],
    ['a: 1\n__proto__: {b: 1}', JSON.parse('{"a": 1, "__proto__": {"b": 1}}')],
  ]],
  ['tags', [
    ['!!str 5', '5'], ['!!int "0x10"', 16], ['!!float 3', 3], ['!!bool "on"', true], ['!!null ""', null], ['! 5', '5'], ['!foo yes', 'yes'],
    ['!<tag:yaml.org,2002:str> 5', '5'], ['!!map [a]', ['a']], ['!!binary aGk=', 'hi'], ['!!binary 4oI=', '\ufffd\ufffd'], ['!!binary 8J+YgPCfmOKCrO2ggMOpYf8=', '😀\ufffd\ufffd\ufffd€\ufffd\ufffd\ufffdéa\ufffd'], ['!!str', ''], ['!!timestamp 2001-1-1', '2001-1-1'],
    ['!!int x', 'ADMIT151 at 6'], ['!!int 1.0', 'ADMIT151 at 6'], ['!!binary a', 'ADMIT151 at 9'], ['!a!b c', 'ADMIT151 at 0'], ['!%41 a', 'ADMIT160 at 0'],
    ['!!timestamp 2001-1-1 1:1:1', 'ADMIT160 at 12'],
  ]],
  ['anchors and aliases', [
    ['[&a x, *a]', ['x', 'x']],
    ['[&a x, &a z, *a]', ['x', 'z', 'z']],
    ['&a [*a]', 'ADMIT153 at 4'],
    ['{a: &a {<<: *a}}', 'ADMIT153 at 12'],
    ['[*a]', 'ADMIT151 at 1'],
    ['[&a, *a]', [null, null]],
    ['&é a', 'ADMIT151 at 0'],
  ]],
  ['scalars of several lines', [
    ['a: b\n  c\n\n  d # e\n', { a: 'b c\nd' }],
    ['"a \n  b\\\n  c\\n\n\n d"', 'a bc\n\nd'],
    ['\'a\n\n b\'\'c\'', 'a\nb\'c'],
    ['>\n a\n b\n\n c\n  d\n e\n', 'a b\nc\n d\ne\n'],
    ['|+\n a\n\n', 'a\n\n'],
    ['>-\n a\n', 'a'],
    ['a: |2\n   b\n', { a: ' b\n' }],
    ['|0\n a', 'ADMIT151 at 1'],
    ['| a\n', 'ADMIT151 at 2'],
    ['"\\/"', 'ADMIT151 at 1'],
    ['"\\ud83d\\ude00"', 'ADMIT151 at 1'],
    ['"\\x4', 'ADMIT151 at 1'],
    ['"\\x4"', 'ADMIT151 at 1'],
    ['"\\e\\N\\_\\L\\P\\U0001f600"', '\x1b\x85\xa0\u2028\u2029😀'],
  ]],
  ['block collections', [
    ['a:\n- b\n- - c\n  - d\n-\n', { a: ['b', ['c', 'd'], null] }],
    ['? a\n? b\n: c\n', { a: null, b: 'c' }],
    ['a:\n   b: 1\n  c: 2', 'ADMIT151 at 13'],
    ['a: - b', 'ADMIT151 at 3'],
    ['a: b: c', 'ADMIT151 at 4'],
    ['- a\nb: c', 'ADMIT151 at 4'],
    [': a', 'ADMIT151 at 0'],
    ['@a', 'ADMIT151 at 0'],
  ]],
  ['control characters', [
    ['a\u0000', 'ADMIT157 at 1'], ['a\u007f', 'ADMIT157 at 1'], ['a\ud800', 'ADMIT157 at 1'], ['a\ufffe', 'ADMIT157 at 1'], ['"\\0"', '\0'], ['a\r\r\n', 'ADMIT160 at 1'],
  ]],
  ['numbers', [
    ['.nan', 'ADMIT160 at 0'], ['1e400', '1e400'], ['-9223372036854775809', -9223372036854775809], ['0xfffffffffffffffff', '0xfffffffffffffffff'], ['+1', 1], ['1:30', '1:30'],
    ['9007199254740993', 'ADMIT160 at 0'], ['18446744073709551615', 'ADMIT160 at 0'], ['9007199254740994', 9007199254740994], ['18446744073709551617', 2 ** 64],
  ]],
])('%s', (_, texts) => {
  test.each(texts)('the text %j is read as kubectl reads it: %j', (text, value) => {
    expect(read(text)).toEqual(value);
  });
});

test('nesting is limited, in block and flow collections', () => {
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  expect(read(nested(100))).toBeInstanceOf(Array);
  expect(read(nested(101))).toBe('ADMIT154 at 100');
  expect(read('- '.repeat(1000))).toMatch(/^ADMIT154/);
});

test('expanded aliases are limited as in Go', () => {
  const text = (count: number) => `- &a [${Array(99).fill('x').join(',')}]\n- &b [${Array(99).fill('*a').join(',')}]\n${'- *b\n'.repeat(count)}`;
  expect([0, 1, 2].map((count) => Array.isArray(read(text(count))))).toEqual([true, true, false]);
});
