import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { loadAll } from 'js-yaml';
import { FailOn, IMtlsReporter, MtlsAnalysis, MtlsChange, MtlsReport, MtlsReporter, MtlsRule, StrictMeshMtls } from '../../src/index';
import { BROKEN, declaringCalls, WARNED } from '../cli/meshes';
import { writtenBy } from '../support/command/standard-error';

class Recorder implements IMtlsReporter {
  public readonly reports: MtlsReport[] = [];

  public report(report: MtlsReport): void {
    this.reports.push(report);
  }
}

function add(chart: Chart, yaml: string): void {
  loadAll(yaml).forEach((object, index) => new ApiObject(chart, `object${index}`, object as any));
}

/** An app with two policies for one namespace, in two charts: a warning. */
function warned(): App {
  const app = Testing.app();
  for (const name of ['one', 'two']) new Chart(app, name);
  add(app.node.findChild('one') as Chart, WARNED);
  return app;
}

const NO_FINDING = { code: MtlsRule.MTLS101, reason: 'goes in March' };

describe('standard error, the default,', () => {
  test('gets warnings and acknowledgements that match nothing, with the share decided', () => {
    const app = warned();
    MtlsAnalysis.attach(app, { acknowledgements: [NO_FINDING] });
    const text = writtenBy(() => app.synth());
    expect(text).toMatch(/^MtlsAnalysis: 0 of 0 connections decided, 2 warnings\n {2}warning: .*an acknowledgement of MTLS101.*\[MTLS901\]\n {2}warning: .*\[MTLS201\]\n$/);
  });

  test('prints once a synth, for several charts and attach calls, without duplicates', () => {
    const app = warned();
    for (let call = 0; call < 3; call++) MtlsAnalysis.attach(app);
    const once = writtenBy(() => app.synthYaml());
    expect(once.match(/MTLS201/g)).toHaveLength(1);
    expect(writtenBy(() => app.synthYaml())).toBe('');
    MtlsAnalysis.attach(app, { acknowledgements: [NO_FINDING] });
    expect(writtenBy(() => app.synthYaml())).toContain('2 warnings');
  });

  test('prints nothing for a sound app', () => {
    const app = Testing.app();
    new Chart(app, 'shop');
    MtlsAnalysis.attach(app);
    expect(writtenBy(() => app.synth())).toBe('');
  });

  test('prints nothing in Testing.synth and toJson, which tests call', () => {
    const app = warned();
    MtlsAnalysis.attach(app);
    const chart = app.node.findChild('one') as Chart;
    expect(writtenBy(() => { Testing.synth(chart); chart.toJson(); })).toBe('');
    expect(writtenBy(() => app.synth())).toContain('MTLS201');
  });

  test('hears no warning that fails the synth', () => {
    const app = warned();
    MtlsAnalysis.attach(app, { failOn: [FailOn.WARNING] });
    expect(writtenBy(() => expect(() => app.synth()).toThrow('[MTLS201]'))).toBe('');
  });

  test('prints nothing with MtlsReporter.silent', () => {
    const app = warned();
    MtlsAnalysis.attach(app, { reporter: MtlsReporter.silent() });
    MtlsAnalysis.attach(app);
    expect(writtenBy(() => app.synth())).toBe('');
  });
});

describe('a reporter', () => {
  test('gets findings, notes and numbers, once each synth, in tests too', () => {
    const [app, reporter] = [warned(), new Recorder()];
    MtlsAnalysis.attach(app, { reporter, istioVersion: '1.29' });
    expect(writtenBy(() => app.synth())).toBe('');
    Testing.synth(app.node.findChild('two') as Chart);
    expect(reporter.reports).toHaveLength(2);
    const [report, again] = reporter.reports;
    expect(report).toMatchObject({ warnings: [{ code: 'MTLS201', severity: 'warning' }], decided: 0, summary: { connections: 0, undecided: 0 } });
    expect(report.notes).toEqual([expect.stringContaining('1.29')]);
    expect(report.text).toContain('\n  note: ');
    expect(again).toEqual(report);
  });

  test('gets an empty report too', () => {
    const [app, reporter] = [Testing.app(), new Recorder()];
    MtlsAnalysis.attach(app, { reporter });
    app.synth();
    expect(reporter.reports).toMatchObject([{ warnings: [], notes: [], text: '' }]);
  });

  test('of a call without one stays', () => {
    const [app, reporter] = [warned(), new Recorder()];
    MtlsAnalysis.attach(app, { reporter });
    MtlsAnalysis.attach(app, { failOn: [FailOn.NEVER] });
    app.synth();
    expect(reporter.reports).toHaveLength(1);
  });

  test('gets all of many warnings; the text has the first twenty', () => {
    const [app, reporter] = [warned(), new Recorder()];
    MtlsAnalysis.attach(app, { reporter, acknowledgements: Array.from({ length: 30 }, (_, index) => ({ ...NO_FINDING, name: `rule-${index}` })) });
    app.synth();
    const [{ warnings, text }] = reporter.reports;
    expect(warnings).toHaveLength(31);
    expect(text.split('\n')).toHaveLength(1 + 20 + 1 + 1);
    expect(text).toMatch(/\n {2}… and 11 more: a custom reporter receives them all\n$/);
  });
});

const OPEN = 'apiVersion: v1\nkind: Service\nmetadata: {name: pay, namespace: shop}\nspec: {ports: [{port: 80}], selector: {app: pay}}\n---\n'
  + 'apiVersion: v1\nkind: Pod\nmetadata: {name: pay, namespace: shop, labels: {app: pay}}\nspec: {containers: [{name: pay}]}\n---\n'
  + 'apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec: {containers: [{name: web}]}';
