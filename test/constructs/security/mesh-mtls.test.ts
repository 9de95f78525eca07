import { App, ApiObject, Chart } from 'cdk8s';
import { IstioMesh, MeshClientTls, MeshMtls, MtlsMode, StrictMeshMtls } from '../../../src/index';
import { chartIn, only, synth } from '../../support/constructs/charts';

describe('StrictMeshMtls', () => {
  test('is one PeerAuthentication default in istio-system, STRICT and without selector', () => {
    const chart = chartIn();
    new StrictMeshMtls(chart, 'mtls');
    expect(synth(chart)).toEqual([{
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name: 'default', namespace: 'istio-system' },
      spec: { mtls: { mode: 'STRICT' } },
    }]);
  });

  test('is in the root namespace, whatever the chart\'s namespace', () => {
    const chart = chartIn('shop');
    new IstioMesh(chart, 'mesh', { rootNamespace: 'mesh-root' });
    const mtls = new StrictMeshMtls(chart, 'mtls');
    expect(only(synth(chart), 'PeerAuthentication').metadata.namespace).toBe('mesh-root');
    expect(mtls.rootNamespace).toBe('mesh-root');
  });

  test('is in istio-system by default, whatever the chart\'s namespace', () => {
    expect(new StrictMeshMtls(chartIn('shop'), 'mtls').rootNamespace).toBe('istio-system');
  });

  test('snapshot', () => {
    const chart = chartIn();
    new StrictMeshMtls(chart, 'mtls', { clientTls: { exceptHosts: ['*.legacy.svc.cluster.local', 'kubernetes.default.svc.cluster.local'] } });
    expect(synth(chart)).toMatchSnapshot();
  });
});

describe('the client half', () => {
  test('is not emitted unless asked for', () => {
    const chart = chartIn();
    new StrictMeshMtls(chart, 'mtls');
    expect(synth(chart).map(({ kind }) => kind)).toEqual(['PeerAuthentication']);
  });

  test('is DestinationRule default for *.local with ISTIO_MUTUAL in the root namespace', () => {
    const chart = chartIn();
    new IstioMesh(chart, 'mesh', { rootNamespace: 'mesh-root' }).strict({ clientTls: {} });
    expect(only(synth(chart), 'DestinationRule')).toEqual({
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: 'default', namespace: 'mesh-root' },
      spec: { host: '*.local', trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } },
    });
  });

  test.each([
    ['kubernetes.default.svc.cluster.local', 'except-kubernetes.default.svc.cluster.local'],
    ['*.legacy.svc.cluster.local', 'exceptions.legacy.svc.cluster.local'],
  ])('leaves out %s by a rule with DISABLE', (host, name) => {
    const chart = chartIn();
    new StrictMeshMtls(chart, 'mtls', { clientTls: { exceptHosts: [host, host] } });
    const rule = only(synth(chart), 'DestinationRule', name);
    expect(rule.metadata.namespace).toBe('istio-system');
    expect(rule.spec).toEqual({ host, trafficPolicy: { tls: { mode: 'DISABLE' } } });
  });

  test.each(['legacy', 'legacy.shop.svc', 'example.com', '*.local'])('refuses the exception %s, which *.local doesn\'t cover', (host) => {
    const refused = () => new StrictMeshMtls(chartIn(), 'mtls', { clientTls: { exceptHosts: [host] } });
    expect(refused).toThrow('[API014]');
    expect(refused).toThrow(
      `DestinationRule 'istio-system/default' (test/mtls): clientTls.exceptHosts is '${host}'; expected a fully qualified host name under .local, because`,
    );
  });

  test('names a wildcard and a host of the same letters differently', () => {
    const chart = chartIn();
    new StrictMeshMtls(chart, 'mtls', { clientTls: { exceptHosts: ['*.a.local', 'all.a.local', 'exceptions.a.local'] } });
    const names = synth(chart).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(['.local', 'a..local', 'under_score.local', 'a.*.local', 'Ratings.shop.svc.cluster.local'])('refuses the exception %s, which is no host', (host) => {
    expect(() => new StrictMeshMtls(chartIn(), 'mtls', { clientTls: { exceptHosts: [host] } })).toThrow(new RegExp(`DestinationRule \\(test/mtls\\): host is '${host.replace('*', '\\*')}'.*\\[API022\\]`));
  });

  test('refuses mode DISABLE, whose servers take no mutual TLS', () => {
    expect(() => new MeshMtls(chartIn(), 'mtls', { mode: MtlsMode.DISABLE, clientTls: {} })).toThrow(/clientTls is given with mode DISABLE.*\[API015\]/);
  });
});

