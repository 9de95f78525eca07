import { App, Chart, Duration } from 'cdk8s';
import { CaSource, ClientTls, CustomCa, Destination, ExternalSecretStore, IstioMesh, IstioMeshProps, MeshConfig, StrictMeshMtls } from '../../../src/index';
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
    ['an invalid namespace', { namespace: 'a.b' }, "IstioMesh (test/mesh): namespace is 'a.b'; expected at most 63 lowercase letters, digits and dashes, because no other namespace can exist. Fix: correct the name. [API018]"],
    ['an empty root namespace', { rootNamespace: '' }, "rootNamespace is ''; expected at most 63 lowercase letters"],
    ...[
      ['an empty revision', ''], ['a revision in uppercase', 'A'], ['a revision with a dot', '1.31'], ['a revision that begins with a dash', '-a'],
      ['a revision that ends with a dash', 'a-'], ['a revision of 59 characters', 'x'.repeat(59)],
    ].map(([label, revision]): [string, object, string] => [label, { revision }, `revision is '${revision}'; expected lowercase letters, digits and dashes, such as '1-31', because it is part of the names of a ConfigMap and a Service. Fix: pass the installed revision, or none for the istiod without a revision. [API046]`]),
    ['a number as the revision', { revision: 131 }, 'revision is a number; expected lowercase letters'],
    ['a URI as the trust domain', { trustDomain: 'spiffe://td' }, "trustDomain is 'spiffe://td'; expected DNS labels separated by dots, such as 'cluster.local', because every identity begins with it. Fix: pass the domain of the cluster. [API047]"],
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
    ['namespace', (chart) => new CustomCa(chart, 'ca', { source: CaSource.fromSecret() }), { namespace: 'mesh' }, "IstioMesh (test/mesh): namespace is 'mesh'; expected 'istio-system', which test/ca uses, because it was created before the IstioMesh, and uses the default. Fix: create the IstioMesh first. [API048]"],
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
    ['the same revision', {}, { revision: 'default' }, "IstioMesh (test/two): revision is also that of IstioMesh (test/one), which owns the same constructs; expected one IstioMesh for each istiod, because each fact of the mesh is set only once. Fix: use the other one, or pass 'owns' with the chart or construct that holds only this mesh. [API049]"],
    ['another trust domain', {}, { revision: 'a', trustDomain: 'b.example' }, "trustDomain is 'b.example'; expected 'cluster.local', as of IstioMesh (test/one), which owns the same constructs, because the istiods of a mesh are its revisions in one cluster. Fix: use the other one, or pass 'owns' with the chart or construct that holds only this mesh. [API049]"],
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
