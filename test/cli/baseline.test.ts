import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@cfworker/json-schema';
import { BAD, UNREADABLE } from './manifests';
import { BROKEN, declaringCalls, WARNED } from './meshes';
import { command } from '../support/command/command';
import { folderWith, removeFolders } from '../support/command/scratch';
import { validatorOf } from '../support/documents/schemas';

afterAll(removeFolders);

const jsonOf = (path: string) => JSON.parse(readFileSync(join(__dirname, '..', '..', path), 'utf8'));
const CHECK_SCHEMA = validatorOf('check');
const SARIF_SCHEMA = new Validator(jsonOf('test/schemas/sarif-2.1.0.json'), '4');

/** An old mesh: an error, a warning, and a refused object. */
const OLD_MESH = [BROKEN, WARNED, BAD].join('---\n');

/** A folder with a mesh in a.yaml, and functions that run `check` there. */
function place(mesh: string, files: Record<string, string> = {}) {
  const cwd = folderWith({ 'a.yaml': mesh, ...files });
  const check = (...args: string[]) => command(['check', 'a.yaml', ...args], { cwd });
  return {
    check,
    write: (...args: string[]) => check('--baseline', 'base.yaml', '--write-baseline', ...args),
    json: async (...args: string[]) => {
      const { exitCode, out } = await check('--baseline', 'base.yaml', '-o', 'json', ...args);
      const report = JSON.parse(out);
      expect(CHECK_SCHEMA.validate(report).errors).toEqual([]);
      return { exitCode, report, codes: report.findings.map(({ code }: any) => code), baseline: report.baseline };
    },
    change: (change: (mesh: string) => string) => writeFileSync(join(cwd, 'a.yaml'), change(readFileSync(join(cwd, 'a.yaml'), 'utf8'))),
    read: () => readFileSync(join(cwd, 'base.yaml'), 'utf8'),
    edit: (change: (baseline: string) => string) => writeFileSync(join(cwd, 'base.yaml'), change(readFileSync(join(cwd, 'base.yaml'), 'utf8'))),
    cwd,
  };
}

test('a new baseline makes an old mesh pass at any --fail-on', async () => {
  const mesh = place(OLD_MESH);
  expect((await mesh.check('--fail-on', 'info')).exitCode).toBe(1);
  const { exitCode, error, out } = await mesh.write('--fail-on', 'info');
  expect([exitCode, error]).toEqual([0, 'base.yaml: 3 entries written, 3 new, 0 dropped.\n']);
  expect(out).toContain('\nBaseline: base.yaml, which excludes 3 known findings; 1 refused object isn\'t part of the mesh\n');
  expect(await mesh.json('--fail-on', 'info')).toMatchObject({ exitCode: 0, codes: [], baseline: { path: 'base.yaml', matched: 3, stale: [], undecidedBeyond: 0 } });
});

test('the same mesh gives the same baseline, without dates or values', async () => {
  const [one, two] = [place(OLD_MESH), place(OLD_MESH.split('---\n').reverse().join('---\n'))];
  await one.write();
  await two.write();
  await one.write();
  expect(one.read()).toBe(two.read());
  expect(one.read()).toMatchSnapshot();
});

test('a finding of the same code on another object still fails', async () => {
  const mesh = place(BROKEN);
  await mesh.write();
  mesh.change((text) => `${text}---\n${text.replaceAll('shop', 'bank')}`);
  mesh.edit((baseline) => baseline.replace(/ +connections: \d+\n/, ''));
  const { exitCode, report, codes, baseline } = await mesh.json();
  expect([exitCode, codes, report.findings[0].object.namespace, baseline.matched]).toEqual([1, ['MTLS101'], 'bank', 1]);
});

test('reports a finding again when more connections break than the baseline has', async () => {
  const mesh = place(BROKEN);
  await mesh.write();
  mesh.change((text) => `${text}---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: late, namespace: shop}\nspec: {template: {metadata: {labels: {app: late}}}}\n`);
  const { exitCode, report, baseline } = await mesh.json();
  expect([exitCode, report.findings[0].connections, report.findings[0].baseline, baseline.matched]).toEqual([1, 2, { count: 1, connections: 1 }, 0]);
  expect((await mesh.check('--baseline', 'base.yaml')).out).toContain('\n  reported again: MTLS101 DestinationRule shop/ratings spec.trafficPolicy.tls.mode: 2 connections; the baseline has 1\n');
  mesh.edit((text) => text.replace(/ +connections: \d+\n/, ''));
  expect((await mesh.json()).exitCode).toBe(0);
});

