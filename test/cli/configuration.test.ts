import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { BAD, OLD } from './manifests';
import { BROKEN, PART, SOUND, WARNED } from './meshes';
import { withCertificates } from '../support/certificates/certificates-of-examples';
import { command } from '../support/command/command';
import { folderWith, removeFolders } from '../support/command/scratch';
import { validatorOf } from '../support/documents/schemas';

afterAll(removeFolders);

const SCHEMAS = { check: validatorOf('check'), validate: validatorOf('validate') };

/** Runs a verb in a folder with these files, and parses its JSON. */
async function reported(files: Record<string, string>, args: readonly string[], verb: 'check' | 'validate' = 'check', cwd = '.') {
  const { exitCode, out, error } = await command([verb, ...args, '-o', 'json'], { cwd: join(folderWith(files), cwd) });
  const report = out === '' ? undefined : JSON.parse(out);
  if (report) expect(SCHEMAS[verb].validate(report).errors).toEqual([]);
  return { exitCode, error, report, codes: report?.findings.map(({ code, severity }: any) => `${severity} ${code}`) };
}

const printed = async (files: Record<string, string>, args: readonly string[], cwd = '.') => command(args, { cwd: join(folderWith(files), cwd) });

describe('the configuration file', () => {
  test('is found in a parent folder, is named in the output, and its paths are relative to its folder', async () => {
    const files = { 'istio-mtls.yaml': 'paths: [dist]\n', 'dist/a.yaml': BROKEN, 'src/deep/x.txt': '' };
    const { report, codes } = await reported(files, [], 'check', 'src/deep');
    expect([codes, report.configuration, report.findings[0].file]).toEqual([['error MTLS101'], { path: '../../istio-mtls.yaml', off: 0 }, '../../dist/a.yaml']);
    const { out } = await printed(files, ['check'], 'src');
    expect(out.split('\n').slice(-5)).toEqual(['', 'Configuration: ../istio-mtls.yaml', '6 objects in 1 file: 1 error.', 'See istio-mtls rules MTLS101.', '']);
  });

  test('is the file of --config, and --no-config ignores it', async () => {
    const files = { 'istio-mtls.yaml': 'severities: {MTLS101: off}\n', 'other.yaml': 'severities: {MTLS101: info}\n', 'dist/a.yaml': BROKEN };
    expect((await reported(files, ['dist'])).codes).toEqual([]);
    expect((await reported(files, ['dist', '--config', 'other.yaml'])).codes).toEqual(['info MTLS101']);
    const without = await reported(files, ['dist', '--no-config']);
    expect([without.codes, without.report]).toEqual([['error MTLS101'], expect.not.objectContaining({ configuration: expect.anything() })]);
  });

  test('must exist if --config names it', async () => {
    const { exitCode, error } = await reported({ 'a.yaml': SOUND }, ['a.yaml', '--config', 'none.yaml']);
    expect([exitCode, error]).toEqual([2, 'none.yaml: the file is missing; expected a readable file. Fix: create it, or name another file. [API094]\n']);
  });

  test('is rejected as a whole, with every mistake, and nothing is checked', async () => {
    const { exitCode, error, report } = await reported({ 'istio-mtls.yaml': 'path: [a.yaml]\nfailOn: [eror]\n', 'a.yaml': BROKEN }, ['a.yaml']);
    expect([exitCode, report, error.split('\n').map((line) => line.slice(0, 24))]).toEqual([2, undefined, ['istio-mtls.yaml:1:1: pat', 'istio-mtls.yaml:2:10: fa', '']]);
  });

  test.each(['sarif', 'junit', 'github'])('is named on standard error with -o %s', async (format) => {
    const files = { 'istio-mtls.yaml': '', 'a.yaml': SOUND };
    expect((await printed(files, ['check', 'a.yaml', '-o', format])).error).toBe('Configuration: istio-mtls.yaml\n');
    expect((await printed({ 'a.yaml': SOUND }, ['check', 'a.yaml', '-o', format])).error).toBe('');
  });

  test('puts no control character into error messages', async () => {
    const { error } = await printed({ 'a.yaml': SOUND, 'c\u001b[31m.yaml': '"\\e[31m": 1\n' }, ['check', 'a.yaml', '--config', 'c\u001b[31m.yaml']);
    expect(error).toContain('c\\u001b[31m.yaml:1:1: ');
    // eslint-disable-next-line no-control-regex
    expect(error).not.toMatch(/\u001b/);
  });
});

