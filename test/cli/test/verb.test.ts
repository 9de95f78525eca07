import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { validatorOf } from '../../support/documents/schemas';
import { BAD, UNREADABLE } from '../manifests';
import { BROKEN, SOUND, USERS_KIND, withClientOfUser } from '../meshes';

afterAll(removeFolders);

const SCHEMA = validatorOf('test');

const MTLS = 'tests: [{ from: shop/web, to: shop/ratings:9080, is: mtls }]\n';

/** A folder with manifests and expectations. */
const folder = (manifests: string, tests: string, files: Record<string, string> = {}) => folderWith({ 'dist/mesh.yaml': manifests, 'mesh-tests.yaml': tests, ...files });

const run = (manifests: string, tests: string, ...options: string[]) => command(['test', 'mesh-tests.yaml', 'dist', ...options], { cwd: folder(manifests, tests) });

/** The output of `test -o json`, validated against its schema. */
async function reported(manifests: string, tests: string, ...options: string[]) {
  const { exitCode, out, error } = await run(manifests, tests, '-o', 'json', ...options);
  expect(error).toBe('');
  const report = JSON.parse(out);
  expect(SCHEMA.validate(report)).toEqual({ valid: true, errors: [] });
  return { exitCode, report };
}

test('exits with 0 if all tests pass', async () => {
  expect(await run(SOUND, MTLS)).toEqual({ exitCode: 0, error: '', out: 'Istio 1.31, 6 objects in 1 file.\n1 test in mesh-tests.yaml: 1 passed.\n' });
  expect((await run(SOUND, MTLS, '--all')).out).toBe('✔ from shop/web to shop/ratings:9080: is mtls  mesh-tests.yaml:1  1 connection\n\nIstio 1.31, 6 objects in 1 file.\n1 test in mesh-tests.yaml: 1 passed.\n');
});

test('exits with 1 if a test fails, and shows a connection with its causes', async () => {
  const { exitCode, out, error } = await run(BROKEN, `${MTLS.replace('[', '[{ server: shop/*, accepts: STRICT }, ')}`);
  expect([exitCode, error]).toEqual([1, '']);
  expect(out).toMatchSnapshot();
});

test('JSON has the subject, counts and failures of each test', async () => {
  const { exitCode, report } = await reported(BROKEN, [
    'tests:', '  - { from: shop/web, to: shop/ratings:9080, is: mtls }', '  - { server: shop/ratings, accepts: DISABLE, except: [{ server: "shop/ratings:9080", reason: old }] }', '  - { to: shop/rating, never: plaintext }',
    '  - to: "*"', '    atLeast: mtls', '    except:', '      - { from: shop/web, reason: old, until: 2020-01-01 }', '',
  ].join('\n'));
  expect(exitCode).toBe(1);
  expect(report.summary).toEqual({ files: 1, objects: 6, facts: 0, refused: 0, unreadable: 0, skipped: 0, tests: 4, passed: 0, failed: 4 });
  const told = ({ kind, line, message }: any) => [kind, line, message];
  expect(report.tests.map(({ line, test: said, about, count, excepted, counts, failures }: any) =>
    [line, said, about, count, excepted, counts, failures.map(told)])).toEqual([
    [2, { from: 'shop/web', to: 'shop/ratings:9080', is: 'mtls' }, 'connections', 1, 0, { broken: 1 }, [['unmet', 2, '1 of 1 connection is broken']]],
    [3, { server: 'shop/ratings', accepts: 'DISABLE' }, 'ports', 1, 1, { STRICT: 1 }, [['unmet', 3, '1 of 1 port accepts STRICT']]],
    [4, { to: 'shop/rating', never: 'plaintext' }, 'connections', 0, 0, {}, [['unmatched', 4, 'to \'shop/rating\' is not a service in these manifests. Fix: write shop/ratings']]],
    [5, { to: '*', atLeast: 'mtls' }, 'connections', 1, 0, { broken: 1 }, [
      ['unmet', 5, '1 of 1 connection is broken'],
      ['ended', 8, 'except[0] (from shop/web: old, until 2020-01-01) has expired. Fix: fix what it excludes and delete it, or write a later date'],
    ]],
  ]);
  const [[{ witness }], [{ witness: ofPort }]] = report.tests.map(({ failures }: any) => failures);
  expect([report.format, witness.calls, witness.connection.transport.outcome, witness.connection.transport.because.length]).toEqual([2, 'shop/ratings:9080', 'broken', 2]);
  expect(ofPort).toEqual({
    server: { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'ratings' },
    port: null,
    mode: 'STRICT',
    because: [{
      object: { group: 'security.istio.io', kind: 'PeerAuthentication', namespace: 'shop', name: 'default' },
      field: 'spec.mtls.mode',
      effect: 'STRICT for the namespace',
    }],
  });
});

