import { ApiObject, App, Chart, JsonPatch, Testing } from 'cdk8s';
import { loadAll } from 'js-yaml';
import {
  ClientTls, Destination, IstioMesh, IstioMeshProps, MeshConfig, MeshConfigProps,
  MtlsAnalysis, MtlsReport, MtlsAnalysisOptions, MtlsMode, NamespaceOverride, StrictMeshMtls,
} from '../../src/index';
import { folderWith, removeFolders } from '../support/command/scratch';

afterAll(removeFolders);

const SHOP = `apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: web}]}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  selector: {matchLabels: {app: api}}
  template: {metadata: {labels: {app: api}}, spec: {containers: [{name: api, image: api}]}}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {selector: {app: api}, ports: [{name: http, port: 80}]}
`;

/** An app with a client, a server and further constructs. */
function appWith(make: (chart: Chart) => unknown): App {
  const app = Testing.app();
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  loadAll(SHOP).forEach((object, index) => new ApiObject(chart, `object${index}`, object as any));
  make(chart);
  return app;
}

function outcomes(make: (chart: Chart) => unknown, options: MtlsAnalysisOptions = {}): string[] {
  const { connections: _, decided: _too, undecidedBecause: _three, ...counts } = MtlsAnalysis.of(appWith(make), options).summary;
  return Object.entries(counts).filter(([, count]) => count > 0).map(([outcome, count]) => `${count} ${outcome}`);
}

const both = (...make: ((chart: Chart) => unknown)[]) => (chart: Chart) => make.forEach((one) => one(chart));
const meshOf = (props: IstioMeshProps) => (chart: Chart) => new IstioMesh(chart, 'mesh', { namespace: 'istio-system', ...props });
const noAuto = (props: MeshConfigProps = {}) => (chart: Chart) => new MeshConfig(chart, 'config', { enableAutoMtls: false, ...props });
const disabled = (host: string) => (chart: Chart) => new Destination(chart, 'api', { host, tls: ClientTls.disable() });

test.each<[string, MeshConfigProps, IstioMeshProps]>([
  ['that is emitted', {}, {}], ['that is not emitted', { emitConfigMap: false }, {}], ['of a revision', { emitConfigMap: false }, { revision: '1-31' }],
  ['of another namespace', { emitConfigMap: false }, { namespace: 'mesh' }], ['of another namespace that is emitted', {}, { namespace: 'mesh' }],
])('a MeshConfig %s is the mesh\'s', (_, config, mesh) => {
  expect(outcomes(both(meshOf(mesh), noAuto(config)))).toEqual(['1 plaintext']);
});

test('of two that aren\'t emitted each is its revision\'s', () => {
  const configs = (enabledFor: string) => (chart: Chart) => {
    for (const revision of ['1-30', '1-31']) {
      new IstioMesh(chart, revision, { namespace: 'istio-system', revision }).config({ emitConfigMap: false, enableAutoMtls: revision === enabledFor });
    }
    ApiObject.of(chart.node.findChild('object0')).addJsonPatch(JsonPatch.replace('/metadata/labels', { 'istio.io/rev': '1-31' }));
  };
  expect([outcomes(configs('1-31')), outcomes(configs('1-30'))]).toEqual([['1 mtls'], ['1 plaintext']]);
});

test('istiods in several namespaces keep theirs', () => {
  expect(outcomes((chart) => {
    new IstioMesh(chart, 'one', { namespace: 'one', rootNamespace: 'root' }).config({ enableAutoMtls: false });
    new IstioMesh(chart, 'two', { namespace: 'two', rootNamespace: 'root', revision: '1-31' }).config();
  })).toEqual(['1 plaintext']);
});

test('the finding of a MeshConfig that isn\'t emitted names its ConfigMap', () => {
  const app = appWith((chart) => {
    noAuto({ emitConfigMap: false })(chart);
    new StrictMeshMtls(chart, 'strict');
  });
  MtlsAnalysis.attach(app);
  expect(() => app.synth()).toThrow('ConfigMap \'istio-system/istio\': data.mesh is enableAutoMtls: false');
});

