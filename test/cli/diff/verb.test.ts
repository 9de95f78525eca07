import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { validatorOf } from '../../support/documents/schemas';
import { BAD, UNREADABLE } from '../manifests';
import { BROKEN, SOUND } from '../meshes';

afterAll(removeFolders);

const SCHEMA = validatorOf('diff');

/** SOUND with a PERMISSIVE policy instead of STRICT. */
const PERMISSIVE = SOUND.replace('mode: STRICT', 'mode: PERMISSIVE');
const OFF = BROKEN.replace('mode: STRICT', 'mode: PERMISSIVE');
const CLIENT = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: new, namespace: shop}\nspec: {template: {metadata: {labels: {app: new}}}}\n';
const PLAIN_CLIENT = CLIENT.replace('labels: {app: new}', 'labels: {app: new, sidecar.istio.io/inject: "false"}');

/** Two folders of one file each. */
const folders = (before: string, after: string) => folderWith({ 'old/mesh.yaml': before, 'new/mesh.yaml': after });

const diff = (before: string, after: string, ...options: string[]) => command(['diff', 'old', 'new', ...options], { cwd: folders(before, after) });

/** The output of `diff -o json`, validated against its schema. */
async function reported(before: string, after: string, ...options: string[]) {
  const { exitCode, out, error } = await diff(before, after, '-o', 'json', ...options);
  expect(error).toBe('');
  const report = JSON.parse(out);
  expect(SCHEMA.validate(report)).toEqual({ valid: true, errors: [] });
  return { exitCode, report, groups: report.groups.map(({ kind, from, to, connections }: any) => `${connections} ${kind} ${from} ${to}`) };
}

test('a mesh doesn\'t differ from itself', async () => {
  const { exitCode, report } = await reported(BROKEN, BROKEN);
  expect([exitCode, report.groups, report.acceptances, report.identities, report.withoutEffect, report.connections]).toEqual([
    0, [], [], [], [], { unchanged: 1, added: {}, removed: {} },
  ]);
});

test.each(['diff', 'plan'])('%s reports a CA that replaces another, though no mesh object differs', async (verb) => {
  const ca = (issuer: string) => `${SOUND}---\napiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: cacerts, namespace: istio-system}\n`
    + `spec: {secretName: cacerts, isCA: true, commonName: ca, issuerRef: {name: ${issuer}, kind: ClusterIssuer, group: cert-manager.io}}\n`;
  const told = 'the istiod of istio-system will sign with the CA of Certificate istio-system/cacerts instead of the CA of Certificate istio-system/cacerts';
  const printed = await Promise.all(['text', 'json', 'markdown'].map((format) => command([verb, 'old', 'new', '-o', format], { cwd: folders(ca('a'), ca('b')) })));
  expect(printed.map(({ out, error }) => `${out}${error}`)).toEqual(printed.map(() => expect.stringContaining(told)));
  if (verb === 'diff') expect(printed[0].out).toContain('Not judged, kinds that aren\'t read: 1 Certificate.cert-manager.io.\n\nIstio 1.31, no object that is read differs.');
});

