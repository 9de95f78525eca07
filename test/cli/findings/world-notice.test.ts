// `check` where the manifests don't contain a Namespace.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { validatorOf } from '../../support/documents/schemas';
import { BROKEN, SOUND } from '../meshes';

afterAll(removeFolders);

/** A call that breaks if `shop` has sidecars, as its PeerAuthentication suggests. */
const WEAK = BROKEN.slice(BROKEN.indexOf('---\n') + 4);
const SIDECAR = 'apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: {name: own, namespace: shop}\nspec: {egress: [{hosts: ["*/*"]}]}\n';
const STRONG = `${WEAK}---\n${SIDECAR}`;
const NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio-injection: enabled}}\n';

async function check(input: string, ...options: string[]) {
  const { exitCode, out, error } = await command(['check', '-', ...options], { input });
  return { exitCode, out, error };
}

async function report(input: string, ...options: string[]) {
  const { exitCode, out } = await check(input, '-o', 'json', ...options);
  const { findings, worlds, summary, brokenIfStrict } = JSON.parse(out);
  expect(validatorOf('check').validate(JSON.parse(out)).errors).toEqual([]);
  return { exitCode, findings, worlds, summary, brokenIfStrict };
}

test('an error that policies suggest is a warning with its condition', async () => {
  const { exitCode, findings, worlds, summary } = await report(WEAK);
  expect([exitCode, summary.errors, summary.warnings]).toEqual([0, 0, 1]);
  expect(findings).toMatchObject([{ severity: 'warning', code: 'MTLS101', if: [{ fact: 'namespace', name: 'shop', holds: true }], expectation: 'weak' }]);
  expect(worlds.facts).toEqual([
    { fact: 'namespace', name: 'shop', expectedBy: { strength: 'weak', objects: 1, example: { kind: 'PeerAuthentication', namespace: 'shop', name: 'default' } } },
  ]);
  expect(worlds.unexpected).toMatchObject([{ if: [{ holds: false }] }]);
});

test('an error that a Sidecar expects fails the run, and says its condition in every format', async () => {
  const { exitCode, findings } = await report(STRONG);
  expect([exitCode, findings[0].severity, findings[0].expectation]).toEqual([1, 'error', 'strong']);
  const { out } = await check(STRONG);
  expect(out).toContain('MTLS101  if shop has sidecars\n');
  expect(out).toContain('\nJudged as if shop has sidecars, as Sidecar shop/own expects.\n');
  const sentence = 'if shop has sidecars, spec.trafficPolicy.tls.mode is DISABLE';
  for (const format of ['sarif', 'junit', 'github']) expect((await check(STRONG, '-o', format)).out).toContain(sentence);
});

test('--fail-on conditional fails on findings that depend on missing facts', async () => {
  expect((await check(WEAK)).exitCode).toBe(0);
  const { exitCode, out } = await check(WEAK, '--fail-on', 'conditional');
  expect([exitCode, out]).toEqual([1, expect.stringContaining([
    '--fail-on conditional: 1 finding depends on whether shop has sidecars.',
    '--fail-on conditional: 1 connection depends on whether shop has sidecars.',
  ].join('\n'))]);
  expect((await check(`${NAMESPACE}---\n${SOUND}`, '--fail-on', 'conditional')).exitCode).toBe(0);
  expect((await check(WEAK, '--fail-on', 'conditional', '--uninjected-namespace', 'shop')).exitCode).toBe(0);
});

test('a Namespace on which nothing depends isn\'t asked for', async () => {
  const alone = WEAK.split('---\n').filter((text) => text.includes('kind: Deployment'))[0];
  expect((await check(alone)).out).not.toMatch(/sidecars|To state it/);
  const annotation = '      annotations: {sidecar.istio.io/logLevel: debug}\n';
  const annotated = (await check(alone.replace(/(template:\n +metadata:\n)/, `$1${annotation}`))).out;
  expect(annotated).toMatch(/\nJudged as if shop has sidecars, as Deployment shop\/\w+ expects\.\nTo state it: /);
  const called = WEAK.split('---\n').filter((text) => !/kind: (PeerAuthentication|DestinationRule)/.test(text)).join('---\n');
  expect((await check(called)).out).toMatch(/\nNothing in the manifests expects sidecars in shop: 1 connection depends on it\.\nTo state it: /);
});

