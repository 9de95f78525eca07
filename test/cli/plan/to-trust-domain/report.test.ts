import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { command } from '../../../support/command/command';
import { folderWith, removeFolders } from '../../../support/command/scratch';
import { validatorOf } from '../../../support/documents/schemas';
import { SOUND } from '../../meshes';

afterAll(removeFolders);

const SCHEMA = validatorOf('trust-domain');

const config = (text: string, name = 'istio') => `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: istio-system}\ndata:\n  mesh: |\n${text.replace(/^/gm, '    ')}\n`;
const ALLOW = '---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: allow, namespace: shop}\n'
  + 'spec: {rules: [{from: [{source: {principals: [old.example/ns/shop/sa/default, old.example/ns/shop/*]}}]}]}\n';
const NAMES = '---\napiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: names, namespace: shop}\n'
  + 'spec: {host: ratings, trafficPolicy: {tls: {mode: ISTIO_MUTUAL, subjectAltNames: ["spiffe://old.example/ns/shop/sa/default"]}}}\n';
const GATEWAY = '---\napiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: edge, namespace: shop}\nspec:\n  selector: {app: edge}\n  servers:\n'
  + '  - {port: {number: 443, name: tls, protocol: HTTPS}, hosts: ["*"], tls: {mode: ISTIO_MUTUAL, subjectAltNames: ["spiffe://old.example/ns/shop/sa/default"]}}\n';
const FILTER = '---\napiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata: {name: old, namespace: other}\nspec: {configPatches: [{applyTo: CLUSTER, patch: {operation: MERGE, value: {name: "spiffe://old.example/ns/a"}}}]}\n';
const MESH = SOUND + config('trustDomain: old.example') + NAMES + ALLOW + GATEWAY;

const plan = (mesh: string, ...options: string[]) => command(['plan', 'to-trust-domain', 'new.example', 'mesh.yaml', ...options], { cwd: folderWith({ 'mesh.yaml': mesh }) });

/** The output of `-o json`, validated against its schema. */
async function planned(mesh: string, ...options: string[]) {
  const { exitCode, out, error } = await plan(mesh, '-o', 'json', ...options);
  expect(error).toBe('');
  const report = JSON.parse(out);
  expect(SCHEMA.validate(report)).toEqual({ valid: true, errors: [] });
  return { exitCode, ...report };
}

test('plans four stages, each with steps to apply, wait, verify and roll back', async () => {
  const { exitCode, from, to, stages } = await planned(MESH);
  expect([exitCode, from, to]).toEqual([0, 'old.example', 'new.example']);
  const kindsOf = ({ steps }: any): string[] => steps.map(({ object }: any) => object.kind);
  const told = stages.map(({ stage, proven, parts, others }: any) => [stage, proven, ...parts.map(kindsOf), kindsOf({ steps: others })]);
  expect(told).toEqual([
    ['know-both', true, ['ConfigMap', 'DestinationRule'], ['AuthorizationPolicy', 'Gateway']],
    ['take-new', true, ['ConfigMap', 'Deployment', 'Deployment'], []],
    ['name-new', true, ['DestinationRule'], ['AuthorizationPolicy', 'Gateway']],
    ['forget-old', true, ['ConfigMap'], []],
  ]);
  for (const { steps } of stages) expect(steps.map(({ action }: any) => action)).toEqual(expect.arrayContaining(['apply', 'wait', 'see', 'back']));
  expect(stages[1].steps.filter(({ action }: any) => action === 'restart').map(({ commands, about }: any) => [...commands, ...about])).toEqual([
    ['kubectl rollout restart deployment -l app=istiod -n \'istio-system\'', 'kubectl rollout status --timeout=15m deployment -l app=istiod -n \'istio-system\''],
    ['↻ restart Deployment shop/ratings', '↻ restart Deployment shop/web'],
  ]);
});

// istiod accepts labels of at most 63 characters: it rejects a mesh config with a longer alias.
test.each([
  ['an alias that istiod accepts', 63, 'restart'],
  ['an alias that istiod rejects', 64, 'trustDomainAliases[0] is '],
])('prints no line of a key that is in %s', async (_, length, told) => {
  const key = 'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgBt9VcgsAUzdxv5Zn'.slice(0, length);
  const mesh = SOUND + config(`trustDomain: old.example\ntrustDomainAliases: [${key}]`) + ALLOW;
  for (const options of [['-o', 'text'], ['-o', 'markdown'], ['-o', 'json'], ['--out', 'out']]) {
    const cwd = folderWith({ 'mesh.yaml': mesh });
    const { out, error } = await command(['plan', 'to-trust-domain', 'new.example', 'mesh.yaml', ...options], { cwd });
    const folder = join(cwd, 'out');
    const scripts = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.sh')) : [];
    expect([out, error, ...scripts.map((file) => readFileSync(join(folder, file), 'utf8'))].join('\n')).not.toContain(key.slice(0, 12));
    expect(out + error).toContain(told);
  }
});

