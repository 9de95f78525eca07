// Manifests of the repository, changed at random: the same seed gives the same texts.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PIECES, SECRET_DOCUMENTS, VALUES } from './nasty.mjs';

const RULES = fileURLToPath(new URL('../test/analysis/rules/', import.meta.url));

/** The examples of all rules: small meshes with something to say of. */
const FIXTURES = readdirSync(RULES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml')).sort()
  .map((name) => readFileSync(join(RULES, name), 'utf8'));

/** A text of manifests with some of the mutations in it, and often a Secret beside them: that one is as it is, or it were none. */
export function mutated(random) {
  let text = random.one(FIXTURES);
  for (let count = random.below(5); count > 0; count -= 1) text = random.one(MUTATIONS)(text, random);
  const secret = random.one(SECRET_DOCUMENTS);
  return random.one([text, `${text}\n---\n${secret}`, `${secret}---\n${text}`]);
}

/** A text of another kind, with up to three mutations in it. */
export function spoiled(text, random) {
  let changed = text;
  for (let count = random.below(4); count > 0; count -= 1) changed = random.one(MUTATIONS)(changed, random);
  return changed;
}

/** Both only at the beginning of a word, or a line of a hundred thousand letters would take minutes. */
const LAST_WORD = /(?<![\w-])[\w-]+$/;
const KEY = /(?<![\w./-])[\w./-]+:/;

const MUTATIONS = [
  (text, random) => onLine(text, random, (line) => line.replace(/: .*$|:$/, `: ${random.one(VALUES)}`)),
  (text, random) => onLine(text, random, (line) => line.replace(/: .*$|:$/, `: ${random.one(VALUES)}`)),
  (text, random) => onLine(text, random, (line) => line.replace(KEY, `${random.one(VALUES)}:`)),
  (text, random) => onLine(text, random, () => ''),
  (text, random) => onLine(text, random, (line) => `${line}\n${line}`),
  (text, random) => onLine(text, random, (line) => ' '.repeat(random.below(9)) + line.trim()),
  (text, random) => onLine(text, random, () => random.one(random.one(FIXTURES).split('\n'))),
  (text, random) => insert(text, random, random.one(PIECES)),
  (text, random) => insert(text, random, random.one(PIECES)),
  (text, random) => text.slice(0, random.below(text.length)),
  (text, random) => `${text}\n---\n${random.one(FIXTURES)}`,
  (text, random) => onLine(text, random, (line) => Array.from({ length: 300 }, (_, index) => line.replace(LAST_WORD, `$&${index}`)).join('\n')),
  (text) => text.replace(/\n/g, '\r\n'),
  (text) => `apiVersion: v1\nkind: List\nitems:\n${text.split(/^---\n/m).map((document) => document.replace(/^(?=.)/gm, '    ').replace(/^ {4}(?=\S)/m, '  - ')).join('')}`,
];

function onLine(text, random, change) {
  const lines = text.split('\n');
  const at = random.below(lines.length);
  lines[at] = change(lines[at]);
  return lines.join('\n');
}

function insert(text, random, piece) {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + piece + text.slice(at);
}