test('--all shows findings in cases that nothing in the manifests expects', async () => {
  const unexpected = WEAK.split('---\n').filter((text) => !text.includes('PeerAuthentication')).join('---\n');
  const mesh = `${unexpected}---\napiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: default, namespace: istio-system}\nspec: {mtls: {mode: STRICT}}\n`;
  const { exitCode, out } = await check(mesh);
  expect([exitCode, out]).toEqual([0, expect.stringContaining('\nNothing in the manifests expects sidecars in shop: 1 connection depends on it.\nNot shown: 1 error with those sidecars')]);
  expect(out).not.toContain('MTLS101');
  const all = (await check(mesh, '--all')).out;
  expect(all).toMatch(/\nNot expected\n\n▸ PeerAuthentication [^]*\n▸ DestinationRule shop\/ratings\n {2}✖ error .* MTLS101 {2}if shop has sidecars\n/);
  expect(all).not.toContain('Not shown');
});

test('says what breaks only with the expected sidecars, and counts what holds with some of several', async () => {
  const pods = (path: string) => `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${path.split('/')[1]}, namespace: ${path.split('/')[0]}}\nspec: {template: {metadata: {labels: {app: ${path.split('/')[1]}}}, spec: {containers: [{name: c, ports: [{containerPort: 80}]}]}}}\n`;
  const served = 'apiVersion: v1\nkind: Service\nmetadata: {name: api, namespace: shop}\nspec: {selector: {app: api}, ports: [{port: 80, name: http}]}\n';
  const strict = 'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: default, namespace: shop}\nspec: {mtls: {mode: STRICT}}\n';
  const rule = 'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: plain, namespace: front}\nspec: {host: api.shop.svc.cluster.local, trafficPolicy: {tls: {mode: DISABLE}}}\n';
  const both = [pods('front/web'), pods('shop/api'), served, strict];
  const { out } = await check(both.join('---\n'));
  expect(out).toContain('\nWith sidecars only there, 1 connection is broken.\n');
  const { worlds } = await report(both.join('---\n'));
  expect([worlds.with, worlds.without, worlds.expected].map(({ outcomes }) => outcomes.broken)).toEqual([0, 0, 1]);
  const policies = strict.replace('namespace: shop', 'namespace: istio-system');
  const sidecar = SIDECAR.replace('namespace: shop', 'namespace: front');
  const some = [pods('front/web'), pods('shop/api'), pods('shop/old'), served, strict, policies, rule, sidecar];
  const { unexpected, facts } = (await report(some.join('---\n'))).worlds;
  expect(facts.length).toBe(2);
  const mixed = unexpected.filter(({ if: conditions, severity }: any) => severity !== 'info' && new Set(conditions.map(({ holds }: any) => holds)).size === 2);
  expect((await check(some.join('---\n'))).out.includes('with some of them')).toBe(mixed.length > 0);
});

test('a severity of the configuration file also applies to findings in cases that nothing expects', async () => {
  const mesh = WEAK.replaceAll(/\n {2}namespace: shop\nspec:\n {2}mtls:/g, '\n  namespace: istio-system\nspec:\n  mtls:');
  const cwd = folderWith({ 'a.yaml': mesh, 'off.yaml': 'severities: {MTLS101: off}\n' });
  const run = async (...options: string[]) => (await command(['check', 'a.yaml', ...options], { cwd })).out;
  expect(await run()).toContain('1 error with those sidecars');
  expect(await run('--config', 'off.yaml')).not.toContain('1 error with those sidecars');
});

test('a baseline and an acknowledgement apply before and after the namespace is known', async () => {
  const cwd = folderWith({ 'a.yaml': STRONG });
  const run = async (...options: string[]) => (await command(['check', 'a.yaml', ...options], { cwd })).exitCode;
  expect(await run('--baseline', 'base.yaml', '--write-baseline')).toBe(0);
  expect(await run('--baseline', 'base.yaml')).toBe(0);
  expect(await run('--acknowledge', 'MTLS101: it goes away')).toBe(0);
  writeFileSync(join(cwd, 'a.yaml'), `${NAMESPACE}---\n${STRONG}`);
  expect(await run()).toBe(1);
  expect(await run('--baseline', 'base.yaml')).toBe(0);
  expect(await run('--acknowledge', 'MTLS101: it goes away')).toBe(0);
});

