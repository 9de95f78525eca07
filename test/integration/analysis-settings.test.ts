import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { loadAll } from 'js-yaml';
import { redacted } from '../../src/findings/safe-text';
import { FailOn, FindingSeverity, MtlsAnalysis, MtlsAnalysisOptions, MtlsRule } from '../../src/index';
import { BROKEN, declaringCalls, PART, WARNED } from '../cli/meshes';
import { withCertificates } from '../support/certificates/certificates-of-examples';
import { command } from '../support/command/command';
import { folderWith, removeFolders } from '../support/command/scratch';

afterAll(removeFolders);

const ACKNOWLEDGED = 'acknowledgements:\n  - {code: MTLS201, reason: goes in March, owner: shop-team, expires: "2027-03-31"}\n';

/** The findings in a text with a configuration file. */
function found(yaml: string, configuration: string, options: MtlsAnalysisOptions = {}) {
  const configFile = join(folderWith({ 'istio-mtls.yaml': configuration }), 'istio-mtls.yaml');
  const analysis = MtlsAnalysis.ofYaml(yaml, { configFile, date: '2027-03-31', ...options });
  return { codes: analysis.findings.map(({ code, severity }) => `${severity} ${code}`), analysis, configFile };
}

/** An app of the objects of a text. */
function appOf(yaml: string): App {
  const app = Testing.app();
  const chart = new Chart(app, 'shop');
  loadAll(yaml).forEach((object, index) => new ApiObject(chart, `object${index}`, object as any));
  return app;
}

test('the file sets caHorizon, also for facts', () => {
  const ending = withCertificates(readFileSync(join(__dirname, '../analysis/rules/mtls703-ca-ends-soon/bad-ca-ends-soon.yaml'), 'utf8'));
  const codes = (days: number, options: MtlsAnalysisOptions = {}) => found(ending, `caHorizon: ${days}\n`, { date: '2026-01-01', ...options }).codes;
  expect([codes(39), codes(40)]).toEqual([[], ['warning MTLS703']]);
  expect([codes(39, { facts: [PART] }), codes(40, { facts: [PART] })]).toEqual([[], ['warning MTLS703']]);
});

test('severities, facts and acknowledgements of the file apply in addition to the program\'s', () => {
  expect(found(`${WARNED}---\n${BROKEN}`, 'severities: {MTLS101: info, MTLS201: off}\n').codes).toEqual([`${FindingSeverity.INFO} MTLS101`]);
  expect(found(PART, 'partialNamespaces: [shop]\n').codes).toEqual([]);
  const twice = `${PART}---\n${PART.replaceAll('shop', 'bank')}`;
  expect(found(twice, 'partialNamespaces: [shop]\n', { partialNamespaces: ['bank'] }).codes).toEqual([]);
  expect(found(WARNED, ACKNOWLEDGED).analysis.acknowledged).toMatchObject([{ code: MtlsRule.MTLS201, reason: 'goes in March', owner: 'shop-team', expires: '2027-03-31' }]);
});

test('reports an expired acknowledgement at its line in the file, or its index in the program', () => {
  const { analysis, configFile } = found(WARNED, ACKNOWLEDGED, { date: '2027-04-01', acknowledgements: [{ code: MtlsRule.MTLS101, reason: 'legacy' }] });
  expect(analysis.findings.map(({ code, message }) => [code, message.split(' is an')[0]])).toEqual([
    ['MTLS901', 'MtlsAnalysis: acknowledgements[0]'], ['MTLS902', redacted(`${configFile}:2:5: acknowledgements[0]`)], ['MTLS201', expect.stringContaining('other/two')],
  ]);
});

test('an acknowledgement in the program may expire', () => {
  const codes = (date?: string) => MtlsAnalysis.ofYaml(WARNED, { date, acknowledgements: [{ code: MtlsRule.MTLS201, reason: 'legacy', expires: '2026-06-30' }] }).findings.map(({ code }) => code);
  expect([codes('2026-06-30'), codes('2026-07-01')]).toEqual([[], ['MTLS902', 'MTLS201']]);
  jest.useFakeTimers({ now: new Date('2026-06-30T23:59:00Z') });
  expect(codes()).toEqual([]);
  jest.setSystemTime(new Date('2026-07-01T00:00:00Z'));
  expect(codes()).toEqual(['MTLS902', 'MTLS201']);
  jest.useRealTimers();
});