describe('the root namespace', () => {
  test('is that of the IstioMesh', () => {
    const strict = (chart: Chart) => new StrictMeshMtls(chart, 'strict');
    const plain = disabled('api');
    expect([outcomes(both(meshOf({ rootNamespace: 'policies' }), plain, strict)), outcomes(both(plain, strict)), outcomes(plain)]).toEqual([['1 broken'], ['1 broken'], ['1 plaintext']]);
  });

  test.each([true, false])('also applies through its MeshConfig, emitted: %s', (emitConfigMap) => {
    const props = (one: IstioMeshProps) => both((chart) => meshOf(one)(chart).config({ emitConfigMap }), disabled('api'), (chart) => new StrictMeshMtls(chart, 'strict'));
    expect([outcomes(props({ rootNamespace: 'policies' })), outcomes(props({ namespace: 'mesh' }))]).toEqual([['1 broken'], ['1 broken']]);
  });

  test('is no place for a namespace\'s override', () => {
    const app = appWith((chart) => {
      new IstioMesh(chart, 'mesh', { rootNamespace: 'policies' });
      new NamespaceOverride(chart, 'override', { namespace: 'policies', mode: MtlsMode.PERMISSIVE });
    });
    expect(() => app.synth()).toThrow('[API013]');
  });
});

describe('the cluster domain', () => {
  test.each<[string, (chart: Chart) => unknown, string]>([
    ['nobody', disabled('api.shop.svc.corp.local'), '1 mtls'],
    ['an IstioMesh', both(meshOf({ clusterDomain: 'corp.local' }), disabled('api')), '1 plaintext'],
  ])('set by %s', (_, make, outcome) => {
    expect(outcomes(make)).toEqual([outcome]);
  });

  test('is in installers\' values', () => {
    const { helmValues, istioOperator } = meshOf({ clusterDomain: 'corp.local', namespace: 'mesh' })(new Chart(Testing.app(), 'c')).config({ emitConfigMap: false });
    expect(loadAll(helmValues)).toEqual([{ global: { istioNamespace: 'mesh', proxy: { clusterDomain: 'corp.local' } }, meshConfig: {} }]);
    expect(loadAll(istioOperator)).toMatchObject([{ spec: { values: { global: { istioNamespace: 'mesh', proxy: { clusterDomain: 'corp.local' } } } } }]);
  });
});

