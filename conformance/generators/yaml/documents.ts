// Documents as they follow each other in a text, with markers, directives and line ends.
import { between, mapping, sequence, value, type Entry } from './block';
import { flow } from './flow';
import { jsonObject } from './json';
import { newKey } from './keys';
import { withLineEnds } from './line-ends';
import { oneLine } from './scalars';
import { type Choice, type Writing } from './writing';

const KINDS = [['security.istio.io/v1', 'PeerAuthentication'], ['networking.istio.io/v1', 'DestinationRule'], ['v1', 'Service'], ['v1', 'ConfigMap'], ['apps/v1', 'Deployment']];

const DOCUMENTS: readonly Choice[] = [
  [70, undefined, manifest],
  [6, 'a List', list],
  [4, 'an empty document', ({ random }) => random.pick(['', '\n', '\n\n', '  \n'])],
  [3, 'a document of comments', ({ random }) => random.pick(['# c\n', '\n# a: b\n#\n', '# ---\n', '  # c\n'])],
  [4, 'JSON among YAML documents', (writing) => `${jsonObject(writing)}\n`],
  [4, 'a document that is no mapping', (writing) => `${writing.random.chance(0.5) ? sequence(writing, 0, 2) : oneLine(writing)}\n`],
  [4, 'a document in flow style', (writing) => `${flowManifest(writing)}\n`],
  [2, 'a document that is no mapping', (writing) => `${value(writing, -1, 2).trimStart()}\n`],
];

/** A text of some documents. */
export function documents(writing: Writing): string {
  const { random } = writing;
  let text = opening(writing);
  const count = random.chance(0.7) ? 1 : random.between(2, 3);
  for (let number = 0; number < count; number += 1) {
    if (number > 0) {
      writing.features.add('several documents');
      text += `${ending(writing)}${writing.choose(MARKERS)}`;
    }
    // Anchors are known within their document.
    writing.anchors = [];
    text += writing.choose(DOCUMENTS);
    if (!text.endsWith('\n')) text += '\n';
  }
  if (writing.sometimes(0.05, 'a marker at the end')) text += random.pick(['---\n', '---', '--- ']);
  return withLineEnds(writing, text);
}

const MARKERS: readonly Choice[] = [
  [60, undefined, () => '---\n'],
  [6, 'a marker with a comment', ({ random }) => random.pick(['--- # c\n', '---  # Source: shop/templates/web.yaml\n', '--- #\n'])],
  [4, 'a marker with spaces', ({ random }) => random.pick(['--- \n', '---   \n', '---\r\n'])],
  [2, 'a marker with a tab', ({ random }) => random.pick(['---\t\n', '---\t# c\n', '--- \t\n'])],
  [1.5, 'a marker with content', ({ random }) => random.pick(['--- {a: 1}\n', '--- a\n', '--- |\n  a\n', '--- &a\n', '--- !!map\n', '--- "a\n  b"\n', '--- - a\n', '--- >-\n'])],
  [1.5, 'a marker that isn\'t one', ({ random }) => random.pick(['----\n', '---a\n', '--\n', ' ---\n', '---#\n', '\t---\n', '--- ---\n', '---: 1\n', '---\u00a0\n', '---\u2028', '\u2028---\n', '\r---\r'])],
];

function opening(writing: Writing): string {
  const { random } = writing;
  let text = '';
  if (writing.sometimes(0.02, 'a document of comments')) text += '# Copyright\n\n';
  if (writing.sometimes(0.01, '%YAML')) text += `%YAML ${random.pick(['1.1', '1.1', '1.1 # c', '1.2', '2.0', '1', 'x'])}\n${random.pick(['---\n', '---\n', ''])}`;
  else if (writing.sometimes(0.01, '%TAG')) text += `%TAG ${random.pick(['!e! tag:e.com,2024:', '! !x-', '!! tag:yaml.org,2002:', '!e! !', '!! !x', '!e!'])}\n---\n`;
  else if (writing.sometimes(0.006, 'another directive')) text += random.pick(['%FOO bar\n---\n', '% \n---\n', '%YAML 1.1\n%YAML 1.1\n---\n', '%\n', '%a: 1\n']);
  else if (writing.sometimes(0.2, 'a marker at the beginning')) text += random.chance(0.8) ? '---\n' : writing.choose(MARKERS);
  return text;
}

function ending(writing: Writing): string {
  const { random } = writing;
  if (writing.sometimes(0.05, '... at the end of a document')) return random.pick(['...\n', '... \n', '... # c\n', '...\n...\n', '...\t\n']);
  if (writing.sometimes(0.02, 'content behind the end of a document')) return random.pick(['...\nkind: Hidden\napiVersion: v1\n', '... a\n', '...\n{a: 1}\n', '....\n', '...x: 1\n', '...\n%YAML 1.1\n', '...\n# c\nspec: 1\n']);
  return '';
}

function head(writing: Writing): Entry[] {
  const { random } = writing;
  const [apiVersion, kind] = random.pick(KINDS);
  const name = random.pick(['a', 'default', 'web']);
  const metadata = random.pick([`\n  name: ${name}`, `\n  name: ${name}\n  namespace: shop`, ` {name: ${name}}`]);
  return [['apiVersion', ` ${apiVersion}`], ['kind', ` ${kind}`], ['metadata', metadata]];
}

function manifest(writing: Writing): string {
  const lead = between(writing, '');
  const first = head(writing);
  if (writing.random.chance(0.6)) first.push(['spec', value(writing, 0, 4)]);
  const [start, ...rest] = first;
  return `${lead}${writing.random.chance(0.95) ? mapping(writing, 0, 4, first) : mapping(writing, 0, 4, [...rest, start])}\n`;
}

function flowManifest(writing: Writing): string {
  const [apiVersion, kind] = writing.random.pick(KINDS);
  const taken = new Set<string>(['apiVersion', 'kind']);
  const more = writing.random.list(0, 2, () => `, ${newKey(writing, taken)}: ${flow(writing, '  ', 2)}`).join('');
  return `{apiVersion: ${apiVersion}, kind: ${kind}${more}}`;
}

function list(writing: Writing): string {
  const { random } = writing;
  let kind = random.pick(['List', 'List', 'ConfigMapList']);
  if (writing.sometimes(0.1, 'items of another kind')) kind = random.pick(['Shelf', 'ListOf', 'Lists']);
  const items = random.list(0, 3, () => `- ${itemOf(writing, kind)}`).join('\n');
  return `apiVersion: v1\nkind: ${kind}\nitems:${items === '' ? random.pick([' []', '', ' null', ' {}', ' 1']) : `\n${items}`}\n`;
}

function itemOf(writing: Writing, kind: string): string {
  const { random } = writing;
  if (writing.sometimes(0.08, 'a List of Lists')) return `apiVersion: v1\n  kind: List\n  items: [{apiVersion: v1, kind: ${kind}, a: b}]`;
  if (writing.sometimes(0.08, 'an item with items')) {
    const lead = random.pick(['', 'apiVersion: v1\n  ', 'kind: ConfigMap\n  ', 'apiVersion: v1\n  kind: ConfigMap\n  ']);
    return `${lead}items:${random.pick(['', ' null', ' []', ' {}', ' 1', ' [{}]', ' [null]', ' [1]'])}`;
  }
  if (writing.sometimes(0.1, 'items without kind')) return mapping(writing, 2, 1);
  return mapping(writing, 2, 2, head(writing).map(([key, text]) => [key, text.replaceAll('\n', '\n  ')] as const));
}
