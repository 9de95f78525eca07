import { ApiObject, ApiObjectProps, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  Calls, Connection, ExternalProtocol, ExternalService, IstioMeshProps, MtlsAnalysis, MtlsMode, Pods, SidecarScope, WorkloadOverride,
} from '../../../src/index';
import { schemaViolations } from '../../support/admission/schema';
import { toldOf } from '../../support/admission/webhook';
import { DeclaringShop } from '../../support/constructs/declaring-shop';

const CART = 'shop/cart.shop.svc.cluster.local';
const ROOT = 'istio-system/*';

const shopWith = (props: IstioMeshProps = {}) => new DeclaringShop({ sidecars: true, ...props });

function sidecarsOf(shop: DeclaringShop): any[] {
  return shop.objects.filter(({ kind }) => kind === 'Sidecar');
}

const hostsOf = (shop: DeclaringShop): string[][] => sidecarsOf(shop).map(({ spec }) => spec.egress[0].hosts);

const callText = ({ client, serviceHost, servicePort, outcome }: Connection) => `${client?.name} → ${serviceHost.replace(/\..*\.svc\..*/, '')}:${servicePort} ${outcome}`;

/** The outcomes of the declared calls, and the findings of the mesh; the synth passes. */
function judged(shop: DeclaringShop): string[] {
  expect(shop.refusals).toEqual([]);
  const analysis = MtlsAnalysis.of(shop.app);
  const calls = analysis.connections().map(callText);
  return [...calls, ...analysis.findings.map(({ message }) => message)];
}

test('each workload that declares its calls has a Sidecar for them, which an API server and istiod accept', () => {
  const shop = shopWith();
  const [cart, orders] = ['cart', 'orders'].map((name) => shop.server(name));
  const web = shop.deployment('web');
  Calls.of(web).to(cart);
  Calls.of(web).to(orders, { port: 80 });
  const [sidecar, ...others] = sidecarsOf(shop);
  expect(others).toEqual([]);
  expect(sidecar).toEqual({
    apiVersion: 'networking.istio.io/v1',
    kind: 'Sidecar',
    metadata: { name: expect.stringMatching(/^shop-web-.*calls/), namespace: 'shop' },
    spec: { workloadSelector: { labels: web.podMetadata.toJson().labels }, egress: [{ hosts: [CART, 'shop/orders.shop.svc.cluster.local', ROOT] }] },
  });
  expect(schemaViolations(sidecar)).toEqual([]);
  expect(toldOf('Sidecar', sidecar.spec, sidecar.metadata)).toEqual([]);
});

test('without sidecars there is none', () => {
  const shop = new DeclaringShop();
  Calls.of(shop.deployment('web')).to(shop.server('cart'));
  expect(sidecarsOf(shop)).toEqual([]);
});

test('a workload that calls nothing has the root namespace, whatever its name', () => {
  const shop = shopWith({ rootNamespace: 'root' });
  Calls.of(shop.deployment('web'));
  expect(hostsOf(shop)).toEqual([['root/*']]);
});

