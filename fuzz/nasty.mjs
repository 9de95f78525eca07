// What hostile or careless manifests hold: values, and pieces of text.
import { generateKeyPairSync } from 'node:crypto';

/** A private key of this run, and parts of it that no output may hold. */
export const PRIVATE_KEY = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const KEY = PRIVATE_KEY.export({ type: 'pkcs8', format: 'pem' });
const BODY = KEY.split('\n').slice(1, -2).join('');

/** A password, in the Secrets that are written among the manifests. */
const PASSWORD = 'correct-Horse7battery';

const PART = 12;
const SECRETS = [
  PASSWORD, Buffer.from(PASSWORD).toString('base64'),
  // A leak of twice as many characters holds one of these.
  ...Array.from({ length: Math.floor(BODY.length / PART) }, (_, index) => BODY.slice(index * PART, (index + 1) * PART)),
];

/** With so many letters every RSA key of this length begins. */
const HEADER = 60;

/** Parts of the key that no output may hold even in groups: longer than what is shown to recognize a key by. */
const IN_GROUPS = Array.from({ length: Math.floor((BODY.length - HEADER) / PART) - 1 }, (_, index) => BODY.slice(HEADER + index * PART, HEADER + (index + 2) * PART));

/** The first secret that an output holds, as it is or with something between its letters. */
export function leakedIn(output) {
  const letters = output.replace(/\\[nrt]|[^A-Za-z0-9+/]/g, '');
  return SECRETS.find((secret) => output.includes(secret)) ?? IN_GROUPS.find((part) => letters.includes(part));
}

/** The key as it gets into manifests with something between its letters. */
function keyInGroups(size, separator) {
  return BODY.match(new RegExp(`.{1,${size}}`, 'g')).join(separator);
}

/** A document that no line may be shown of. */
export const SECRET_DOCUMENTS = [
  `apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n  namespace: shop\n  labels:\n    istio.io/rev: ${PASSWORD}!\nstringData:\n  password: ${PASSWORD}\n`,
  `apiVersion: v1\nkind: !!str Secret\nmetadata:\n  name: a\n  labels: {istio.io/rev: "${PASSWORD} "}\n`,
  `apiVersion: v1\nkind: "\\u0053ecret"\nmetadata:\n  name: a\n  annotations:\n    istio.io/inject: ${PASSWORD}\ndata:\n  x: ${Buffer.from(PASSWORD).toString('base64')}\n`,
  `apiVersion: v1\nkind: Secret\nmetadata: {name: cacerts, namespace: istio-system}\ndata:\n  ca-key.pem: ${Buffer.from(KEY).toString('base64')}\n  ca-cert.pem: ${Buffer.from(KEY).toString('base64')}\n`,
];

/** In place of a value. */
export const VALUES = [
  'null', '~', '""', '" "', '*', '"*"', '.', '~x', '0', '-1', '1.5', '1e400', '.nan', '0x10', '9'.repeat(400), 'yes', 'no', 'true', '2001-01-01', '12:30',
  '[]', '{}', '[[]]', '[{}]', '[null]', '{toString: 1}', '{__proto__: {a: 1}}', '{constructor: x}', '{"": ""}', '[a, [b, [c]]]',
  'toString', 'constructor', '__proto__', 'hasOwnProperty', '"\\u0000"', '"\\u001b[31mred"', '"\\u202etxt"', '"\\u061c"', '"a\\nb"', '"::error::x"', '"a\\n::stop-commands::x"',
  '"##[error]x"', '"##vso[task.setvariable variable=x]y"', '"\\u2028::error::x"', '"\\u0085##[group]x"', '"a\\r::warning::x"', '"<script>"', '"]]>"', '"=cmd|x"', '"%0A::error::x"',
  '"\\ud800"', '"😀"', '!!str 1', '!!binary aGk=', '!x y', '&a [*a]', '&a {b: *a}', '"{{ .Values.x }}"', `"${'a'.repeat(70_000)}"`, `"${'a.'.repeat(200)}"`, `"${'(a+)+'.repeat(20)}"`,
  JSON.stringify(KEY), JSON.stringify(BODY), `"${BODY.slice(0, 64)}"`,
  ...[3, 8, 11, 16, 32].map((size) => `"${keyInGroups(size, ' ')}"`), `["${keyInGroups(11, '", "')}"]`, `{"${keyInGroups(11, '": "", "')}": ""}`, `"${keyInGroups(8, '\\n')}"`, `>-\n        ${keyInGroups(10, '\n        ')}`,
];

/** Between any two characters. */
export const PIECES = [
  '\t', '\r', '\r\n', '\n\n', '\u0000', '\u001b[2J', '\u0085', '\u2028', '\u2029', '\ufeff', '\u202e', '\u061c', '\u200b', '---\n', '--- ', '...\n', '%YAML 1.1\n', '# ', ' #', ': ', '- ', '? ',
  '"', '\'', '[', ']', '{', '}', ',', '&a ', '*a', '!!str ', '|\n', '>-\n', '<<: ', '{{ x }}', '\n::error::x\n', '##[error]', '\\', '`', '@', '😀', '\ud800', 'kind: List\n', 'items:\n', 'apiVersion: v1\n',
];
