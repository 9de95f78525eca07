// The suite loads the compiled library by path; what is moved in src/ would only be missed where Go is.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const CONFORMANCE = join(ROOT, 'conformance');

const programs = readdirSync(CONFORMANCE, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.mjs'));
const loaded = programs.flatMap((file) =>
  [...readFileSync(join(CONFORMANCE, file), 'utf8').matchAll(/[./}]\/?(?:lib\/)?src\/([\w/-]+)\.js/g)].map(([, module]) => [module, file]));

test('the suite loads something of the library', () => {
  expect(loaded.map(([module]) => module)).toContain('mesh/mesh');
});

test.each(loaded)('src/%s.ts is there, which conformance/%s loads', (module) => {
  expect(existsSync(join(ROOT, 'src', `${module}.ts`))).toBe(true);
});
