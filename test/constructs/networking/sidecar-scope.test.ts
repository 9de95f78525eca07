import { ApiObject, ApiObjectProps, App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  ClientTls, Destination, ExternalProtocol, ExternalService, ICallable, IstioMesh, MtlsAnalysis, networking, OutboundTrafficPolicyMode, Pods,
  Services, SidecarScope, SidecarScopeProps,
} from '../../../src/index';
import { schemaViolations } from '../../support/admission/schema';
import { toldOf } from '../../support/admission/webhook';
import { chartIn, only, synth } from '../../support/constructs/charts';

const { REGISTRY_ONLY, ALLOW_ANY, ALLOW_ANY_DYNAMIC_DNS } = OutboundTrafficPolicyMode;
const REVIEWS = 'shop/reviews.shop.svc.cluster.local';
const ROOT = 'istio-system/*';

const serviceIn = (chart: Chart, name: string, annotations?: Record<string, string>) => (
  new kplus.Service(chart, name, { metadata: { name, annotations }, ports: [{ port: 80, name: 'http', targetPort: 8080 }] }));
const bankIn = (chart: Chart, exportTo?: string[]) => (
  new ExternalService(chart, 'bank', { name: 'bank', hosts: ['api.bank.example', '*.files.example'], ports: [{ port: 443, protocol: ExternalProtocol.TLS }], exportTo }));

/** The Sidecar of a chart, which an API server and istiod's webhook take. */
function sidecarOf(chart: Chart): any {
  const found = only(synth(chart), 'Sidecar');
  expect(schemaViolations(found)).toEqual([]);
  expect(toldOf('Sidecar', found.spec, found.metadata)).toEqual([]);
  return found;
}

function sidecar(props: SidecarScopeProps): any {
  const chart = chartIn('shop');
  new SidecarScope(chart, 'scope', props);
  return sidecarOf(chart);
}

const hostsOf = ({ spec }: any): string[] => spec.egress[0].hosts;

test('without pods is the default of its namespace, with what they call and the root namespace', () => {
  const chart = chartIn('shop');
  const scope = new SidecarScope(chart, 'scope', { calls: [serviceIn(chart, 'reviews'), bankIn(chart)], hosts: ['bank/*'] });
  expect(sidecarOf(chart)).toEqual({
    apiVersion: 'networking.istio.io/v1',
    kind: 'Sidecar',
    metadata: { name: 'default', namespace: 'shop' },
    spec: { egress: [{ hosts: [REVIEWS, 'shop/api.bank.example', 'shop/*.files.example', 'bank/*', ROOT] }] },
  });
  expect([scope.namespace, ApiObject.of(scope)]).toEqual(['shop', scope]);
});

test('snapshot', () => {
  const chart = chartIn('shop');
  const workload = new kplus.Deployment(chart, 'web', { containers: [{ image: 'web:1' }] });
  new SidecarScope(chart, 'scope', { workload, calls: [serviceIn(chart, 'reviews')], outboundTrafficPolicy: REGISTRY_ONLY });
  expect(sidecarOf(chart)).toMatchSnapshot();
});

describe('the pods', () => {
  test('of a workload are selected by its labels as they are at synth, in its namespace', () => {
    const app = new App();
    const workload = new kplus.Deployment(new Chart(app, 'web', { namespace: 'web' }), 'web', { containers: [{ image: 'web:1' }], podMetadata: { labels: { app: 'web' } }, select: false });
    const chart = new Chart(app, 'test', { namespace: 'shop' });
    new SidecarScope(chart, 'scope', { workload, calls: [] });
    workload.podMetadata.addLabel('team', 'shop');
    const { metadata, spec } = sidecarOf(chart);
    expect([metadata.namespace, spec.workloadSelector]).toEqual(['web', { labels: { ...workload.podMetadata.toJson().labels, app: 'web', team: 'shop' } }]);
    expect(metadata.name).not.toBe('default');
  });

  test('can be given by labels, which must not be empty', () => {
    expect(sidecar({ workload: Pods.withLabels({ app: 'web' }), calls: [], name: 'web' })).toMatchObject({ metadata: { name: 'web' }, spec: { workloadSelector: { labels: { app: 'web' } } } });
    expect(() => sidecar({ workload: Pods.withLabels({}), calls: [] })).toThrow(/Sidecar \(test\/scope\): workloadSelector.labels is empty.*\[API003\]/);
    expect(sidecar({ calls: [] }).spec).not.toHaveProperty('workloadSelector');
  });

  test('can\'t be the whole root namespace, but can be a workload there', () => {
    const chart = chartIn('istio-system');
    expect(() => new SidecarScope(chart, 'all', { calls: [] })).toThrow(
      "Sidecar (test/all): metadata.namespace is the root namespace 'istio-system'; expected another namespace, or a workload, because without a selector, it would apply to every namespace that has no Sidecar. Fix: pass 'workload', or another namespace. [API825]",
    );
    expect(() => new SidecarScope(chart, 'one', { workload: Pods.withLabels({ app: 'web' }), calls: [] })).not.toThrow();
  });
});