const POLICY = 'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: all, namespace: shop}\nspec: {}';

function appOf(yaml: string): App {
  const app = Testing.app();
  add(new Chart(app, 'shop'), yaml);
  return app;
}

test('prints an undecided connection with its reason and missing facts', () => {
  const app = appOf(OPEN);
  MtlsAnalysis.attach(app);
  expect(writtenBy(() => app.synth())).toBe([
    'MtlsAnalysis: 0 of 1 connection decided',
    '  1 undecided: the manifests don\'t show whether the client has a sidecar (client-proxy-unknown)',
    '  1 waits for Namespace shop, which isn\'t in the manifests; injectedNamespaces: [\'shop\'] decides 1',
    '  or add Namespace shop to the app, with injectionLabels of IstioMesh if the pods get sidecars',
    '',
  ].join('\n'));
});

test('prints an undecided connection that fails the synth once', () => {
  const app = appOf(OPEN);
  MtlsAnalysis.attach(app, { failOn: [FailOn.UNDECIDED] });
  expect(writtenBy(() => expect(() => app.synth()).toThrow('1 waits for Namespace shop'))).toBe('MtlsAnalysis: 0 of 1 connection decided\n');
});

test('a report has infos, missing facts, unchecked objects and assumptions', () => {
  const [app, reporter] = [appOf(`${OPEN}\n---\n${POLICY}`), new Recorder()];
  MtlsAnalysis.attach(app, { reporter, injectedNamespaces: ['shop'] });
  app.synth();
  const [report] = reporter.reports;
  expect(report).toMatchObject({ decided: 1, missingFacts: [], unjudged: 'Not checked: 1 AuthorizationPolicy, which concerns 1 connection called mtls', text: '' });
  expect(report.assumptions[0]).toEqual({ name: 'istio-version', text: 'Istio 1.31' });
  const [open, other] = [appOf(OPEN), new Recorder()];
  MtlsAnalysis.attach(open, { reporter: other });
  open.synth();
  expect(other.reports).toMatchObject([{ decided: 0, missingFacts: [{ need: 'namespace', injectedNamespaces: ['shop'], decides: 1 }], assumptions: report.assumptions }]);
});

test('prints infos after warnings, unless they fail the synth', () => {
  const lonely = 'apiVersion: v1\nkind: Service\nmetadata: {name: pay}\nspec: {ports: [{port: 80}]}';
  const app = appOf(`${lonely}\n---\n${lonely.replace('80', '81')}`);
  MtlsAnalysis.attach(app);
  expect(writtenBy(() => app.synth())).toMatch(/^MtlsAnalysis: 0 of 0 connections decided, 1 to know\n {2}info: .*\[MTLS601\]\n$/);
});

test('STRICT without any sidecar is a warning', () => {
  const app = appOf('apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec: {containers: [{name: web}]}');
  new StrictMeshMtls(new Chart(app, 'mesh'), 'strict');
  MtlsAnalysis.attach(app);
  expect(writtenBy(() => app.synth())).toMatch(/warning: PeerAuthentication 'istio-system\/default' .* none that the policy is for has one: Pod shop\/web .*\[MTLS408\]/);
});

describe('calls that no workload declares', () => {
  const silent = declaringCalls(BROKEN, '');

  function attachedTo(yaml: string, allCalls?: boolean): { reporter: Recorder; synth: () => string } {
    const [app, reporter] = [new App(), new Recorder()];
    add(new Chart(app, 'shop'), yaml);
    MtlsAnalysis.attach(app, { reporter, allCalls });
    return { reporter, synth: () => app.synthYaml() };
  }

  test('are left out, and reported', () => {
    const { reporter, synth } = attachedTo(silent);
    synth();
    const sentence = '1 possible connection, broken, is left out, because workloads declare their calls: Deployment shop/web (allCalls judges them)';
    expect(reporter.reports).toMatchObject([{ leftOut: sentence, text: `MtlsAnalysis: 0 of 0 connections decided\n  ${sentence}\n` }]);
    expect(MtlsAnalysis.ofYaml(silent).leftOut).toMatchObject({ connections: 1, broken: 1, clients: ['deployment/shop/web'] });
    expect(MtlsAnalysis.ofYaml(silent).connections()).toEqual([]);
  });

  test('are judged with allCalls', () => {
    expect(attachedTo(silent, true).synth).toThrow('MTLS101');
    expect(MtlsAnalysis.ofYaml(silent, { allCalls: true })).toMatchObject({ leftOut: undefined, summary: { broken: 1 } });
  });

  test('are explained, and left out of what changes are tried on', () => {
    expect(JSON.parse(MtlsAnalysis.ofYaml(silent).explain('shop/web', 'shop/ratings')[0].json).connections[0].transport.outcome).toBe('broken');
    const changed = MtlsAnalysis.ofYaml(BROKEN).whatIf([MtlsChange.apply(silent.slice(silent.indexOf('apiVersion: apps/v1'), silent.indexOf('---', silent.indexOf('name: web'))))]);
    expect(changed.diff.groups).toEqual([]);
    const groupsWith = (allCalls: boolean) => MtlsAnalysis.ofYaml(silent, { allCalls }).whatIf([MtlsChange.remove('DestinationRule', 'shop', 'ratings')]).diff.groups;
    expect([false, true].map(groupsWith)).toMatchObject([[], [{ to: 'mtls' }]]);
  });
});
