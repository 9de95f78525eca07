import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { verifyScript } from '../../../src/cli/plan/verify-script';
import { Mapping } from '../../../src/manifests/mapping';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { BROKEN, SOUND } from '../meshes';

afterAll(removeFolders);

const WAVE = 'argocd.argoproj.io/sync-wave';
const DISABLED = SOUND.replace('mode: STRICT', 'mode: DISABLE');
const without = (kind: string, from: string) => from.split('---\n').filter((text) => !text.includes(`kind: ${kind}\n`)).join('---\n');
const allow = (name: string) => `---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: ${name}, namespace: shop}\nspec: {rules: [{}]}\n`;
const config = (name: string, value: string) => `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: shop, annotations: {a: b}}\ndata: {a: ${JSON.stringify(value)}}\n`;
const UNLABELLED = SOUND.replace('istio-injection: enabled', 'istio-injection: disabled').replace('mode: STRICT', 'mode: PERMISSIVE');

/** Writes a plan to a folder, and returns its path. */
async function written(before: string, after: string, ...options: string[]): Promise<string> {
  const cwd = folderWith({ 'old/mesh.yaml': before, 'new/mesh.yaml': after });
  const { exitCode, error } = await command(['plan', 'old', 'new', '--out', 'plan', ...options], { cwd });
  expect([exitCode, error]).toEqual([0, '']);
  return join(cwd, 'plan');
}

const filesIn = (folder: string): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(folder, path)).isFile()).sort();
const foldersIn = (folder: string): string[] => readdirSync(folder).filter((name) => /^\d+$/.test(name)).sort();
const manifestsIn = (path: string): any[] => (existsSync(path) ? loadAll(readFileSync(path, 'utf8')) : []);

const idOf = ({ kind, metadata: { namespace, name } }: any): string => `${kind} ${namespace ?? ''}/${name}`;

/** An object without the sync wave and empty annotations. */
function bare(manifest: any): Mapping {
  const { annotations: { [WAVE]: _, ...annotations } = {} as any, ...metadata } = manifest.metadata;
  return { ...manifest, metadata: { ...metadata, ...Object.keys(annotations).length > 0 && { annotations } } };
}

const stateOf = (text: string): Map<string, Mapping> => new Map((loadAll(text) as any[]).map((manifest) => [idOf(manifest), bare(manifest)]));

/** The cluster\'s state after an apply of the numbered folders. */
function applied(state: ReadonlyMap<string, Mapping>, folder: string): Map<string, Mapping> {
  const next = new Map(state);
  for (const part of foldersIn(folder)) {
    for (const manifest of manifestsIn(join(folder, part, 'apply.yaml'))) next.set(idOf(manifest), bare(manifest));
    for (const manifest of manifestsIn(join(folder, part, 'delete.yaml'))) expect(next.delete(idOf(manifest))).toBe(true);
  }
  return next;
}

const CHANGES: readonly (readonly [string, string, string])[] = [
  ['DISABLE to STRICT, by a rule that is there for a while', without('DestinationRule', DISABLED), without('DestinationRule', SOUND)],
  ['DISABLE to STRICT, where a rule is there', DISABLED, SOUND],
  ['a rule that goes', BROKEN.replace('mode: STRICT', 'mode: PERMISSIVE'), without('DestinationRule', SOUND)],
  ['a label of a namespace', UNLABELLED, SOUND],
  ['policies and configuration', SOUND + allow('one') + config('gone', 'a'), SOUND.replace('mode: STRICT', 'mode: PERMISSIVE') + allow('two') + config('new', 'yes\n1e3: "a"')],
  ['nothing that has a part in connections', SOUND + config('a', 'b'), SOUND + config('a', 'c') + allow('two')],
];

test('README.md says if recreated objects are newer than before', async () => {
  const [, , deleted] = CHANGES;
  for (const [[, before, after], isTold] of [[deleted, true], [CHANGES[0], false]] as const) {
    expect(readFileSync(join(await written(before, after), 'README.md'), 'utf8').includes('newer than before')).toBe(isTold);
  }
});

