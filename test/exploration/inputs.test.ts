import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { hashOf } from '../../exploration/inputs';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'inputs-'));
  for (const path of ['src/mesh/mesh.ts', 'src/mesh/calls/calls.ts', 'src/cli/main.ts', 'conformance/run.ts', 'conformance/recorded/yaml.json', 'conformance/README.md']) write(path, path);
});

afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const INPUTS = ['src/mesh', 'conformance'];
const hash = (paths: readonly string[] = INPUTS) => hashOf(paths, root);

test('the hash doesn\'t depend on the order or nesting of paths', () => {
  expect(hash()).toMatch(/^[0-9a-f]{16}$/);
  expect([hash([...INPUTS].reverse()), hash([...INPUTS, 'src/mesh/calls'])]).toEqual([hash(), hash()]);
});

test.each(['src/cli/main.ts', 'README.md', 'src/cli/new.ts', 'conformance/recorded/yaml.json', 'conformance/README.md', 'conformance/new.md', 'conformance/.scratch/a.ts'])('%s is no input', (path) => {
  const before = hash();
  write(path, 'changed');
  expect(hash()).toBe(before);
});

test.each(['src/mesh/mesh.ts', 'src/mesh/new.ts', 'src/mesh/calls/calls.ts', 'conformance/run.ts'])('%s is an input', (path) => {
  const before = hash();
  write(path, 'changed');
  expect(hash()).not.toBe(before);
});

test('renaming a file changes the hash', () => {
  const before = hash();
  renameSync(join(root, 'src/mesh/mesh.ts'), join(root, 'src/mesh/other.ts'));
  expect(hash()).not.toBe(before);
});

test('refuses a path without files', () => {
  mkdirSync(join(root, 'empty'));
  expect(() => hash(['empty'])).toThrow('empty has no files');
});
