import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ReportData } from '../../src/report/data';
import { reportDocument } from '../../src/report/document';

const ROOT = join(__dirname, '..', '..');
const read = (...path: string[]) => readFileSync(join(ROOT, ...path), 'utf8');
const ASSETS = { script: read('lib', 'report', 'page.js'), styles: read('lib', 'report', 'page.css') };

const dataWith = (text: string) => ({ paths: [text] }) as unknown as ReportData;
const policyOf = (page: string) => new Map(/Content-Security-Policy" content="([^"]*)"/.exec(page)![1].split('; ').map((one) => [one.split(' ')[0], one.split(' ').slice(1)] as const));
const contentOf = (page: string, tag: string) => new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(page)![1];

test('the Content-Security-Policy blocks all resources but the page\'s script and styles, by hash', () => {
  const page = reportDocument(dataWith('dist'), ASSETS);
  const hash = (tag: string) => `'sha256-${createHash('sha256').update(contentOf(page, tag)).digest('base64')}'`;
  expect(Object.fromEntries(policyOf(page))).toEqual({
    'default-src': ["'none'"],
    'script-src': [hash('script')],
    'style-src': [hash('style')],
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
    'require-trusted-types-for': ["'script'"],
    'trusted-types': ["'none'"],
  });
  expect(page.indexOf('Content-Security-Policy')).toBeLessThan(page.indexOf('<style'));
  expect(page).not.toMatch(/unsafe|<link|<img|\ssrc=|@import|url\(/);
});

test.each([['</script><script>alert(1)</script>'], ['<!--<script>'], [']]>'], ['\u2028\u2029'], ['${x}'], ['"\\\'']])('%j stays data', (text) => {
  const page = reportDocument(dataWith(text), ASSETS);
  const scripts = [...page.matchAll(/<script/gi)];
  expect(scripts).toHaveLength([...reportDocument(dataWith(''), ASSETS).matchAll(/<script/gi)].length);
  const [, json] = /<script type="application\/json" id="data">([^<]*)<\/script>/.exec(page)!;
  expect(JSON.parse(json)).toEqual({ paths: [text] });
});

test('script and styles are small, in ASCII, and close no element', () => {
  for (const text of Object.values(ASSETS)) {
    expect(text).not.toMatch(/[^\0-\x7f]|<\/(?:script|style)|<!--/i);
    expect(text.length).toBeGreaterThan(5_000);
  }
  expect(ASSETS.script.length + ASSETS.styles.length).toBeLessThan(150_000);
});

test('the script creates no markup and runs no code from text', () => {
  expect(ASSETS.script).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|srcdoc|\beval\(|new Function|\bfetch\(|XMLHttpRequest|import\(/);
});

test('each page has the licence of dagre', () => {
  for (const name of ['dagre', 'graphlib']) expect(ASSETS.script).toContain(read('node_modules', '@dagrejs', name, 'LICENSE').trim());
  const { version } = JSON.parse(read('node_modules', '@dagrejs', 'dagre', 'package.json'));
  expect(ASSETS.script).toContain(`@dagrejs/dagre ${version}`);
});
