import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../support/command/command';
import { folderWith, removeFolders } from '../support/command/scratch';
import { schemaOf } from '../support/documents/schemas';

afterAll(removeFolders);

const DOCS = join(__dirname, '../../docs');
const pageOf = (verb: string) => readFileSync(join(DOCS, 'cli', `${verb}.md`), 'utf8');

/** The first code block of a language below a heading in a verb's page. */
function block(verb: string, language: string, heading = `# istio-mtls ${verb}`): string {
  return new RegExp(`^${heading}\n[^]*?\`\`\`${language}\n([^]*?)\`\`\``, 'm').exec(pageOf(verb))![1];
}

/** The output of a verb for the YAML block of a verb's page. */
async function printed(verb: string, ...args: string[]) {
  const dist = join(folderWith({ 'dist/shop.k8s.yaml': block(verb, 'yaml') }), 'dist');
  const { out, exitCode } = await command([...args, dist]);
  return { exitCode, out: out.replaceAll(dist, 'dist') };
}

test('docs/cli/validate.md shows what validate prints', async () => {
  expect(await printed('validate', 'validate')).toEqual({ exitCode: 1, out: block('validate', 'text') });
  const { out } = await printed('validate', 'validate', '-o', 'json');
  expect(JSON.parse(out).findings[0]).toEqual(JSON.parse(block('validate', 'json')));
});

test('docs/cli/check.md shows what check prints', async () => {
  expect(await printed('check', 'check')).toEqual({ exitCode: 1, out: block('check', 'text') });
});

test('docs/cli/check.md shows what check prints about undecided connections', async () => {
  const [, ...others] = block('check', 'yaml').split('---\n');
  const dist = join(folderWith({ 'dist/shop.k8s.yaml': others.join('---\n') }), 'dist');
  const { out, exitCode } = await command(['check', dist]);
  expect([exitCode, out.replaceAll(dist, 'dist')]).toEqual([0, block('check', 'text', '## What isn\'t decided')]);
});

test('docs/cli/connections.md shows a connection', async () => {
  const { out } = await printed('check', 'connections', '-o', 'json');
  expect(JSON.parse(out)).toEqual([JSON.parse(block('connections', 'json'))]);
});

test('docs/cli/connections.md shows a connection in format 2', async () => {
  const { out } = await printed('check', 'connections', '-o', 'json', '--format', '2');
  expect(JSON.parse(out)).toEqual(JSON.parse(block('connections', 'json', '## Format 2')));
});

test('docs/cli/connections.md names the fields that format 2 reserves', () => {
  const { $defs: { caller, protocol, authorization } } = schemaOf('common');
  const section = /^## Format 2\n[^]*/m.exec(pageOf('connections'))![0];
  const words = [...caller.properties.kind.enum, 'enters', 'cluster', 'reaches', ...protocol.properties.reaches.enum, 'passes', ...authorization.properties.passes.enum];
  expect(words.filter((word) => !section.includes(`\`${word}\``))).toEqual([]);
});

test.each(readdirSync(join(DOCS, 'cli')).map((name) => name.replace('.md', '')))('docs/cli/%s.md has every option of the verb', async (name) => {
  const verb = /^# istio-mtls (.*)\n/.exec(pageOf(name))![1];
  expect(verb.replaceAll(' ', '-')).toBe(name);
  const { out } = await command([...verb.split(' '), '--help']);
  const options = [...out.matchAll(/^ +(?:-\w, )?(--[a-z-]+)(?= )/gm)].map(([, option]) => option).filter((option) => option !== '--help');
  expect(options.filter((option) => !pageOf(name).includes(`\`${option}`))).toEqual([]);
  expect(options.length).toBeGreaterThan(['queries', 'snapshot'].includes(name) ? 0 : name === 'rules' ? -1 : 1);
});
