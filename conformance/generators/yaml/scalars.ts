// Scalars of one line or more, as they stand behind a colon or dash; the styles and words of YAML 1.1.
import { type Random } from './random';
import { type Choice, type Writing } from './writing';

type Make = (writing: Writing) => string;

export const WORDS = ['a', 'b', 'web', 'istio-system', 'STRICT', 'PERMISSIVE', 'DISABLE', 'shop', 'v1', 'tcp-8080', '10.0.0.1', '1.2.3', 'nginx:1.25', 'default', 'cluster.local', 'x86_64'];

const word: Make = ({ random }) => random.pick(WORDS);
const words: Make = ({ random }) => random.list(2, 4, () => random.pick(WORDS)).join(' ');
const of = (...list: string[]): Make => ({ random }) => random.pick(list);
const digits = ({ random }: Writing, least: number, most: number) => random.list(least, most, () => random.below(10)).join('');

const INSIDE = ['a:b', 'http://web.shop:80/a?b=c#d', 'a#b', 'x-', 'a,b', 'a=b', 'a&b', 'a*', 'it\'s', 'a"b', '/path', '.hidden', 'a!b', 'a|b', 'a>b', '50%', 'a@b', '*.example.com'.slice(1), 'a?', 'sha256:0123', 'a\\b', '<<x'];
const AT_FRONT = ['-x', ':x', '?x', '--x', '::', '?-', '---x', '--', '=', '<', '<<', '(a)', '$x', '^', '/', '\\n', '..', '...x', ';', '~a', ':-', '-#', '!'];
const NOT_AT_FRONT = ['-:', '%x', '@x', '`x`', '?', '-', ':', '|x', '>x', ', a', ']', '}'];
const LETTERS = ['é', 'ü', 'straße', '日本語', 'naïve', 'Ω', 'мир', '\u00a0', 'a\u3000b', '\u200b'];
const ESCAPES = ['\\n', '\\t', '\\"', '\\\\', '\\u00e9', '\\r'];
const RARE_ESCAPES = ['\\0', '\\a', '\\b', '\\e', '\\f', '\\v', '\\ ', '\\N', '\\_', '\\L', '\\P', '\\x41', '\\xe9', '\\x85', '\\u2028', '\\U0001F600', '\\U00000041', '\\\'', '\\\t', '\\uFEFF', '\\x00', '\\u0000', '\\\n   ', '\\\n\n  ', '\\\r\n '];
const NO_ESCAPES = ['\\/', '\\q', '\\x4', '\\u12', '\\U00110000', '\\z'];
const SURROGATES = ['\\ud83d\\ude00', '\\ud83d', '\\ude00', '\\uD800x'];
const NEARLY = ['1.2.3', '0x', '0b', '0o', '0x_', '1_', '_1', '1__0', '08', '09', '0o8', '0b2', '0xg', '1e', '1e+', '.e1', '1.e1', '.', '-.', '+', '-', '+-1', '--1', '1-', '1.', '.5', '-.5', '+.5', '1,000', '0.', '00', '0_', '-0', '+0', '-0x1', '+0x1', '-0b1', '+0b1', '-0o7', '0X1', '0B1', '0O7', '1E5', '1e5_0', '0x1p-2', '0x1.8', '.inf_', '.infinity', 'nan', 'inf', 'Infinity', '0_7', '0o_7', '1_e3', '._5', '12e03', '-2E+05', '0xFFFFFFFFFFFFFFFFF', '+.', '.1.2', '0b1_0', '0x1_0', '-1_000', '1_000.5', '0777_', '1e-', '٣'];

const doubleQuoted = (writing: Writing, inside: Make) => `"${inside(writing)}"`;
const piece = (right: readonly string[], wrong = right): Make => ({ random }) => random.list(1, 3, () => `${random.pick(WORDS)}${random.mostly(right, wrong)}`).join('');
const folded = (pad: string, random: Random) => random.list(2, 3, () => random.pick(WORDS)).join(random.pick(['\n', '\n', '\n\n', ' \n', '\t\n', '\n\n\n']) + pad);

