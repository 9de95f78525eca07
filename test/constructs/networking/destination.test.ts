import { App, ApiObject, Chart, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { ClientCredential, ClientTls, Destination, DestinationProps, Http2UpgradePolicy, IstioMesh, LoadBalancing, Services } from '../../../src/index';
import { schemaViolations } from '../../support/admission/schema';
import { chartIn, only, synth } from '../../support/constructs/charts';

const HOST = 'reviews.shop.svc.cluster.local';
const mutual = ClientTls.istioMutual();
const pool = (maxRequestsPerConnection: number) => ({ http: { maxRequestsPerConnection } });

/** The DestinationRule of a Destination in namespace shop. */
function rule(props: Omit<DestinationProps, 'host'> & { host?: string }): any {
  const chart = chartIn('shop');
  new Destination(chart, 'reviews', { host: HOST, ...props });
  const found = only(synth(chart), 'DestinationRule');
  expect(schemaViolations(found)).toEqual([]);
  return found;
}

test('is one DestinationRule in the chart\'s namespace', () => {
  const chart = chartIn('my-namespace');
  const destination = new Destination(chart, 'dr', { name: 'my-service-dr', host: 'my-service.my-namespace.svc.cluster.local', tls: mutual });
  expect(synth(chart)).toEqual([{
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: 'my-service-dr', namespace: 'my-namespace' },
    spec: { host: 'my-service.my-namespace.svc.cluster.local', trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } },
  }]);
  expect(destination.namespace).toBe('my-namespace');
  expect(destination.host).toBe('my-service.my-namespace.svc.cluster.local');
});

test('without TLS emits no tls block, so that auto mTLS applies', () => {
  expect(rule({ connectionPool: pool(1) }).spec.trafficPolicy).toEqual({ connectionPool: pool(1) });
});

test('with subsets only has no trafficPolicy, which istiod refuses when empty', () => {
  expect(rule({ subsets: [{ name: 'v1', labels: { version: 'v1' } }] }).spec).toEqual({ host: HOST, subsets: [{ name: 'v1', labels: { version: 'v1' } }] });
});

test('writes no empty lists', () => {
  expect(rule({ tls: mutual, ports: [], subsets: [] }).spec).toEqual({ host: HOST, trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } });
});

test('can be adjusted, being the ApiObject itself', () => {
  const chart = chartIn('shop');
  const destination = new Destination(chart, 'reviews', { host: HOST, tls: mutual });
  destination.metadata.addLabel('team', 'reviews');
  expect(only(synth(chart), 'DestinationRule').metadata.labels).toEqual({ team: 'reviews' });
  expect(ApiObject.of(destination)).toBe(destination);
});

test('snapshot', () => {
  const chart = chartIn('shop');
  const client = new kplus.Deployment(chart, 'client', { containers: [{ image: 'client:1', portNumber: 8080 }] });
  const service = new kplus.Service(chart, 'svc', { ports: [{ port: 80, name: 'http' }, { port: 443, name: 'https' }] });
  Destination.ofService(chart, 'reviews', service, {
    client,
    tls: mutual,
    connectionPool: {
      tcp: {
        maxConnections: 100,
        connectTimeout: Duration.seconds(1),
        idleTimeout: Duration.minutes(1),
        maxConnectionDuration: Duration.hours(1),
        tcpKeepalive: { probes: 3, time: Duration.minutes(2), interval: Duration.seconds(30) },
      },
      http: {
        http1MaxPendingRequests: 10,
        http2MaxRequests: 20,
        maxRequestsPerConnection: 100,
        maxRetries: 3,
        idleTimeout: Duration.minutes(1),
        maxConcurrentStreams: 50,
        h2UpgradePolicy: Http2UpgradePolicy.DO_NOT_UPGRADE,
        useClientProtocol: true,
        http2KeepAlive: { interval: Duration.minutes(1), timeout: Duration.seconds(5) },
      },
    },
    outlierDetection: {
      consecutive5xxErrors: 3,
      consecutiveGatewayErrors: 2,
      consecutiveLocalOriginFailures: 5,
      interval: Duration.seconds(5),
      baseEjectionTime: Duration.seconds(30),
      maxEjectionPercent: 50,
      minHealthPercent: 30,
    },
    loadBalancing: LoadBalancing.byCookie('session', { ttl: Duration.minutes(5), path: '/' }),
    otherSettings: { retryBudget: { percent: 25, minRetryConcurrency: 3 } },
    ports: [{ port: 443, tls: ClientTls.mutualByCredential(ClientCredential.secret('reviews')), loadBalancing: LoadBalancing.leastRequest() }],
    subsets: [{ name: 'v1', labels: { version: 'v1' } }, { name: 'v2', labels: { version: 'v2' }, ports: [{ port: 80, connectionPool: pool(1) }] }],
    exportTo: ['.'],
  });
  expect(only(synth(chart), 'DestinationRule')).toMatchSnapshot();
});

