// Phrases that have made riddles of sentences: each leaves out what the sentence is about.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const ROOT = join(__dirname, '../../..');
const FOLDERS = ['src', 'docs', 'test', 'conformance', 'exploration', 'bench', 'fuzz', 'tools', 'package-test', 'report-page', 'examples', 'action'];
const TEXTS = /\.(?:ts|mjs|cjs|md|yaml|txt)$/;

/** A phrase, and what to write instead. */
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [/\bnobody knows\b/i, 'that it is unknown or undecided, and why'],
  [/\bwhat (?:comes|becomes|came|became) of\b/i, 'the outcome, the effect, or how it is handled'],
  [/\bunless told\b/i, 'the default'],
  [/\btold by (?:a base|itself|its neighbours)\b/i, 'where it is stated, stored or matched'],
  [/\btakes whatever comes\b/i, 'what it accepts'],
  [/\bgets told what\b/i, 'what it receives'],
  [/\bwhat is to be everywhere\b/i, 'what all proxies need'],
];

/** The conformance suite counts texts by the names of their features, and its page has them. */
const NAMES = ['a tag that nobody knows'];

function refusedIn(text: string): readonly string[] {
  const line = NAMES.reduce((rest, name) => rest.replaceAll(name, ''), text.replace(/\s*\n[ \t]*(?:\*(?!\/)|\/\/|#)?[ \t]*/g, ' '));
  return REFUSED.flatMap(([phrase, instead]) => line.match(phrase)?.map((found) => `'${found}'. Fix: write ${instead}`) ?? []);
}

test('no text of the project has a phrase that makes riddles', () => {
  const files = FOLDERS.flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(ROOT, folder, path)))
    .filter((path) => TEXTS.test(path) && !path.split(sep).includes('node_modules') && path !== __filename);
  expect(files.length).toBeGreaterThan(1000);
  const texts = [...files, join(ROOT, 'README.md'), join(ROOT, 'CONTRIBUTING.md')].map((path) => [relative(ROOT, path), readFileSync(path, 'utf8')]);
  expect(texts.flatMap(([path, text]) => refusedIn(text).map((fault) => `${path}: ${fault}`))).toEqual([]);
});

test.each([
  ['/** Why nobody knows what becomes of it. */', 2],
  ['/**\n * Why nobody\n * knows it.\n */', 1],
  ['// of these nobody\n  // knows it', 1],
  ['Large sets are told by a base.', 1],
  ['90 days unless told otherwise', 1],
  ['a tag that nobody knows', 0],
  ['nobody may call it, and its outcome is unknown', 0],
])('%j has %i', (text, count) => {
  expect(refusedIn(text)).toHaveLength(count);
});