describe('declared calls', () => {
  const RATINGS = 'ratings.shop.svc.cluster.local:9080';
  const late = (calls: string) => `---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: late, namespace: shop, annotations: {calls.istio-mtls/to: "${calls}"}}\nspec: {template: {metadata: {labels: {app: late}}}}\n`;
  const shop = (web: string, other: string) => `${declaringCalls(BROKEN, web)}${late(other)}`;

  test('are held by name: a newly broken one fails, even if another one ended', async () => {
    const mesh = place(shop('shop/ratings', ''));
    await mesh.write();
    expect(mesh.read()).toContain(`    connections: 1\n    calls:\n      - "Deployment/shop/web → ${RATINGS}"\n`);
    expect((await mesh.json()).exitCode).toBe(0);
    mesh.change(() => shop('', 'shop/ratings'));
    const { exitCode, codes, report, baseline } = await mesh.json();
    expect([exitCode, codes, baseline.matched]).toEqual([1, ['MTLS101'], 0]);
    expect(report.findings[0].baseline).toEqual({ count: 1, connections: 1, newCalls: [`Deployment/shop/late → ${RATINGS}`] });
    expect((await mesh.check('--baseline', 'base.yaml')).out.replace(/\s+/g, ' ')).toContain(`MTLS101 DestinationRule shop/ratings spec.trafficPolicy.tls.mode: Deployment/shop/late → ${RATINGS}; it isn't among the broken calls of the baseline`);
    await mesh.write();
    expect((await mesh.json()).exitCode).toBe(0);
  });

  test('that end stay held', async () => {
    const mesh = place(shop('shop/ratings', 'shop/ratings'));
    await mesh.write();
    mesh.change(() => shop('', 'shop/ratings'));
    expect(await mesh.json()).toMatchObject({ exitCode: 0, codes: [] });
  });

  test('of a baseline from before the declaration are reported once more, until it is written again', async () => {
    const mesh = place(BROKEN);
    await mesh.write();
    mesh.change(() => declaringCalls(BROKEN, 'shop/ratings'));
    expect((await mesh.json()).exitCode).toBe(1);
    expect((await mesh.json('--all-calls')).exitCode).toBe(0);
    mesh.edit((text) => text.replace(/ +connections: \d+\n/, ''));
    expect((await mesh.json()).exitCode).toBe(0);
  });
});

test('stale entries are reported, don\'t fail, and --write-baseline drops them but keeps reasons', async () => {
  const mesh = place(OLD_MESH);
  await mesh.write();
  mesh.edit((text) => text.replace(/(MTLS101\n[^]*?connections: 1\n)/, '$1    reason: goes in March\n'));
  mesh.change((text) => text.split('---\n').filter((document) => !document.includes('namespace: other')).join('---\n'));
  const { exitCode, baseline } = await mesh.json('--fail-on', 'info');
  expect([exitCode, baseline.stale.map(({ code, object }: any) => [code, object])]).toEqual([0, [['MTLS201', { group: 'security.istio.io', kind: 'PeerAuthentication', namespace: 'other', name: 'two' }]]]);
  expect((await mesh.check('--baseline', 'base.yaml')).out).toContain('\n1 entry of base.yaml matches no finding anymore: --write-baseline drops it\n');
  expect((await mesh.check('--baseline', 'base.yaml', '-o', 'github')).out).toContain('::notice title=baseline::1 entry of base.yaml matches no finding anymore');
  expect((await mesh.write()).error).toBe('base.yaml: 2 entries written, 0 new, 1 dropped.\n');
  expect(mesh.read()).toContain('reason: "goes in March"');
  expect(mesh.read()).not.toContain('MTLS201');
});

test('a baseline leaves out acknowledged findings, which fail again once the acknowledgement expires', async () => {
  const mesh = place(BROKEN, { 'istio-mtls.yaml': 'baseline: base.yaml\nacknowledgements: [{code: MTLS101, reason: legacy, expires: "2026-01-01"}]\n' });
  expect((await mesh.check('--write-baseline')).exitCode).toBe(0);
  expect(mesh.read()).toContain('findings: []');
  expect(await mesh.json('--date', '2026-01-02')).toMatchObject({ exitCode: 1, codes: ['MTLS101', 'MTLS902'] });
});

test('a baseline contains a rejected object, which stays out of the mesh', async () => {
  const mesh = place(`${BROKEN}---\n${BAD.replace('name: bad', 'name: aaa')}`);
  await mesh.write();
  const { exitCode, report } = await mesh.json();
  expect([exitCode, report.connections.outcomes.broken]).toEqual([0, 1]);
  mesh.change((text) => text.replace('mod: STRICT', 'mod: DISABLE'));
  expect((await mesh.json()).exitCode).toBe(0);
  mesh.change((text) => text.replace('mod: DISABLE', 'mode: DISABLE'));
  expect((await mesh.json()).report.connections.outcomes.broken).toBe(0);
});