describe('the host', () => {
  test.each([
    ['reviews', HOST],
    ['api.bank.example', 'api.bank.example'],
    ['*.shop.svc.cluster.local', '*.shop.svc.cluster.local'],
    ['*-canary.example.com', '*-canary.example.com'],
    ['*', '*'],
    ['bank.example.', 'bank.example.'],
  ])('%s is written as %s', (host, expected) => {
    expect(rule({ host, tls: mutual }).spec.host).toBe(expected);
  });

  test('given as a bare name is completed by the cluster\'s domain', () => {
    const chart = chartIn('shop');
    new IstioMesh(chart, 'mesh', { clusterDomain: 'k8s.example' });
    expect(new Destination(chart, 'reviews', { host: 'reviews', tls: mutual }).host).toBe('reviews.shop.svc.k8s.example');
  });

  test.each([
    ['that is empty', ''], ['with an empty label', 'a..b'], ['with an underscore', 'under_score.example'], ['that begins with a dash', '-a.example'], ['with two wildcards', '*.*.example'],
    ['of two asterisks', '**'], ['with a wildcard within', 'a.*.example'], ['that is an IP address', '10.0.0.1'], ['with a label of 64 characters', `${'a'.repeat(64)}.example`],
    ['of 287 characters', `${'abc.'.repeat(70)}example`], ['that ends with two dots', 'a.'.repeat(3) + '.'],
  ])('%s is refused', (_, host) => {
    expect(() => rule({ host, tls: mutual })).toThrow(/host is '.*'; expected a fully qualified host name, the short name of a Service, or a name whose first label is \*, because istiod rejects other names.*\[API022\]/);
  });

  test('if invalid is shown as written and as resolved', () => {
    expect(() => rule({ host: '', tls: mutual })).toThrow("host is '', in full '.shop.svc.cluster.local'; expected");
    expect(() => rule({ host: 'Reviews', tls: mutual })).toThrow("host is 'Reviews', in full 'Reviews.shop.svc.cluster.local'; expected");
  });

  test('can\'t be null', () => {
    expect(() => rule({ host: null as any, tls: mutual })).toThrow(/host is missing; expected a host name.*\[API020\]/);
  });

  test.each(['Reviews', 'Reviews.shop.svc.cluster.local', 'reviews.Shop.svc'])('%s is refused, since no Service has capital letters, and Istio compares case', (host) => {
    expect(() => rule({ host, tls: mutual })).toThrow(/and compares case: the rule would match nothing\. Fix: write 'reviews\.shop\.svc\.cluster\.local'\. \[API022\]/);
  });

  test('given as a partial name is refused, since Istio would take it literally', () => {
    expect(() => rule({ host: 'reviews.shop.svc', tls: mutual })).toThrow(
      "DestinationRule (test/reviews): host is 'reviews.shop.svc'; expected a fully qualified host name, the short name of a Service, or a name whose first label is *, because Istio doesn't complete names with dots, and compares case: the rule would match nothing. Fix: write 'reviews.shop.svc.cluster.local'. [API022]",
    );
  });

  test('is refused together with a service, and so is neither, which JavaScript may pass', () => {
    const chart = chartIn('shop');
    const service = new kplus.Service(chart, 'svc', { ports: [{ port: 80 }] });
    // @ts-expect-error ofService takes a Service
    expect(() => new Destination(chart, 'both', { host: HOST, service, tls: mutual })).toThrow("DestinationRule (test/both): host is given together with 'service'; expected exactly one of them. Fix: remove one of them. [API020]");
    // @ts-expect-error a host is demanded
    expect(() => new Destination(chart, 'neither', { tls: mutual })).toThrow(
      "DestinationRule (test/neither): host is missing; expected a host name. Fix: pass a host name, or the Service's construct to Destination.ofService. [API020]",
    );
  });

  test('without a namespace anywhere is refused', () => {
    expect(() => new Destination(chartIn(), 'reviews', { host: HOST, tls: mutual })).toThrow(/metadata.namespace is missing.*\[API004\]/);
  });
});

