import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@cfworker/json-schema';
import { command } from '../../support/command/command';
import { validatorOf } from '../../support/documents/schemas';
import { BROKEN, declaringCalls } from '../meshes';

const CHECK_SCHEMA = validatorOf('check');

const SARIF = new Validator(JSON.parse(readFileSync(join(__dirname, '..', '..', 'schemas', 'sarif-2.1.0.json'), 'utf8')), '4');

const check = (input: string, ...options: string[]) => command(['check', '-', ...options], { input });

/** The output of `check -o json`, validated against its schema. */
async function reported(input: string) {
  const { exitCode, out } = await check(input, '-o', 'json');
  const report = JSON.parse(out);
  expect(CHECK_SCHEMA.validate(report)).toEqual({ valid: true, errors: [] });
  return { exitCode, report, codes: report.findings.map(({ code }: any) => code) };
}

describe('calls that a workload doesn\'t declare', () => {
  const silent = declaringCalls(BROKEN, '');

  test('are left out, and counted with their outcomes', async () => {
    const { exitCode, report, codes } = await reported(silent);
    expect([exitCode, codes]).toEqual([0, []]);
    expect(report.connections).toMatchObject({
      connections: 0, leftOut: { connections: 1, outcomes: { broken: 1 }, clients: [{ kind: 'Deployment', namespace: 'shop', name: 'web' }] },
    });
  });

  test.each(['text', 'github'])('are mentioned in or beside -o %s', async (format) => {
    const { out, error } = await check(silent, '-o', format);
    expect(`${out}${error}`.replace(/\s+/g, ' ')).toContain('1 possible connection, broken, is left out, because workloads declare their calls: Deployment shop/web');
  });

  const NOTE = '1 possible connection, broken, is left out, because workloads declare their calls: Deployment shop/web (--all-calls judges them)';
  const NOTIFICATION = { level: 'note', message: { text: NOTE } };

  test('are a notification of the tool in SARIF, which fails nothing', async () => {
    const notified = async (...options: string[]) => {
      const { out } = await check(silent, '-o', 'sarif', ...options);
      expect(SARIF.validate(JSON.parse(out)).errors).toEqual([]);
      return JSON.parse(out).runs.map(({ invocations: [one] }: any) => [one.executionSuccessful, one.toolExecutionNotifications]);
    };
    expect([await notified(), await notified('--all-calls')]).toEqual([[[true, [NOTIFICATION]]], [[true, []]]]);
  });

  test('are the output of the suite in JUnit, after its tests', async () => {
    const { exitCode, out } = await check(silent, '-o', 'junit');
    expect([exitCode, out]).toEqual([0, expect.stringContaining(`</testcase>\n<system-out>${NOTE}</system-out>\n</testsuite>`)]);
    expect((await check(silent, '-o', 'junit', '--all-calls')).out).not.toContain('left out');
  });

  test('are a notice among GitHub\'s annotations', async () => {
    const { exitCode, out } = await check(silent, '-o', 'github');
    expect([exitCode, out]).toEqual([0, `::notice title=declared calls::${NOTE}\n`]);
    expect((await check(silent, '-o', 'github', '--all-calls')).out).not.toContain('left out');
  });

  test('are judged with --all-calls, as if nothing were declared', async () => {
    const all = await check(silent, '-o', 'json', '--all-calls');
    expect(all.exitCode).toBe(1);
    const line = ({ findings, ...rest }: any) => ({ ...rest, findings: findings.map(({ line: _, ...finding }: any) => finding) });
    expect(line(JSON.parse(all.out))).toEqual(line(JSON.parse((await check(BROKEN, '-o', 'json')).out)));
  });

  test('declared ones are judged', async () => {
    const { exitCode, report } = await reported(declaringCalls(BROKEN, 'shop/ratings:9080'));
    expect(exitCode).toBe(1);
    expect(report.connections).toMatchObject({ connections: 1, leftOut: { connections: 0 } });
  });

  test('are undecided where the manifests don\'t show what is declared', async () => {
    const elsewhere = declaringCalls(BROKEN, 'shpo/ratings');
    expect((await check(elsewhere)).exitCode).toBe(0);
    const { exitCode, out } = await check(elsewhere, '--fail-on', 'undecided');
    expect([exitCode, out]).toEqual([1, expect.stringContaining('No connections: the declared calls make none.')]);
    expect(out).toContain('--fail-on undecided: 1 declared call isn\'t among these manifests: shpo/ratings of Deployment shop/web.');
    expect((await check(silent, '--fail-on', 'undecided')).exitCode).toBe(0);
    expect((await check(elsewhere, '--fail-on', 'undecided', '--all-calls')).exitCode).toBe(0);
  });

  test('don\'t vanish by a mistake', async () => {
    expect((await check(declaringCalls(BROKEN, 'shop/ratigns'))).exitCode).toBe(1);
    expect((await check(declaringCalls(BROKEN, 'shop/ratings;'))).exitCode).toBe(1);
  });
});
