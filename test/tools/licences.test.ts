import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const COMMAND = join(ROOT, 'lib', 'command');

/** The packages that a bundled file names as the origin of its parts. */
function packagesIn(file: string): string[] {
  return [...readFileSync(join(COMMAND, file), 'utf8').matchAll(/"node_modules\/((?:@[^/"]+\/)?[^/"]+)\//g)].map(([, name]) => name);
}

test('the licences of the packages in the command\'s files lie beside them, and no others', () => {
  const packages = new Set(readdirSync(COMMAND, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js')).flatMap(packagesIn));
  expect([...packages].sort()).toEqual(['commander', 'picocolors']);
  const licences = [...packages].sort().map((name) => {
    const folder = join(ROOT, 'node_modules', name);
    return `${name} ${JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version}\n\n${readFileSync(join(folder, 'LICENSE'), 'utf8')}`;
  });
  expect(readFileSync(join(COMMAND, 'LICENSES'), 'utf8')).toBe(licences.join('\n'));
});
