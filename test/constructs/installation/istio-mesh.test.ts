import { App, Chart, Duration, Testing } from 'cdk8s';
import { Construct } from 'constructs';
import { CaSource, ClientTls, CustomCa, Destination, ExternalSecretStore, IstioMesh, IstioMeshProps, MeshConfig, StrictMeshMtls } from '../../../src/index';
import { MeshFacts } from '../../../src/integration/mesh-facts';
import { chartIn, only, synth } from '../../support/constructs/charts';

const mesh = (props?: IstioMeshProps, namespace?: string) => new IstioMesh(chartIn(namespace), 'mesh', props);

describe('its facts', () => {
  test('default to those of Istio\'s installation', () => {
    const { namespace, revision, rootNamespace, trustDomain, clusterDomain } = mesh();
    expect({ namespace, revision, rootNamespace, trustDomain, clusterDomain }).toEqual({
      namespace: 'istio-system', revision: undefined, rootNamespace: 'istio-system', trustDomain: 'cluster.local', clusterDomain: 'cluster.local',
    });
  });

  test('don\'t depend on the namespace of the chart', () => {
    expect([mesh({}, 'shop').namespace, mesh({}, 'shop').rootNamespace, mesh({ namespace: 'istiod' }, 'shop').namespace]).toEqual(['istio-system', 'istio-system', 'istiod']);
  });

  test('are written into no object', () => {
    const chart = chartIn();
    new IstioMesh(chart, 'mesh', { trustDomain: 'corp.example' });
    expect(synth(chart)).toEqual([]);
  });

  test('include the labels by which namespaces get sidecars of the revision', () => {
    expect([mesh().injectionLabels, mesh({ revision: 'default' }).injectionLabels, mesh({ revision: '1-31' }).injectionLabels])
      .toEqual([{ 'istio-injection': 'enabled' }, { 'istio-injection': 'enabled' }, { 'istio.io/rev': '1-31' }]);
  });

  test.each<[string, object, string]>([
    ['an invalid namespace', { namespace: 'a.b' }, "IstioMesh (test/mesh): namespace is 'a.b'; expected at most 63 lowercase letters, digits and dashes, because no other namespace can exist. Fix: correct the name. [MTLS018]"],
    ['an empty root namespace', { rootNamespace: '' }, "rootNamespace is ''; expected at most 63 lowercase letters"],
    ...[
      ['an empty revision', ''], ['a revision in uppercase', 'A'], ['a revision with a dot', '1.31'], ['a revision that begins with a dash', '-a'],
      ['a revision that ends with a dash', 'a-'], ['a revision of 59 characters', 'x'.repeat(59)],
    ].map(([label, revision]): [string, object, string] => [label, { revision }, `revision is '${revision}'; expected lowercase letters, digits and dashes, such as '1-31', because it is part of the names of a ConfigMap and a Service. Fix: pass the installed revision, or none for the istiod without a revision. [MTLS046]`]),
    ['a number as the revision', { revision: 131 }, 'revision is a number; expected lowercase letters'],
    ['a URI as the trust domain', { trustDomain: 'spiffe://td' }, "trustDomain is 'spiffe://td'; expected DNS labels separated by dots, such as 'cluster.local', because every identity begins with it. Fix: pass the domain of the cluster. [MTLS047]"],
    ['a cluster domain with an empty label', { clusterDomain: 'a..b' }, "clusterDomain is 'a..b'; expected DNS labels separated by dots, such as 'cluster.local', because the host of every Service ends with it."],
    ['a number as the cluster domain', { clusterDomain: 5 }, 'clusterDomain is a number; expected DNS labels'],
  ])('can\'t have %s', (_, props, message) => {
    expect(() => mesh(props)).toThrow(message);
  });
});

