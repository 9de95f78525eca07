// The states of a mesh of the configuration file: its sources, on disk and in a commit.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { BROKEN, SOUND, WARNED } from '../meshes';

let cwd = '';

beforeAll(() => {
  const [namespace, ...others] = SOUND.split('---\n');
  cwd = folderWith({
    'deploy/istio-mtls.yaml': 'meshes:\n  dev: [dev.yaml]\n  prod: {sources: [prod, "ns-*.yaml", prod/mesh.yaml], trustDomain: prod.example}\n',
    'deploy/dev.yaml': SOUND,
    'deploy/ns-prod.yaml': namespace,
    'deploy/prod/mesh.yaml': others.join('---\n'),
    'deploy/sub/x.txt': '',
  });
  const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', '-c', 'init.defaultBranch=main', ...args], { cwd, stdio: 'pipe' });
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', 'one');
  writeFileSync(join(cwd, 'deploy/prod/mesh.yaml'), BROKEN.split('---\n').slice(1).join('---\n'));
  writeFileSync(join(cwd, 'deploy/dev.yaml'), `${SOUND}---\n${WARNED}`);
  git('commit', '-qam', 'two');
});

afterAll(removeFolders);

const groupsOf = (out: string) => JSON.parse(out).groups.map(({ from, to }: any) => [from, to]);

describe.each(['deploy', 'deploy/sub'])('from %s', (folder) => {
  const ran = (...args: string[]) => command(args, { cwd: join(cwd, folder) });

  test('diff --mesh compares the sources in a commit with those on disk', async () => {
    const { out, exitCode } = await ran('diff', '--mesh', 'prod', 'git:main~1', '-o', 'json');
    const report = JSON.parse(out);
    expect([exitCode, groupsOf(out), report.unreadable]).toEqual([1, [['mtls', 'broken']], []]);
    expect([report.summary.before.objects, report.summary.after.objects]).toEqual([6, 6]);
    expect(report.configuration).toEqual({ path: folder === 'deploy' ? 'istio-mtls.yaml' : '../istio-mtls.yaml', mesh: 'prod', facts: ['trustDomain prod.example'] });
  });

  test('and with those in another commit, or with paths', async () => {
    expect(groupsOf((await ran('diff', '--mesh', 'prod', 'git:main', 'git:main~1', '-o', 'json')).out)).toEqual([['broken', 'mtls']]);
    expect(groupsOf((await ran('diff', '--mesh', 'dev', 'git:main~1', '-o', 'json')).out)).toEqual([]);
    expect(groupsOf((await ran('diff', '--mesh', 'prod', 'git:main~1:deploy/prod', 'git:main:deploy/prod', '-o', 'json')).out)).not.toEqual([]);
  });

  test('--onto takes the sources for NEW', async () => {
    const cluster = join(cwd, 'deploy/dev.yaml');
    expect(groupsOf((await ran('diff', '--mesh', 'prod', '--onto', cluster, '-o', 'json')).out)).toEqual([['mtls', 'broken']]);
  });

  test('plan and report --base read the same states', async () => {
    expect((await ran('plan', '--mesh', 'prod', 'git:main', '-o', 'json')).exitCode).toBe(0);
    const { out, exitCode } = await ran('report', '--mesh', 'prod', '--base', 'git:main~1');
    expect([exitCode, out]).toEqual([0, expect.stringMatching(/mtls → broken/)]);
  });
});

test('diff needs OLD, or --onto', async () => {
  const { exitCode, error } = await command(['diff', '--mesh', 'prod'], { cwd: join(cwd, 'deploy') });
  expect([exitCode, error.split('\n')[0]]).toEqual([2, 'error: missing argument \'old\'; expected OLD, such as git:main, or --onto']);
  expect((await command(['diff'], { cwd: join(cwd, 'deploy') })).error.split('\n')[0]).toMatch(/^error: istio-mtls\.yaml names 2 meshes/);
});
