import { ApiObject, App, Chart, JsonPatch, Lazy } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { networking, security } from '../../src/index';
import { manifestOf, manifestsOf, withDroppedFields, withSteadyManifests } from '../../src/integration/app-manifests';
import { MeshFacts } from '../../src/integration/mesh-facts';

const containers = [{ image: 'app:1', portNumber: 8080 }];

test('gives every object of an app without an IstioMesh, nested charts included', () => {
  const app = new App();
  const chart = new Chart(app, 'a');
  new ApiObject(chart, 'one', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one' } });
  new ApiObject(new Chart(chart, 'nested', { namespace: 'shop' }), 'two', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'two' } });
  expect(manifestsOf(MeshFacts.of(app)).manifests.map(({ manifest }) => manifest)).toEqual([
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one' } },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'two', namespace: 'shop' } },
  ]);
});

test.each(['Deployment', 'StatefulSet', 'DaemonSet'] as const)('reading the manifest doesn\'t change the output of a %s spread over nodes', (kind) => {
  const yaml = (asked: number) => {
    const app = new App();
    const chart = new Chart(app, 'a');
    new kplus[kind](chart, 'it', { containers, spread: true, service: new kplus.Service(chart, 'service', { ports: [{ port: 80 }] }) } as any);
    for (let time = 0; time < asked; time++) manifestsOf(MeshFacts.of(app));
    return app.synthYaml();
  };
  expect(yaml(3)).toBe(yaml(0));
});

test('keeps the user\'s scheduling', () => {
  const app = new App();
  const deployment = new kplus.Deployment(new Chart(app, 'a'), 'it', { containers });
  deployment.scheduling.spread({ topology: kplus.Topology.ZONE });
  manifestsOf(MeshFacts.of(app));
  expect(app.synthYaml()).toContain('topology.kubernetes.io/zone');
});

test('restores the scheduling of an object that can\'t be serialized', () => {
  const app = new App();
  const deployment = new kplus.Deployment(new Chart(app, 'a'), 'it', { containers, spread: true });
  let fails = true;
  deployment.metadata.addAnnotation('a', Lazy.any({ produce: () => { if (fails) throw new Error('not yet'); return 'b'; } }) as any);
  expect(() => manifestsOf(MeshFacts.of(app))).toThrow('not yet');
  fails = false;
  expect(app.synthYaml().match(/topologyKey/g)).toHaveLength(2);
});

const chart = () => new Chart(new App(), 'shop', { namespace: 'shop' });
const judged = (object: ApiObject): any => withDroppedFields(object, object.toJson());

test('a plain ApiObject drops no fields', () => {
  const object = new ApiObject(chart(), 'it', { apiVersion: 'a/v1', kind: 'A', spec: { b: {} } });
  const manifest = object.toJson();
  expect(withDroppedFields(object, manifest)).toBe(manifest);
});

test('an unknown field of a binding comes back', () => {
  const it = new security.PeerAuthentication(chart(), 'it', { spec: { mtls: { mod: 'STRICT' } } as any });
  expect(it.toJson().spec).toEqual({ mtls: {} });
  expect(judged(it).spec).toEqual({ mtls: { mod: 'STRICT' } });
});

test('restores unknown fields of a JSON patch, in lists too', () => {
  const it = new networking.VirtualService(chart(), 'it', { spec: { hosts: ['a'], http: [{ name: 'a' }, { name: 'b' }] } });
  it.addJsonPatch(JsonPatch.add('/spec/http/1/nothing', 5));
  expect(JSON.stringify(it.toJson())).not.toContain('nothing');
  expect(judged(it).spec.http).toEqual([{ name: 'a' }, { name: 'b', nothing: 5 }]);
});

test.each([
  ['mirrorPercent', 'mirror_percent', (it: Chart) => new networking.VirtualService(it, 'it', { spec: { http: [{ mirrorPercent: 50 }] } }), (spec: any) => spec.http[0]],
  ['consecutive5XxErrors', 'consecutive5xxErrors', (it: Chart) => new networking.DestinationRule(it, 'it', { spec: { host: 'a', trafficPolicy: { outlierDetection: { consecutive5XxErrors: 1 } } } }), (spec: any) => spec.trafficPolicy.outlierDetection],
] as const)('the binding\'s %s is the API\'s %s, and no field is dropped', (_, name, create, place) => {
  const { spec } = judged(create(chart()));
  expect(Object.keys(place(spec))).toEqual([name]);
});

describe('a pass in which nothing changes', () => {
  const object = () => new ApiObject(new Chart(new App(), 'shop'), 'map', { apiVersion: 'v1', kind: 'ConfigMap' });
  const labelsOf = (one: ApiObject) => (manifestOf(one).metadata as any).labels;

  test('serializes each object once, a pass within it too', () => {
    const one = object();
    const toJson = jest.spyOn(one, 'toJson');
    withSteadyManifests(() => [manifestOf(one), withSteadyManifests(() => manifestOf(one)), manifestOf(one)]);
    expect(toJson).toHaveBeenCalledTimes(1);
  });

  test.each<[string, () => void]>([['ends', () => undefined], ['throws', () => { throw new Error('pass'); }]])('%s, and later changes are seen', (_, end) => {
    const one = object();
    const pass = () => withSteadyManifests(() => { labelsOf(one); end(); });
    try { pass(); } catch (error) { expect((error as Error).message).toBe('pass'); }
    one.metadata.addLabel('app', 'web');
    expect(labelsOf(one)).toEqual({ app: 'web' });
    expect(withSteadyManifests(() => labelsOf(one))).toEqual({ app: 'web' });
  });
});
