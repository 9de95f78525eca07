// The suite loads the compiled library by path, with the types of its sources: both must be of one module.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const LIBRARY = readFileSync(join(__dirname, '..', '..', 'conformance', 'library.ts'), 'utf8');
const modules = [...LIBRARY.matchAll(/^ {2}'(.*)': typeof import\('\.\.\/src\/(.*)'\);$/gm)].map(([, path, typed]) => [path, typed]);

test('the suite loads something of the library', () => {
  expect(modules).toContainEqual(['mesh/mesh', 'mesh/mesh']);
});

test.each(modules)('%s has its own types', (path, typed) => {
  expect(typed).toBe(path);
});