describe('MeshMtls', () => {
  test.each(Object.values(MtlsMode))('writes mode %s', (mode) => {
    const chart = chartIn();
    new MeshMtls(chart, 'mtls', { mode });
    expect(only(synth(chart), 'PeerAuthentication').spec).toEqual({ mtls: { mode } });
  });

  test('snapshot', () => {
    const chart = chartIn();
    new MeshMtls(chart, 'mtls', { mode: MtlsMode.PERMISSIVE, clientTls: {} });
    expect(synth(chart)).toMatchSnapshot();
  });

  test('is itself the ApiObject, for further changes', () => {
    const chart = chartIn();
    const mtls = new MeshMtls(chart, 'mtls', { mode: MtlsMode.PERMISSIVE });
    mtls.metadata.addLabel('team', 'platform');
    expect(only(synth(chart), 'PeerAuthentication').metadata.labels).toEqual({ team: 'platform' });
    expect(ApiObject.of(mtls)).toBe(mtls);
  });
});

describe('a second mesh-wide policy in one app', () => {
  const REFUSED = /PeerAuthentication '.*' \(b\/mtls\): metadata is a second mesh-wide policy, after PeerAuthentication '.*' \(.*\); expected one mesh-wide policy in a mesh, because Istio applies only the oldest.*Fix: remove one of the two, or give each environment an IstioMesh with 'owns'\. \[API001\]/;

  function twoCharts(): [Chart, Chart] {
    const app = new App();
    return [new Chart(app, 'a'), new Chart(app, 'b')];
  }

  test('is refused in any chart', () => {
    const [a, b] = twoCharts();
    new StrictMeshMtls(a, 'mtls');
    new MeshMtls(b, 'mtls', { mode: MtlsMode.PERMISSIVE });
    expect(() => synth(a)).toThrow(REFUSED);
  });

  test('is refused beside a hand-written one', () => {
    const [a, b] = twoCharts();
    new ApiObject(a, 'raw', { apiVersion: 'security.istio.io/v1beta1', kind: 'PeerAuthentication', metadata: { namespace: 'istio-system' }, spec: { selector: {} } });
    new StrictMeshMtls(b, 'mtls');
    expect(() => synth(a)).toThrow(REFUSED);
  });

  test('is detected if it is added between two synths', () => {
    const [a, b] = twoCharts();
    new StrictMeshMtls(a, 'mtls');
    expect(synth(a)).toHaveLength(1);
    new StrictMeshMtls(b, 'mtls');
    expect(() => synth(a)).toThrow(REFUSED);
  });

  test('is accepted in another app', () => {
    const [a] = twoCharts();
    const [, b] = twoCharts();
    new StrictMeshMtls(a, 'mtls');
    new StrictMeshMtls(b, 'mtls');
    expect([synth(a), synth(b)]).toEqual([[expect.anything()], [expect.anything()]]);
  });
});

describe('in a cluster whose domain isn\'t under .local', () => {
  const hosts = (chart: Chart) => synth(chart).filter(({ kind }) => kind === 'DestinationRule').map(({ spec }) => spec.host);

  const chartOf = (clientTls: MeshClientTls) => {
    const chart = chartIn();
    new IstioMesh(chart, 'mesh', { clusterDomain: 'corp.example' }).strict({ clientTls });
    return chart;
  };

  test('the client half is for Services of that domain', () => {
    expect([hosts(chartOf({ exceptHosts: ['x.a.svc.corp.example'] })), hosts(chartOf({}))]).toEqual([['*.svc.corp.example', 'x.a.svc.corp.example'], ['*.svc.corp.example']]);
  });

  test('exceptions must be under that domain', () => {
    expect(() => chartOf({ exceptHosts: ['x.a.svc.cluster.local'] }))
      .toThrow('expected a fully qualified host name under .svc.corp.example, because the rule covers *.svc.corp.example, and Istio would resolve a short name in namespace istio-system. Fix: write the full name, such as \'x.my-namespace.svc.corp.example\'. [API014]');
  });
});
