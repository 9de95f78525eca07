import { App, Chart, Testing } from 'cdk8s';
import { Construct } from 'constructs';
import { IstioMesh, MeshConfig, StrictMeshMtls } from '../../../src/index';
import { MeshFacts } from '../../../src/integration/mesh-facts';

describe('the part of the app that it owns', () => {
  /** Where a construct of each id sees trust domain `a.example`. */
  const ownedIn = (app: App) => app.node.findAll().filter((one) => {
    try {
      return IstioMesh.of(one).trustDomain === 'a.example';
    } catch {
      return false;
    }
  }).map(({ node }) => node.path);

  function appOf() {
    const app = Testing.app();
    const stage = new Construct(app, 'stage');
    return { app, stage, platform: new Chart(stage, 'platform'), shop: new Chart(stage, 'shop'), other: new Chart(app, 'other') };
  }

  test('is what contains its chart by default, and outside of charts its scope', () => {
    const inChart = appOf();
    new IstioMesh(inChart.platform, 'mesh', { trustDomain: 'a.example' });
    expect(ownedIn(inChart.app)).toEqual(['stage', 'stage/platform', 'stage/platform/mesh', 'stage/shop']);
    const outside = appOf();
    new IstioMesh(outside.stage, 'mesh', { trustDomain: 'a.example' });
    expect(ownedIn(outside.app)).toEqual(['stage', 'stage/platform', 'stage/shop', 'stage/mesh']);
    const nested = appOf();
    new IstioMesh(new Construct(nested.platform, 'team'), 'mesh', { trustDomain: 'a.example' });
    expect(ownedIn(nested.app)).toContain('stage/shop');
  });

  test('can be a chart, with further ones, and always holds the IstioMesh', () => {
    const { app, platform, shop, other } = appOf();
    const mesh = new IstioMesh(platform, 'mesh', { trustDomain: 'a.example', owns: shop });
    expect(ownedIn(app)).toEqual(['stage/platform/mesh', 'stage/shop']);
    mesh.include(other, shop, platform);
    expect(ownedIn(app)).toEqual(['stage/platform', 'stage/platform/mesh', 'stage/shop', 'other']);
  });

  test('can\'t be that of another mesh', () => {
    const { stage, platform, shop } = appOf();
    const mesh = new IstioMesh(platform, 'mesh', { owns: platform });
    const another = new IstioMesh(shop, 'another', { owns: shop, trustDomain: 'a.example' });
    expect(() => another.include(stage, platform)).toThrow("IstioMesh (stage/shop/another): include is 'stage/platform', which IstioMesh (stage/platform/mesh) owns; expected a construct that no other mesh owns, because an object is in one mesh. Fix: use the other one, or pass 'owns' with the chart or construct that holds only this mesh. [API049]");
    expect(() => new IstioMesh(shop, 'third', { owns: platform })).toThrow('[API049]');
    expect(() => mesh.include(mesh)).not.toThrow();
  });

  test('must be in the app', () => {
    const { platform } = appOf();
    const mesh = new IstioMesh(platform, 'mesh');
    expect(() => mesh.include(appOf().shop)).toThrow("IstioMesh (stage/platform/mesh): include is 'stage/shop' of another app; expected a construct of the same app, because a mesh owns a part of its app. Fix: pass a chart, or the construct that holds the charts of the mesh. [API892]");
    expect(() => new IstioMesh(platform, 'other', { owns: 'shop' as any })).toThrow('owns is a value of type string; expected a construct of the same app');
  });

  test('can\'t have used other facts before', () => {
    const { app, platform, shop, other } = appOf();
    new StrictMeshMtls(other, 'mtls');
    const mesh = new IstioMesh(platform, 'mesh', { rootNamespace: 'policies' });
    expect(new StrictMeshMtls(shop, 'mtls').rootNamespace).toBe('policies');
    expect(() => mesh.include(other)).toThrow("IstioMesh (stage/platform/mesh): rootNamespace is 'policies'; expected 'istio-system', which other/mtls uses, because it was created before it was included, and uses the default. Fix: call 'include' first. [API048]");
    expect(() => new IstioMesh(shop, 'inner', { owns: shop })).toThrow("rootNamespace is 'istio-system'; expected 'policies', which stage/shop/mtls uses, because it was created before the IstioMesh owned it, and uses that of IstioMesh (stage/platform/mesh). Fix: create the IstioMesh first. [API048]");
    expect(() => new IstioMesh(new Chart(app, 'apart'), 'mesh', { owns: new Chart(app, 'elsewhere') })).not.toThrow();
  });

  test('takes its mesh config along', () => {
    const { app, shop } = appOf();
    new MeshConfig(shop, 'config', { emitConfigMap: false, enableAutoMtls: false });
    new IstioMesh(shop, 'mesh', { owns: shop });
    expect([MeshFacts.of(shop), MeshFacts.of(app)].map(({ facts }) => facts.meshConfigs!.length)).toEqual([1, 0]);
  });

  test('holds no construct with the IstioMesh of another part', () => {
    const { platform, shop, other } = appOf();
    const mesh = new IstioMesh(platform, 'mesh', { owns: platform });
    new IstioMesh(shop, 'mesh', { owns: shop });
    expect(() => new MeshConfig(shop, 'config', { mesh })).toThrow("MeshConfig (stage/shop/config): mesh is IstioMesh (stage/platform/mesh); expected IstioMesh (stage/shop/mesh), which owns the construct, because its object would be analyzed in one mesh, and have the facts of the other. Fix: create it in a chart of that mesh, or remove 'mesh'. [API892]");
    expect(() => new MeshConfig(other, 'config', { mesh })).not.toThrow();
  });

  test('of two IstioMeshes is one mesh, if they are revisions of it', () => {
    const { app, shop, platform } = appOf();
    for (const [chart, revision] of [[platform, '1-30'], [shop, '1-31']] as const) new IstioMesh(chart, 'mesh', { revision });
    expect(MeshFacts.owners(app).meshes).toHaveLength(1);
    expect(MeshFacts.of(shop).istioMeshes.map(({ revision }) => revision)).toEqual(['1-30', '1-31']);
  });
});