test('README.md says what the change itself makes worse, and what would be rejected', async () => {
  const readmeOf = async (before: string, after: string, ...options: string[]) => readFileSync(join(await written(before, after, ...options), 'README.md'), 'utf8');
  expect(await readmeOf(SOUND, BROKEN)).toContain('\n`The change itself breaks 1 connection, in any order: see istio-mtls diff.`\n');
  expect(await readmeOf(BROKEN, SOUND)).not.toContain('The change itself');
  expect(await readmeOf(SOUND, SOUND.replace('    mode: STRICT', '    mode: STRIKT'), '--fail-on', 'unproven')).toContain('\n`1 object of NEW would be rejected: the folders leave it out.`\n');
});

test.each(CHANGES)('folders lead to the new state, and those of rollback to the old one: %s', async (_, before, after) => {
  const folder = await written(before, after);
  const [old, next] = [stateOf(before), stateOf(after)];
  expect(applied(old, folder)).toEqual(next);
  expect(applied(next, join(folder, 'rollback'))).toEqual(old);
  expect(foldersIn(join(folder, 'rollback'))).toEqual(foldersIn(folder));
});

test('DISABLE to STRICT takes four folders with sync waves, verify.sh, README.md and plan.json', async () => {
  const folder = await written(without('DestinationRule', DISABLED), without('DestinationRule', SOUND));
  expect(filesIn(folder)).toEqual([
    '01/apply.yaml', '01/verify.sh', '02/apply.yaml', '02/verify.sh', '03/delete.yaml', '03/verify.sh', '04/apply.yaml', '04/verify.sh', 'README.md', 'plan.json',
    ...['01/apply.yaml', '01/verify.sh', '02/apply.yaml', '02/verify.sh', '03/apply.yaml', '03/verify.sh', '04/delete.yaml', '04/verify.sh'].map((path) => `rollback/${path}`),
  ]);
  expect(readFileSync(join(folder, '01/apply.yaml'), 'utf8')).toBe(`apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  namespace: shop
  name: ratings-mtls-transition
  annotations:
    argocd.argoproj.io/sync-wave: "1"
spec:
  host: ratings.shop.svc.cluster.local
  trafficPolicy:
    tls:
      mode: DISABLE
`);
  expect(readFileSync(join(folder, '03/delete.yaml'), 'utf8')).toBe('apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata:\n  namespace: shop\n  name: ratings-mtls-transition\n');
  expect(foldersIn(folder).flatMap((part) => manifestsIn(join(folder, part, 'apply.yaml')).map(({ metadata }) => metadata.annotations[WAVE]))).toEqual(['1', '2', '4']);
  expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain('Start with `rollback/04` after `01` or a part of it, `rollback/03` after `02` or a part of it, ');
  expect(JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8'))).toMatchObject({ before: expect.stringMatching(/^sha256:[0-9a-f]{64}$/), atOnce: { verdict: 'unsafe' } });
});

test('AuthorizationPolicies change in the last folder, and in the first of rollback', async () => {
  const folder = await written(without('DestinationRule', DISABLED), without('DestinationRule', SOUND) + allow('all'));
  expect(manifestsIn(join(folder, '05/apply.yaml')).map(idOf)).toEqual(['AuthorizationPolicy shop/all']);
  expect(manifestsIn(join(folder, 'rollback/01/delete.yaml')).map(idOf)).toEqual(['AuthorizationPolicy shop/all']);
  expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain('Folder 05 has AuthorizationPolicies: authorization of requests isn\'t checked.');
});

test('the same input gives the same files, and hashes don\'t depend on the order of objects', async () => {
  const [before, after] = [without('DestinationRule', DISABLED), without('DestinationRule', SOUND) + allow('all')];
  const turned = before.split('---\n').map((text) => text.replace(/\n*$/, '\n')).reverse().join('---\n');
  const [one, other, third] = [await written(before, after), await written(before, after), await written(turned, after)];
  for (const path of filesIn(one)) expect([path, readFileSync(join(one, path), 'utf8')]).toEqual([path, readFileSync(join(other, path), 'utf8')]);
  const hashes = [one, third].map((folder) => JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8')).before);
  expect(hashes[0]).toBe(hashes[1]);
});

test.each<[string, (cwd: string) => void, RegExp]>([
  ['a folder that isn\'t empty', () => undefined, /^old isn't empty; expected .* Fix: /],
  ['a file', (cwd) => writeFileSync(join(cwd, 'file'), ''), /file/],
])('doesn\'t write to %s', async (name, prepare, error) => {
  const cwd = folderWith({ 'old/mesh.yaml': SOUND, 'new/mesh.yaml': DISABLED });
  prepare(cwd);
  const result = await command(['plan', 'old', 'new', '--out', name === 'a file' ? 'file' : 'old'], { cwd });
  expect(result).toMatchObject({ exitCode: 2, out: '', error: expect.stringMatching(error) });
  expect(readdirSync(join(cwd, 'old'))).toEqual(['mesh.yaml']);
});

test('names objects that may hold a private key, without their contents', async () => {
  const body = Array.from({ length: 3 }, (_, index) => 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7'.slice(index) + 'aB3'.repeat(5)).join('\n');
  const key = ['-----BEGIN', 'PRIVATE KEY-----'].join(' ') + `\n${body}\n-----END PRIVATE KEY-----\n`;
  const [before, after] = [DISABLED, SOUND].map((text) => without('DestinationRule', text).replace(/kind: PeerAuthentication\nmetadata:\n/, (start) => `${start}  annotations: {note: ${JSON.stringify(key)}}\n`));
  const folder = await written(before + config('gone', key), after + config('new', key));
  expect(readFileSync(join(folder, '01/APPLY-YOURSELF.txt'), 'utf8')).toBe('ConfigMap shop/new: as it is after the change\n');
  expect(readFileSync(join(folder, '02/APPLY-YOURSELF.txt'), 'utf8')).toBe('PeerAuthentication shop/default: neither as before nor as after the change; plan.json lists the differing fields\n');
  expect(readFileSync(join(folder, '04/APPLY-YOURSELF.txt'), 'utf8')).toBe('PeerAuthentication shop/default: as it is after the change\n');
  expect(readFileSync(join(folder, 'rollback/03/APPLY-YOURSELF.txt'), 'utf8')).toBe('PeerAuthentication shop/default: as it was before the change\n');
  for (const path of filesIn(folder)) expect([path, /MII|aB3aB3|BEGIN/.test(readFileSync(join(folder, path), 'utf8'))]).toEqual([path, false]);
});

describe('verify.sh', () => {
  const bins: string[] = [];

  /** Runs a script with stubs of kubectl, istioctl and sleep, and returns their calls. */
  function run(script: string, { kubectl = 0, status = '"configStatus": "SYNCED"' }: { kubectl?: number; status?: string }) {
    const bin = folderWith({
      kubectl: `#!/bin/sh\nprintf '%s|' kubectl "$@" >> "$LOG"; echo >> "$LOG"\nexit ${kubectl}\n`,
      istioctl: '#!/bin/sh\nprintf \'%s|\' istioctl "$@" >> "$LOG"; echo >> "$LOG"\ncat "$STATUS"\n',
      sleep: '#!/bin/sh\necho "sleep $1" >> "$LOG"\n',
      log: '',
      status: status,
    });
    bins.push(bin);
    for (const name of ['kubectl', 'istioctl', 'sleep']) chmodSync(join(bin, name), 0o755);
    const { status: exitCode, stdout, stderr } = spawnSync(script, { env: { PATH: `${bin}:/usr/bin:/bin`, LOG: join(bin, 'log'), STATUS: join(bin, 'status') }, encoding: 'utf8' });
    return { exitCode, stdout, stderr, calls: readFileSync(join(bin, 'log'), 'utf8').trim().split('\n') };
  }

  const restarting = async () => join(await written(UNLABELLED, SOUND), '01/verify.sh');

  test('restarts workloads, waits, and ends once every proxy is up to date', async () => {
    expect(run(await restarting(), {})).toEqual({
      exitCode: 0,
      stdout: 'Every connected proxy is up to date.\n',
      stderr: '',
      calls: [
        ...['ratings', 'web'].map((name) => `kubectl|rollout|restart|-n|shop|deployment/${name}|`),
        ...['ratings', 'web'].map((name) => `kubectl|rollout|status|--timeout=15m|-n|shop|deployment/${name}|`),
        'sleep 15', 'istioctl|proxy-status|-o|json|',
      ],
    });
  });

  test.each(['STALE', 'ERROR'])('fails if a proxy stays %s', async (word) => {
    const { exitCode, stdout, stderr, calls } = run(await restarting(), { status: `"configStatus": "SYNCED",\n"configStatus":  "${word}"` });
    expect([exitCode, stdout, stderr]).toEqual([1, '', 'Some proxies aren\'t up to date: istioctl proxy-status\n']);
    expect(calls.filter((call) => call.startsWith('istioctl'))).toHaveLength(60);
  });

  test('fails if istiod has no connected proxy', async () => {
    expect(run(await restarting(), { status: '{}' })).toMatchObject({ exitCode: 1, stdout: '', stderr: 'istiod has no connected proxy: istioctl proxy-status\n' });
  });

  test('fails if kubectl fails', async () => {
    expect(run(await restarting(), { kubectl: 3 })).toMatchObject({ exitCode: 3, stdout: '', calls: ['kubectl|rollout|restart|-n|shop|deployment/ratings|'] });
  });

  test('waits for a new workload, and restarts one that changes together with its namespace', async () => {
    const image = (text: string, name: string) => text.replace('- name: ratings', `- image: ${name}\n          name: ratings`);
    const extra = '---\napiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: new, namespace: shop}\nspec: {template: {metadata: {labels: {app: new}}}}\n';
    const folder = await written(image(UNLABELLED, 'a'), image(SOUND, 'b') + extra);
    const { calls } = run(join(folder, '01/verify.sh'), {});
    expect(calls.filter((call) => call.startsWith('kubectl'))).toEqual([
      'kubectl|rollout|restart|-n|shop|deployment/ratings|', 'kubectl|rollout|restart|-n|shop|deployment/web|',
      'kubectl|rollout|status|--timeout=15m|-n|shop|statefulset/new|', 'kubectl|rollout|status|--timeout=15m|-n|shop|deployment/ratings|', 'kubectl|rollout|status|--timeout=15m|-n|shop|deployment/web|',
    ]);
  });

  test('quotes names for the shell', () => {
    const name = '\'; touch "$LOG.pwned"; $(touch "$LOG.pwned") `touch "$LOG.pwned"` \u001b[31m\n#';
    const pods = { proxy: {} } as any;
    const units = [['apps', 'Deployment'], ['batch', 'CronJob']].flatMap(([group, kind]) => [undefined, {}].map((change): any => ({ object: { group, kind, namespace: name, name }, change, versions: [{ pods }, { pods }], goal: 1 })));
    const text = verifyScript({ moves: units.map((_, unit) => ({ unit, from: 0, to: 1 })), verdict: 'unproven' }, units);
    const script = join(folderWith({ 'verify.sh': text }), 'verify.sh');
    chmodSync(script, 0o755);
    execFileSync('sh', ['-n', script]);
    const { exitCode, stdout, stderr, calls } = run(script, {});
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Replace its pods, which kubectl rollout can\'t: CronJob ');
    expect(stdout).not.toContain('\u001b');
    expect(calls.join('\n')).toContain(`kubectl|rollout|restart|-n|${name}|deployment/${name}|`);
    expect(readdirSync(bins.at(-1)!).sort()).toEqual(['istioctl', 'kubectl', 'log', 'sleep', 'status']);
  });
});