describe('imported hosts', () => {
  test('may be empty, but only explicitly', () => {
    expect(hostsOf(sidecar({ calls: [] }))).toEqual([ROOT]);
    expect(() => sidecar({})).toThrow("Sidecar (test/scope): egress.hosts is without 'calls' and 'hosts'; expected what the pods call, because their sidecars would know none of the hosts that they call. Fix: pass 'calls', or an empty list if they call nothing. [API825]");
  });

  test('have no duplicates, and omit hosts of the root namespace', () => {
    const chart = chartIn('shop');
    const reviews = serviceIn(chart, 'reviews');
    new SidecarScope(chart, 'scope', { calls: [reviews, reviews], hosts: [REVIEWS, 'istio-system/zipkin.istio-system.svc.cluster.local', ROOT] });
    expect(hostsOf(sidecarOf(chart))).toEqual([REVIEWS, ROOT]);
  });

  test('have the root namespace and the cluster domain of the mesh', () => {
    const chart = chartIn('shop');
    new IstioMesh(chart, 'mesh', { namespace: 'istio-mesh', rootNamespace: 'istio-config', clusterDomain: 'k8s.example' });
    new SidecarScope(chart, 'scope', { calls: [serviceIn(chart, 'reviews')] });
    expect(hostsOf(sidecarOf(chart))).toEqual(['shop/reviews.shop.svc.k8s.example', 'istio-config/*']);
  });

  test('may be those of a ServiceEntry of the bindings', () => {
    const chart = chartIn('shop');
    const placed = new networking.ServiceEntry(chart, 'bank', { metadata: { namespace: 'bank' }, spec: { hosts: ['api.bank.example'] } });
    const nowhere = new networking.ServiceEntry(chartIn(), 'bank', { spec: { hosts: ['api.bank.example'] } });
    new SidecarScope(chart, 'scope', { calls: [Services.of(placed)] });
    expect(() => new SidecarScope(chart, 'other', { calls: [Services.of(nowhere)] })).toThrow(/\(networking.istio.io\/v1 ServiceEntry\); expected .* with a namespace.*\[API825\]/);
    expect(hostsOf(sidecarOf(chart))).toEqual(['bank/api.bank.example', ROOT]);
  });

  test('can\'t be those of a construct that is no Service', () => {
    const chart = chartIn('shop');
    const workload = new kplus.Deployment(chart, 'web', { containers: [{ image: 'web:1' }] });
    // @ts-expect-error a Deployment has no port
    expect(() => new SidecarScope(chart, 'scope', { calls: [workload] })).toThrow(/egress.hosts is with test\/web \(apps\/v1 Deployment\); expected a Service \(v1\), a ServiceEntry or an ExternalService with a namespace.*\[API825\]/);
  });

  test('include those of routes for an imported host, wherever the app has them', () => {
    const app = new App();
    const [shop, web] = ['shop', 'web'].map((namespace) => new Chart(app, namespace, { namespace }));
    const reviews = Destination.ofService(web, 'reviews', serviceIn(shop, 'reviews'), { namespace: 'web', subsets: [{ name: 'v1', labels: { version: 'v1' } }] });
    new SidecarScope(web, 'scope', { hosts: [REVIEWS, 'bank/*'] });
    reviews.routeTo('v1');
    for (const host of ['ratings.shop.svc.cluster.local', '*']) {
      new ApiObject(shop, `route-${host.length}`, {
        apiVersion: 'networking.istio.io/v1',
        kind: 'VirtualService',
        metadata: { namespace: 'shop' },
        spec: { hosts: [host], gateways: ['shop/gateway'], http: [{ route: [{ destination: { host: 'ratings.shop.svc.cluster.local' } }] }] },
      } as any);
    }
    expect(hostsOf(sidecarOf(web))).toEqual([REVIEWS, 'bank/*', 'web/reviews.shop.svc.cluster.local', ROOT]);
  });

  test.each([
    ['a wildcard that covers one', '*.bank.example', 'api.bank.example', 'api.bank.example'],
    ['a host that an imported wildcard covers', 'api.bank.example', '*.bank.example', 'api.bank.example'],
    ['a wildcard that an imported one covers', '*.eu.bank.example', '*.bank.example', '*.eu.bank.example'],
    ['a wildcard beside it', '*.shop.example', 'api.bank.example', undefined],
    ['another host', 'mail.example', '*.bank.example', undefined],
  ])('include that of a route for %s', (_, route, imported, expected) => {
    const app = new App();
    new ApiObject(new Chart(app, 'routes'), 'route', {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { namespace: 'routes' },
      spec: { hosts: [route], http: [{ route: [{ destination: { host: 'api.bank.example' } }] }] },
    } as ApiObjectProps);
    const web = new Chart(app, 'web', { namespace: 'web' });
    new SidecarScope(web, 'scope', { hosts: [`bank/${imported}`] });
    expect(hostsOf(sidecarOf(web))).toEqual([`bank/${imported}`, ...expected ? [`routes/${expected}`] : [], ROOT]);
  });

  test.each<[string, (chart: Chart) => ICallable, string]>([
    ['a ServiceEntry', (chart) => bankIn(chart, ['.']), "ServiceEntry bank, whose exportTo is ['.']"],
    ['a Service', (chart) => serviceIn(chart, 'reviews', { 'networking.istio.io/exportTo': 'bank, mail' }), "Service reviews, whose exportTo is ['bank', 'mail']"],
  ])('can\'t be those of %s that isn\'t exported to the namespace', (_, service, shown) => {
    const app = new App();
    const called = service(new Chart(app, 'shop', { namespace: 'shop' }));
    const web = new Chart(app, 'web', { namespace: 'web' });
    new SidecarScope(web, 'scope', { calls: [called] });
    expect(() => synth(web)).toThrow(`Sidecar (web/scope): egress.hosts is with ${shown}; expected a service that is exported to 'web', because sidecars never see services that aren't exported to their namespace. Fix: add 'web' to its exportTo. [API827]`);
  });

  test.each([['to the namespace by name', ['.', 'web']], ['to all namespaces', ['*']]])('may be those of a ServiceEntry exported %s', (_, exportTo) => {
    const app = new App();
    const bank = bankIn(new Chart(app, 'shop', { namespace: 'shop' }), exportTo);
    const web = new Chart(app, 'web', { namespace: 'web' });
    new SidecarScope(web, 'scope', { calls: [bank] });
    expect(hostsOf(sidecarOf(web))).toContain('shop/api.bank.example');
  });
});

