import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { loadAll } from 'js-yaml';
import { ConnectionOutcome, IstioMesh, MeshExpectations, MtlsAnalysis, MtlsMode, StrictMeshMtls } from '../../../src/index';
import { BROKEN, SOUND } from '../../cli/meshes';
import { folderWith, removeFolders } from '../../support/command/scratch';

afterAll(removeFolders);

/** An app that emits the documents of a text in one chart. */
function appOf(text: string): { app: App; chart: Chart } {
  const app = Testing.app();
  const chart = new Chart(app, 'shop');
  loadAll(text).forEach((object: any) => new ApiObject(chart, `${object.kind}-${object.metadata.name}`, object));
  return { app, chart };
}

/** The lines of a synth's error; empty if it passes. */
function told(app: App): readonly string[] {
  try {
    app.synthYaml();
    return [];
  } catch (error) {
    return (error as Error).message.split('\n').slice(1).map((line) => line.trim());
  }
}

const RATINGS = { from: 'shop/web', to: 'shop/ratings:9080' };

test('met expectations neither fail nor change the synth', () => {
  const { app } = appOf(SOUND);
  const before = app.synthYaml();
  MeshExpectations.attach(app)
    .always({ ...RATINGS, outcome: ConnectionOutcome.MTLS })
    .never({ to: '*', outcome: ConnectionOutcome.BROKEN })
    .atLeast({ server: 'shop/ratings:9080', outcome: ConnectionOutcome.TLS })
    .accepts({ server: '*', mode: MtlsMode.STRICT });
  expect(app.synthYaml()).toBe(before);
});

test('an unmet expectation fails the synth, with a connection and the constructs that decide it', () => {
  const { app, chart } = appOf(BROKEN);
  MeshExpectations.attach(chart).always({ ...RATINGS, outcome: ConnectionOutcome.MTLS });
  expect(told(app)).toEqual([
    '[shop] MeshExpectations (shop): "from shop/web to shop/ratings:9080: is mtls" is unmet: 1 of 1 connection is broken, such as shop/web → shop/ratings:9080, server shop/ratings:9080; expected it to hold, '
    + 'because DestinationRule shop/ratings (shop/DestinationRule-ratings) spec.trafficPolicy.tls.mode: the client sends PLAINTEXT; PeerAuthentication shop/default (shop/PeerAuthentication-default) spec.mtls.mode: STRICT for the namespace. '
    + 'Fix: change the objects that decide, or the expectation. [API082]',
  ]);
});

test('one error lists all failures, including those of several attachments', () => {
  const { app } = appOf(BROKEN);
  const expectations = MeshExpectations.attach(app);
  expectations.never({ to: '*', outcome: ConnectionOutcome.BROKEN }).atLeast({ to: 'shop/*', outcome: ConnectionOutcome.PLAINTEXT }).accepts({ server: 'shop/ratings', mode: MtlsMode.DISABLE });
  MeshExpectations.attach(app).never({ to: 'shop/rating', outcome: ConnectionOutcome.PLAINTEXT });
  expect(told(app).map((line) => line.replace(/(?:, such as| *; expected).*/, ''))).toEqual([
    '[] MeshExpectations: "to *: never broken" is unmet: 1 of 1 connection is broken',
    '[] MeshExpectations: "to shop/*: atLeast plaintext" is unmet: 1 of 1 connection is broken',
    '[] MeshExpectations: "server shop/ratings: accepts DISABLE" is unmet: 2 of 2 ports accept STRICT',
    '[] MeshExpectations: "to shop/rating: never plaintext" is unmet: to \'shop/rating\' is not a service in these manifests',
  ]);
  expect(told(app)[3]).toMatch(/; expected it to hold\. Fix: write shop\/ratings\. \[API082\]$/);
});

test('a connection that depends on a namespace fails with its case', () => {
  const { app } = appOf(SOUND.split('---\n').slice(1).join('---\n'));
  MeshExpectations.attach(app).never({ ...RATINGS, outcome: ConnectionOutcome.PLAINTEXT });
  expect(told(app)).toEqual([expect.stringMatching(/is unmet: 1 of 1 connection is plaintext if shop has none, such as shop\/web → shop\/ratings:9080.* Fix: list namespaces in injectedNamespaces or uninjectedNamespaces, and /)]);
});

test('an exception excludes its connections until its last day', () => {
  const except = [{ from: 'shop/web', reason: 'it goes in March', until: '2027-03-31' }];
  const on = (date: string) => {
    const { app } = appOf(BROKEN);
    MeshExpectations.attach(app, { date }).never({ to: 'shop/*', outcome: ConnectionOutcome.BROKEN, except }).accepts({ server: 'shop/*', mode: MtlsMode.STRICT, except: [{ server: 'shop/web', reason: 'r' }] });
    return told(app).map((line) => /is unmet: (.*?)(?:, such as.*)?; expected/.exec(line)![1]);
  };
  expect(on('2027-03-31')).toEqual(['its exceptions exclude the only connection']);
  expect(on('2027-04-01')).toEqual(['1 of 1 connection is broken', 'except[0] (from shop/web: it goes in March, until 2027-03-31) has expired']);
});

