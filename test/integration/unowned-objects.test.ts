import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { Construct } from 'constructs';
import { IstioMesh, MtlsAnalysis, MtlsReporter } from '../../src/index';
import { shopIn, twoEnvironments } from '../support/constructs/environments';

/** An app with a mesh in chart `platform`, which holds nothing else. */
function appWithPlatform(): { readonly app: App; readonly platform: Chart; readonly mesh: IstioMesh } {
  const app = Testing.app();
  const platform = new Chart(app, 'platform');
  return { app, platform, mesh: new IstioMesh(platform, 'mesh', { owns: platform }) };
}

const add = (app: Construct, apiVersion: string, kind: string, rest: object = {}) => (
  new ApiObject(new Chart(app, `${kind}-chart`, { namespace: 'shop' }), 'Resource', { apiVersion, kind, ...rest }));

test('workloads, Services and Istio\'s objects that no mesh owns fail the synth', () => {
  const { app, mesh } = appWithPlatform();
  const shop = shopIn(app);
  expect(() => app.synthYaml()).toThrow("IstioMesh (platform/mesh): owns is 'platform', which doesn't hold Namespace shop (shop/object0) and 3 more; expected a mesh for each workload, Service, Namespace and Istio object of the app, because the checks and the analysis of a mesh see only what it owns. Fix: pass 'owns' with a construct that holds them too, or 'include' their charts. [API890]");
  mesh.include(shop);
  expect(() => app.synthYaml()).not.toThrow();
});

test('several meshes are named', () => {
  const { app } = twoEnvironments();
  add(app, 'apps/v1', 'Deployment', { metadata: { name: 'web' } });
  expect(() => app.synthYaml()).toThrow("IstioMesh (dev/mesh): owns is 'dev' and 'prod', which don't hold Deployment web (Deployment-chart/Resource); expected");
  for (const name of ['stage', 'test']) new IstioMesh(new Construct(app, name), 'mesh');
  expect(() => app.synthYaml()).toThrow("owns is 'dev', 'prod', 'stage' and 1 more, which don't hold");
});

test.each<[string, string, object]>([
  ['apps/v1', 'StatefulSet', {}], ['batch/v1', 'CronJob', {}], ['v1', 'Pod', {}], ['v1', 'Service', {}], ['v1', 'Namespace', {}],
  ['discovery.k8s.io/v1', 'EndpointSlice', {}], ['networking.istio.io/v1', 'Sidecar', {}], ['security.istio.io/v1', 'PeerAuthentication', {}],
  ['install.istio.io/v1alpha1', 'IstioOperator', {}], ['gateway.networking.k8s.io/v1', 'HTTPRoute', {}],
  ['v1', 'ConfigMap', { metadata: { name: 'istio' }, data: { mesh: 'enableAutoMtls: true' } }], ['v1', 'Secret', { metadata: { name: 'cacerts' } }],
])('a mesh must own %s %s', (apiVersion, kind, rest) => {
  const { app } = appWithPlatform();
  add(app, apiVersion, kind, rest);
  expect(() => app.synthYaml()).toThrow('[API890]');
});

test.each<[string, string, object]>([
  ['v1', 'ConfigMap', { data: { a: 'b' } }], ['v1', 'Secret', {}], ['rbac.authorization.k8s.io/v1', 'Role', {}], ['serving.knative.dev/v1', 'Service', {}],
  ['monitoring.coreos.com/v1', 'PodMonitor', {}], ['apps.kruise.io/v1alpha1', 'CloneSet', {}],
])('no mesh must own %s %s', (apiVersion, kind, rest) => {
  const { app } = appWithPlatform();
  add(app, apiVersion, kind, rest);
  expect(() => app.synthYaml()).not.toThrow();
});

test('a mesh must own the workloads of kinds that its analysis knows', () => {
  const { app } = appWithPlatform();
  add(app, 'apps.kruise.io/v1alpha1', 'CloneSet');
  MtlsAnalysis.attach(app, { reporter: MtlsReporter.silent(), workloadKinds: [{ group: 'apps.kruise.io', kind: 'CloneSet' }] });
  expect(() => app.synthYaml()).toThrow('CloneSet');
});

test('an app without an IstioMesh, or whose IstioMesh owns it, has none', () => {
  for (const hasMesh of [false, true]) {
    const app = Testing.app();
    if (hasMesh) new IstioMesh(new Chart(app, 'platform'), 'mesh');
    shopIn(app);
    expect(() => app.synthYaml()).not.toThrow();
  }
});
