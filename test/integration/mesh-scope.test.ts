import { Chart, Testing } from 'cdk8s';
import { Construct } from 'constructs';
import { ConnectionOutcome, IstioMesh, MeshExpectations, MtlsAnalysis, MtlsReporter } from '../../src/index';
import { environmentIn, shopIn, twoEnvironments } from '../support/constructs/environments';

describe('an analysis of one mesh', () => {
  test('is refused for a scope with several, which it names', () => {
    const { app, dev } = twoEnvironments();
    expect(() => MtlsAnalysis.of(app)).toThrow('MtlsAnalysis: scope is the app, which holds the meshes dev and prod; expected one mesh, because each mesh is analyzed on its own. Fix: pass dev or prod. [API891]');
    for (const name of ['test', 'stage']) environmentIn(app, name);
    expect(() => MtlsAnalysis.of(app)).toThrow('which holds the meshes dev, prod, test and 1 more; expected');
    expect(MtlsAnalysis.of(dev.mesh).summary.mtls).toBe(1);
  });

  test('names a mesh around another by its IstioMesh', () => {
    const app = Testing.app();
    const platform = new Chart(app, 'platform');
    new IstioMesh(platform, 'mesh');
    shopIn(app);
    environmentIn(app, 'canary');
    expect(() => MtlsAnalysis.of(app)).toThrow('Fix: pass platform/mesh or canary. [API891]');
    expect([MtlsAnalysis.of(platform), MtlsAnalysis.of(app.node.findChild('canary'))].map(({ summary }) => summary.connections)).toEqual([1, 1]);
  });

  test('is refused for a scope in no mesh, now and at synth', () => {
    const { app } = twoEnvironments();
    const shared = new Chart(app, 'shared');
    const refused = (kind: string) => `${kind} (shared): scope is 'shared', which is in no mesh; expected a construct in a mesh, or one that holds meshes, because other parts of the app have an IstioMesh. Fix: pass dev or prod. [API891]`;
    expect(() => MtlsAnalysis.of(shared)).toThrow(refused('MtlsAnalysis'));
    MtlsAnalysis.attach(shared, { reporter: MtlsReporter.silent() });
    expect(() => app.synthYaml()).toThrow(refused('MtlsAnalysis'));
    MeshExpectations.attach(shared).always({ from: '*', outcome: ConnectionOutcome.MTLS });
    expect(() => app.synthYaml()).toThrow(refused('MeshExpectations'));
  });

  test('is the whole app without an IstioMesh, whatever the scope', () => {
    const app = Testing.app();
    const shop = shopIn(app);
    expect([app, shop, new Construct(app, 'other')].map((scope) => MtlsAnalysis.of(scope).summary.connections)).toEqual([1, 1, 1]);
  });
});

describe('IstioMesh.of', () => {
  test('is the nearest', () => {
    const { dev, prod } = twoEnvironments();
    const inner = environmentIn(dev.stage, 'inner');
    expect([dev.shop, prod.shop, inner.shop, dev.mesh].map((scope) => IstioMesh.of(scope).trustDomain)).toEqual(['dev.example', 'prod.example', 'inner.example', 'dev.example']);
  });

  test('is refused where there is none', () => {
    const { app } = twoEnvironments();
    expect(() => IstioMesh.of(new Construct(app, 'other'))).toThrow("IstioMesh (other): scope is 'other', which is in no mesh; expected a construct that one IstioMesh owns, because there is nothing whose facts could be read. Fix: create an IstioMesh around it, or pass it to the IstioMesh as 'owns'. [API891]");
  });

  test('is refused where there is one for each of several istiods', () => {
    const chart = new Chart(Testing.app(), 'platform');
    for (const revision of ['1-30', '1-31']) new IstioMesh(chart, revision, { revision });
    expect(() => IstioMesh.of(chart)).toThrow("scope is 'platform', whose mesh has 2 of them: 'platform/1-30', 'platform/1-31'; expected a construct that one IstioMesh owns, because their namespaces or revisions differ. Fix: use the variable of the right IstioMesh. [API891]");
  });
});
