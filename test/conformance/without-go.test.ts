// The suite can't judge without Go, and must not pass for having judged.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CONFORMANCE = join(__dirname, '..', '..', 'conformance');

/** The results of parts where there is neither Go nor a cache: in one process, since each would compile the suite anew. */
function withoutGo(parts: readonly string[]): Readonly<Record<string, string>> {
  const empty = mkdtempSync(join(tmpdir(), 'without-go-'));
  const script = `require('./typescript.js');
    const { PARTS } = require('./parts.ts');
    const { RefereeUnavailable } = require('./node/go-binary.ts');
    const outcomeOf = (part) => PARTS[part].run({ seed: 1, count: 1, print: () => undefined })
      .then(() => 'it ran', (error) => (error instanceof RefereeUnavailable ? error.message : 'another error: ' + error));
    (async () => {
      const outcomes = {};
      for (const part of ${JSON.stringify(parts)}) outcomes[part] = await outcomeOf(part);
      console.log(JSON.stringify(outcomes));
    })();`;
  try {
    return JSON.parse(spawnSync(process.execPath, ['-e', script], { cwd: CONFORMANCE, encoding: 'utf8', env: { PATH: empty, HOME: empty } }).stdout);
  } finally {
    rmSync(empty, { recursive: true });
  }
}

test('without Go each part reports so and fails', () => {
  const parts = ['connections', 'mixed', 'partial', 'admission', 'yaml', 'live', 'plans', 'runbook', 'documented', 'peers'];
  expect(withoutGo(parts)).toEqual(Object.fromEntries(parts.map((part) => [part, expect.stringMatching(/\bGo\b/)])));
});

test('the suite ends with 2 then', () => {
  const empty = mkdtempSync(join(tmpdir(), 'without-go-'));
  try {
    const { status, stderr } = spawnSync(process.execPath, [CONFORMANCE, 'run', 'connections', '--seed', '1'], { encoding: 'utf8', env: { PATH: empty, HOME: empty } });
    expect(stderr).toMatch(/^no referee: .*\bGo\b.*/);
    expect(status).toBe(2);
  } finally {
    rmSync(empty, { recursive: true });
  }
});

test.each(['data-plane', 'convergence', 'rotations'])('if no mesh can run, the part %s reports so and fails', (part) => {
  const { status, stderr } = spawnSync(process.execPath, [CONFORMANCE, 'run', part, '--seed', '1'], { encoding: 'utf8', env: { PATH: '/nowhere' } });
  expect(stderr).toMatch(new RegExp(`^no referee: the part ${part} can't run here: `));
  expect(status).toBe(2);
});

test('without openssl, the part cas reports so and fails', () => {
  const { status, stderr } = spawnSync(process.execPath, [CONFORMANCE, 'run', 'cas', '--seed', '1'], { encoding: 'utf8', env: { PATH: '/nowhere' } });
  expect(stderr).toMatch(/^no referee: the part cas can't run here: .*openssl/);
  expect(status).toBe(2);
});
