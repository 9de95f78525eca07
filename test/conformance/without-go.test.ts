// The suite can't judge without Go, and must not pass for having judged.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CONFORMANCE = join(__dirname, '..', '..', 'conformance');

test.each(['connections', 'mixed', 'admission', 'yaml', 'live', 'plans', 'runbook', 'peers'])('without Go the part %s says so and fails', (part) => {
  const empty = mkdtempSync(join(tmpdir(), 'without-go-'));
  try {
    const { status, stderr } = spawnSync(process.execPath, [CONFORMANCE, 'run', part, '--seed', '1'], { encoding: 'utf8', env: { PATH: empty, HOME: empty } });
    expect(stderr).toMatch(/^no referee: .*\bGo\b.*/);
    expect(status).toBe(2);
  } finally {
    rmSync(empty, { recursive: true });
  }
});

test.each(['data-plane', 'convergence'])('where no mesh can run, the part %s says so and fails', (part) => {
  const { status, stderr } = spawnSync(process.execPath, [CONFORMANCE, 'run', part, '--seed', '1'], { encoding: 'utf8', env: { PATH: '/nowhere' } });
  expect(stderr).toMatch(new RegExp(`^no referee: the part ${part} can't run here: `));
  expect(status).toBe(2);
});

test('where there is no openssl, the part about CAs says so and fails', () => {
  const { status, stderr } = spawnSync(process.execPath, [CONFORMANCE, 'run', 'cas', '--seed', '1'], { encoding: 'utf8', env: { PATH: '/nowhere' } });
  expect(stderr).toMatch(/^no referee: the part cas can't run here: .*openssl/);
  expect(status).toBe(2);
});
