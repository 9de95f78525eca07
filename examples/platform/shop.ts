import { join } from 'node:path';
import { Chart, Cron, Include } from 'cdk8s';
import {
  Backend, Caller, Calls, Destination, ExternalProtocol, ExternalService, HttpRoute, MachineProxy, MachineService, MtlsMode,
  NamespaceOverride, networking, Pods, RequiredToken, Services, StringMatch, WorkloadOverride,
} from 'cdk8s-istio-mtls';
import * as kplus from 'cdk8s-plus-33';
import { Construct } from 'constructs';
import { Microservice, PORT } from './microservice';

export interface ShopProps {
  /** Whether every workload has a sidecar. */
  readonly isMigrated: boolean;
  /** The host that users call. */
  readonly host: string;
  /** Where orders are paid. */
  readonly charge: Microservice;
}

/** The shop team's, STRICT once nightly-report has a sidecar. */
export class Shop extends Chart {
  public constructor(scope: Construct, id: string, { isMigrated, host, charge }: ShopProps) {
    super(scope, id, { namespace: 'shop' });
    if (!isMigrated) new NamespaceOverride(this, 'migration', { mode: MtlsMode.PERMISSIVE });

    const catalog = new Microservice(this, 'catalog');
    const search = new Microservice(this, 'search', { calls: [catalog] });
    const cart = new Microservice(this, 'cart');
    const mailer = new Microservice(this, 'mailer');
    const orders = new Microservice(this, 'orders', { calls: [mailer] });
    const web = new Microservice(this, 'web', { calls: [catalog, search, cart, orders] });
    const mail = new ExternalService(this, 'mail', { hosts: ['api.mail.example'], ports: [{ port: 443, protocol: ExternalProtocol.TLS }] });
    const warehouse = this.warehouse();

    orders.calls.to(charge.service, { methods: ['POST'], paths: ['/charges'] }).to(warehouse);
    mailer.calls.to(mail);
    cart.calls.to(this.cartStore(), { port: 6379 });
    web.calls.to(this.reviews());
    Calls.by(Caller.serviceAccount('ingress', 'gateway')).to(web.service);
    Calls.by(warehouse.caller).to(orders.service);

    new networking.VirtualService(this, 'public', {
      metadata: { name: 'public' },
      spec: {
        gateways: ['ingress/public'],
        hosts: [host],
        http: [{ route: [{ destination: { host: web.service.name } }] }],
      },
    });
    new RequiredToken(this, 'orders-users', {
      workload: orders.workload,
      issuers: [{ issuer: 'https://login.shop.example', jwksUri: 'https://login.shop.example/keys', audiences: ['shop'] }],
    });

    this.nightlyReport(catalog, isMigrated);
  }

  /** Without a sidecar it has no certificate, so that the port that it calls is open to everybody. */
  private nightlyReport({ url, service }: Microservice, hasSidecar: boolean): void {
    const report = new kplus.CronJob(this, 'nightly-report', {
      metadata: { name: 'nightly-report' },
      schedule: Cron.daily(),
      serviceAccount: new kplus.ServiceAccount(this, 'nightly-report-account', { metadata: { name: 'nightly-report' } }),
      podMetadata: { labels: { 'app': 'nightly-report', 'sidecar.istio.io/inject': String(hasSidecar) } },
      containers: [{
        name: 'report',
        image: 'registry.shop.example/nightly-report:1.0.0',
        envVariables: { CATALOG_URL: kplus.EnvValue.fromValue(url) },
      }],
    });
    Calls.of(report).to(service, { port: 80, withoutIdentity: !hasSidecar });
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
  private cartStore(): Services {
    const { apiObjects } = new Include(this, 'cart-store', { url: join(__dirname, 'charts/cart-store.yaml') });
    const workload = Pods.of(apiObjects.find(({ kind }) => kind === 'StatefulSet')!);
    const service = Services.of(apiObjects.find(({ kind }) => kind === 'Service')!);
    new WorkloadOverride(this, 'cart-store-mtls', { workload, mode: MtlsMode.STRICT, ports: [{ port: 9121, mode: MtlsMode.PERMISSIVE }] });
    Calls.of(workload);
    Calls.by(Caller.namespace('monitoring')).to(service, { port: 9121, withoutIdentity: true });
    return service;
  }

  /** Two versions behind one Service: testers get the new one, and so does one of ten other requests. */
  private reviews(): kplus.Service {
    const account = new kplus.ServiceAccount(this, 'reviews-account', { metadata: { name: 'reviews' } });
    const subsets = ['v1', 'v2'].map((version) => {
      const workload = new kplus.Deployment(this, `reviews-${version}`, {
        metadata: { name: `reviews-${version}` },
        podMetadata: { labels: { app: 'reviews', version } },
        serviceAccount: account,
        containers: [{ name: 'reviews', image: `registry.shop.example/reviews:${version}`, ports: [{ name: 'http', number: PORT }] }],
      });
      Calls.of(workload);
      return { name: version, workload };
    });
    const service = new kplus.Service(this, 'reviews', {
      metadata: { name: 'reviews' },
      selector: kplus.Pods.select(this, 'reviews-pods', { labels: { app: 'reviews' } }),
      ports: [{ name: 'http', port: 80, targetPort: PORT }],
    });
    const reviews = Destination.ofService(this, 'reviews-versions', service, { subsets });
    const [v1, v2] = [reviews.subset('v1'), reviews.subset('v2')];
    new HttpRoute(this, 'reviews-route', {
      rules: [{ matches: [{ headers: { 'x-tester': StringMatch.present() } }], to: [Backend.subset(v2)] }],
      to: [Backend.subset(v1, { weight: 90 }), Backend.subset(v2, { weight: 10 })],
    });
    return service;
  }
}
