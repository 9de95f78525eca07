import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ReportData } from '../../../src/report/data';
import { newCa } from '../../support/certificates/cacerts';
import { bodyOf, privateHalf, shows } from '../../support/certificates/leaks';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { deployment, destinationRule, injected, mode, namespace, peerAuthentication, service } from '../../support/meshes/mesh';

afterAll(removeFolders);

const SHOP = [
  ...injected('shop'), deployment('shop/web'), deployment('shop/ratings', { ports: [{ containerPort: 9080 }] }), service('shop/ratings', [9080]),
  peerAuthentication('shop/default', mode('STRICT')),
];
const BROKEN = destinationRule('shop/ratings', { host: 'ratings', trafficPolicy: { tls: { mode: 'DISABLE' } } });

const listOf = (objects: readonly object[]) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });

async function report(objects: readonly object[], ...args: string[]) {
  const cwd = folderWith({ 'mesh.json': listOf(objects), 'former.json': listOf(SHOP) });
  const result = await command(['report', 'mesh.json', ...args], { cwd });
  return { ...result, cwd };
}

/** The data in a page. */
function dataOf(page: string): ReportData {
  return JSON.parse(/<script type="application\/json" id="data">([^<]*)<\/script>/.exec(page)![1]);
}

test('prints an HTML page, the same in each run', async () => {
  const { out, exitCode, error } = await report(SHOP);
  expect([exitCode, error]).toEqual([0, '']);
  expect(out).toMatch(/^<!doctype html>\n/);
  expect((await report(SHOP)).out).toBe(out);
  expect(out).not.toContain(process.cwd());
});

test('has the outcomes and findings of check', async () => {
  const { out, cwd } = await report([...SHOP, BROKEN]);
  const checked = JSON.parse((await command(['check', 'mesh.json', '-o', 'json'], { cwd })).out);
  const data = dataOf(out);
  expect(data.outcomes).toEqual(checked.connections.outcomes);
  expect(data.size).toMatchObject({ files: 1, objects: checked.summary.objects, workloads: 2, services: 1 });
  expect(data.findings.map(({ code, severity, actual, fix }) => ({ code, severity, actual, fix })))
    .toEqual(checked.findings.map(({ code, severity, actual, fix }: any) => ({ code, severity, actual, fix })));
  expect(data.findings[0]).toMatchObject({
    code: 'MTLS101',
    title: expect.stringContaining('plaintext'),
    object: 'DestinationRule shop/ratings',
    namespace: 'shop',
    place: expect.stringMatching(/^mesh\.json:\d+$/),
    field: 'spec.trafficPolicy.tls.mode',
    connections: 1,
    isRefusal: false,
  });
  expect(data.traffic.texts.join('\n')).toContain('DestinationRule shop/ratings spec.trafficPolicy.tls.mode');
});