describe('a rule for a Service', () => {
  test('of cdk8s-plus is in its namespace', () => {
    const app = new App();
    const service = new kplus.Service(new Chart(app, 'shop', { namespace: 'shop' }), 'svc', { metadata: { name: 'reviews' }, ports: [{ port: 80 }] });
    const bank = new Chart(app, 'bank', { namespace: 'bank' });
    const destination = Destination.ofService(bank, 'reviews', service, { tls: mutual });
    expect(destination.host).toBe(HOST);
    expect(only(synth(bank), 'DestinationRule').metadata.namespace).toBe('shop');
  });

  test('that is a plain ApiObject has the cluster\'s domain', () => {
    const chart = chartIn('bank');
    const service = new ApiObject(chart, 'svc', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'reviews', namespace: 'shop' } });
    new IstioMesh(chart, 'mesh', { clusterDomain: 'k8s.example' });
    expect(Destination.ofService(chart, 'reviews', Services.of(service), { tls: mutual }).host).toBe('reviews.shop.svc.k8s.example');
  });

  test('can be in the client\'s namespace instead', () => {
    const chart = chartIn('shop');
    const service = new kplus.Service(chart, 'svc', { metadata: { name: 'reviews' }, ports: [{ port: 80 }] });
    Destination.ofService(chart, 'reviews', service, { namespace: 'bank', tls: mutual });
    const found = only(synth(chart), 'DestinationRule');
    expect([found.metadata.namespace, found.spec.host]).toEqual(['bank', HOST]);
  });

  test('without a namespace is refused, even where the rule has one', () => {
    const chart = chartIn();
    const service = new kplus.Service(chart, 'svc', { metadata: { name: 'reviews' }, ports: [{ port: 80 }] });
    expect(() => Destination.ofService(chart, 'reviews', service, { namespace: 'bank', tls: mutual })).toThrow(
      "DestinationRule (test/reviews): service is Service reviews, which has no namespace; expected a Service with a namespace, because the namespace is part of the host name. Fix: set the namespace of the Service's chart. [API004]",
    );
  });

  test('refuses objects that aren\'t Services, including those of another API group', () => {
    const chart = chartIn('shop');
    const knative = new ApiObject(chart, 'knative', { apiVersion: 'serving.knative.dev/v1', kind: 'Service' });
    const deployment = new kplus.Deployment(chart, 'app', { containers: [{ image: 'app:1' }] });
    expect(() => Destination.ofService(chart, 'a', Services.of(knative), { tls: mutual })).toThrow('DestinationRule (test/a): service is test/knative (serving.knative.dev/v1 Service); expected a Service (v1), a ServiceEntry or an ExternalService. Fix: pass the Service itself, or its host name to new Destination. [API021]');
    expect(() => Destination.ofService(chart, 'b', Services.of(deployment), { tls: mutual })).toThrow(/service is test\/app \(apps\/v1 Deployment\).*\[API021\]/);
    // @ts-expect-error a Chart has no port
    expect(() => Destination.ofService(chart, 'c', chart, { tls: mutual })).toThrow(/service is test \(no API object\).*\[API021\]/);
  });

  test.each([
    ['a port', { ports: [{ port: 8080, tls: mutual }] }],
    ['a port of a subset', { subsets: [{ name: 'v1', ports: [{ port: 8080, tls: mutual }] }] }],
  ])('with %s that the Service lacks is refused at synth', (_, props) => {
    const chart = chartIn('shop');
    const service = new kplus.Service(chart, 'svc', { metadata: { name: 'reviews' }, ports: [{ port: 80, targetPort: 8080 }] });
    Destination.ofService(chart, 'reviews', service, { ...props });
    expect(() => synth(chart)).toThrow("DestinationRule (test/reviews): portLevelSettings is for port 8080; expected a port of Service reviews: 80, because Istio uses the Service's port here, not the container's, and ignores an unknown one. Fix: pass the Service's port number. [API036]");
  });

  test('reports a missing port once', () => {
    const chart = chartIn('shop');
    const service = new kplus.Service(chart, 'svc', { ports: [{ port: 80 }] });
    Destination.ofService(chart, 'reviews', service, { ports: [{ port: 8080, tls: mutual }], subsets: [{ name: 'v1', ports: [{ port: 8080, tls: mutual }] }] });
    expect(chart.node.root.node.validate()).toHaveLength(1);
  });

  test('accepts a port that is added later', () => {
    const chart = chartIn('shop');
    const service = new kplus.Service(chart, 'svc', { ports: [{ port: 80, name: 'http' }] });
    Destination.ofService(chart, 'reviews', service, { ports: [{ port: 443, tls: mutual }] });
    service.bind(443, { name: 'https' });
    expect(only(synth(chart), 'DestinationRule').spec.trafficPolicy.portLevelSettings).toHaveLength(1);
  });
});