describe('paths', () => {
  const files = { 'istio-mtls.yaml': 'paths: [one]\n', 'one/a.yaml': BROKEN, 'two/a.yaml': WARNED };

  test('on the command line override the file\'s', async () => {
    expect((await reported(files, [])).codes).toEqual(['error MTLS101']);
    expect((await reported(files, ['two'])).codes).toEqual(['warning MTLS201']);
  });

  test('are required on the command line or in the file', async () => {
    for (const verb of ['check', 'connections', 'validate']) {
      const { exitCode, error } = await printed({ 'istio-mtls.yaml': 'failOn: [never]\n' }, [verb]);
      expect([exitCode, error]).toEqual([2, `error: missing required argument 'path'\n(see istio-mtls ${verb} --help)\n`]);
    }
  });

  test('skip the configuration file and its baseline', async () => {
    const here = { 'istio-mtls.yaml': 'paths: [.]\nbaseline: base.yaml\n', 'base.yaml': 'format: 1\n', 'a.yaml': SOUND };
    expect((await reported(here, [])).report.summary).toMatchObject({ files: 1, skipped: 0 });
    expect((await printed(here, ['validate', '-o', 'json', '.'])).out).toContain('"skipped": 1');
  });
});

describe('a setting in the file and on the command line', () => {
  const REVISION = BROKEN.replace('istio-injection: enabled', 'istio.io/rev: canary');

  test('adds up for partialNamespaces', async () => {
    const partial = `${PART}---\n${PART.replaceAll('shop', 'bank')}`;
    const files = { 'istio-mtls.yaml': 'partialNamespaces: [shop]\n', 'a.yaml': partial };
    expect((await reported(files, ['a.yaml', '--no-config'])).codes).toEqual(['error MTLS114', 'error MTLS114']);
    expect((await reported(files, ['a.yaml'])).codes).toEqual(['error MTLS114']);
    expect((await reported(files, ['a.yaml', '--partial-namespace', 'bank'])).codes).toEqual([]);
  });

  test('adds up for facts, and the command line overrides the namespace', async () => {
    const rule = BROKEN.lastIndexOf('---\n');
    const files = {
      'conf/istio-mtls.yaml': 'namespace: shop\nwith: [facts.yaml]\n',
      'conf/facts.yaml': BROKEN.slice(0, rule),
      'a.yaml': BROKEN.slice(rule).replace('  namespace: shop\n', ''),
    };
    const { codes, report } = await reported(files, ['a.yaml', '--config', 'conf/istio-mtls.yaml']);
    expect([codes, report.findings[0].object.namespace, report.summary.facts]).toEqual([['error MTLS101'], 'shop', 5]);
    expect((await reported(files, ['a.yaml', '--config', 'conf/istio-mtls.yaml', '-n', 'bank'])).codes).not.toContain('error MTLS101');
    expect((await reported(files, ['a.yaml', '--no-config', '-n', 'shop', '--with', 'conf/facts.yaml'])).codes).toEqual(['error MTLS101']);
  });

  test('adds up for installedRevisions', async () => {
    const outcome = async (configuration: string, ...args: string[]) => (await reported({ 'istio-mtls.yaml': configuration, 'a.yaml': REVISION }, ['a.yaml', ...args])).report.connections.outcomes.broken;
    expect(await outcome('')).toBe(1);
    expect(await outcome('installedRevisions: [stable]\n')).toBe(0);
    expect(await outcome('installedRevisions: [stable]\n', '--installed-revision', 'canary')).toBe(1);
  });

  test('is taken from the command line for failOn', async () => {
    const files = { 'istio-mtls.yaml': 'failOn: [warning]\n', 'a.yaml': WARNED };
    expect((await reported(files, ['a.yaml'])).exitCode).toBe(1);
    expect((await reported(files, ['a.yaml', '--fail-on', 'error'])).exitCode).toBe(0);
  });

  test('is taken from the command line for istiodNamespace', async () => {
    const mesh = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: mesh}\ndata:\n  mesh: |\n    enableAutoMtls: maybe\n';
    const files = { 'istio-mtls.yaml': 'istiodNamespace: mesh\n', 'a.yaml': mesh };
    expect((await reported(files, ['a.yaml'], 'validate')).exitCode).toBe(1);
    expect((await reported(files, ['a.yaml', '--istiod-namespace', 'istio-system'], 'validate')).exitCode).toBe(0);
  });
});