test.each([REGISTRY_ONLY, ALLOW_ANY])('outboundTrafficPolicy sets mode %s for other calls', (mode) => {
  expect(sidecar({ calls: [], outboundTrafficPolicy: mode }).spec.outboundTrafficPolicy).toEqual({ mode });
});

test('refuses an unsupported outboundTrafficPolicy, and emits none by default', () => {
  expect(() => sidecar({ calls: [], outboundTrafficPolicy: ALLOW_ANY_DYNAMIC_DNS })).toThrow(/outboundTrafficPolicy.mode is not a known value; expected one of REGISTRY_ONLY, ALLOW_ANY.*\[API016\]/);
  expect(sidecar({ calls: [] }).spec).not.toHaveProperty('outboundTrafficPolicy');
});

describe('two SidecarScopes', () => {
  const collide = (one: SidecarScopeProps, other: SidecarScopeProps) => () => {
    const chart = chartIn('shop');
    new SidecarScope(chart, 'one', { calls: [], name: 'one', ...one });
    new SidecarScope(chart, 'other', { calls: [], name: 'other', ...other });
    return synth(chart);
  };

  test.each<[string, SidecarScopeProps, SidecarScopeProps]>([
    ['with the same labels', { workload: Pods.withLabels({ a: '1', b: '2' }) }, { workload: Pods.withLabels({ b: '2', a: '1' }) }],
    ['with more labels in the second', { workload: Pods.withLabels({ app: 'web' }) }, { workload: Pods.withLabels({ app: 'web', version: 'v1' }) }],
    ['with more labels in the first', { workload: Pods.withLabels({ app: 'web', version: 'v1' }) }, { workload: Pods.withLabels({ app: 'web' }) }],
    ['without labels', {}, {}],
  ])('for the same pods are refused: %s', (_, one, other) => {
    expect(collide(one, other)).toThrow(/Sidecar 'shop\/other' \(test\/other\): workloadSelector is .*, and Sidecar 'shop\/one' \(test\/one\) is for the same pods; expected one Sidecar for each pod, .*\[API826\]/);
  });

  test.each<[string, SidecarScopeProps, SidecarScopeProps]>([
    ['with different labels', { workload: Pods.withLabels({ app: 'web' }) }, { workload: Pods.withLabels({ app: 'till' }) }],
    ['for some pods and the rest of the namespace', { workload: Pods.withLabels({ app: 'web' }) }, {}],
    ['in different namespaces', {}, { namespace: 'bank' }],
  ])('are accepted %s', (_, one, other) => {
    expect(collide(one, other)).not.toThrow();
  });

  test('for the same pods are refused even if one is a hand-written Sidecar', () => {
    const chart = chartIn('shop');
    new networking.Sidecar(chart, 'theirs', { metadata: { namespace: 'shop' }, spec: { workloadSelector: { labels: { app: 'web' } }, egress: [{ hosts: ['./*'] }] } });
    new SidecarScope(chart, 'ours', { workload: Pods.withLabels({ app: 'web' }), calls: [] });
    expect(() => synth(chart)).toThrow(/\(test\/ours\): workloadSelector is app=web, and Sidecar 'shop\/.*' \(test\/theirs\) is for the same pods.*\[API826\]/);
  });

  test('aren\'t compared by a pod template without labels, which is refused at synth', () => {
    const chart = chartIn('shop');
    const workload = new ApiObject(chart, 'web', { apiVersion: 'apps/v1', kind: 'Deployment', spec: { template: {} } });
    new SidecarScope(chart, 'scope', { workload: Pods.of(workload), calls: [] });
    expect(() => synth(chart)).toThrow(/Sidecar \(test\/scope\): workloadSelector.labels is empty.*\[API003\]/);
  });
});