describe('a rule', () => {
  test('without settings is refused', () => {
    expect(() => rule({})).toThrow('DestinationRule (test/reviews): trafficPolicy is missing, and so are subsets; expected tls, connectionPool, another setting, ports or subsets, because an empty rule still hides other rules for the host. Fix: pass a setting, such as tls: ClientTls.istioMutual(). [API029]');
  });

  test.each([
    ['two subsets with the same name', [{ name: 'v1', labels: { version: 'v1' } }, { name: 'v1', labels: { version: 'v2' } }], /subsets.name is 'v1' twice; expected unique names.*\[API030\]/],
    ['a subset name that is no DNS label', [{ name: 'v1.0', labels: { version: 'v1' } }], /subsets.name is 'v1.0'; expected a DNS label.*\[API030\]/],
    ['an empty subset name', [{ name: '', labels: { version: 'v1' } }], /subsets.name is ''; expected a DNS label.*\[API030\]/],
    ['empty subset labels', [{ name: 'v1', labels: {}, tls: mutual }], /subsets.labels is empty for subset 'v1'; expected at least one label, because without labels, the subset has all endpoints.*\[API031\]/],
    ['a subset without labels and settings', [{ name: 'v1' }], /subsets is without labels and settings for 'v1'; expected labels, settings or both.*\[API029\]/],
  ])('with %s is refused', (_, subsets, message) => {
    expect(() => rule({ subsets })).toThrow(message);
  });

  test('has all endpoints in a subset with settings but without labels', () => {
    expect(rule({ subsets: [{ name: 'all', tls: mutual }] }).spec.subsets).toEqual([{ name: 'all', trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } }]);
  });

  test.each([
    ['an empty list', [], "Istio reads an empty list as the mesh's default"],
    ['all namespaces and one', ['*', 'bank'], "'*' already means all namespaces"],
    ['all namespaces twice', ['*', '*'], "'*' already means all namespaces"],
    ['~', ['~'], "'~' isn't a valid namespace"],
    ['an invalid namespace', ['a.b'], "'a.b' isn't a valid namespace"],
    ['the same namespace twice', ['bank', 'bank'], 'a namespace is listed twice'],
    ['its namespace twice, by \'.\' and by name', ['.', 'shop'], 'a namespace is listed twice'],
  ])('exported to %s is refused', (_, exportTo, because) => {
    expect(() => rule({ tls: mutual, exportTo })).toThrow(`because ${because}`);
    expect(() => rule({ tls: mutual, exportTo })).toThrow('[API032]');
  });

  test.each([
    ['all namespaces', ['*']], ['its namespace', ['.']], ['its and another namespace', ['.', 'bank']], ['another namespace', ['bank']],
  ])('exported to %s has that list', (_, exportTo) => {
    expect(rule({ tls: mutual, exportTo }).spec.exportTo).toEqual(exportTo);
  });
});

describe('a short host', () => {
  test.each([['reviews'], [HOST]])('is written for %s, while the construct has the full host', (host) => {
    const destination = new Destination(chartIn('shop'), 'reviews', { host, shortHost: true, tls: mutual });
    expect([destination.toJson().spec.host, destination.host]).toEqual(['reviews', HOST]);
  });

  test.each([['api.bank.example'], ['ratings.bank.svc.cluster.local'], ['a.reviews.shop.svc.cluster.local'], ['*.shop.svc.cluster.local']])('is refused for %s', (host) => {
    expect(() => new Destination(chartIn('shop'), 'reviews', { host, shortHost: true, tls: mutual })).toThrow(`host is '${host}' together with 'shortHost'; expected a Service of namespace 'shop', because Istio resolves a short name in the namespace of the object. Fix: remove 'shortHost'. [API022]`);
  });

  test('uses the cluster domain', () => {
    const chart = chartIn('shop');
    new IstioMesh(chart, 'mesh', { clusterDomain: 'corp.example' });
    const destination = new Destination(chart, 'reviews', { host: 'reviews.shop.svc.corp.example', shortHost: true, tls: mutual });
    expect(destination.toJson().spec.host).toBe('reviews');
  });
});

describe('a subset', () => {
  const subsets = [{ name: 'v1', labels: { version: 'v1' } }, { name: 'v2', labels: { version: 'v2' } }];

  test('knows its Destination', () => {
    const destination = new Destination(chartIn('shop'), 'reviews', { host: HOST, subsets });
    const subset = destination.subset('v2');
    expect([subset.name, subset.destination]).toEqual(['v2', destination]);
  });

  test('that is unknown is refused with the names that exist', () => {
    const chart = chartIn('shop');
    expect(() => new Destination(chart, 'reviews', { host: HOST, subsets }).subset('v3')).toThrow("DestinationRule (test/reviews): subset is 'v3'; expected one of 'v1', 'v2', because requests to an unknown subset fail. Fix: add it to 'subsets'. [API035]");
    expect(() => new Destination(chart, 'bank', { host: HOST, tls: mutual }).subset('v1')).toThrow(/subset is 'v1'; expected a subset of the host, which has none.*\[API035\]/);
  });
});