describe('fields with several lines', () => {
  const config = (...lines: string[]) => `${SOUND}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\ndata:\n  mesh: |\n${lines.map((line) => `    ${line}\n`).join('')}`;
  const fieldsOf = async (before: string, after: string) => {
    const { out } = await command(['plan', 'old', 'new', '-o', 'json'], { cwd: folders(before, after) });
    return [...JSON.parse(out).others, ...JSON.parse(out).stages.flatMap(({ steps }: any) => steps)].flatMap(({ fields }: any) => fields);
  };

  test('show only the lines that differ', async () => {
    const before = config('accessLogFile: /dev/stdout', 'enableAutoMtls: true', 'trustDomain: a', 'rootNamespace: istio-system');
    const after = config('accessLogFile: /dev/stdout', 'enableAutoMtls: false', 'trustDomain: a', 'rootNamespace: istio-system');
    expect(await fieldsOf(before, after)).toEqual([{ field: 'data.mesh', from: '\'enableAutoMtls: true\'', to: '\'enableAutoMtls: false\'' }]);
    expect(await fieldsOf(config('trustDomain: a'), config('enableAutoMtls: false', 'trustDomain: a'))).toEqual([{ field: 'data.mesh', from: '\'\'', to: '\'enableAutoMtls: false\'' }]);
  });

  test('show nothing of a private key, not even its last line', async () => {
    const noted = (end: string) => `${SOUND}---\napiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata:\n  name: other\n  namespace: shop\n  annotations:\n    note: |\n`
      + `      -----BEGIN PRIVATE KEY-----\n      ${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC'.repeat(2)}\n      ${end}\n      -----END PRIVATE KEY-----\nspec: {host: other.example.com}\n`;
    const fields = await fieldsOf(noted('c2VjcmV0MQ=='), noted('c2VjcmV0Mg=='));
    expect(fields.map(({ field }: any) => field)).toEqual(['metadata.annotations.note']);
    expect(JSON.stringify(fields)).not.toMatch(/c2VjcmV0|MIIE/);
  });
});

test.each<[string, string, string, string[], number]>([
  ['a connection that breaks', SOUND, BROKEN, [], 1],
  ['a connection that breaks, with --fail-on never', SOUND, BROKEN, ['--fail-on', 'never'], 0],
  ['a connection that breaks, with another --fail-on', SOUND, BROKEN, ['--fail-on', 'new-plaintext,lost'], 0],
  ['a connection that was broken before', BROKEN, BROKEN, [], 0],
  ['a connection that is repaired', BROKEN, SOUND, [], 0],
  ['a connection that becomes plaintext', PERMISSIVE, OFF, [], 1],
  ['a port that is no longer STRICT', SOUND, PERMISSIVE, [], 1],
  ['a port that becomes STRICT', PERMISSIVE, SOUND, [], 0],
  ['a new client without a sidecar, whose calls break', SOUND, `${SOUND}---\n${PLAIN_CLIENT}`, [], 0],
  ['the client loses its sidecar', SOUND, SOUND.replace('app: web', 'app: web\n        sidecar.istio.io/inject: "false"'), [], 1],
  ['a connection that becomes undecided', SOUND, SOUND.slice(SOUND.indexOf('---\n') + 4), ['--fail-on', 'new-undecided'], 1],
  ['a connection that becomes undecided by default, at a STRICT port that may take plaintext', SOUND, SOUND.slice(SOUND.indexOf('---\n') + 4), [], 1],
  ['unreadable input', SOUND, `${SOUND}---\n${UNREADABLE}`, ['--fail-on', 'never'], 2],
])('the exit code for %s', async (_, before, after, options, expected) => {
  expect((await reported(before, after, ...options)).exitCode).toBe(expected);
});