describe('no declared call breaks, and nothing is found', () => {
  test('of Services, in STRICT mode', () => {
    const shop = shopWith();
    shop.mesh.strict();
    const [cart, orders] = ['cart', 'orders'].map((name) => shop.server(name));
    Calls.of(shop.deployment('web')).to(cart).to(orders, { port: 80 });
    Calls.of(shop.deployment('jobs')).to(orders);
    for (const name of ['cart', 'orders']) Calls.of(shop.chart.node.findChild(name) as kplus.Deployment);
    expect(judged(shop)).toEqual(['jobs → orders:80 mtls', 'web → cart:80 mtls', 'web → orders:80 mtls']);
  });

  test('of Services in another cluster domain and namespace', () => {
    const shop = shopWith({ clusterDomain: 'corp.example', rootNamespace: 'root', namespace: 'istiod' });
    const chart = new Chart(shop.app, 'bank', { namespace: 'bank' });
    new kplus.Namespace(chart, 'namespace', { metadata: { name: 'bank', labels: shop.mesh.injectionLabels } });
    const pay = new kplus.Deployment(chart, 'pay', { metadata: { name: 'pay' }, containers: [{ image: 'app:1', portNumber: 8080 }] });
    Calls.of(pay);
    Calls.of(shop.deployment('web')).to(new kplus.Service(chart, 'service', { metadata: { name: 'pay' }, selector: pay, ports: [{ port: 80, targetPort: 8080, name: 'http' }] }));
    expect(hostsOf(shop)).toEqual([['bank/pay.bank.svc.corp.example', 'root/*']]);
    expect(judged(shop)).toEqual(['web → pay:80 mtls']);
  });

  test('of external hosts, with wildcards too', () => {
    const shop = shopWith();
    const bank = new ExternalService(shop.chart, 'bank', { hosts: ['bank.example'], ports: [{ port: 443, protocol: ExternalProtocol.TLS }] });
    Calls.of(shop.deployment('web')).to(bank);
    expect(hostsOf(shop)).toEqual([['shop/bank.example', ROOT]]);
    expect(judged(shop)).toEqual(['web → bank.example:443 tls']);
  });

  test('of a client without a sidecar, for which the Sidecar has no effect', () => {
    const shop = shopWith();
    const cart = shop.deployment('cart');
    Calls.of(cart);
    new WorkloadOverride(shop.chart, 'scrape', { workload: cart, ports: [{ port: 9090, mode: MtlsMode.PERMISSIVE }] });
    const service = shop.service('cart', cart, [{ port: 9090, targetPort: 9090, name: 'http-metrics' }]);
    Calls.of(shop.deployment('prometheus', { inject: 'false' })).to(service, { port: 9090, withoutIdentity: true });
    expect(judged(shop)).toEqual(['prometheus → cart:9090 plaintext']);
  });

  test.each([
    ['the called host', 'cart.shop.svc.cluster.local'],
    ['a wildcard that covers it', '*.shop.svc.cluster.local'],
  ])('of routes to other hosts, whose VirtualService for %s is in another namespace', (_, host) => {
    const shop = shopWith();
    const [cart] = ['cart', 'trial'].map((name) => shop.server(name));
    Calls.of(shop.deployment('web')).to(cart);
    Calls.of(shop.chart.node.findChild('cart') as kplus.Deployment);
    Calls.of(shop.chart.node.findChild('trial') as kplus.Deployment);
    new kplus.Namespace(new Chart(shop.app, 'routes'), 'namespace', { metadata: { name: 'routes' } });
    shop.object('route', 'networking.istio.io/v1', 'VirtualService', 'cart', {
      hosts: [host], http: [{ route: [{ destination: { host: 'trial.shop.svc.cluster.local' } }] }],
    }, 'routes');
    expect(hostsOf(shop)).toContainEqual([CART, 'routes/cart.shop.svc.cluster.local', ROOT]);
    // The route is another namespace's, whatever Sidecars there are.
    expect(judged(shop)).toEqual(['web → trial:80 mtls', expect.stringMatching(/\[MTLS317\]$/)]);
  });
});

test('what isn\'t declared isn\'t known to the client\'s proxy', () => {
  const shop = shopWith();
  shop.mesh.strict();
  const [cart] = ['cart', 'orders'].map((name) => shop.server(name));
  Calls.of(shop.deployment('web')).to(cart);
  const outcomes = MtlsAnalysis.of(shop.app, { allCalls: true }).connections({ client: 'shop/web' }).map(callText);
  expect(outcomes).toEqual(['web → cart:80 mtls', 'web → orders:80 broken']);
});

describe('refuses at synth', () => {
  const scope = (workload: kplus.Deployment) => ({ workload, calls: [] });

  test.each<[string, (shop: DeclaringShop, web: kplus.Deployment) => unknown]>([
    ['a SidecarScope', (shop, web) => new SidecarScope(shop.chart, 'scope', scope(web))],
    ['a Sidecar from elsewhere', (shop, web) => shop.object('sidecar', 'networking.istio.io/v1', 'Sidecar', 'web', { workloadSelector: { labels: web.podMetadata.toJson().labels }, egress: [{ hosts: ['./*'] }] })],
  ])('%s for the same pods', (_, add) => {
    const shop = shopWith();
    const web = shop.deployment('web');
    Calls.of(web);
    add(shop, web);
    expect(shop.refusals).toEqual([expect.stringMatching(/^Sidecar 'shop\/.*one Sidecar for each pod.*Fix: remove the one that no declared calls make, or give the pods different labels\. \[API826\]$/)]);
  });

  test('a Service that isn\'t exported to the client, once for the call', () => {
    const shop = shopWith();
    const cart = shop.server('cart');
    ApiObject.of(cart).metadata.addAnnotation('networking.istio.io/exportTo', 'bank');
    Calls.of(shop.deployment('web')).to(cart);
    expect(shop.refusals).toEqual(expect.arrayContaining([expect.stringMatching(/^Calls \(shop\/web\/Resource\): egress\.hosts is with Service cart, whose exportTo .*\[API827\]$/)]));
  });

  test('a client whose pods have no labels', () => {
    const shop = shopWith();
    Calls.of(Pods.of(new ApiObject(shop.chart, 'job', { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'job' }, spec: { template: { spec: {} } } } as ApiObjectProps)));
    expect(() => shop.objects).toThrow(/workloadSelector\.labels is empty .*\[API003\]$/);
  });
});
