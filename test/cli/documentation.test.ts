import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../support/command';
import { folderWith, removeFolders } from '../support/scratch';

afterAll(removeFolders);

const page = readFileSync(join(__dirname, '../../docs/cli.md'), 'utf8');

/** The first block of a language below a heading, and below one within its section. */
function block(heading: string, language: string, within = ''): string {
  return new RegExp(`^## ${heading}\n[^]*?${within}\n[^]*?\`\`\`${language}\n([^]*?)\`\`\``, 'm').exec(page)![1];
}

/** What a verb prints of the block of YAML below a heading. */
async function printed(heading: string, ...args: string[]) {
  const dist = join(folderWith({ 'dist/shop.k8s.yaml': block(heading, 'yaml') }), 'dist');
  const { out, exitCode } = await command([...args, dist]);
  return { exitCode, out: out.replaceAll(dist, 'dist') };
}

test('docs/cli.md shows what validate prints', async () => {
  expect(await printed('validate', 'validate')).toEqual({ exitCode: 1, out: block('validate', 'text') });
  const { out } = await printed('validate', 'validate', '-o', 'json');
  expect(JSON.parse(out).findings[0]).toEqual(JSON.parse(block('validate', 'json')));
});

test('docs/cli.md shows what check prints', async () => {
  expect(await printed('check', 'check')).toEqual({ exitCode: 1, out: block('check', 'text') });
});

test('docs/cli.md shows what check prints of what isn\'t decided', async () => {
  const [, ...others] = block('check', 'yaml').split('---\n');
  const dist = join(folderWith({ 'dist/shop.k8s.yaml': others.join('---\n') }), 'dist');
  const { out, exitCode } = await command(['check', dist]);
  expect([exitCode, out.replaceAll(dist, 'dist')]).toEqual([0, block('check', 'text', 'What isn\'t decided')]);
});

test('docs/cli.md shows a connection', async () => {
  const { out } = await printed('check', 'connections', '-o', 'json');
  expect(JSON.parse(out)).toEqual([JSON.parse(block('connections', 'json'))]);
});

test('docs/cli.md shows a connection in format 2', async () => {
  const { out } = await printed('check', 'connections', '-o', 'json', '--format', '2');
  expect(JSON.parse(out)).toEqual(JSON.parse(block('connections', 'json', '### Format 2')));
});

test('docs/cli.md names what format 2 has room for', () => {
  const { $defs: { caller, protocol, authorization } } = JSON.parse(readFileSync(join(__dirname, '../../docs/schemas/connections-2.schema.json'), 'utf8'));
  const section = /^### Format 2\n[^]*?(?=^## )/m.exec(page)![0];
  const words = [...caller.properties.kind.enum, 'enters', 'cluster', 'reaches', ...protocol.properties.reaches.enum, 'passes', ...authorization.properties.passes.enum];
  expect(words.filter((word) => !section.includes(`\`${word}\``))).toEqual([]);
});

test('docs/cli.md tells every option of every verb', async () => {
  for (const verb of ['check', 'connections', 'explain', 'diff', 'plan', 'plan to-strict', 'plan to-permissive', 'plan to-disable', 'plan to-trust-domain', 'queries', 'test', 'report', 'runbook', 'snapshot', 'adopt', 'ca inspect', 'ca rotate', 'validate']) {
    const { out } = await command([...verb.split(' '), '--help']);
    const options = [...out.matchAll(/^ +(?:-\w, )?(--[a-z-]+) </gm)].map(([, option]) => option);
    const section = new RegExp(`^## ${verb}\n[^]*?(?=^## )`, 'm').exec(page)![0];
    expect(options.filter((option) => !section.includes(option))).toEqual([]);
    expect(options.length).toBeGreaterThan(['queries', 'snapshot'].includes(verb) ? 0 : 1);
  }
});
