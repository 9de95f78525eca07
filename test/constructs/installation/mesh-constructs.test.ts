import { Chart, Testing } from 'cdk8s';
import { Construct } from 'constructs';
import { CaSource, IstioMesh } from '../../../src/index';

describe('what its methods create', () => {
  test('is in a chart of its own outside of charts', () => {
    const app = Testing.app();
    const mesh = new IstioMesh(new Construct(app, 'dev'), 'mesh');
    expect(app.charts).toEqual([]);
    const made = [mesh.strict(), mesh.config().apiObject!, mesh.customCa(CaSource.fromSecret()), mesh.monitoring().alerts!];
    expect(app.charts.map((chart) => chart.node.path)).toEqual(['dev/mesh/objects']);
    expect(made.map(({ node }) => node.path)).toEqual(['Mtls', 'Config/Resource', 'Ca', 'Monitoring/Alerts'].map((path) => `dev/mesh/objects/${path}`));
  });

  test('is in the scope that they are given, and in the mesh', () => {
    const app = Testing.app();
    const mesh = new IstioMesh(new Construct(app, 'dev'), 'mesh', { namespace: 'mesh', rootNamespace: 'policies' });
    const scope = new Chart(app, 'monitoring');
    const made = [mesh.permissive({ scope }), mesh.config({ scope }).apiObject!, mesh.monitoring({ scope, labels: { a: 'b' } }).alerts!, mesh.customCa(CaSource.fromSecret(), { scope })];
    expect(made.map(({ node }) => node.path)).toEqual(['Mtls', 'Config/Resource', 'Monitoring/Alerts', 'Ca'].map((path) => `monitoring/dev-mesh/${path}`));
    expect(made.map((one) => IstioMesh.of(one))).toEqual([mesh, mesh, mesh, mesh]);
    expect(Testing.synth(scope).map(({ kind, metadata: { namespace } }) => `${kind} ${namespace}`)).toEqual([
      'PeerAuthentication policies', 'ConfigMap mesh', 'ServiceMonitor mesh', 'PodMonitor mesh', 'PrometheusRule mesh',
    ]);
    expect(new IstioMesh(new Construct(app, 'prod'), 'mesh').strict({ scope }).node.path).toBe('monitoring/prod-mesh/Mtls');
  });

  test('can\'t be in another mesh', () => {
    const app = Testing.app();
    const [mesh] = ['dev', 'prod'].map((name) => new IstioMesh(new Construct(app, name), 'mesh'));
    const scope = new Chart(app.node.findChild('prod') as Construct, 'shop');
    expect(() => mesh.strict({ scope })).toThrow("IstioMesh (dev/mesh): scope is 'prod/shop', which IstioMesh (prod/mesh) owns; expected a scope that no other mesh owns, because its objects would be applied with those of the other mesh. Fix: pass a chart of this mesh, or one that no mesh owns. [API892]");
  });
});
