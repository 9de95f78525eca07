import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { redactedTexts, redactedValue } from '../../src/findings/redacted-value';
import { printable, printableJson, printableLines, redacted, shown } from '../../src/findings/safe-text';
import { casesOf } from '../support/random/cases';
import { fc } from '../support/random/fast-check';
import { command, hostile, UNSEEN } from '../support/random/runner-commands';

const KEY = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;

/** The longest part of a secret that is in a text. */
function longestShared(text: string, secret: string): number {
  let longest = 0;
  for (let start = 0; start < text.length; start++) {
    while (start + longest < text.length && secret.includes(text.slice(start, start + longest + 1))) longest++;
  }
  return longest;
}

const BODY = KEY.split('\n').slice(1, -2).join('\n');

test.each([
  ['a key', KEY],
  ['a key among other text', `reviews ${KEY} and more`],
  ['a key in one line', KEY.replaceAll('\n', '\\n')],
  ['the first half of a key', KEY.slice(0, 700)],
  ['a key without its first line', BODY],
  ['a line of a key', BODY.split('\n')[3]],
  ['a key that YAML has folded into short parts', BODY.replaceAll('\n', '').replace(/.{26}/g, '$& ')],
  ['a key in JSON', JSON.stringify(BODY.replaceAll('\n', '').replace(/.{38}/g, '$&\n'))],
])('redacts %s', (_, text) => {
  expect(longestShared(redacted(text), BODY)).toBeLessThanOrEqual(8);
});

test('redacts base64 of a key', () => {
  const encoded = Buffer.from(KEY).toString('base64');
  expect(longestShared(redacted(encoded), encoded)).toBeLessThanOrEqual(8);
  const token = randomBytes(60).toString('base64url');
  expect(longestShared(redacted(`Bearer ${token}0aA`), token)).toBeLessThanOrEqual(8);
});

test.each([
  ['of RSA', () => generateKeyPairSync('rsa', { modulusLength: 2048 })], ['of a curve', () => generateKeyPairSync('ec', { namedCurve: 'P-256' })], ['of Ed25519', () => generateKeyPairSync('ed25519')],
])('cuts the beginning of a key %s, however short, since a text may end there', (_, makeKeys) => {
  const encoded = makeKeys().privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64');
  for (const length of [12, 16, 30, 39]) expect(redacted(`labels: "${encoded.slice(0, length)}`)).toBe(`labels: "${encoded.slice(0, 8)}… (${length - 8} characters not shown)`);
});

test('redacts short parts of a key next to each other', () => {
  const parts = ['Kz3qPpW9dXe2', 'tR8vLm4sYb7N', 'lrv8vzn8d1v5', 'Q2wEa9ZxC5rT', 'h7UjM1kIo0Pl'];
  expect(redacted(`the label is '${parts.join(' ')}'`)).toBe("the label is 'Kz3q… (60 characters not shown)'");
});

test('keeps the text around a key, and the number of hidden characters', () => {
  expect(redacted('a -----BEGIN X-----\nabc\n-----END X----- b')).toBe('a -----BEGIN… (27 characters not shown) b');
});

test.each([
  'outbound_.9080_._.reviews.shop.svc.cluster.local',
  'spiffe://cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account',
  'docker.io/istio/proxyv2@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
  'spec.trafficPolicy.portLevelSettings[0].connectionPool.http.maxRequestsPerConnection is 5',
  'ValidatingWebhookConfiguration istio-validator-istio-system',
  'PeerAuthentication istio-system/a-policy-with-a-long-name-v1 and DestinationRule shop/ReviewsV1 beside it',
])('keeps %s, which is no secret', (text) => {
  expect(redacted(text)).toBe(text);
});

test('redacts keys at any place of a value, including field names', () => {
  const body = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().split('\n').slice(1, -2).join('');
  const value = redactedValue({ ports: [{ [body]: 9080, a: { list: [body] } }] });
  expect(JSON.stringify(value)).not.toContain(body.slice(0, 12));
  expect(value.ports[0]).toMatchObject({ [`${body.slice(0, 8)}… (${body.length - 8} characters not shown)`]: 9080 });
});

test('redacts every text of a finding, and adds no missing ones', () => {
  const finding = redactedTexts({ code: 'X', actual: KEY, expected: KEY, because: KEY, fix: KEY });
  expect(longestShared(JSON.stringify(finding), BODY)).toBeLessThanOrEqual(8);
  expect(redactedTexts({ actual: 'a', expected: 'b', fix: 'c' })).toEqual({ actual: 'a', expected: 'b', fix: 'c' });
});

