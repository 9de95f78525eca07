// Every relative link of a page refers to a file of the repository, and its anchor to a heading there.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const ROOT = join(__dirname, '..', '..', '..');

const pages = [
  ...['README.md', 'API.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
  ...['bench', 'conformance', 'exploration', 'fuzz', 'imports', 'package-test', 'report-page'].map((folder) => join(folder, 'README.md')),
  ...['docs', 'examples'].flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.includes('node_modules')).map((name) => join(folder, name))),
];

/** The text without code. */
const prose = (text: string) => text.replace(/^(`{3,}).*\n[^]*?^\1$/gm, '').replace(/(`+)[^`][^]*?\1/g, (code) => (code.includes('](') ? '' : code));

interface Link {
  readonly target: string;
  readonly anchor?: string;
}

/** Links without a scheme. */
function linksOf(text: string): readonly Link[] {
  return [...prose(text).matchAll(/(?:\]\(|<a href=")(?!\w+:)([^)"#\s]*)(?:#([^)"\s]+))?[)"]|<img [^>]*src="(?!\w+:)([^"]+)"/g)].map(([, path, anchor, image]) => ({ target: path ?? image, anchor }));
}

/** As GitHub names headings: small letters, no punctuation, and a number where the name was there before. */
function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set([...text.matchAll(/<a (?:[^>]* )?id="([^"]+)"/g)].map(([, id]) => id));
  const times = new Map<string, number>();
  for (const [, heading] of text.replace(/^(`{3,}).*\n[^]*?^\1$/gm, '').matchAll(/^#{1,6} +(.*?)(?: <a .*)?$/gm)) {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase().replace(/[^\p{L}\p{N}\p{M} _-]/gu, '').replaceAll(' ', '-');
    const before = times.get(plain) ?? 0;
    times.set(plain, before + 1);
    anchors.add(before === 0 ? plain : `${plain}-${before}`);
  }
  return anchors;
}

const known = new Map<string, ReadonlySet<string>>();

function faultOf(page: string, { target, anchor }: Link): string | undefined {
  const file = target === '' ? join(ROOT, page) : join(ROOT, dirname(page), decodeURI(target));
  const told = `${page}: ${target}${anchor === undefined ? '' : `#${anchor}`}`;
  if (relative(ROOT, file).startsWith('..') || !existsSync(file)) return `${told} isn't there`;
  if (anchor === undefined || statSync(file).isDirectory()) return undefined;
  if (!known.has(file)) known.set(file, anchorsOf(readFileSync(file, 'utf8')));
  return known.get(file)!.has(anchor) ? undefined : `${told} has no such heading`;
}

test('every link of README, docs and examples has a target', () => {
  const links = pages.flatMap((page) => linksOf(readFileSync(join(ROOT, page), 'utf8')).map((link) => [page, link] as const));
  expect(links.length).toBeGreaterThan(500);
  expect(links.map(([page, link]) => faultOf(page, link)).filter(Boolean)).toEqual([]);
});

test.each([
  ['[a](docs/nothing.md)', 'README.md: docs/nothing.md isn\'t there'],
  ['[a](docs/cli.md#nothing)', 'README.md: docs/cli.md#nothing has no such heading'],
  ['[a](#nothing)', 'README.md: #nothing has no such heading'],
  ['<a href="docs/cli.md#nothing">a</a>', 'README.md: docs/cli.md#nothing has no such heading'],
  ['<img alt="" src="docs/nothing.svg">', 'README.md: docs/nothing.svg isn\'t there'],
  ['[a](../elsewhere.md)', 'README.md: ../elsewhere.md isn\'t there'],
  ['[a](docs/cli.md#exit-codes) [b](docs) [c](https://istio.io/#a) `[d](docs/nothing.md)`', undefined],
])('%s', (text, fault) => {
  expect(linksOf(text).map((link) => faultOf('README.md', link)).find(Boolean)).toBe(fault);
});

test.each([
  ['## From YAML to constructs: istio-mtls adopt', 'from-yaml-to-constructs-istio-mtls-adopt'],
  ['## A\n## A', 'a-1'],
  ['### Sidecars of somebody\'s own', 'sidecars-of-somebodys-own'],
  ['### MtlsMode <a name="MtlsMode" id="cdk8s-istio-mtls.MtlsMode"></a>', 'cdk8s-istio-mtls.MtlsMode'],
])('%s is found as %s', (text, anchor) => {
  expect(anchorsOf(text)).toContain(anchor);
});
