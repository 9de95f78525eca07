import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../support/command';
import { folderWith, removeFolders } from '../support/scratch';

afterAll(removeFolders);

const text = readFileSync(join(__dirname, '../../docs/cli.md'), 'utf8');

function block(language: string): string {
  return new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(text)![1];
}

test('docs/cli.md shows what is printed', async () => {
  const dist = join(folderWith({ 'dist/shop.k8s.yaml': block('yaml') }), 'dist');
  const { out, exitCode } = await command(['validate', dist]);
  expect([exitCode, out.replaceAll(dist, 'dist')]).toEqual([1, block('text')]);
  const json = await command(['validate', '-o', 'json', dist]);
  expect(JSON.parse(json.out.replaceAll(dist, 'dist')).findings[0]).toEqual(JSON.parse(block('json')));
});