test('has reasons of undecided connections and the options that decide them', async () => {
  const { out, cwd } = await report([deployment('shop/web'), deployment('shop/ratings'), service('shop/ratings', [9080])]);
  const { connections: { undecided, wouldDecide } } = JSON.parse((await command(['check', 'mesh.json', '-o', 'json'], { cwd })).out);
  expect(dataOf(out).undecided).toMatchObject({
    reasons: Object.entries(undecided).map(([reason, count]) => [reason, count, expect.stringMatching(/^the manifests don't show whether /)]),
    facts: wouldDecide.facts.map(({ connections, told }: any) => ({ connections, options: told.options, decides: told.decides })),
  });
});

test('--base shows changes as diff does', async () => {
  const { out, cwd } = await report([...SHOP, BROKEN], '--base', 'former.json');
  const text = (await command(['diff', 'former.json', 'mesh.json', '--all'], { cwd })).out;
  const { changes } = dataOf(out);
  expect(changes).toMatchObject({ base: 'former.json', objects: 'objects: 1 added', groups: [{ outcomes: 'mtls → broken', connections: 1, gate: 'new-broken' }] });
  const [group] = changes!.groups;
  for (const told of [...group.causes.flatMap((cause) => cause.split('  ')), group.witness, group.is!.replace('broken: ', ''), ...changes!.rest]) expect(text).toContain(told);
  expect(dataOf((await report(SHOP)).out).changes).toBeUndefined();
});

test('--base shows ports that newly accept plaintext, and policies without effect', async () => {
  const permissive = SHOP.map((object) => ((object as any).kind === 'PeerAuthentication' ? peerAuthentication('shop/default', mode('PERMISSIVE')) : object));
  const { changes } = dataOf((await report([...permissive, peerAuthentication('bank/default', mode('STRICT'))], '--base', 'former.json')).out);
  expect(changes!.acceptances).toEqual(expect.arrayContaining([expect.objectContaining({ gate: 'new-exposed', text: 'STRICT → PERMISSIVE, port 9080', workloads: ['shop/ratings'] })]));
  expect(changes!.withoutEffect).toEqual([expect.stringContaining('PeerAuthentication bank/default')]);
});

test('an unknown commit as --base is an error', async () => {
  expect(await report(SHOP, '--base', 'git:no-such-commit')).toMatchObject({ exitCode: 2, out: '', error: expect.stringContaining('not a git repository') });
});

test('standard input can\'t be both states', async () => {
  expect(await command(['report', '-', '--base', '-'])).toMatchObject({ exitCode: 2, error: expect.stringContaining('standard input is named twice') });
});

test('--with adds facts, and the page counts connections that involve the manifests', async () => {
  const cwd = folderWith({ 'mesh.json': listOf([BROKEN]), 'cluster.json': listOf([...SHOP, namespace('bank'), deployment('bank/desk'), service('bank/desk', [80])]) });
  const { out } = await command(['report', 'mesh.json', '--with', 'cluster.json'], { cwd });
  const checked = JSON.parse((await command(['check', 'mesh.json', '--with', 'cluster.json', '-o', 'json'], { cwd })).out);
  const data = dataOf(out);
  expect(data.outcomes).toEqual(checked.connections.outcomes);
  expect(data.traffic.paths.length).toBeGreaterThan(0);
  expect(data.traffic.paths.length).toBeLessThan(4);
  expect(data.size).toMatchObject({ objects: 1, facts: 8 });
});

test('lost mirror requests aren\'t broken calls in report, check and runbook', async () => {
  const spec = { hosts: ['ratings'], http: [{ route: [{ destination: { host: 'ratings' } }], mirror: { host: 'ratings', subset: 'v2' } }] };
  const route = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'copies', namespace: 'shop' }, spec };
  const cwd = folderWith({ 'mesh.json': listOf([...SHOP, route]) });
  const data = dataOf((await command(['report', 'mesh.json'], { cwd })).out);
  expect(data.findings.map(({ severity, code }: any) => `${severity} ${code}`)).toEqual(['warning MTLS311']);
  expect(data.outcomes.broken).toBe(0);
  expect(data.traffic.paths.filter(([, , , , outcome]) => outcome === 3)).toEqual([]);
  const { connections } = JSON.parse((await command(['check', 'mesh.json', '-o', 'json'], { cwd })).out);
  expect([connections.outcomes.broken, connections.lostCopies > 0]).toEqual([0, true]);
  const { out } = await command(['check', 'mesh.json'], { cwd });
  expect(out).toContain(`${connections.lostCopies}  lost       only copies of requests are lost: no call fails`);
  expect(out).not.toContain('broken');
  expect((await command(['runbook', 'mesh.json'], { cwd })).out).not.toMatch(/\| [1-9]\d* \| 0 \|$/m);
});

test('lists acknowledged findings separately, with the reason', async () => {
  const cwd = folderWith({ 'mesh.json': listOf([...SHOP, BROKEN]), 'istio-mtls.yaml': 'acknowledgements:\n  - code: MTLS101\n    reason: goes in March\n' });
  const { out } = await command(['report', 'mesh.json'], { cwd });
  expect(dataOf(out)).toMatchObject({ findings: [], acknowledged: [{ code: 'MTLS101', acknowledgement: 'goes in March' }] });
});

/** A baseline entry for the finding about `BROKEN`. */
const ENTRY = '  - code: MTLS101\n    group: networking.istio.io\n    kind: DestinationRule\n    namespace: shop\n    name: ratings\n    field: spec.trafficPolicy.tls.mode\n';

/** The page of a report with a baseline. */
async function withBaseline(objects: readonly object[], entries: string, ...args: string[]) {
  const cwd = folderWith({ 'mesh.json': listOf(objects), 'known.yaml': `format: 1\nfindings:\n${entries}` });
  const { out, exitCode, error } = await command(['report', 'mesh.json', ...args], { cwd });
  return { data: dataOf(out), exitCode, error, cwd };
}

test('lists findings of the baseline separately, with the reason', async () => {
  const { data, exitCode, error } = await withBaseline([...SHOP, BROKEN], `${ENTRY}    reason: goes in March\n`, '--baseline', 'known.yaml');
  expect([exitCode, error]).toEqual([0, '']);
  expect(data).toMatchObject({ findings: [], acknowledged: [], known: [{ code: 'MTLS101', severity: 'error', connections: 1, reason: 'goes in March' }], baseline: { path: 'known.yaml', stale: [] } });
  expect(data.outcomes.broken).toBe(1);
  expect(data.size.refused).toBe(0);
});

test('counts broken connections by the severity of their findings', async () => {
  const outside = [namespace('jobs'), deployment('jobs/one'), deployment('jobs/two')];
  const brokenIn = async (...args: Parameters<typeof report>) => {
    const { outcomes, broken } = dataOf((await report(...args)).out);
    expect(broken.error + broken.warning + broken.info).toBe(outcomes.broken);
    return broken;
  };
  expect(await brokenIn(SHOP)).toEqual({ error: 0, warning: 0, info: 0 });
  expect(await brokenIn([...SHOP, ...outside])).toEqual({ error: 0, warning: 0, info: 2 });
  expect(await brokenIn([...SHOP, ...outside, BROKEN])).toEqual({ error: 1, warning: 0, info: 2 });
  expect(await brokenIn([...SHOP, ...outside, BROKEN], '--acknowledge', 'MTLS101: legacy')).toEqual({ error: 1, warning: 0, info: 2 });
  const { data } = await withBaseline([...SHOP, BROKEN, ...outside], ENTRY, '--baseline', 'known.yaml');
  expect(data.broken).toEqual({ error: 1, warning: 0, info: 2 });
});

test('without a baseline, no findings are known', async () => {
  const data = dataOf((await report([...SHOP, BROKEN])).out);
  expect(data.known).toEqual([]);
  expect(data.findings).toMatchObject([{ code: 'MTLS101' }]);
  expect(data.baseline).toBeUndefined();
});

test('a finding with more connections than its entry isn\'t known, and shows both numbers', async () => {
  const { data } = await withBaseline([...SHOP, BROKEN, deployment('shop/late')], `${ENTRY}    connections: 1\n`, '--baseline', 'known.yaml');
  expect(data).toMatchObject({ known: [], findings: [{ code: 'MTLS101', connections: 2, grown: '2 connections; the baseline has 1' }] });
});

test('lists stale entries', async () => {
  const { data } = await withBaseline(SHOP, ENTRY, '--baseline', 'known.yaml');
  expect(data.baseline).toEqual({ path: 'known.yaml', stale: ['MTLS101 DestinationRule shop/ratings spec.trafficPolicy.tls.mode'] });
});

test('leaves a rejected object out of the mesh, even if the baseline has it', async () => {
  const refused = destinationRule('shop/bad', { trafficPolicy: {} });
  const { code, field } = dataOf((await report([...SHOP, refused])).out).findings.find(({ isRefusal }) => isRefusal)!;
  const entry = `  - code: ${code}\n    group: networking.istio.io\n    kind: DestinationRule\n    namespace: shop\n    name: bad\n    field: ${JSON.stringify(field)}\n`;
  const { data } = await withBaseline([...SHOP, refused], entry, '--baseline', 'known.yaml');
  expect(data).toMatchObject({ findings: [], known: [{ code, isRefusal: true, object: 'DestinationRule shop/bad' }] });
  expect(data.size.refused).toBe(1);
});

test('reads the configuration\'s baseline, doesn\'t check it as a manifest, and --no-config ignores it', async () => {
  const cwd = folderWith({ 'dist/mesh.json': listOf([...SHOP, BROKEN]), 'dist/known.yaml': `format: 1\nfindings:\n${ENTRY}`, 'istio-mtls.yaml': 'baseline: dist/known.yaml\n' });
  const { out, exitCode, error } = await command(['report', 'dist'], { cwd });
  expect([exitCode, error]).toEqual([0, 'Configuration: istio-mtls.yaml\n']);
  expect(dataOf(out)).toMatchObject({ known: [{ code: 'MTLS101', reason: '' }], size: { files: 1 } });
  expect(dataOf((await command(['report', 'dist/mesh.json', '--no-config'], { cwd })).out)).toMatchObject({ known: [], findings: [{ code: 'MTLS101' }] });
});

test('an unreadable baseline is an error', async () => {
  expect(await report(SHOP, '--baseline', 'missing.yaml', '-o', 'report.html')).toMatchObject({ exitCode: 2, out: '', error: expect.stringContaining('missing.yaml') });
});

test('--acknowledge adds to the acknowledgements of the configuration file', async () => {
  const cwd = folderWith({ 'mesh.json': listOf([...SHOP, BROKEN]), 'istio-mtls.yaml': 'acknowledgements:\n  - code: MTLS103\n    reason: in the file\n' });
  const { out } = await command(['report', 'mesh.json', '--acknowledge', 'MTLS101 DestinationRule shop/ratings: goes in March'], { cwd });
  const checked = JSON.parse((await command(['check', 'mesh.json', '-o', 'json', '--acknowledge', 'MTLS101 DestinationRule shop/ratings: goes in March'], { cwd })).out);
  const data = dataOf(out);
  expect(data.acknowledged).toMatchObject([{ code: 'MTLS101', acknowledgement: 'goes in March' }]);
  expect(data.findings.map(({ code }) => code)).toEqual(checked.findings.map(({ code }: any) => code));
  expect(data.findings).toHaveLength(1);
});

test('a note counts findings that the configuration turns off', async () => {
  const cwd = folderWith({ 'mesh.json': listOf([...SHOP, BROKEN]), 'istio-mtls.yaml': 'severities:\n  MTLS101: off\n' });
  const { findings, notes } = dataOf((await command(['report', 'mesh.json'], { cwd })).out);
  expect([findings, notes]).toEqual([[], ['istio-mtls.yaml turns off 1 finding, which this report doesn\'t show.']]);
});

test('has the certificates and checks of ca inspect, for the given --date', async () => {
  const { caCert, caKey, rootCert, certChain } = newCa().props;
  const stringData = { 'ca-cert.pem': caCert, 'ca-key.pem': caKey, 'root-cert.pem': rootCert, 'cert-chain.pem': certChain };
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'cacerts', namespace: 'istio-system' }, stringData };
  const { out, cwd } = await report([...SHOP, secret], '--date', '2027-01-31');
  const { inspected: [inspected] } = JSON.parse((await command(['ca', 'inspect', 'mesh.json', '-o', 'json', '--date', '2027-01-31'], { cwd })).out);
  const [holder] = dataOf(out).certificates;
  expect(holder.name).toBe(inspected.name);
  expect(holder.checks).toEqual(inspected.checks);
  expect(holder.texts.map(({ name, certificates }) => [name, certificates.map(({ fingerprint }) => fingerprint)]))
    .toEqual(inspected.texts.map(({ name, certificates }: any) => [name, certificates.map(({ sha256 }: any) => sha256)]));
  expect(holder.texts.filter(({ keyOf }) => keyOf !== undefined).map(({ name }) => name)).toEqual(['ca-key.pem']);
});