describe('facts that the manifests lack', () => {
  const documents = SOUND.split('---\n');
  const expectMtls = { ...RATINGS, outcome: ConnectionOutcome.MTLS };

  test('come from the options of attach', () => {
    const { app } = appOf(documents.slice(1).join('---\n'));
    MeshExpectations.attach(app, { injectedNamespaces: ['shop'] }).always(expectMtls);
    expect(told(app)).toEqual([]);
  });

  test('default to the options of MtlsAnalysis.attach, called before or after', () => {
    const { app } = appOf(documents.slice(1).join('---\n'));
    MeshExpectations.attach(app).always(expectMtls);
    MtlsAnalysis.attach(app, { facts: [documents[0]] });
    expect(told(app)).toEqual([]);
    MeshExpectations.attach(app, { facts: [documents[0].replace('enabled', 'disabled')], date: '2027-01-01' }).always(expectMtls);
    expect(told(app)).toHaveLength(1);
  });

  test('come from MtlsAnalysis if attach gets only a date', () => {
    const { app } = appOf(documents.slice(1).join('---\n'));
    MtlsAnalysis.attach(app, { injectedNamespaces: ['shop'] });
    MeshExpectations.attach(app, { date: '2027-01-01' }).always(expectMtls);
    expect(told(app)).toEqual([]);
  });

  test('must not contradict each other', () => {
    const { app, chart } = appOf(SOUND);
    new IstioMesh(chart, 'mesh', { clusterDomain: 'a.local' });
    MeshExpectations.attach(app, { clusterDomain: 'b.local' }).always(expectMtls);
    expect(told(app)).toEqual([expect.stringContaining('[API099]')]);
  });
});

test('also reports objects that the API server would refuse', () => {
  const app = Testing.app();
  new ApiObject(new Chart(app, 'shop'), 'policy', { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'a' }, spec: { mtls: { mod: 'STRICT' } } } as any);
  MeshExpectations.attach(app);
  expect(told(app)).toEqual([expect.stringContaining('[ADMIT201]')]);
});

test('runs the tests of a file, and names it', () => {
  const folder = folderWith({ 'mesh-tests.yaml': 'tests:\n  - { from: shop/web, to: shop/ratings:9080, is: mtls }\n  - { server: "*", accepts: STRICT }\n' });
  const { app } = appOf(BROKEN);
  MeshExpectations.attach(app).addFile(`${folder}/mesh-tests.yaml`);
  expect(told(app)).toEqual([expect.stringContaining(`MeshExpectations (${folder}/mesh-tests.yaml): "from shop/web to shop/ratings:9080: is mtls" is unmet: `)]);
  expect(() => MeshExpectations.attach(app).addFile('none.yaml')).toThrow('none.yaml: the file is missing; expected a readable file. Fix: create it, or name another file. [API094]');
});

test.each<[string, (expectations: MeshExpectations) => unknown, string]>([
  ['an expectation without connections', (all) => all.always({ outcome: ConnectionOutcome.MTLS }), 'MeshExpectations (mesh): always is without from, to and server; expected the connections it is about, "*" for all. Fix: add one of them. [API092]'],
  ['an invalid workload name', (all) => all.never({ from: '/web', outcome: ConnectionOutcome.MTLS }), 'MeshExpectations (mesh): from is \'/web\'; expected a workload such as shop/web'],
  ['undecided as an outcome', (all) => all.never({ to: '*', outcome: ConnectionOutcome.UNDECIDED }), 'MeshExpectations (mesh): never is \'undecided\'; expected one of mtls, tls, plaintext, broken, because'],
  ['an atLeast of broken', (all) => all.atLeast({ to: '*', outcome: ConnectionOutcome.BROKEN }), 'MeshExpectations (mesh): atLeast is \'broken\'; expected one of mtls, tls, plaintext'],
  ['mode UNSET', (all) => all.accepts({ server: '*', mode: MtlsMode.UNSET }), 'MeshExpectations (mesh): accepts is \'UNSET\'; expected one of STRICT, PERMISSIVE, DISABLE'],
  ['an expectation without an outcome', (all) => all.always({ to: '*' } as any), 'MeshExpectations (mesh): always is without is, never, atLeast and accepts'],
  ['an exception without a reason', (all) => all.always({ to: '*', outcome: ConnectionOutcome.MTLS, except: [{ to: 'a/b', reason: ' ' }] }), 'MeshExpectations (mesh): except[0].reason is \' \'; expected a string that isn\'t empty.'],
  ['a client in an exception of accepts', (all) => all.accepts({ server: '*', mode: MtlsMode.STRICT, except: [{ server: 'a/b', from: 'a/b', reason: 'r' }] }), 'MeshExpectations (mesh): except[0].from is set together with accepts; expected server only'],
])('refuses %s when the expectation is added', (_, say, error) => {
  const app = Testing.app();
  expect(() => say(MeshExpectations.attach(new StrictMeshMtls(new Chart(app, 'mesh'), 'strict').node.scope!))).toThrow(error);
});

test('reports an invalid date', () => {
  const { app } = appOf(SOUND);
  MeshExpectations.attach(app, { date: 'tomorrow' }).always({ ...RATINGS, outcome: ConnectionOutcome.MTLS });
  expect(() => app.synthYaml()).toThrow('[API096]');
});