test('a group has its cause with file, line and field, and an example connection before and after', async () => {
  const { report } = await reported(SOUND.replace(/$/, '---\n').concat(BROKEN.slice(BROKEN.lastIndexOf('---\n') + 4).replace('DISABLE', 'ISTIO_MUTUAL')), BROKEN);
  const [group, ...others] = report.groups;
  expect(others).toEqual([]);
  expect(group).toMatchObject({ kind: 'changed', gate: 'new-broken', from: 'mtls', to: 'broken', connections: 1 });
  expect(group.causes).toEqual([{
    change: 'changed',
    object: { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', namespace: 'shop', name: 'ratings' },
    file: join('new', 'mesh.yaml'),
    line: 65,
    column: 7,
    fields: [{ field: 'spec.trafficPolicy.tls.mode', from: 'ISTIO_MUTUAL', to: 'DISABLE' }],
    moreFields: 0,
  }]);
  expect(group.witness).toMatchObject({ calls: 'shop/ratings:9080', before: { transport: { outcome: 'mtls' } }, after: { client: { object: { name: 'web' } }, hops: [{ server: { object: { name: 'ratings' }, port: 9080 } }], transport: { outcome: 'broken' } } });
});

test('connections of a new client are added, and those of a deleted one removed', async () => {
  const both = `${SOUND}---\n${PLAIN_CLIENT}`;
  expect((await reported(SOUND, both)).report.connections).toEqual({ unchanged: 1, added: { broken: 1 }, removed: {} });
  expect((await reported(both, SOUND)).report.connections).toEqual({ unchanged: 1, added: {}, removed: { broken: 1 } });
});

test('reports changed identities, and objects without effect', async () => {
  const { report } = await reported(SOUND, `${SOUND.replace('containers:', 'serviceAccountName: rater\n      containers:')}---\n${BAD.replace('mod:', 'mode:').replace('namespace: shop', 'namespace: nowhere')}`);
  expect(report.identities).toEqual([{ workload: { kind: 'Deployment', namespace: 'shop', name: 'ratings' }, from: expect.stringMatching(/sa\/default$/), to: expect.stringMatching(/sa\/rater$/) }]);
  expect(report.withoutEffect.map(({ change, object }: any) => `${change} ${object.kind} ${object.namespace}`)).toEqual(['added PeerAuthentication nowhere']);
});

test('an object that would be rejected keeps its previous state', async () => {
  const { report, exitCode } = await reported(SOUND, SOUND.replace('    mode: STRICT', '    mode: STRIKT'));
  expect([exitCode, report.summary.after.refused, report.groups, report.acceptances]).toEqual([1, 1, [], []]);
  expect(report.notes).toEqual([{ about: 'refused', text: '1 object after the change would be rejected and is ignored, so its previous state, if any, remains' }]);
});

describe('--onto', () => {
  const [namespace, ...rest] = SOUND.split('---\n');
  const policy = rest.find((document) => document.includes('kind: PeerAuthentication'))!;

  async function onto(cluster: string, paths: { readonly [path: string]: string }) {
    const { exitCode, out } = await command(['diff', ...Object.keys(paths), '--onto', 'cluster.yaml', '-o', 'json'], { cwd: folderWith({ 'cluster.yaml': cluster, ...paths }) });
    const report = JSON.parse(out);
    expect(SCHEMA.validate(report)).toEqual({ valid: true, errors: [] });
    return [exitCode, report.groups.map(({ from, to }: any) => `${from} ${to}`), report.acceptances.map(({ from, to }: any) => `${from} ${to}`)];
  }

  test('with NEW alone compares the cluster before and after an apply of NEW', async () => {
    expect(await onto(SOUND, { 'new.yaml': policy.replace('STRICT', 'PERMISSIVE') })).toEqual([1, [], ['STRICT PERMISSIVE', 'STRICT PERMISSIVE']]);
    expect(await onto(SOUND, { 'new.yaml': policy })).toEqual([0, [], []]);
  });

  test('with OLD and NEW applies both to the cluster, and deletes what only OLD has', async () => {
    expect(await onto(SOUND, { 'old.yaml': `${namespace}---\n${policy}`, 'new.yaml': namespace })).toEqual([1, [], ['STRICT PERMISSIVE', 'STRICT PERMISSIVE']]);
    expect(await onto(rest.filter((one) => one !== policy).join('---\n'), { 'old.yaml': namespace, 'new.yaml': `${namespace}---\n${policy}` })).toEqual([0, [], ['PERMISSIVE STRICT', 'PERMISSIVE STRICT']]);
  });
});

test('the text shows causes, an example connection, and what stays the same', async () => {
  const { out } = await diff(SOUND, BROKEN);
  expect(out).toMatchSnapshot();
});

test('the text shows ports that newly accept plaintext', async () => {
  expect((await diff(SOUND, PERMISSIVE)).out).toMatchSnapshot();
});

test('prints Markdown and GitHub annotations', async () => {
  expect((await diff(SOUND, BROKEN, '-o', 'markdown')).out).toMatchSnapshot();
  expect((await diff(SOUND, BROKEN, '-o', 'github')).out).toMatchSnapshot();
});

test('manifests inject no Markdown, control characters or workflow commands', async () => {
  const hostile = BROKEN.replace('mode: DISABLE', 'mode: DISABLE\n      caCertificates: "`|::error::##[group]\\u001b[31m<!-- @all"');
  for (const format of ['text', 'markdown', 'github', 'json']) {
    const { out } = await diff(BROKEN.replace('mode: STRICT', 'mode: PERMISSIVE'), hostile, '-o', format);
    // eslint-disable-next-line no-control-regex -- they are what it is about
    expect(out).not.toMatch(/\u001b|##\[|(?<!\S)::error::#/);
  }
  const { out } = await diff(SOUND, BROKEN.replaceAll('name: ratings', 'name: "a|b`c"'), '-o', 'markdown');
  for (const row of out.split('\n').filter((line) => line.startsWith('|'))) expect(row.match(/\|/g)!.length).toBeLessThanOrEqual(6);
});

describe('a commit', () => {
  function repository(files: { readonly [path: string]: string }): string {
    const root = folderWith(files);
    const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', '-c', 'init.defaultBranch=main', ...args], { cwd: root, stdio: 'pipe' });
    git('init', '-q');
    git('add', '-A');
    git('commit', '-qm', 'one');
    git('tag', 'v1');
    return root;
  }

  const left = () => readdirSync(os.tmpdir());

  // Other tests create temporary folders concurrently.
  beforeEach(() => {
    jest.spyOn(os, 'tmpdir').mockReturnValue(folderWith({}));
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  test('is read at the other state\'s path or at its own, and leaves no files behind', async () => {
    const root = repository({ 'dist/mesh.yaml': SOUND, 'dist/other.txt': 'x', 'other/mesh.yaml': PERMISSIVE });
    writeFileSync(join(root, 'dist', 'mesh.yaml'), BROKEN);
    const there = left();
    const { exitCode, out } = await command(['diff', 'git:main', 'dist', '-o', 'json'], { cwd: root });
    expect([exitCode, JSON.parse(out).groups.map(({ from, to }: any) => `${from} ${to}`)]).toEqual([1, ['mtls broken']]);
    const text = (await command(['diff', 'dist', 'git:v1:dist/mesh.yaml'], { cwd: root })).out;
    expect(text).toContain('broken → mtls');
    const removed = (await command(['diff', 'git:v1:dist', 'git:HEAD:other'], { cwd: root })).out;
    expect(removed).toContain('~ PeerAuthentication shop/default  git:HEAD:other/mesh.yaml:');
    expect(left()).toEqual(there);
  });

  test('is read from a subfolder of the repository', async () => {
    const root = repository({ 'sub/dist/mesh.yaml': SOUND });
    for (const path of ['git:main', 'git:main:sub/dist', 'git:main:./dist']) {
      expect(await command(['diff', path, 'dist'], { cwd: join(root, 'sub') })).toMatchObject({ exitCode: 0, error: '' });
    }
  });

  test('is read like a folder, with charts, kustomizations and links to files; a link out of it is unreadable', async () => {
    const root = repository({
      'chart/Chart.yaml': 'name: c\n',
      'chart/templates/a.yaml': BAD,
      'base/kustomization.yaml': 'resources: [mesh.yaml]\n',
      'base/mesh.yaml': SOUND,
      'over/kustomization.yaml': 'resources: [../base]\nnamePrefix: x\n',
    });
    symlinkSync(join('..', 'base', 'mesh.yaml'), join(root, 'over', 'link.yaml'));
    symlinkSync('/etc/hostname', join(root, 'over', 'outside.yaml'));
    execFileSync('git', ['add', '-A'], { cwd: root });
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', 'commit', '-qm', 'two'], { cwd: root });
    const summaryOf = async (path: string) => {
      const { exitCode, out } = await command(['diff', path, 'base', '-o', 'json'], { cwd: root });
      const { summary: { before }, skipped, notes } = JSON.parse(out);
      return [exitCode, before.objects, skipped.map(({ file }: any) => file), notes.map(({ text }: any) => text)];
    };
    expect(await summaryOf('git:HEAD:base')).toEqual([0, 6, expect.arrayContaining([expect.stringContaining('kustomization.yaml')]), []]);
    expect(await summaryOf('git:HEAD:chart/templates')).toEqual([2, 0, ['git:HEAD:chart/templates/a.yaml', 'base/kustomization.yaml'], ['git:HEAD:chart is a chart, and its templates are left out: render both states, and compare the output']]);
    expect((await summaryOf('git:HEAD:over')).slice(0, 2)).toEqual([2, 6]);
  });

  test.each<[string, string, RegExp]>([
    ['an unknown commit', 'git:nope', /^git:nope isn't a commit of this repository; .* git fetch origin nope\.\n$/],
    ['no commit', 'git:', /^git: doesn't name a commit/],
    ['an option in place of a commit', 'git:--all', /^git:--all doesn't name a commit/],
    ['a path outside the repository', 'git:main:../x', /outside the repository of git:main/],
  ])('%s exits with 2', async (_, path, error) => {
    expect(await command(['diff', path, '.'], { cwd: repository({ 'mesh.yaml': SOUND }) })).toEqual({ exitCode: 2, out: '', error: expect.stringMatching(error) });
  });

  test('with an unknown path is unreadable', async () => {
    const { exitCode, out } = await command(['diff', 'git:main:nope', '.'], { cwd: repository({ 'mesh.yaml': SOUND }) });
    expect([exitCode, out]).toEqual([2, expect.stringMatching(/✖ could not read {2}git:main:nope {2}ADMIT161/)]);
  });

  test('without a repository or without git is an error', async () => {
    const folder = folderWith({ 'mesh.yaml': SOUND });
    expect(await command(['diff', 'git:main', 'mesh.yaml'], { cwd: folder })).toMatchObject({ exitCode: 2, error: expect.stringMatching(/^git: not a git repository/) });
    const { PATH } = process.env;
    process.env.PATH = folder;
    try {
      expect(await command(['diff', 'git:main', 'mesh.yaml'], { cwd: folder })).toMatchObject({ exitCode: 2, error: expect.stringMatching(/^git: isn't installed/) });
    } finally {
      process.env.PATH = PATH;
    }
    expect(existsSync(join(folder, 'mesh.yaml'))).toBe(true);
  });
});

test.each<[string, string[], string]>([
  ['one path without a cluster', ['old'], 'missing argument \'new\''],
  ['three paths', ['old', 'new', 'new'], '3 paths; expected OLD and NEW'],
  ['standard input twice', ['-', '-'], 'standard input is named twice'],
  ['an unknown gate', ['old', 'new', '--fail-on', 'error'], 'expected one or more of new-broken'],
])('%s is an error', async (_, args, error) => {
  expect(await command(['diff', ...args], { cwd: folders(SOUND, SOUND) })).toMatchObject({ exitCode: 2, out: '', error: expect.stringContaining(error) });
});

test('standard input can be either state', async () => {
  const cwd = folders(SOUND, BROKEN);
  expect((await command(['diff', 'old', '-'], { cwd, input: BROKEN })).exitCode).toBe(1);
  expect((await command(['diff', '-', 'old'], { cwd, input: BROKEN })).exitCode).toBe(0);
});

test('applies namespaces and facts of a configuration file, but not failOn', async () => {
  const root = folders(SOUND.slice(SOUND.indexOf('---\n') + 4), BROKEN.slice(SOUND.indexOf('---\n') + 4));
  writeFileSync(join(root, 'istio-mtls.yaml'), 'injectedNamespaces: [shop]\nfailOn: [never]\nwith: [cluster]\n');
  mkdirSync(join(root, 'cluster'));
  writeFileSync(join(root, 'cluster', 'client.yaml'), CLIENT);
  const { exitCode, out } = await command(['diff', 'old', 'new', '-o', 'json'], { cwd: root });
  expect([exitCode, JSON.parse(out).groups.map(({ to, connections }: any) => [to, connections])]).toEqual([1, [['broken', 2]]]);
});