describe('severities', () => {
  test('change the exit code, and the output counts findings turned off', async () => {
    const files = { 'istio-mtls.yaml': 'severities:\n  MTLS101: off\n  MTLS201: error\n', 'a.yaml': `${BROKEN}---\n${WARNED}` };
    const { exitCode, codes, report } = await reported(files, ['a.yaml']);
    expect([exitCode, codes, report.configuration, report.connections.outcomes.broken]).toEqual([1, ['error MTLS201'], { path: 'istio-mtls.yaml', off: 1 }, 1]);
    expect((await printed(files, ['check', 'a.yaml'])).out).toContain('\nConfiguration: istio-mtls.yaml, which turns off 1 finding\n');
  });

  test('apply to admission warnings, in validate too, but not to rejections', async () => {
    const files = { 'istio-mtls.yaml': 'severities: {ADMIT108: off}\n', 'a.yaml': `${OLD}---\n${BAD}` };
    expect((await reported(files, ['a.yaml'], 'validate')).codes).toEqual(['error ADMIT201']);
    expect((await printed(files, ['validate', 'a.yaml'])).out).toContain('\nConfiguration: istio-mtls.yaml, which turns off 1 finding\n');
    expect((await reported({ ...files, 'istio-mtls.yaml': 'severities: {ADMIT201: off}\n' }, ['a.yaml'])).exitCode).toBe(2);
  });

  test('of off don\'t make an acknowledgement useless', async () => {
    const files = { 'istio-mtls.yaml': 'severities: {MTLS101: off}\n', 'a.yaml': BROKEN };
    expect((await reported(files, ['a.yaml', '--acknowledge', 'MTLS101: legacy'])).codes).toEqual([]);
  });
});

describe('acknowledgements', () => {
  const configuration = (expires: string) => `acknowledgements:
  - code: MTLS101
    kind: DestinationRule
    namespace: shop
    name: ratings
    reason: goes in March
    owner: shop-team
    expires: ${expires}
`;

  test('are listed with owner and expiry date', async () => {
    const files = { 'istio-mtls.yaml': configuration('2026-01-01'), 'a.yaml': BROKEN };
    const { exitCode, codes, report } = await reported(files, ['a.yaml']);
    expect([exitCode, codes, report.acknowledged[0].acknowledgement]).toEqual([0, [], { reason: 'goes in March', owner: 'shop-team', expires: '2026-01-01', by: 'run', file: 'istio-mtls.yaml', line: 2, column: 5 }]);
    expect((await printed(files, ['check', 'a.yaml'])).out).toContain('  MTLS101  DestinationRule shop/ratings: goes in March (owner: shop-team, until 2026-01-01) (istio-mtls.yaml:2)\n');
    const { out } = await printed({ ...files, 'istio-mtls.yaml': 'acknowledgements: []\n' }, ['check', 'a.yaml', '--acknowledge', 'MTLS101: legacy']);
    expect(out).toContain('  MTLS101  DestinationRule shop/ratings: legacy (--acknowledge)\n');
  });

  test('have no effect once expired, and are reported at their line', async () => {
    const files = { 'istio-mtls.yaml': configuration('2025-12-31'), 'a.yaml': BROKEN };
    const { exitCode, codes, report } = await reported(files, ['a.yaml']);
    expect([exitCode, codes]).toEqual([1, ['error MTLS101', 'warning MTLS902']]);
    expect(report.findings[1]).toMatchObject({ file: 'istio-mtls.yaml', line: 2, column: 5, actual: expect.stringContaining('by shop-team that expired after 2025-12-31') });
    expect((await printed(files, ['check', 'a.yaml'])).out).toContain('\n▸ Acknowledgement MTLS101 DestinationRule shop/ratings\n  ⚠ warning  istio-mtls.yaml:2:5  MTLS902\n');
    expect((await reported(files, ['a.yaml', '--date', '2025-12-31'])).exitCode).toBe(0);
    expect((await reported(files, ['a.yaml', '--date', '2025-02-30'])).exitCode).toBe(2);
  });

  test('without a match are reported at their line, and those of the command line by index', async () => {
    const files = { 'istio-mtls.yaml': configuration('2026-01-01').replace('name: ratings', 'name: reviews'), 'a.yaml': BROKEN };
    const { report } = await reported(files, ['a.yaml', '--acknowledge', 'MTLS101 DestinationRule shop/details: legacy']);
    expect(report.findings.slice(1).map(({ code, file, line, field, object: { name } }: any) => [code, file, line, field, name])).toEqual([
      ['MTLS901', 'istio-mtls.yaml', 2, 'acknowledgements[0]', 'MTLS101 DestinationRule shop/reviews'],
      ['MTLS901', undefined, undefined, 'acknowledgements[0]', 'MTLS101 DestinationRule shop/details'],
    ]);
    for (const format of ['text', 'sarif', 'junit', 'github']) expect((await printed(files, ['check', 'a.yaml', '-o', format])).out).toContain('istio-mtls.yaml');
  });
});

