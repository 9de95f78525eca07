import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXPECTATION_FIELDS } from '../../../src/expectations/expectation';
import { readExpectations } from '../../../src/expectations/expectations-file';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';

afterAll(removeFolders);

const ROOT = join(__dirname, '../../..');
const PAGE = readFileSync(join(ROOT, 'docs/test.md'), 'utf8');
const MANIFESTS = /```yaml\n([^]*?)```/.exec(readFileSync(join(ROOT, 'docs/cli/check.md'), 'utf8'))![1];

/** The block of a language below a heading. */
const block = (heading: string, language: string): string => new RegExp(`^#+ ${heading}\n[^]*?\`\`\`${language}\n([^]*?)\`\`\``, 'm').exec(PAGE)![1];

test('docs/test.md shows what test prints', async () => {
  const cwd = folderWith({ 'dist/shop.k8s.yaml': MANIFESTS, 'mesh-tests.yaml': block('An example', 'yaml') });
  const printed = async (format: string) => (await command(['test', 'mesh-tests.yaml', 'dist/', '-o', format], { cwd })).out;
  expect(await printed('text')).toBe(block('An example', 'text'));
  expect(await printed('junit')).toBe(block('As JUnit', 'xml'));
  expect(JSON.parse(await printed('json')).tests.at(-1)).toEqual(JSON.parse(block('As JSON', 'json')));
  expect((await command(['test', 'mesh-tests.yaml', 'dist/'], { cwd })).exitCode).toBe(1);
});

test('docs/test.md shows the message for a fault of the file', async () => {
  const cwd = folderWith({ 'dist/shop.k8s.yaml': MANIFESTS, 'mesh-tests.yaml': 'tests:\n  - { to: payments/*, nevr: plaintext, is: mtls }\n' });
  expect((await command(['test', 'mesh-tests.yaml', 'dist/'], { cwd })).error).toBe(block('What fails', 'text'));
});

test('the tests of the page can be read', () => {
  const all = [...PAGE.matchAll(/```yaml\n((?:#[^\n]*\n)?tests:\n[^]*?)```/g)];
  expect(all.length).toBeGreaterThan(0);
  for (const [, text] of all) expect(readExpectations(text, 'docs/test.md').expectations.length).toBeGreaterThan(2);
});

test('docs/test.md lists every field', () => {
  expect(EXPECTATION_FIELDS.filter((field) => !PAGE.includes(`| \`${field}\` |`) && !PAGE.includes(`(\`${field}\`)`))).toEqual([]);
});
