import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { validatorOf } from '../../support/documents/schemas';
import { BROKEN, SOUND, WARNED } from '../meshes';

afterAll(removeFolders);

const MESHES = 'meshes:\n  dev: [dist/dev]\n  prod: {sources: [dist/prod*.yaml], injectedNamespaces: [other]}\n';
const FILES = { 'istio-mtls.yaml': MESHES, 'dist/dev/a.yaml': SOUND, 'dist/prod.yaml': BROKEN };

async function checked(args: readonly string[], files: Readonly<Record<string, string>> = FILES) {
  return command(['check', ...args], { cwd: folderWith(files) });
}

const codesIn = ({ findings }: any) => findings.map(({ code, file }: any) => `${code} ${file}`);

describe('without paths and --mesh, each mesh of the configuration file is judged by itself', () => {
  test('in text with a heading, and at the end which fail', async () => {
    const { out, exitCode } = await checked([]);
    const lines = out.split('\n');
    expect(exitCode).toBe(1);
    expect(lines.filter((line) => /^Mesh |^Configuration|objects in|^ +1 {2}|^\d meshes/.test(line))).toEqual([
      'Mesh dev', '  1  mtls       mutual TLS between the proxies', 'Configuration: istio-mtls.yaml, mesh dev', '6 objects in 1 file: no errors.',
      'Mesh prod', '  1  broken     the call fails', 'Configuration: istio-mtls.yaml, mesh prod', '6 objects in 1 file: 1 error.',
      '2 meshes: prod fails.',
    ]);
    expect(lines.slice(-3)).toEqual(['', '2 meshes: prod fails.', '']);
  });

  test('in JSON as a list, also if there is only one', async () => {
    const schema = validatorOf('check-meshes');
    const report = JSON.parse((await checked(['-o', 'json'])).out);
    expect(schema.validate(report).errors).toEqual([]);
    expect(report.meshes.map((one: any) => [one.configuration, codesIn(one)])).toEqual([
      [{ path: 'istio-mtls.yaml', mesh: 'dev', off: 0 }, []],
      [{ path: 'istio-mtls.yaml', mesh: 'prod', off: 0 }, ['MTLS101 dist/prod.yaml']],
    ]);
    const one = JSON.parse((await checked(['-o', 'json'], { ...FILES, 'istio-mtls.yaml': 'meshes: {dev: [dist/dev]}\n' })).out);
    expect(one.meshes.map(({ configuration }: any) => configuration.mesh)).toEqual(['dev']);
  });

  test('in SARIF as a run each, in JUnit as a suite each, for GitHub with the name in titles', async () => {
    const { runs } = JSON.parse((await checked(['-o', 'sarif'])).out);
    expect(runs.map(({ automationDetails, results }: any) => [automationDetails, results.map(({ ruleId }: any) => ruleId)])).toEqual([
      [{ id: 'istio-mtls/dev/' }, []], [{ id: 'istio-mtls/prod/' }, ['MTLS101']],
    ]);
    const { out: junit } = await checked(['-o', 'junit']);
    expect([...junit.matchAll(/<testsuites? [^>]*>/g)].map(([element]) => element)).toEqual([
      '<testsuites name="istio-mtls" tests="12" failures="1" errors="0" skipped="0">',
      '<testsuite name="istio-mtls dev" tests="6" failures="0" errors="0" skipped="0">',
      '<testsuite name="istio-mtls prod" tests="6" failures="1" errors="0" skipped="0">',
    ]);
    const { out: github, error } = await checked(['-o', 'github']);
    expect([...github.matchAll(/title=([^:]*)/g)].map(([, title]) => title)).toEqual(['configuration in mesh dev', 'MTLS101 in mesh prod', 'configuration in mesh prod']);
    expect(error).toBe('Configuration: istio-mtls.yaml, mesh dev\nConfiguration: istio-mtls.yaml, mesh prod\n');
  });

  test('and the highest exit code counts, whichever mesh has it', async () => {
    expect(await checked([], { ...FILES, 'dist/prod.yaml': SOUND })).toMatchObject({ exitCode: 0, out: expect.stringMatching(/\n2 meshes: none fails\.\n$/) });
    const unread = await checked([], { ...FILES, 'dist/dev/b.yaml': 'apiVersion: {{ x }}\n' });
    expect(unread).toMatchObject({ exitCode: 2, out: expect.stringMatching(/\n2 meshes: prod fails; dev can't be read whole\.\n$/) });
    const both = { ...FILES, 'dist/dev/a.yaml': BROKEN };
    expect(await checked([], both)).toMatchObject({ exitCode: 1, out: expect.stringMatching(/\n2 meshes: dev, prod fail\.\n$/) });
    expect((await checked(['--warn-only'], both)).exitCode).toBe(0);
    expect((await checked([], { ...FILES, 'dist/prod.yaml': SOUND, 'dist/none': '', 'istio-mtls.yaml': 'meshes: {a: [none], b: [dist]}\n' })).exitCode).toBe(2);
  });
});

describe('--mesh', () => {
  test('judges one mesh, and prints what a run on paths prints', async () => {
    const { out, exitCode } = await checked(['--mesh', 'dev', '-o', 'json']);
    const report = JSON.parse(out);
    expect(validatorOf('check').validate(report).errors).toEqual([]);
    expect([exitCode, report.configuration, codesIn(report)]).toEqual([0, { path: 'istio-mtls.yaml', mesh: 'dev', off: 0 }, []]);
    expect((await checked(['--mesh', 'prod'])).out).toMatch(/^2 workloads [^]*Configuration: istio-mtls\.yaml, mesh prod\n6 objects in 1 file: 1 error\./);
  });

  test('beside paths, its facts hold for these; without it, nothing that a mesh states does', async () => {
    const part = { ...FILES, 'part.yaml': SOUND.slice(SOUND.indexOf('---\n') + 4).replaceAll('shop', 'other') };
    const worlds = async (...args: string[]) => JSON.parse((await checked(['part.yaml', ...args, '-o', 'json'], part)).out).worlds;
    expect(await worlds('--mesh', 'prod')).toBeUndefined();
    expect(await worlds('--mesh', 'dev')).toBeDefined();
    expect(await worlds()).toBeDefined();
  });
});

describe('a baseline', () => {
  const WITH = { ...FILES, 'istio-mtls.yaml': 'baseline: all.yaml\nmeshes:\n  dev: [dist/dev]\n  prod: {sources: [dist], baseline: dist/known.yaml}\n', 'dist/dev/a.yaml': SOUND };

  test('is that of its mesh: the file\'s own isn\'t read', async () => {
    const cwd = folderWith({ ...WITH, 'dist/dev/a.yaml': SOUND, 'istio-mtls.yaml': WITH['istio-mtls.yaml'].replace('[dist]', '[dist/prod.yaml]') });
    const written = await command(['check', '--mesh', 'prod', '--write-baseline'], { cwd });
    expect([written.exitCode, written.error]).toEqual([0, 'dist/known.yaml: 1 entry written, 1 new, 0 dropped.\n']);
    expect(readFileSync(join(cwd, 'dist/known.yaml'), 'utf8')).toContain('MTLS101');
    const { out, exitCode } = await command(['check'], { cwd });
    expect([exitCode, out]).toEqual([0, expect.stringMatching(/Mesh prod[^]*Baseline: dist\/known\.yaml, which excludes 1 known finding\n/)]);
  });

  test('of the command line is refused for several meshes', async () => {
    const { exitCode, error } = await checked(['--baseline', 'a.yaml'], WITH);
    expect([exitCode, error.split('\n')[0]]).toEqual([
      2, 'error: --baseline names one file for each mesh; expected one mesh. Fix: pass --mesh too, or state baseline in each mesh',
    ]);
  });
});

describe('an acknowledgement of the file', () => {
  const acknowledging = (code: string) => ({
    ...FILES, 'dist/dev/b.yaml': WARNED, 'istio-mtls.yaml': `${MESHES}acknowledgements: [{code: ${code}, reason: known}]\n`,
  });
  const useless = async (code: string, ...args: string[]) => {
    const report = JSON.parse((await checked([...args, '-o', 'json'], acknowledging(code))).out);
    return (report.meshes ?? [report]).map((one: any) => codesIn(one).filter((text: string) => text.startsWith('MTLS901')));
  };

  test('is useless if it matches in no mesh, and not if it matches in another', async () => {
    expect(await useless('MTLS201')).toEqual([[], []]);
    expect(await useless('MTLS103')).toEqual([['MTLS901 istio-mtls.yaml'], ['MTLS901 istio-mtls.yaml']]);
  });

  test('isn\'t called useless in a run on one of several meshes, which doesn\'t show it', async () => {
    expect(await useless('MTLS201', '--mesh', 'prod')).toEqual([[]]);
    expect(await useless('MTLS103', '--mesh', 'prod')).toEqual([[]]);
    expect(await useless('MTLS103', 'dist/prod.yaml')).toEqual([['MTLS901 istio-mtls.yaml']]);
    expect(await useless('MTLS101', '--mesh', 'prod', '--acknowledge', 'MTLS103: another')).toEqual([['MTLS901 undefined']]);
  });
});