describe('constructs that use it', () => {
  const PROPS: IstioMeshProps = { namespace: 'mesh', revision: '1-31', rootNamespace: 'policies', trustDomain: 'corp.example', clusterDomain: 'k8s.example' };

  function everything() {
    const chart = chartIn('shop');
    const made = new IstioMesh(chart, 'mesh', PROPS);
    made.strict({ clientTls: {} });
    made.customCa(CaSource.externalSecret({ store: ExternalSecretStore.secretStore('vault'), key: 'istio' }));
    made.config({ accessLogFile: '/dev/stdout' });
    made.monitoring({ labels: { release: 'prometheus' }, interval: Duration.seconds(15), plaintext: { exceptNamespaces: ['legacy'] } });
    return synth(chart);
  }

  test('are in istiod\'s namespace, and policies in the root namespace', () => {
    expect(everything().map(({ kind, metadata: { namespace, name } }) => `${kind} ${namespace}/${name}`)).toEqual([
      'PeerAuthentication policies/default', 'DestinationRule policies/default', 'ExternalSecret mesh/cacerts', 'ConfigMap mesh/istio-1-31',
      'ServiceMonitor mesh/istiod', 'PodMonitor mesh/istio-proxies', 'PrometheusRule mesh/istio-mtls',
    ]);
  });

  test('have its domains', () => {
    const objects = everything();
    expect(only(objects, 'DestinationRule').spec.host).toBe('*.svc.k8s.example');
    expect(only(objects, 'ConfigMap').data.mesh).toContain('rootNamespace: policies\ntrustDomain: corp.example\n');
  });

  test('snapshot', () => {
    expect(everything()).toMatchSnapshot();
  });

  test('include all later ones, also in other charts', () => {
    const app = new App();
    new IstioMesh(new Chart(app, 'platform'), 'mesh', { namespace: 'mesh' });
    const other = new Chart(app, 'other');
    expect([new StrictMeshMtls(other, 'mtls').rootNamespace, new CustomCa(other, 'ca', { source: CaSource.fromSecret() }).namespace]).toEqual(['mesh', 'mesh']);
  });

  test('include that of permissive(), with mode PERMISSIVE', () => {
    expect(mesh().permissive().toJson().spec).toEqual({ mtls: { mode: 'PERMISSIVE' } });
  });
});

describe('an earlier construct', () => {
  const late = (make: (chart: Chart) => unknown, props: IstioMeshProps) => () => {
    const chart = chartIn();
    make(chart);
    new IstioMesh(chart, 'mesh', props);
  };
  const strict = (chart: Chart) => new StrictMeshMtls(chart, 'mtls');
  const config = (chart: Chart) => new MeshConfig(chart, 'config');
  const rule = (chart: Chart) => new Destination(chart, 'web', { host: 'web', namespace: 'shop', tls: ClientTls.disable() });

  test.each<[string, (chart: Chart) => unknown, IstioMeshProps, string]>([
    ['namespace', (chart) => new CustomCa(chart, 'ca', { source: CaSource.fromSecret() }), { namespace: 'mesh' }, "IstioMesh (test/mesh): namespace is 'mesh'; expected 'istio-system', which test/ca uses, because it was created before the IstioMesh, and uses the default. Fix: create the IstioMesh first. [MTLS048]"],
    ['root namespace', strict, { rootNamespace: 'policies' }, "rootNamespace is 'policies'; expected 'istio-system', which test/mtls uses"],
    ['cluster domain', rule, { clusterDomain: 'a.example' }, "clusterDomain is 'a.example'; expected 'cluster.local', which test/web uses"],
    ['revision', config, { revision: '1-31' }, "revision is '1-31'; expected none, which test/config uses"],
    ['trust domain', config, { trustDomain: 'a.example' }, "trustDomain is 'a.example'; expected 'cluster.local', which test/config uses"],
  ])('that uses another %s is refused', (_, make, props, message) => {
    expect(late(make, props)).toThrow(message);
  });

  test('with the same values, or that uses none of them, is accepted', () => {
    expect(late(strict, { trustDomain: 'a.example', clusterDomain: 'a.example', revision: '1-31' })).not.toThrow();
    expect(late(config, {})).not.toThrow();
  });
});

