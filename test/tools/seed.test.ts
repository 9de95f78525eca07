import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let checkout: string;

beforeAll(() => {
  checkout = mkdtempSync(join(tmpdir(), 'seed-test-'));
  mkdirSync(join(checkout, 'tools'));
  cpSync(join(__dirname, '..', '..', 'tools', 'seed.mjs'), join(checkout, 'tools', 'seed.mjs'));
  writeFileSync(join(checkout, '.gitignore'), 'lib/\n');
  git('init', '--quiet');
  commit();
});

afterAll(() => rmSync(checkout, { recursive: true }));

function git(...args: string[]): string {
  return execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: checkout, encoding: 'utf8' });
}

function commit(): void {
  git('add', '--all');
  git('commit', '--quiet', '--message', 'x');
}

function seed(...args: string[]): string {
  return execFileSync(process.execPath, [join(checkout, 'tools', 'seed.mjs'), ...args], { encoding: 'utf8' });
}

test('a change has the same seed before and after it is committed, and another than without it', () => {
  const without = seed();
  writeFileSync(join(checkout, 'new.ts'), 'export {};\n');
  const before = seed();
  commit();
  expect(before).not.toBe(without);
  expect(seed()).toBe(before);
});

test('what git ignores changes no seed, and nothing is staged by asking', () => {
  const before = seed();
  mkdirSync(join(checkout, 'lib'));
  writeFileSync(join(checkout, 'lib', 'built.js'), '');
  expect(seed()).toBe(before);
  writeFileSync(join(checkout, 'other.ts'), '');
  seed();
  expect(git('diff', '--cached', '--name-only')).toBe('');
});

test('a number is itself, and random differs each time', () => {
  expect(seed('7')).toBe('7\n');
  expect(seed('random')).not.toBe(seed('random'));
});

test.each(['0', '-1', 'x', '99999999999', '2147483647'])('%s is no seed', (word) => {
  const { status, stderr } = spawnSync(process.execPath, [join(checkout, 'tools', 'seed.mjs'), word], { encoding: 'utf8' });
  expect(status).toBe(2);
  expect(stderr).toContain(`seed: the seed is '${word}'; expected a whole number from 1 to`);
});