/** A key without a slash: slashes separate names, and the middle part of a key looks like any other word. */
function keyForNames(): string {
  for (;;) {
    const { privateKey } = generateKeyPairSync('ec', {
      namedCurve: 'P-256', privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    if (!privateKey.includes('/')) return privateKey;
  }
}

test('contains no private key, wherever the manifests hold one', async () => {
  const key = keyForNames();
  const odd = [
    ...SHOP, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'cacerts', namespace: 'istio-system' }, stringData: { 'ca-key.pem': key, 'ca-cert.pem': key } },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: key, namespace: 'shop' }, data: { 'ca.crt': `-----BEGIN CERTIFICATE-----\nx\n${key}`, [key]: key } },
    peerAuthentication(`shop/${key}`, mode(key)), destinationRule('shop/key', { host: key, subsets: [{ name: key, labels: { [key]: bodyOf(key) } }] }),
    deployment(`shop/${bodyOf(key)}`, { labels: { app: key } }), service(`shop/${bodyOf(key)}`, [80]), deployment(`${bodyOf(key)}/web`), service(`${bodyOf(key)}/web`, [80]),
    { ...deployment('shop/noted'), metadata: { name: 'noted', namespace: 'shop', annotations: { 'acknowledge.istio-mtls/MTLS101': key, 'note': key } } },
  ];
  const { out } = await report(odd, '--base', 'former.json');
  expect(shows(JSON.stringify(dataOf(out)), privateHalf(key))).toBe(false);
  expect(out).not.toContain('PRIVATE KEY');
});

