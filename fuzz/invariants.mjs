// What holds of every output, whatever the manifests say.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { fileURLToPath } from 'node:url';
import { Validator } from '@cfworker/json-schema';
import { leakedIn } from './nasty.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const read = (path) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));

/** The schemas that others refer to. */
const SHARED = ['common'];

function validatorOf(name) {
  const made = new Validator(read(`docs/schemas/${name}.schema.json`), '2020-12');
  for (const shared of SHARED) made.addSchema(read(`docs/schemas/${shared}.schema.json`), `https://github.com/${shared}.schema.json`);
  return made;
}

const SCHEMAS = {
  'ca inspect json': validatorOf('ca-inspect'),
  'check json': validatorOf('check'),
  'connections json': validatorOf('connections'),
  'connections json2': validatorOf('connections-2'),
  'diff json': validatorOf('diff'),
  'explain json': validatorOf('explain'),
  'plan json': validatorOf('plan'),
  'plan to-strict json': validatorOf('migration'),
  'plan to-trust-domain mesh.example json': validatorOf('trust-domain'),
  'test json': validatorOf('test'),
  'validate json': validatorOf('validate'),
  sarif: new Validator(read('test/schemas/sarif-2.1.0.json'), '4'),
};

/** Control characters, those that turn the direction of writing, and Unicode's own line ends. */
// eslint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

/** What a CI runner takes for a command. */
const RUNNER_COMMAND = /^\s*(?:::|##\[)|##vso\[/;
const OUR_ANNOTATION = /^::(?:error|warning|notice) [^:]*::[^\r\n]*$/;

/** What is wrong with the outcome of a command line: the first thing, or undefined. */
export function faultOf({ verb, format, version = '', options = [], exitCode, out, error }) {
  const both = out + error;
  const secret = leakedIn(both);
  if (secret) return `shows a secret: ${secret}`;
  if (![0, 1, 2].includes(exitCode)) return `exit code ${exitCode}`;
  const trace = /\n\s+at .*:\d+:\d+|\b(?:TypeError|RangeError|SyntaxError|ReferenceError)\b|\[object \w+\]|could not finish/.exec(both);
  if (trace) return `shows ${JSON.stringify(trace[0])}`;
  return faultOfLines(error) ?? (exitCode === 2 && out === '' ? undefined : faultOfFormat([verb, ...options, `json${version}`].join(' '), format, out));
}

function faultOfFormat(schema, format, out) {
  switch (format) {
    case 'json': return notOfSchema(SCHEMAS[schema], out);
    case 'sarif': return notOfSchema(SCHEMAS.sarif, out);
    case 'github': return faultOfLines(out.split('\n').filter((line) => !OUR_ANNOTATION.test(line)).join('\n'));
    case 'csv': case 'junit': return UNPRINTABLE.exec(out.replaceAll('\r\n', '\n')) ? 'holds a control character' : undefined;
    default: return faultOfLines(out);
  }
}

function faultOfLines(text) {
  const plain = stripVTControlCharacters(text);
  const odd = UNPRINTABLE.exec(plain);
  if (odd) return `holds the character U+${odd[0].charCodeAt(0).toString(16)}`;
  const line = plain.split('\n').find((one) => RUNNER_COMMAND.test(one));
  return line === undefined ? undefined : `commands a CI runner: ${line}`;
}

function notOfSchema(schema, text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `is no JSON: ${error.message}`;
  }
  if (!schema) return undefined;
  const { valid, errors } = schema.validate(value);
  return valid ? undefined : `is not of its schema: ${errors.at(-1).instanceLocation} ${errors.at(-1).error}`;
}