test('JUnit has a test case for each test', async () => {
  const { exitCode, out } = await run(BROKEN, 'tests:\n  - { from: shop/web, to: "shop/r*", is: mtls }\n  - { server: "*", accepts: STRICT }\n  - { to: a&b/c, is: mtls }\n', '-o', 'junit');
  expect(exitCode).toBe(1);
  expect(out).toMatchSnapshot();
});

test('--date sets the day for expiry, today by default', async () => {
  const tests = 'tests: [{ to: "*", never: broken, except: [{ from: shop/web, reason: r, until: 2031-01-31 }, { from: shop/r*, reason: r }] }]';
  const failures = async (...options: string[]) => (await reported(BROKEN, tests, ...options)).report.tests[0].failures.map(({ kind }: any) => kind);
  expect(await failures('--date', '2031-01-31')).toEqual(['unmatched', 'unmatched']);
  expect(await failures('--date', '2031-02-01')).toEqual(['unmet', 'unmatched', 'ended']);
  expect(await failures()).toEqual(['unmatched', 'unmatched']);
});

describe('facts', () => {
  const [CLUSTER, RATINGS] = [SOUND.split('---\n').filter((text) => !text.includes('kind: DestinationRule')).join('---\n'), BROKEN.split('---\n').find((text) => text.includes('kind: DestinationRule'))!];

  test('expectations cover the whole mesh, including facts', async () => {
    const cwd = folder(RATINGS, MTLS, { 'cluster.yaml': CLUSTER });
    const { exitCode, out } = await command(['test', 'mesh-tests.yaml', 'dist', '--with', 'cluster.yaml'], { cwd });
    expect([exitCode, out.split('\n')[1]]).toEqual([1, '    1 of 1 connection is broken']);
    expect(out).toContain('1 object in 1 file, beside 5 objects taken as given.');
  });

  test('expectations cover facts that the manifests don\'t change', async () => {
    const cwd = folder('apiVersion: v1\nkind: Namespace\nmetadata: {name: other}\n', MTLS, { 'cluster.yaml': CLUSTER });
    expect((await command(['test', 'mesh-tests.yaml', 'dist', '--with', 'cluster.yaml'], { cwd })).exitCode).toBe(0);
  });
});

test('a test that depends on a namespace fails with its case, until --injected-namespace states it', async () => {
  const [, ...others] = SOUND.split('---\n');
  const part = others.join('---\n');
  const { out } = await run(part, MTLS);
  expect(out).toContain('    1 of 1 connection is plaintext if shop has none\n    e.g. shop/web → shop/ratings:9080');
  expect(out).toMatch(/To state it: --injected-namespace shop or --uninjected-namespace shop, or add the Namespace\.\n$/);
  const { report: { tests: [{ failures: [failure] }] } } = await reported(part, MTLS);
  expect(failure).toMatchObject({ kind: 'conditional', if: [{ fact: 'namespace', name: 'shop', holds: false }], witness: { connection: { transport: { outcome: 'plaintext' } } } });
  expect((await run(part, MTLS, '-o', 'junit')).out).toContain('type="conditional"');
  expect((await run(part, MTLS, '--injected-namespace', 'shop')).exitCode).toBe(0);
});

test('the mode of a port is a word, even beside a key in place of a name', async () => {
  const key = `${'MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQC7VJTUt9Us8cKj'.repeat(3)}==`;
  const manifests = withClientOfUser(SOUND, key).replace('      containers:\n', '      containers:\n      - name: app\n        ports: [{ containerPort: 80 }]\n');
  const cwd = folder(manifests, 'tests: [{ server: "*", accepts: STRICT }]\n', { 'istio-mtls.yaml': USERS_KIND });
  const { out } = await command(['test', 'mesh-tests.yaml', 'dist', '-o', 'json', '--config', 'istio-mtls.yaml'], { cwd });
  expect(SCHEMA.validate(JSON.parse(out))).toEqual({ valid: true, errors: [] });
  expect(JSON.parse(out).tests[0].failures.map(({ witness }: any) => witness.mode)).toEqual(['PERMISSIVE', 'NO_PROXY']);
});