describe('as the engine decides,', () => {
  /** The outcomes of calls of a scoped web, to an imported service and one that isn't imported. */
  function outcomes(outboundTrafficPolicy?: OutboundTrafficPolicyMode): string[] {
    const app = new App();
    const chart = new Chart(app, 'shop', { namespace: 'shop' });
    new ApiObject(chart, 'namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { 'istio-injection': 'enabled' } } });
    const [web, ...servers] = ['web', 'reviews', 'forgotten'].map((name) => (
      new kplus.Deployment(chart, name, { metadata: { name }, containers: [{ image: `${name}:1`, portNumber: 8080 }] })));
    const ports = [{ port: 80, targetPort: 8080, name: 'http' }];
    const [reviews] = servers.map((server) => server.exposeViaService({ name: server.name, ports }));
    const bank = new ExternalService(chart, 'bank', { hosts: ['bank.example'], ports: [{ port: 80, protocol: ExternalProtocol.HTTP, tls: ClientTls.simple() }] });
    new SidecarScope(chart, 'scope', { workload: web, calls: [reviews, bank], outboundTrafficPolicy });
    return MtlsAnalysis.of(app).connections({ client: 'shop/web' })
      .map(({ requestedHost, clientTls, outcome }) => `${requestedHost.split('.')[0]} ${clientTls} ${outcome}`).sort();
  }

  test('calls to imported services use mutual TLS, others pass in plaintext, or break with REGISTRY_ONLY', () => {
    expect(outcomes()).toEqual(['bank SIMPLE tls', 'forgotten PLAINTEXT plaintext', 'reviews ISTIO_MUTUAL mtls']);
    expect(outcomes(REGISTRY_ONLY)).toEqual(['bank SIMPLE tls', 'forgotten PLAINTEXT broken', 'reviews ISTIO_MUTUAL mtls']);
  });
});