describe('the CA horizon', () => {
  const ENDING = join(__dirname, '../analysis/rules/mtls703-ca-ends-soon/bad-ca-ends-soon.yaml');
  const files = { 'a.yaml': withCertificates(readFileSync(ENDING, 'utf8')) };
  const codes = async (text: string | undefined, ...args: string[]) =>
    (await reported(text === undefined ? files : { ...files, 'istio-mtls.yaml': text }, ['a.yaml', '--date', '2026-01-01', ...args])).codes;

  // The CA expires on 10 February, 39 full days later.
  test('is 90 days, or the value of --ca-horizon', async () => {
    expect(await codes(undefined)).toEqual(['warning MTLS703']);
    expect(await codes(undefined, '--ca-horizon', '40')).toEqual(['warning MTLS703']);
    expect(await codes(undefined, '--ca-horizon', '39')).toEqual([]);
    expect((await reported(files, ['a.yaml', '--ca-horizon', '1.5'])).error).toContain('It is a whole number of days.');
  });

  test('is the file\'s caHorizon unless --ca-horizon is given, with facts too', async () => {
    expect(await codes('caHorizon: 39\n')).toEqual([]);
    expect(await codes('caHorizon: 39\n', '--ca-horizon', '40')).toEqual(['warning MTLS703']);
    expect(await codes('caHorizon: 40\n', '--ca-horizon', '39')).toEqual([]);
    const facts = ['--with', '.'];
    expect([await codes('caHorizon: 39\n', ...facts), await codes('caHorizon: 40\n', ...facts)]).toEqual([[], ['warning MTLS703']]);
  });
});

test('connections applies the file\'s paths and namespaces, and names the file on standard error', async () => {
  const files = { 'istio-mtls.yaml': 'paths: [dist]\ninjectedNamespaces: [shop]\n', 'dist/a.yaml': BROKEN.slice(BROKEN.indexOf('---\n') + 4) };
  const { exitCode, out, error } = await printed(files, ['connections', '-o', 'json']);
  expect([exitCode, JSON.parse(out).map(({ outcome }: any) => outcome), error]).toEqual([0, ['broken'], 'Configuration: istio-mtls.yaml\n']);
  expect(JSON.parse((await printed(files, ['connections', '-o', 'json', '--no-config', 'dist'])).out)[0].outcome).toBe('undecided');
});

describe('contents of a path outside the repository', () => {
  const outside = folderWith({ 'secret.yaml': 'apiVersion: v1\npassword: hunter22: x\n' });
  const told = async (files: Record<string, string>, ...args: string[]) => {
    const cwd = folderWith({ '.git/HEAD': '', 'dist/mesh.yaml': BROKEN, ...files });
    symlinkSync(join(outside, 'secret.yaml'), join(cwd, 'dist/link.yaml'));
    const outputs = [];
    for (const format of ['text', 'json', 'sarif', 'github']) outputs.push(await command(['check', '-o', format, ...args], { cwd }));
    return outputs.map(({ out, error }) => `${out}${error}`);
  };

  test('aren\'t quoted if a configuration or a link leads there', async () => {
    for (const named of ['paths', 'with']) {
      const outputs = await told({ 'istio-mtls.yaml': `${named}: [${join(outside, 'secret.yaml')}]\n` }, 'dist');
      expect(outputs.filter((text) => text.includes('hunter22'))).toEqual([]);
      expect(outputs[0]).toContain('link.yaml');
    }
  });

  test('are quoted if the command line names the path', async () => {
    const [text] = await told({}, join(outside, 'secret.yaml'));
    expect(text).toContain('2 | password: hunter22: x');
  });

  test('a configuration may quote a file of its repository in another folder', async () => {
    const cwd = folderWith({ '.git/HEAD': '', 'sub/istio-mtls.yaml': 'paths: [../a.yaml]\n', 'a.yaml': 'x: y: z\n' });
    expect((await command(['check'], { cwd: join(cwd, 'sub') })).out).toContain('1 | x: y: z');
  });
});