test('applies the configuration file, and names it', async () => {
  const cwd = folder(SOUND.split('---\n').slice(1).join('---\n'), MTLS, { 'istio-mtls.yaml': 'paths: [dist]\ninjectedNamespaces: [shop]\n' });
  const { exitCode, out } = await command(['test', 'mesh-tests.yaml'], { cwd });
  expect([exitCode, out]).toEqual([0, 'Configuration: istio-mtls.yaml\nIstio 1.31, 5 objects in 1 file.\n1 test in mesh-tests.yaml: 1 passed.\n']);
  expect(JSON.parse((await command(['test', 'mesh-tests.yaml', '-o', 'json'], { cwd })).out).configuration).toEqual({ path: 'istio-mtls.yaml' });
  expect((await command(['test', 'mesh-tests.yaml', '-o', 'junit'], { cwd })).error).toBe('Configuration: istio-mtls.yaml\n');
});

test('doesn\'t read the expectations file as a manifest', async () => {
  const cwd = folder(SOUND, MTLS);
  expect(await command(['test', 'mesh-tests.yaml', '.', '--list-skipped'], { cwd })).toMatchObject({ exitCode: 0, out: 'Istio 1.31, 6 objects in 1 file.\n1 test in mesh-tests.yaml: 1 passed.\n' });
});

test('reads manifests from standard input', async () => {
  const cwd = folder(SOUND, MTLS);
  expect((await command(['test', 'mesh-tests.yaml', '-'], { cwd, input: BROKEN })).exitCode).toBe(1);
});

test('leaves rejected objects out of the mesh, and says so', async () => {
  const refused = SOUND.replace('mode: STRICT', 'mode: STRCT');
  const { exitCode, out } = await run(refused, 'tests: [{ server: shop/ratings, accepts: STRICT }]');
  expect([exitCode, out.includes('of 2 ports accept PERMISSIVE')]).toEqual([1, true]);
  expect(out).toContain('\n1 object would be rejected and is ignored here: see istio-mtls check\n');
  expect((await reported(refused, MTLS)).report.summary.refused).toBe(1);
});

test('unreadable documents exit with 2, and tests still run', async () => {
  const { exitCode, out } = await run(SOUND, MTLS, UNREADABLE);
  expect(exitCode).toBe(2);
  expect(out).toContain('1 test in mesh-tests.yaml: 1 passed.');
  expect(out).toContain('✖ could not read');
  expect((await run(BAD, MTLS, UNREADABLE, '-o', 'junit')).out).toContain('<error ');
});

test.each<[string, readonly string[], string]>([
  ['a missing expectations file', ['none.yaml', 'dist'], 'none.yaml: the file is missing; expected a readable file. Fix: create it, or name another file. [API094]'],
  ['a folder', ['dist', 'mesh-tests.yaml'], 'dist: the file is a folder; expected a file.'],
  ['an invalid expectations file', ['bad.yaml', 'dist'], 'bad.yaml:1:19: tests[0].is is \'secure\'; expected one of mtls, tls, plaintext, broken.'],
  ['no expectations file', [], 'error: missing required argument \'expectations\''],
  ['no path of manifests', ['mesh-tests.yaml'], 'error: missing required argument \'path\''],
  ['an unknown format', ['mesh-tests.yaml', 'dist', '-o', 'sarif'], 'Allowed choices are text, json, junit.'],
  ['an invalid date', ['mesh-tests.yaml', 'dist', '--date', '2027-02-30'], 'It is a date such as 2027-03-31.'],
])('%s exits with 2', async (_, args, error) => {
  const cwd = folder(SOUND, MTLS, { 'bad.yaml': 'tests: [{to: a/b, is: secure}]\n' });
  expect(await command(['test', ...args], { cwd })).toMatchObject({ exitCode: 2, out: '', error: expect.stringContaining(error) });
});

test('the help shows an expectations file', async () => {
  const { exitCode, out } = await command(['test', '--help']);
  expect([exitCode, out.includes('- { to: payments/*, never: plaintext }')]).toEqual([0, true]);
  expect((await command(['--help'])).out).toMatch(/^ {2}test .*test connections/m);
});

test('uses colours on a terminal', async () => {
  const { out } = await command(['test', 'mesh-tests.yaml', 'dist', '--all'], { cwd: folder(SOUND, MTLS), isTerminal: true });
  expect(out).toContain('\u001b[32m✔\u001b[39m');
});
