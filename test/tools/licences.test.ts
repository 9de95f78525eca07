import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const COMMAND = join(ROOT, 'lib', 'command');

/** The packages that a bundled file names as the origin of its parts, and the one that it is named after. */
function packagesIn(file: string): string[] {
  const own = basename(file, '.js');
  const named = [...readFileSync(join(COMMAND, file), 'utf8').matchAll(/"node_modules\/((?:@[^/"]+\/)?[^/"]+)\//g)].map(([, name]) => name);
  return existsSync(join(ROOT, 'node_modules', own, 'package.json')) ? [own, ...named] : named;
}

test('the command\'s files come with exactly the licences of their packages', () => {
  const packages = new Set(readdirSync(COMMAND, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js')).flatMap(packagesIn));
  expect([...packages].sort()).toEqual(['commander', 'fdir', 'picocolors', 'picomatch', 'tinyglobby']);
  const licences = [...packages].sort().map((name) => {
    const folder = join(ROOT, 'node_modules', name);
    return `${name} ${JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version}\n\n${readFileSync(join(folder, 'LICENSE'), 'utf8')}`;
  });
  expect(readFileSync(join(COMMAND, 'LICENSES'), 'utf8')).toBe(licences.join('\n'));
});