test('reports findings beyond the baseline, with the baseline\'s count', async () => {
  const cwd = folderWith({ 'a.yaml': BROKEN, 'istio-mtls.yaml': 'baseline: base.yaml\n' });
  await command(['check', 'a.yaml', '--write-baseline'], { cwd });
  const [configFile, baseline] = ['istio-mtls.yaml', 'base.yaml'].map((file) => join(cwd, file));
  writeFileSync(baseline, readFileSync(baseline, 'utf8').replace(/connections: \d+/, 'connections: 0'));
  const { findings: [{ code, connections, baselineCount, baselineConnections }] } = MtlsAnalysis.ofYaml(BROKEN, { configFile });
  expect([code, connections, baselineCount, baselineConnections]).toEqual(['MTLS101', 1, 1, 0]);
});

test('reports declared calls that break in place of those of the baseline', async () => {
  const shop = (web: string, late: string) => `${declaringCalls(BROKEN, web)}---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: late, namespace: shop, annotations: {calls.istio-mtls/to: "${late}"}}\nspec: {template: {metadata: {labels: {app: late}}}}\n`;
  const cwd = folderWith({ 'a.yaml': shop('shop/ratings', ''), 'istio-mtls.yaml': 'baseline: base.yaml\n' });
  await command(['check', 'a.yaml', '--write-baseline'], { cwd });
  const configFile = join(cwd, 'istio-mtls.yaml');
  expect(MtlsAnalysis.ofYaml(shop('shop/ratings', ''), { configFile }).findings).toEqual([]);
  const { findings: [{ code, newBrokenCalls, baselineConnections }], baselined } = MtlsAnalysis.ofYaml(shop('', 'shop/ratings'), { configFile });
  expect([code, newBrokenCalls, baselineConnections, baselined]).toEqual(['MTLS101', ['Deployment/shop/late → ratings.shop.svc.cluster.local:9080'], 1, []]);
});

test.each(['tomorrow', '2026-02-30', ''])('"%s" is no day', (date) => {
  expect(() => MtlsAnalysis.ofYaml(WARNED, { date })).toThrow(`MtlsAnalysis: date is '${date}'; expected a day such as 2027-03-31. Fix: write it as YYYY-MM-DD, in quotes, or leave it out. [API096]`);
});

test('applies the baseline that the command wrote', async () => {
  const cwd = folderWith({ 'a.yaml': `${BROKEN}---\n${WARNED}`, 'istio-mtls.yaml': 'baseline: base.yaml\n' });
  await command(['check', 'a.yaml', '--write-baseline'], { cwd });
  const configFile = join(cwd, 'istio-mtls.yaml');
  const { findings, baselined } = MtlsAnalysis.ofYaml(`${BROKEN}---\n${WARNED}`, { configFile });
  expect([findings, baselined.map(({ code }) => code)]).toEqual([[], ['MTLS201', 'MTLS101']]);
  expect(MtlsAnalysis.ofYaml(`${BROKEN}---\n${WARNED.replaceAll('other', 'third')}`, { configFile }).findings.map(({ namespace }) => namespace)).toEqual(['third']);
  const app = appOf(BROKEN);
  MtlsAnalysis.attach(app, { configFile });
  expect(() => app.synth()).not.toThrow();
  const worse = appOf(BROKEN.replaceAll('shop', 'third'));
  MtlsAnalysis.attach(worse, { configFile });
  expect(() => worse.synth()).toThrow('[MTLS101]');
});

test('failOn of the file applies at synth, unless the program sets it', () => {
  const configFile = join(folderWith({ 'c.yaml': 'failOn: [warning]\n' }), 'c.yaml');
  const synth = (failOn?: FailOn[]) => {
    const app = appOf(WARNED);
    MtlsAnalysis.attach(app, { configFile, failOn });
    return () => app.synth();
  };
  expect(synth()).toThrow('[MTLS201]');
  expect(synth([FailOn.ERROR])).not.toThrow();
});