describe('the mode of the mesh', () => {
  const old = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: old}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: old, namespace: old}\nspec: {template: {metadata: {labels: {app: old}}}}\n';
  const permissive = `${SOUND.split('---\n').filter((text) => !text.includes('PeerAuthentication')).join('---\n')}---\n${old}`;

  test('breaks connections if it is STRICT, and no policy states it', async () => {
    expect((await check(permissive)).out).toContain(
      '\nNo PeerAuthentication for the whole mesh is shown: if it is STRICT, 1 more connection breaks (--mesh-mode STRICT says which).\n');
    expect((await report(permissive)).brokenIfStrict).toBe(1);
  });

  test.each(['STRICT', 'PERMISSIVE', 'DISABLE'])('is %s if the option says so', async (mode) => {
    const { out } = await check(permissive, '--mesh-mode', mode);
    expect(out).not.toContain('No PeerAuthentication for the whole mesh');
    expect(out.includes('is STRICT (PeerAuthentication istio-system/mesh-mode)')).toBe(mode === 'STRICT');
  });

  test('is that of the manifests if they have a policy for it', async () => {
    const own = `${permissive}---\napiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: all, namespace: istio-system}\nspec: {mtls: {mode: PERMISSIVE}}\n`;
    const [plain, stated] = await Promise.all([check(own), check(own, '--mesh-mode', 'STRICT')]);
    expect(stated.out).toBe(plain.out);
  });

  test.each([['diff', ['diff']], ['plan', ['plan']]])('isn\'t an object of the states that %s compares', async (_, verb) => {
    const own = 'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: all, namespace: istio-system}\nspec: {mtls: {mode: STRICT}}\n';
    const cwd = folderWith({ 'old/a.yaml': permissive, 'new/a.yaml': `${permissive}---\n${own}` });
    const between = async (from: string, to: string) => (await command([...verb, from, to, '--mesh-mode', 'PERMISSIVE'], { cwd })).out;
    const [coming, going] = [await between('old', 'new'), await between('new', 'old')];
    expect(coming).toContain('+ PeerAuthentication istio-system/all');
    expect(going).toContain('- PeerAuthentication istio-system/all');
    expect(`${coming}${going}`).not.toMatch(/[-+~] PeerAuthentication istio-system\/mesh-mode/);
    expect(await between('old', 'old')).not.toContain('mesh-mode');
  });

  test('may be in the configuration file, which an option overrides', async () => {
    const cwd = folderWith({ 'a.yaml': permissive, 'istio-mtls.yaml': 'meshMode: STRICT\n', 'wrong.yaml': 'meshMode: strict\n' });
    const run = (...options: string[]) => command(['check', 'a.yaml', ...options], { cwd });
    expect((await run()).out).toContain('is STRICT (PeerAuthentication istio-system/mesh-mode)');
    expect((await run('--mesh-mode', 'PERMISSIVE')).out).not.toContain('is STRICT');
    expect((await run('--config', 'wrong.yaml')).error).toContain('meshMode is \'strict\'; expected one of STRICT, PERMISSIVE, DISABLE');
  });

  test('beside existing objects', async () => {
    const cwd = folderWith({ 'a.yaml': old, 'b.yaml': permissive });
    expect((await command(['check', 'a.yaml', '--with', 'b.yaml'], { cwd })).out).toContain('if it is STRICT, 1 more connection breaks');
  });
});

test('formats that have no place for the notice leave it to standard error, and SARIF has it as notifications', async () => {
  const notice = 'Judged as if shop has sidecars, as PeerAuthentication shop/default suggests; errors that depend on it are warnings.';
  for (const format of ['junit', 'github']) {
    const { error } = await command(['check', '-', '-o', format], { input: WEAK });
    expect(error).toContain('0 of 1 connection decided either way (0 %), 1 with those sidecars, 1 without: -o text shows what would decide the others\n');
    expect(error).toContain(`${notice}\n`);
  }
  const { runs: [{ invocations: [{ toolExecutionNotifications }] }] } = JSON.parse((await command(['check', '-', '-o', 'sarif'], { input: WEAK })).out);
  expect(toolExecutionNotifications).toContainEqual({ level: 'note', message: { text: notice } });
});