describe('a second IstioMesh in the app', () => {
  const two = (first: IstioMeshProps, second: IstioMeshProps) => () => {
    const chart = chartIn();
    new IstioMesh(chart, 'one', first);
    return new IstioMesh(chart, 'two', second);
  };

  test.each<[string, IstioMeshProps, IstioMeshProps, string]>([
    ['the same revision', {}, { revision: 'default' }, "IstioMesh (test/two): revision is also that of IstioMesh (test/one), which owns the same constructs; expected one IstioMesh for each istiod, because each fact of the mesh is set only once. Fix: use the other one, or pass 'owns' with the chart or construct that holds only this mesh. [MTLS049]"],
    ['another trust domain', {}, { revision: 'a', trustDomain: 'b.example' }, "trustDomain is 'b.example'; expected 'cluster.local', as of IstioMesh (test/one), which owns the same constructs, because the istiods of a mesh are its revisions in one cluster. Fix: use the other one, or pass 'owns' with the chart or construct that holds only this mesh. [MTLS049]"],
    ['another root namespace', {}, { namespace: 'mesh' }, "rootNamespace is 'mesh'; expected 'istio-system', as of"],
    ['another cluster domain', { clusterDomain: 'a.example' }, { revision: 'a' }, "clusterDomain is 'cluster.local'; expected 'a.example', as of"],
  ])('is refused with %s', (_, first, second, message) => {
    expect(two(first, second)).toThrow(message);
  });

  test('of another revision makes constructs name their mesh where the two differ', () => {
    const canary = two({ revision: '1-30' }, { revision: '1-31' })();
    const chart = canary.node.scope as Chart;
    expect([new StrictMeshMtls(chart, 'mtls').rootNamespace, new MeshConfig(chart, 'config', { mesh: canary }).configMapName]).toEqual(['istio-system', 'istio-1-31']);
    expect(() => new MeshConfig(chart, 'other')).toThrow("MeshConfig (test/other): mesh is not given; expected one IstioMesh of the mesh, such as test/one or test/two, because they differ in revision: '1-30' and '1-31'.");
  });
});

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
    expect(() => another.include(stage, platform)).toThrow("IstioMesh (stage/shop/another): include is 'stage/platform', which IstioMesh (stage/platform/mesh) owns; expected a construct that no other mesh owns, because an object is in one mesh. Fix: use the other one, or pass 'owns' with the chart or construct that holds only this mesh. [MTLS049]");
    expect(() => new IstioMesh(shop, 'third', { owns: platform })).toThrow('[MTLS049]');
    expect(() => mesh.include(mesh)).not.toThrow();
  });

  test('must be in the app', () => {
    const { platform } = appOf();
    const mesh = new IstioMesh(platform, 'mesh');
    expect(() => mesh.include(appOf().shop)).toThrow("IstioMesh (stage/platform/mesh): include is 'stage/shop' of another app; expected a construct of the same app, because a mesh owns a part of its app. Fix: pass a chart, or the construct that holds the charts of the mesh. [MTLS892]");
    expect(() => new IstioMesh(platform, 'other', { owns: 'shop' as any })).toThrow('owns is a value of type string; expected a construct of the same app');
  });

  test('can\'t have used other facts before', () => {
    const { app, platform, shop, other } = appOf();
    new StrictMeshMtls(other, 'mtls');
    const mesh = new IstioMesh(platform, 'mesh', { rootNamespace: 'policies' });
    expect(new StrictMeshMtls(shop, 'mtls').rootNamespace).toBe('policies');
    expect(() => mesh.include(other)).toThrow("IstioMesh (stage/platform/mesh): rootNamespace is 'policies'; expected 'istio-system', which other/mtls uses, because it was created before it was included, and uses the default. Fix: call 'include' first. [MTLS048]");
    expect(() => new IstioMesh(shop, 'inner', { owns: shop })).toThrow("rootNamespace is 'istio-system'; expected 'policies', which stage/shop/mtls uses, because it was created before the IstioMesh owned it, and uses that of IstioMesh (stage/platform/mesh). Fix: create the IstioMesh first. [MTLS048]");
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
    expect(() => new MeshConfig(shop, 'config', { mesh })).toThrow("MeshConfig (stage/shop/config): mesh is IstioMesh (stage/platform/mesh); expected IstioMesh (stage/shop/mesh), which owns the construct, because its object would be analyzed in one mesh, and have the facts of the other. Fix: create it in a chart of that mesh, or remove 'mesh'. [MTLS892]");
    expect(() => new MeshConfig(other, 'config', { mesh })).not.toThrow();
  });

  test('of two IstioMeshes is one mesh, if they are revisions of it', () => {
    const { app, shop, platform } = appOf();
    for (const [chart, revision] of [[platform, '1-30'], [shop, '1-31']] as const) new IstioMesh(chart, 'mesh', { revision });
    expect(MeshFacts.owners(app).meshes).toHaveLength(1);
    expect(MeshFacts.of(shop).istioMeshes.map(({ revision }) => revision)).toEqual(['1-30', '1-31']);
  });
});

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
    expect(() => mesh.strict({ scope })).toThrow("IstioMesh (dev/mesh): scope is 'prod/shop', which IstioMesh (prod/mesh) owns; expected a scope that no other mesh owns, because its objects would be applied with those of the other mesh. Fix: pass a chart of this mesh, or one that no mesh owns. [MTLS892]");
  });
});