test('text and Markdown show the same stages', async () => {
  for (const format of ['text', 'markdown']) {
    const { exitCode, out } = await plan(MESH, '-o', format);
    expect([exitCode, out]).toEqual([0, expect.stringContaining('4 stages, all proven and safe to stay in')]);
    expect(out).toContain('~ Gateway shop/edge');
    expect(out).toMatchSnapshot();
  }
});

test('folders lead to the new trust domain, and those of rollback to the old one', async () => {
  const cwd = folderWith({ 'mesh.yaml': MESH });
  expect(await command(['plan', 'to-trust-domain', 'new.example', 'mesh.yaml', '--out', 'plan'], { cwd })).toMatchObject({ exitCode: 0, error: '' });
  const folder = join(cwd, 'plan');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(folder, path)).isFile());
  expect(files.filter((path) => !path.startsWith('rollback')).sort()).toEqual([...['01', '02', '03', '04'].flatMap((part) => [`${part}/apply.yaml`, `${part}/verify.sh`]), 'README.md', 'plan.json']);
  const kindsIn = (part: string): string[] => loadAll(readFileSync(join(folder, part, 'apply.yaml'), 'utf8')).map(({ kind }: any) => kind);
  expect(['01', '02', '03', '04', 'rollback/01', 'rollback/02', 'rollback/03', 'rollback/04'].map(kindsIn)).toEqual([
    ['ConfigMap', 'DestinationRule', 'AuthorizationPolicy', 'Gateway'], ['ConfigMap'], ['DestinationRule', 'AuthorizationPolicy', 'Gateway'], ['ConfigMap'],
    ['ConfigMap'], ['DestinationRule', 'AuthorizationPolicy', 'Gateway'], ['ConfigMap'], ['ConfigMap', 'DestinationRule', 'AuthorizationPolicy', 'Gateway'],
  ]);
  const states = new Map<string, any>(loadAll(MESH).map((one: any) => [`${one.kind}/${one.metadata.name}`, one]));
  const start = JSON.stringify([...states.values()].map(({ spec, data }) => [spec, data]));
  const apply = (part: string): void => loadAll(readFileSync(join(folder, part, 'apply.yaml'), 'utf8')).forEach((one: any) => states.set(`${one.kind}/${one.metadata.name}`, one));
  ['01', '02', '03', '04'].forEach(apply);
  expect(JSON.stringify([...states.values()])).not.toContain('old.example');
  ['rollback/01', 'rollback/02', 'rollback/03', 'rollback/04'].forEach(apply);
  expect(JSON.stringify([...states.values()].map(({ spec, data }) => [spec, data]))).toBe(start);
  const script = readFileSync(join(folder, '02/verify.sh'), 'utf8');
  expect(script.indexOf('rollout restart deployment -l app=istiod')).toBeLessThan(script.indexOf('\'deployment/ratings\''));
  for (const path of files.filter((one) => one.endsWith('.sh'))) expect(spawnSync('sh', ['-n', join(folder, path)]).status).toBe(0);
  const json = JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8'));
  expect(SCHEMA.validate(json)).toEqual({ valid: true, errors: [] });
  expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain('From trust domain old.example to new.example.');
});

test('a Gateway with two manifests is in the folders once, as the last manifest has it', async () => {
  const cwd = folderWith({ 'mesh.yaml': MESH + GATEWAY.replace('{app: edge}', '{app: later}') });
  expect(await command(['plan', 'to-trust-domain', 'new.example', 'mesh.yaml', '--out', 'plan'], { cwd })).toMatchObject({ exitCode: 0, error: '' });
  for (const part of ['01', '03', 'rollback/02', 'rollback/04']) {
    const gateways = loadAll(readFileSync(join(cwd, 'plan', part, 'apply.yaml'), 'utf8')).filter(({ kind }: any) => kind === 'Gateway');
    expect(gateways.map(({ spec }: any) => spec.selector)).toEqual([{ app: 'later' }]);
  }
});

test('other uses of the old trust domain are reported, and fail the run', async () => {
  const { exitCode, leftovers } = await planned(MESH + FILTER);
  expect([exitCode, leftovers.map(({ object: { kind }, field, place }: any) => [kind, field, place.file])]).toEqual([1, [['EnvoyFilter', 'spec.configPatches[0].patch.value.name', 'mesh.yaml']]]);
  const many = MESH + FILTER + Array.from({ length: 12 }, (_, index) => FILTER.replace('name: old', `name: f${index}`)).join('');
  expect((await plan(many)).out).toContain('and 3 more (--all shows them)');
  expect((await plan(many, '--all')).out).not.toContain('--all');
  expect((await plan(many, '-o', 'markdown')).out).toMatch(/- `EnvoyFilter other\/f0 {2}mesh\.yaml:\d+ {2}spec\.configPatches\[0\]\.patch\.value\.name`\n[^]*- and 3 more/);
});

