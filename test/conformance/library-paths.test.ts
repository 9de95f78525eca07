// The suite loads the compiled library by path, with types of the sources: both must be the same module.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const modules = ['library.ts', 'self-test/fault.ts'].flatMap((file) => {
  const text = readFileSync(join(__dirname, '..', '..', 'conformance', file), 'utf8');
  return [...text.matchAll(/^ {2}'(.*)': typeof import\('(?:\.\.\/)+src\/(.*)'\);$/gm)].map(([, path, typed]) => [path, typed, file]);
});

test('the suite loads something of the library', () => {
  expect(modules).toContainEqual(['mesh/mesh', 'mesh/mesh', 'library.ts']);
});

test.each(modules)('%s uses the types of the same module, %s, in conformance/%s', (path, typed) => {
  expect(typed).toBe(path);
});