test('undecided connections in the baseline don\'t fail the synth', () => {
  const undecided = BROKEN.slice(BROKEN.indexOf('---\n') + 4);
  const synth = (count: number) => {
    const folder = folderWith({ 'c.yaml': 'baseline: b.yaml\n', 'b.yaml': `format: 1\nundecided: {client-proxy-unknown: ${count}}\n` });
    const app = appOf(undecided);
    MtlsAnalysis.attach(app, { configFile: join(folder, 'c.yaml'), failOn: [FailOn.UNDECIDED] });
    return () => app.synth();
  };
  expect(synth(1)).not.toThrow();
  expect(synth(0)).toThrow('1 of 1 connections is undecided');
});

test('admission uses istiodNamespace of the file', () => {
  const app = appOf('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: mesh}\ndata: {mesh: "enableAutoMtls: maybe"}\n');
  MtlsAnalysis.attach(app, { configFile: join(folderWith({ 'c.yaml': 'istiodNamespace: mesh\n' }), 'c.yaml') });
  expect(() => app.synth()).toThrow(/\[ADMIT\d{3}\]/);
});

test('attach reports all faults of the file', () => {
  const configFile = join(folderWith({ 'c.yaml': 'failOn: [eror]\npath: [a]\n' }), 'c.yaml');
  expect(() => MtlsAnalysis.attach(appOf(WARNED), { configFile })).toThrow(/failOn\[0\] is 'eror'; [^]*\n[^]*path is an unknown field/);
  expect(() => MtlsAnalysis.ofYaml(WARNED, { configFile: 'no-such.yaml' })).toThrow('no-such.yaml: the file is missing');
});

test('reads no file unless configFile names it', () => {
  const home = process.cwd();
  process.chdir(folderWith({ 'istio-mtls.yaml': 'severities: {MTLS201: off}\n' }));
  try {
    expect(MtlsAnalysis.ofYaml(WARNED).findings.map(({ code }) => code)).toEqual(['MTLS201']);
  } finally {
    process.chdir(home);
  }
});

describe('kinds that run pods', () => {
  const KRUISE = BROKEN.replace('apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web', 'apiVersion: apps.kruise.io/v1alpha1\nkind: CloneSet\nmetadata:\n  name: web');
  const clients = (options: MtlsAnalysisOptions, yaml = KRUISE) => MtlsAnalysis.ofYaml(yaml, options).connections().map(({ clientKind, clientNamespace }) => `${clientNamespace} ${clientKind}`);
  const KIND = { group: 'apps.kruise.io', kind: 'CloneSet' };

  test('come from the program and the file', () => {
    expect([clients({}), clients({ workloadKinds: [KIND] }), clients({ workloadKinds: [{ ...KIND, podTemplate: 'spec.template' }] })]).toEqual([[], ['shop CloneSet'], ['shop CloneSet']]);
    expect(found(KRUISE, 'workloadKinds:\n  - {group: apps.kruise.io, kind: CloneSet}\n').analysis.summary.connections).toBe(1);
    expect(clients({ workloadKinds: [KIND], namespace: 'bank' }, KRUISE.replaceAll(/^ {2}namespace: shop\n/gm, ''))).toEqual(['bank CloneSet']);
  });

  test('add up where an app is attached to twice', () => {
    const app = appOf(KRUISE);
    MtlsAnalysis.attach(app, { workloadKinds: [KIND] });
    MtlsAnalysis.attach(app, { workloadKinds: [{ group: 'example.com', kind: 'Runner' }] });
    expect(() => app.synth()).toThrow('calls from CloneSet shop/web to');
  });

  test.each<[string, MtlsAnalysisOptions['workloadKinds'], string]>([
    ['with a group that is no domain', [{ group: 'apps', kind: 'CloneSet' }], 'MtlsAnalysis: workloadKinds[0].group is \'apps\'; expected an API group, such as apps.kruise.io, because a custom resource\'s group is a domain, and its version doesn\'t matter. Fix: write the part of apiVersion before the slash. [API092]'],
    ['given twice', [KIND, KIND], 'MtlsAnalysis: workloadKinds[1].kind is a second \'CloneSet.apps.kruise.io\'; expected each kind once, because a kind has one pod template. Fix: delete the entry. [API092]'],
  ])('%s are refused as in the configuration file', (_, workloadKinds, message) => {
    expect(() => clients({ workloadKinds })).toThrow(message);
  });
});