test.each([['letters', 'a'.repeat(8_000_000)], ['base64', 'aB3'.repeat(3_000_000)], ['lines of base64', `${'aB3'.repeat(20)}\n`.repeat(100_000)], ['PEM', `-----BEGIN X-----\n${'aB3\n'.repeat(1_000_000)}`]])('reads millions of %s', (_, text) => {
  expect(redacted(text).length).toBeLessThanOrEqual(text.length);
});

test.each([['U+200B', '\u200b'], ['U+2060', '\u2060'], ['U+FEFF', '\ufeff'], ['U+00AD', '\u00ad']])('the invisible character %s doesn\'t split a key', (_, unseen) => {
  const key = `MIIEvgIBADANBgkqhkiG9w0BAQEF${unseen}AASCBKgwggSkAgEAAoIBAQCVPMjLLUfWtERM`;
  expect(redacted(`kind is ${key}`)).toBe(`kind is MIIEvgIB… (${key.length - 8} characters not shown)`);
});

test.each([
  ['a string in quotes', 'a', '\'a\''], ['an empty string in quotes', '', '\'\''], ['a number', 5, '5'], ['a list as JSON', ['a'], '["a"]'], ['an object as JSON', { a: 1 }, '{"a":1}'],
  ['undefined as missing', undefined, 'missing'], ['null', null, 'null'], ['a long string shortened', 'a'.repeat(100), `'${'a'.repeat(78)}…`],
])('shows %s', (_, value, text) => {
  expect(shown(value)).toBe(text);
});

test.each([
  ['keeps harmless text', 'Gateway shop/a: #1 of ::1, fd00::1, 日本 é\t#', 'Gateway shop/a: #1 of ::1, fd00::1, 日本 é\t#'],
  ['escapes control characters', 'a\u001b[31m\r\n\u0085\u007f', 'a\\u001b[31m\\u000d\\u000a\\u0085\\u007f'],
  ['escapes line ends of Unicode', 'a\u2028b\u2029', 'a\\u2028b\\u2029'],
  ['escapes characters that change the direction of writing', '\u061c\u200e\u200f\u202a\u202e\u2066\u2069', '\\u061c\\u200e\\u200f\\u202a\\u202e\\u2066\\u2069'],
  ['escapes invisible characters', '\u200b\u200d\u2060\ufeff\u00ad\u3164\u{e0041}', '\\u200b\\u200d\\u2060\\ufeff\\u00ad\\u3164\\udb40\\udc41'],
  ['escapes halves of characters', '\ud83d\ude00 \ud83d \ude00', '\ud83d\ude00 \\ud83d \\ude00'],
  ['escapes a command of GitHub', '::stop-commands::x', '\\u003a:stop-commands::x'],
  ['escapes a command of GitHub after blanks', 'a \u3000::error file=a::b', 'a \u3000\\u003a:error file=a::b'],
  ['escapes an older command of GitHub anywhere', 'a##[error]b', 'a#\\u0023[error]b'],
  ['escapes a command of Azure', 'a##VSO[task.setvariable variable=x]b', 'a#\\u0023VSO[task.setvariable variable=x]b'],
  ['escapes a command of TeamCity', '###teamcity[x]', '##\\u0023teamcity[x]'],
])('the printed form %s', (_, text, expected) => {
  expect(printable(text)).toBe(expected);
});

test('the printed form of several lines keeps their ends', () => {
  expect(printableLines('a\n ::error::b\r\n')).toBe('a\n \\u003a:error::b\\u000d\n');
});

test('printed text never contains a terminal or CI runner command', () => {
  fc.assert(fc.property(hostile, fc.constantFrom('', ' ', '  - ', 'kind '), (text, before) => {
    const line = `${before}${printable(text)}`;
    expect(line).not.toMatch(UNSEEN);
    expect(line).not.toMatch(command);
    for (const word of printable(text).split(' ')) expect(word).not.toMatch(command);
  }), { numRuns: casesOf('texts').count(2000) });
});

test('printable JSON parses to the same value', () => {
  fc.assert(fc.property(fc.dictionary(hostile, hostile), (value) => {
    const json = printableJson(JSON.stringify(value, null, 2));
    expect(JSON.parse(json)).toEqual(value);
    for (const line of json.split('\n')) {
      expect(line).not.toMatch(UNSEEN);
      expect(line).not.toMatch(command);
    }
  }), { numRuns: casesOf('texts').count(1000) });
});