test('unreadable input is on the page and on standard error, with exit code 2', async () => {
  const cwd = folderWith({ 'mesh.json': listOf(SHOP), 'broken.yaml': 'a: [' });
  const { out, error, exitCode } = await command(['report', 'mesh.json', 'broken.yaml'], { cwd });
  expect([exitCode, error]).toEqual([2, expect.stringContaining('broken.yaml')]);
  expect(dataOf(out).unreadable).toEqual([expect.stringMatching(/^broken\.yaml: .* \[ADMIT\d+\]$/)]);
});

test('writes a file, or says why it can\'t', async () => {
  const { out, exitCode, cwd } = await report(SHOP, '-o', 'report.html');
  expect([out, exitCode]).toEqual(['', 0]);
  expect(readFileSync(join(cwd, 'report.html'), 'utf8')).toMatch(/^<!doctype html>/);
  expect(await report(SHOP, '-o', 'missing/report.html')).toMatchObject({ exitCode: 2, error: expect.stringContaining('missing/report.html') });
});

test('prints a page without manifests', async () => {
  const { out, exitCode } = await report([]);
  expect(exitCode).toBe(2);
  expect(dataOf(out)).toMatchObject({ findings: [], unreadable: [expect.stringContaining('empty')], traffic: { paths: [] } });
});