describe('control plane facts of the analysis', () => {
  const folder = folderWith({ 'values.yaml': 'meshConfig: {enableAutoMtls: false}\nglobal: {istioNamespace: mesh}\n', 'c.yaml': 'clusterDomain: corp.local\nmeshConfigs: [values.yaml]\nrootNamespace: policies\n' });
  const values = `${folder}/values.yaml`;

  test.each<[string, MtlsAnalysisOptions]>([['a file', { meshConfigs: [values] }], ['a configuration file', { configFile: `${folder}/c.yaml` }]])('from %s apply', (_, options) => {
    expect(outcomes(() => undefined, options)).toEqual(['1 plaintext']);
  });

  test('in a file override an IstioMesh', () => {
    const file = `${folderWith({ 'values.yaml': 'global: {proxy: {clusterDomain: a.local}}\n' })}/values.yaml`;
    const make = both(meshOf({ clusterDomain: 'b.local' }), disabled('api'));
    expect([outcomes(make), outcomes(make, { meshConfigs: [file] })]).toEqual([['1 plaintext'], ['1 mtls']]);
  });

  test('override constructs; ConfigMaps override them, which a note reports', () => {
    expect(outcomes(both(meshOf({ clusterDomain: 'b.local' }), disabled('api')), { clusterDomain: 'a.local' })).toEqual(['1 mtls']);
    expect(outcomes(noAuto({ enableAutoMtls: true, emitConfigMap: false }), { meshConfigs: [values] })).toEqual(['1 plaintext']);
    const analysis = MtlsAnalysis.of(appWith((chart) => meshOf({ namespace: 'mesh' })(chart).config()), { meshConfigs: [values], trustDomain: 'corp' });
    expect([analysis.summary.mtls, analysis.notes]).toEqual([1, [
      `ConfigMap mesh/istio is what istiod reads, with enableAutoMtls true; ${values} says false, which doesn't count`,
      `ConfigMap mesh/istio is what istiod reads, with trustDomain "cluster.local"; ${values} says "corp", which doesn't count`,
    ]]);
  });

  test.each<[string, (chart: Chart) => unknown, MtlsAnalysisOptions, string]>([
    ['an IstioMesh', both(meshOf({ clusterDomain: 'a.local' }), disabled('api')), { clusterDomain: 'b.local' }, 'clusterDomain is \'b.local\', but that of shop/mesh is \'a.local\'; expected one value for the whole mesh, because its constructs and its analysis must mean the same mesh. Fix: set it only in IstioMesh. [API099]'],
    ['the default that a construct goes by', (chart) => new StrictMeshMtls(chart, 'strict'), { rootNamespace: 'policies' }, 'rootNamespace is \'policies\', but that of shop/strict is \'istio-system\'; expected one value for the whole mesh, because its constructs and its analysis must mean the same mesh. Fix: create an IstioMesh with rootNamespace \'policies\' before all other constructs. [API099]'],
    ['nothing that it differs from', (chart) => new StrictMeshMtls(chart, 'strict'), { clusterDomain: 'b.local', rootNamespace: 'istio-system' }, ''],
  ])('are checked against %s', (_, make, options, message) => {
    const app = appWith(make);
    MtlsAnalysis.attach(app, options);
    if (message) expect(() => app.synth()).toThrow(`MtlsAnalysis: ${message}`);
    else expect(() => app.synth()).not.toThrow();
  });

  test('reach admission, and several calls add up', () => {
    const app = appWith((chart) => new ApiObject(chart, 'm', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'istio', namespace: 'mesh' }, data: { mesh: 'trustDomain: 1' } } as any));
    expect(() => app.synth()).not.toThrow();
    MtlsAnalysis.attach(app);
    MtlsAnalysis.attach(app, { meshConfigs: [values] });
    expect(() => app.synth()).toThrow('[ADMIT603]');
  });

  test('of an IstioMesh reach admission', () => {
    const app = appWith((chart) => {
      const { apiObject } = meshOf({ namespace: 'mesh' })(chart).config();
      apiObject!.addJsonPatch(JsonPatch.replace('/data/mesh', 'trustDomain: 1'));
    });
    expect(() => app.synth()).toThrow('[ADMIT603]');
  });
});

describe('notes of MtlsAnalysis.attach', () => {
  const notes: string[][] = [];
  const reporter = { report: (report: MtlsReport) => void notes.push(report.notes) };
  afterEach(() => notes.splice(0));

  test('reach the reporter once a synth', () => {
    const app = appWith(() => undefined);
    new Chart(app, 'other');
    MtlsAnalysis.attach(app, { reporter, istioVersion: '1.29', istiodEnv: { INJECT_ENABLED: 'false' } });
    app.synth();
    expect(notes).toEqual([[expect.stringMatching(/^This version decides as Istio 1\.31, and istiod is 1\.29: /), expect.stringMatching(/^istiod's INJECT_ENABLED is "false": /)]]);
  });

  test('are empty by default', () => {
    const app = appWith(() => undefined);
    MtlsAnalysis.attach(app, { reporter });
    MtlsAnalysis.attach(app, { istiodEnv: { INJECT_ENABLED: 'true' } });
    app.synth();
    expect(notes).toEqual([[]]);
  });
});

test('an IstioOperator of the app is read', () => {
  const operator = (chart: Chart) => new ApiObject(chart, 'operator', {
    apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', metadata: { name: 'o', namespace: 'istio-system' }, spec: { meshConfig: { enableAutoMtls: false } },
  } as any);
  expect(outcomes(operator)).toEqual(['1 plaintext']);
});