describe('undecided connections', () => {
  const UNDECIDED = BROKEN.slice(BROKEN.indexOf('---\n') + 4);
  const LATE = '---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: late, namespace: shop}\nspec: {template: {metadata: {labels: {app: late}}}}\n';
  const bar = ['--fail-on', 'error,undecided'];

  test('are in the baseline, by reason, if they would fail the run', async () => {
    const mesh = place(UNDECIDED);
    expect((await mesh.check(...bar)).exitCode).toBe(1);
    expect((await mesh.write(...bar)).exitCode).toBe(0);
    expect(mesh.read()).toContain('undecided:\n  client-proxy-unknown: 1\n');
    expect((await mesh.json(...bar)).exitCode).toBe(0);
    appendFileSync(join(mesh.cwd, 'a.yaml'), LATE);
    expect(await mesh.json(...bar)).toMatchObject({ exitCode: 1, baseline: { undecidedBeyond: 1 } });
  });

  test('aren\'t in the baseline if they wouldn\'t fail the run, and fail a stricter one', async () => {
    const mesh = place(UNDECIDED);
    await mesh.write();
    expect(mesh.read()).not.toContain('undecided');
    expect((await mesh.json(...bar)).exitCode).toBe(1);
  });
});

test('unreadable input exits with 2 and leaves the baseline unchanged', async () => {
  const mesh = place(OLD_MESH);
  await mesh.write();
  const before = mesh.read();
  mesh.change(() => UNREADABLE);
  const { exitCode, error } = await mesh.write();
  expect([exitCode, error, mesh.read()]).toEqual([2, 'base.yaml is unchanged: something could not be read, and its entries would be lost.\n', before]);
  expect((await mesh.json()).exitCode).toBe(2);
});

test('--baseline needs the name of an existing, valid file', async () => {
  const mesh = place(BROKEN, { 'wrong.yaml': 'findings: []\n' });
  expect(await mesh.check('--write-baseline')).toMatchObject({ exitCode: 2, error: expect.stringContaining('--write-baseline has no file to write') });
  expect(await mesh.check('--baseline', 'none.yaml')).toMatchObject({ exitCode: 2, out: '', error: expect.stringMatching(/^none\.yaml: the file is missing; .*\[API094\]\n$/) });
  expect(await mesh.check('--baseline', 'wrong.yaml')).toMatchObject({ exitCode: 2, out: '', error: expect.stringContaining('wrong.yaml:1:1: the document is without format') });
  expect(await mesh.check('--baseline', 'no/folder.yaml', '--write-baseline')).toMatchObject({ exitCode: 2, out: '', error: expect.stringContaining('[API095]') });
  expect(existsSync(join(mesh.cwd, 'none.yaml'))).toBe(false);
});

test('SARIF has the baseline state of each result, and suppresses known ones', async () => {
  const mesh = place(`${BROKEN}---\n${WARNED}`);
  await mesh.write();
  mesh.edit((text) => text.replace(/(MTLS201\n[^]*?name: two\n)/, '$1    reason: goes in March\n').replace('connections: 1', 'connections: 0'));
  mesh.change((text) => `${text}---\n${WARNED.replaceAll('other', 'third')}`);
  const { out } = await mesh.check('--baseline', 'base.yaml', '-o', 'sarif');
  expect(SARIF_SCHEMA.validate(JSON.parse(out)).errors).toEqual([]);
  expect(JSON.parse(out).runs[0].results.map(({ ruleId, baselineState, suppressions }: any) => [ruleId, baselineState, suppressions])).toEqual([
    ['MTLS101', 'updated', undefined], ['MTLS201', 'new', undefined], ['MTLS201', 'unchanged', [{ kind: 'external', justification: 'goes in March' }]],
  ]);
  const without = JSON.parse((await mesh.check('-o', 'sarif')).out).runs[0].results;
  expect(without.filter((result: any) => 'baselineState' in result)).toEqual([]);
});

test('JUnit passes known findings and names the baseline', async () => {
  const mesh = place(BROKEN);
  await mesh.write();
  const { out } = await mesh.check('--baseline', 'base.yaml', '-o', 'junit');
  expect(out).toContain('failures="0"');
  expect(out).toContain('<system-out>MTLS101 is in the baseline</system-out>');
});