/** Each gets the indentation of a line that follows. */
export const SCALARS: readonly Choice<[pad: string]>[] = [
  [24, 'a plain word', word],
  [8, 'several plain words', words],
  [6, 'a whole number', (w) => (w.random.chance(0.3) ? '0' : `${w.random.between(1, 9)}${digits(w, 0, 6)}`)],
  [2, 'a float', (w) => `${w.random.below(100)}.${digits(w, 1, 6)}`],
  [3, 'true or false', of('true', 'false', 'true', 'false', 'True', 'FALSE')],
  [1.5, 'null', of('null', '~', 'null', 'Null', 'NULL')],
  [3, 'a boolean of YAML 1.1', of('y', 'n', 'yes', 'no', 'on', 'off', 'Y', 'N', 'Yes', 'No', 'On', 'Off', 'YES', 'NO', 'ON', 'OFF')],
  [1, 'an octal number', of('0644', '0755', '0777', '010', '01')],
  [0.5, 'an octal number with 0o', of('0o7', '0o644', '0o17')],
  [0.5, 'a hexadecimal number', of('0x0', '0xff', '0xDEADBEEF', '0xFF_FF')],
  [0.5, 'a binary number', of('0b0', '0b101', '0b1111_0000', '-0b11')],
  [0.5, 'a number with underscores', of('1_000', '10_000_000', '1_0.5_0', '1__0')],
  [0.7, 'a number with an exponent', of('1e3', '1E3', '1e+3', '1.5e-3', '6.02e23', '1e21', '1e-7', '123e4', '1e308')],
  [0.5, 'a number with a sign', of('-1', '+1', '-0', '-1.5', '+1.5', '-12345', '-0.0')],
  [0.4, 'a number of base 60', of('1:30', '190:20:30', '1:30.5', '12:30:45', '0:0')],
  [0.15, 'infinity or NaN', of('.inf', '-.inf', '+.Inf', '.NaN', '.nan', '.INF')],
  [0.4, 'a whole number above 2^53', of('9007199254740993', '-9007199254740993', '9223372036854775807', '1234567890123456789', '-9223372036854775808', '0x7fffffffffffffff', '9007199254740992', '4611686018427387904', '9223372036854775808', '18446744073709551615', '0xffffffffffffffff')],
  [0.3, 'a number beyond 64 bits', of('18446744073709551616', '-9223372036854775809', '1e400', '-1e400', '123456789012345678901234567890', '0x1ffffffffffffffff', '1e-400')],
  [0.7, 'a date', of('2001-01-01', '2024-02-29', '2001-13-01', '2001-1-1')],
  [0.4, 'a time', of('2001-12-14t21:59:43.10-05:00', '2001-12-15T02:59:43.1Z', '2001-12-14 21:59:43', '2001-12-14 21:59:43.10 -5', '12:30')],
  [1.5, 'nearly a number', of(...NEARLY)],
  [4, 'a plain scalar with an indicator in it', of(...INSIDE)],
  [1, 'a plain scalar that begins with an indicator', ({ random }) => random.mostly(AT_FRONT, NOT_AT_FRONT)],
  [1.5, 'letters that aren\'t ASCII', of(...LETTERS)],
  [0.5, 'characters beyond 16 bits', of('😀', 'a𝕏b', '"😀"')],
  [4, 'single quotes', of('\'a\'', '\'\'', '\'it\'\'s\'', '\'true\'', '\'1\'', '\'a: b\'', '\'# a\'', '\'\\n\'', '\'~\'', '\'"\'', '\'<<\'')],
  [5, 'double quotes', of('"a"', '""', '"true"', '"8080"', '"a: b"', '"# a"', '"*"', '"null"', '"[a]"', '"it\'s"', '" a "', '"<<"')],
  [2, 'an escape in double quotes', (w) => doubleQuoted(w, piece(ESCAPES))],
  [1, 'a rare escape in double quotes', (w) => doubleQuoted(w, piece(RARE_ESCAPES, NO_ESCAPES))],
  [0.1, 'an escaped surrogate', (w) => doubleQuoted(w, piece(SURROGATES))],
  [1.5, 'quotes over several lines', ({ random }, pad) => ((quote) => `${quote}${folded(random.chance(0.8) ? pad : pad.slice(1), random)}${quote}`)(random.pick(['\'', '"']))],
  [1.5, 'a plain scalar over several lines', ({ random }, pad) => folded(pad, random)],
  [0.2, 'a template of Helm\'s', of('"{{ .Values.x }}"', 'a{{ b }}', '\'{{ a }}\'')],
];

/** A scalar that fits on one line. */
export function oneLine(writing: Writing): string {
  const text = writing.choose(SCALARS, '');
  return text.includes('\n') || text.includes('\r') ? 'web' : text;
}
