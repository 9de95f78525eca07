import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

test('docs/conformance.md is what the recorded facts make', () => {
  const made = execFileSync(process.execPath, [join(ROOT, 'conformance', 'document.mjs')], { encoding: 'utf8' });
  expect(readFileSync(join(ROOT, 'docs', 'conformance.md'), 'utf8')).toBe(made);
});

test('no recorded run found a difference', () => {
  const { differences, meshes } = JSON.parse(readFileSync(join(ROOT, 'conformance', 'recorded', 'connections.json'), 'utf8'));
  expect(differences).toBe(0);
  expect(meshes).toBeGreaterThan(0);
});
