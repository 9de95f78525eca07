import { join } from 'node:path';
import { Chart, Cron, Include } from 'cdk8s';
import {
  AllowedCallers, Backend, Caller, Destination, ExternalProtocol, ExternalService, HttpRoute, MachineProxy, MachineService, MtlsMode,
  NamespaceOverride, networking, Pods, RequiredToken, StringMatch, WorkloadOverride,
} from 'cdk8s-istio-mtls';
import * as kplus from 'cdk8s-plus-33';
import { Construct } from 'constructs';
import { Microservice, PORT } from './microservice';

export interface ShopProps {
  /** Where orders are paid. */
  readonly charge: Microservice;
}

/** The shop team's, on its way to STRICT: nightly-report has no sidecar yet. */
export class Shop extends Chart {
  public constructor(scope: Construct, id: string, { charge }: ShopProps) {
    super(scope, id, { namespace: 'shop' });
    new NamespaceOverride(this, 'migration', { mode: MtlsMode.PERMISSIVE });

    const catalog = new Microservice(this, 'catalog');
    const search = new Microservice(this, 'search', { calls: [catalog] });
    const cart = new Microservice(this, 'cart');
    const mailer = new Microservice(this, 'mailer');
    const orders = new Microservice(this, 'orders', { calls: [charge, mailer] });
    const web = new Microservice(this, 'web', { calls: [catalog, search, cart, orders] });
    new ExternalService(this, 'mail', { hosts: ['api.mail.example'], ports: [{ port: 443, protocol: ExternalProtocol.TLS }] });
    const warehouse = this.warehouse();

    new networking.VirtualService(this, 'public', {
      metadata: { name: 'public' },
      spec: {
        gateways: ['ingress/public'],
        hosts: ['shop.example'],
        http: [{ route: [{ destination: { host: web.service.name } }] }],
      },
    });
    new AllowedCallers(this, 'web-callers', { workload: web.workload, callers: [Caller.serviceAccount('ingress', 'gateway')], ports: [PORT] });
    const orderers = [Caller.workload(web.workload), warehouse.caller];
    new AllowedCallers(this, 'orders-callers', { workload: orders.workload, callers: orderers, ports: [PORT] });
    new RequiredToken(this, 'orders-users', {
      workload: orders.workload,
      issuers: [{ issuer: 'https://login.shop.example', jwksUri: 'https://login.shop.example/keys', audiences: ['shop'] }],
    });

    new kplus.CronJob(this, 'nightly-report', {
      metadata: { name: 'nightly-report' },
      schedule: Cron.daily(),
      podMetadata: { labels: { 'app': 'nightly-report', 'sidecar.istio.io/inject': 'false' } },
      containers: [{
        name: 'report',
        image: 'registry.shop.example/nightly-report:1.0.0',
        envVariables: { CATALOG_URL: kplus.EnvValue.fromValue(catalog.url) },
      }],
    });
    this.cartStore();
    this.reviews();
  }

  /** A machine outside the cluster, whose sidecar has a certificate of the mesh. */
  private warehouse(): MachineService {
    const account = new kplus.ServiceAccount(this, 'warehouse-account', { metadata: { name: 'warehouse' } });
    return new MachineService(this, 'warehouse', {
      host: 'warehouse.shop.example',
      addresses: ['10.20.0.7'],
      ports: [{ name: 'http', port: 80, targetPort: 8080 }],
      proxy: MachineProxy.sidecar(account.name),
    });
  }

  /** What `helm template cart-store` wrote. Prometheus scrapes its metrics in plaintext; all else of it is STRICT already. */
  private cartStore(): void {
    const chart = new Include(this, 'cart-store', { url: join(__dirname, 'charts/cart-store.yaml') });
    new WorkloadOverride(this, 'cart-store-mtls', {
      workload: Pods.of(chart.apiObjects.find(({ kind }) => kind === 'StatefulSet')!),
      mode: MtlsMode.STRICT,
      ports: [{ port: 9121, mode: MtlsMode.PERMISSIVE }],
    });
  }

  /** Two versions behind one Service: testers get the new one, and so does one of ten other requests. */
  private reviews(): void {
    const account = new kplus.ServiceAccount(this, 'reviews-account', { metadata: { name: 'reviews' } });
    for (const version of ['v1', 'v2']) {
      new kplus.Deployment(this, `reviews-${version}`, {
        metadata: { name: `reviews-${version}` },
        podMetadata: { labels: { app: 'reviews', version } },
        serviceAccount: account,
        containers: [{ name: 'reviews', image: `registry.shop.example/reviews:${version}`, ports: [{ name: 'http', number: PORT }] }],
      });
    }
    const service = new kplus.Service(this, 'reviews', {
      metadata: { name: 'reviews' },
      selector: kplus.Pods.select(this, 'reviews-pods', { labels: { app: 'reviews' } }),
      ports: [{ name: 'http', port: 80, targetPort: PORT }],
    });
    const reviews = Destination.ofService(this, 'reviews-versions', service, {
      subsets: ['v1', 'v2'].map((version) => ({ name: version, labels: { version } })),
    });
    const [v1, v2] = [reviews.subset('v1'), reviews.subset('v2')];
    new HttpRoute(this, 'reviews-route', {
      rules: [{ matches: [{ headers: { 'x-tester': StringMatch.present() } }], to: [Backend.subset(v2)] }],
      to: [Backend.subset(v1, { weight: 90 }), Backend.subset(v2, { weight: 10 })],
    });
  }
}
