import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../../support/command/command';
import { removeFolders } from '../../support/command/scratch';
import { inOrder, objectsIn, synthOf } from '../../support/constructs/adopted';

afterAll(removeFolders);

const PAGE = readFileSync(join(__dirname, '../../../docs/adopt.md'), 'utf8');

/** The block of a language below a heading. */
const block = (heading: string, language: string): string => new RegExp(`^## ${heading}\n[^]*?\`\`\`${language}\n([^]*?)\`\`\``, 'm').exec(PAGE)![1];

test('docs/adopt.md shows the program that adopt prints, and it writes the objects', async () => {
  const yaml = block('An example', 'yaml');
  const { out, error, exitCode } = await command(['adopt', '-'], { input: yaml });
  expect({ exitCode, out, error }).toEqual({ exitCode: 1, out: block('An example', 'ts'), error: block('An example', 'text') });
  expect(inOrder(synthOf(out))).toEqual(inOrder(objectsIn(yaml).filter(({ kind }) => kind !== 'Secret')));
});