test('without a mesh config there is no plan and no folder', async () => {
  const cwd = folderWith({ 'mesh.yaml': SOUND });
  const { exitCode, out, error } = await command(['plan', 'to-trust-domain', 'new.example', 'mesh.yaml', '--out', 'plan'], { cwd });
  expect([exitCode, out, error]).toEqual([1, expect.stringContaining('✖ No plan from trust domain cluster.local to new.example.\n'), expect.stringContaining('plan isn\'t written, since there are no stages.')]);
  expect(existsSync(join(cwd, 'plan'))).toBe(false);
  expect((await plan(SOUND, '-o', 'markdown')).out).toContain('### istio-mtls plan: ❌ no plan');
});

test('a policy that meanwhile matches other callers is reported', async () => {
  const named = ALLOW.replace('old.example/ns/shop/sa/default, old.example/ns/shop/*', 'new.example/ns/shop/sa/default');
  const { exitCode, stages } = await planned(SOUND + config('trustDomain: old.example') + named);
  expect([exitCode, stages[0].doubts]).toEqual([1, ['AuthorizationPolicy shop/allow meanwhile matches different callers: spec.rules[0].from[0].source.principals.']]);
  for (const format of ['text', 'markdown']) expect((await plan(SOUND + config('trustDomain: old.example') + named, '-o', format)).out).toContain('not all proven');
});

test('unreadable input exits with 2', async () => {
  for (const format of ['text', 'markdown', 'json']) expect((await plan(`${MESH}---\na: [\n`, '-o', format)).exitCode).toBe(2);
});

test.each<[string, string[], string]>([
  ['an invalid trust domain', ['spiffe://a', 'mesh.yaml'], 'error: the trust domain is \'spiffe://a\'; expected DNS labels'],
  ['no path', ['a'], 'error: missing required argument \'path\''],
  ['a second path', ['a', 'mesh.yaml', 'mesh.yaml'], 'error: too many arguments for \'to-trust-domain\'. Expected 2 arguments but got 3'],
  ['an option of another verb', ['a', '--onto', 'mesh.yaml', 'mesh.yaml'], 'error: unknown option \'--onto\''],
])('%s exits with 2: %j', async (_, args, message) => {
  expect(await command(['plan', 'to-trust-domain', ...args], { cwd: folderWith({ 'mesh.yaml': MESH }) })).toMatchObject({ exitCode: 2, error: expect.stringContaining(message) });
});

test('each format states assumptions, and what isn\'t checked', async () => {
  const { assumptions, unjudgedAfter } = await planned(MESH);
  expect(assumptions.map(({ name }: any) => name)).toEqual(['istio-version', 'other-policies', 'injector', 'restarts', 'other-webhooks']);
  expect(unjudgedAfter.gateways).toEqual([{ kind: 'Gateway', count: 1 }]);
  for (const format of ['text', 'markdown']) {
    const out = (await plan(MESH, '-o', format)).out.replace(/\n/g, ' ');
    expect(out).toContain('Assumed: Istio 1.31; no EnvoyFilter or policy beyond those shown; the sidecar injector runs;');
    expect(out).toContain('1 Gateway');
  }
});

describe('where the Namespace is missing', () => {
  const OPEN = MESH.slice(MESH.indexOf('---\n') + 4).replace(GATEWAY, '');
  const UNDECIDED = `${OPEN}---\napiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata: {name: all, namespace: shop}\nspec: {configPatches: [{applyTo: LISTENER, patch: {operation: REMOVE}}]}\n`;

  test('stages are proven with sidecars and without, and restarts name their case', async () => {
    const { exitCode, missing, stages } = await planned(OPEN);
    expect([exitCode, missing.map(({ name }: any) => name), stages.map(({ proven }: any) => proven)]).toEqual([0, ['shop'], [true, true, true, true]]);
    const { out } = await plan(OPEN);
    expect(out).toContain('↻ restart Deployment shop/web  if shop has sidecars');
    expect(out).toContain('\nNo manifest shows whether shop has sidecars. To state it: --injected-namespace shop or --uninjected-namespace shop, or add the Namespace.');
    expect((await plan(OPEN, '-o', 'markdown')).out).toContain('`No manifest shows whether shop has sidecars.');
    expect((await plan(MESH)).out).not.toContain('No manifest shows whether');
  });

  test('the assumptions are those with sidecars', async () => {
    const { assumptions } = await planned(OPEN);
    expect(assumptions.map(({ name }: any) => name)).toContain('injector');
    expect(assumptions).toEqual((await planned(MESH.replace(GATEWAY, ''))).assumptions);
  });

  test('a stage that is proven in one case names it, in the folder\'s README, too', async () => {
    const cwd = folderWith({ 'mesh.yaml': UNDECIDED });
    const { exitCode, out } = await command(['plan', 'to-trust-domain', 'new.example', 'mesh.yaml', '--out', 'plan'], { cwd });
    expect([exitCode, out]).toEqual([1, expect.stringContaining('⚠ Not proven: if shop has sidecars, ')]);
    const readme = readFileSync(join(cwd, 'plan/README.md'), 'utf8');
    expect(readme).toContain('\nFolder `01`: `proven if shop has none, in any order; if shop has sidecars, ');
    expect(readme).not.toContain('Folder `02`:');
  });
});
