import { ApiObject, ApiObjectProps, App, Chart, Testing } from 'cdk8s';
import { Caller, CallEnforcement, CallOptions, Calls, IstioMesh, IstioMeshProps, MtlsAnalysis, Pods, Services } from '../../../src/index';
import { DeclaringShop } from '../../support/constructs/declaring-shop';
import { passes, SeenRequest } from '../../support/meshes/authorization';
import { casesOf } from '../../support/random/cases';
import { Random } from '../../support/random/random';

const { seed, count } = casesOf('declared-calls');
const APPS = count(300);

const PORTS = [{ name: 'http', port: 80, targetPort: 8080 }, { name: 'http-admin', port: 9090, targetPort: 'admin' }, { name: 'tcp', port: 9000 }];
const CONTAINER: { readonly [port: number]: number } = { 80: 8080, 9090: 9091, 9000: 9000 };
/** Of a headless Service, whose ports aren't translated. */
const DIALLED: typeof CONTAINER = { 80: 80, 9090: 9090, 9000: 9000 };
const METHODS = ['GET', 'POST'];
const PATHS = ['/items/1', '/admin'];

interface MadeCall {
  readonly client: string;
  readonly service: string;
  readonly options: CallOptions;
}

/** Workloads with a Service each, and calls between some of them. */
class RandomShop {
  readonly app = new App();
  readonly chart = new Chart(this.app, 'shop', { namespace: 'shop' });
  readonly names: readonly string[];
  readonly calls: MadeCall[] = [];
  /** Of the Services, those without an address. */
  private readonly headless: ReadonlySet<string>;

  constructor(private readonly random: Random, props: IstioMeshProps = {}) {
    new IstioMesh(new Chart(this.app, 'mesh'), 'mesh', props);
    this.names = ['web', 'cart', 'orders', 'stock', 'mail'].slice(0, 2 + random.below(4));
    this.object('namespace', 'v1', 'Namespace', 'shop', undefined, { 'istio-injection': 'enabled' });
    this.headless = new Set(this.names.filter(() => random.below(4) === 0));
    const workloads = new Map(this.names.map((name) => [name, this.deployment(name)]));
    const services = new Map(this.names.map((name) => [name, this.object(`${name}-service`, 'v1', 'Service', name, this.specOf(name))]));
    for (const client of random.some(this.names)) {
      const calls = Calls.of(Pods.of(workloads.get(client)!));
      for (const service of random.some(this.names)) {
        const options = this.options();
        calls.to(Services.of(services.get(service)!), options);
        this.calls.push({ client, service, options });
      }
    }
  }

  private specOf(name: string): object {
    return { selector: { app: name }, ports: PORTS, ...this.headless.has(name) && { clusterIP: 'None' } };
  }

  /** The port of a Service's pods that gets a call to a port of the Service. */
  portOf(service: string, port: number): number {
    return (this.headless.has(service) ? DIALLED : CONTAINER)[port];
  }

  private options(): CallOptions {
    const { random } = this;
    const port = random.of([undefined, 80, 9090, 9000]);
    const isHttp = port === 80 || port === 9090;
    return {
      ...port && { port },
      ...isHttp && random.below(2) === 0 && { methods: [random.of(METHODS)] },
      ...isHttp && random.below(3) === 0 && { paths: [random.of(['/items/*', '/admin'])] },
      ...port && random.below(5) === 0 && { withoutIdentity: true },
    };
  }

  private deployment(name: string): ApiObject {
    const labels = { app: name };
    const containers = [{ name: 'app', image: 'app:1', ports: [80, 8080, 9000, 9090, 9091].map((containerPort) => ({ containerPort, ...containerPort === 9091 && { name: 'admin' } })) }];
    return this.object(name, 'apps/v1', 'Deployment', name, {
      selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { serviceAccountName: name, containers } },
    });
  }

  private object(id: string, apiVersion: string, kind: string, name: string, spec?: object, labels?: object): ApiObject {
    return new ApiObject(this.chart, id, { apiVersion, kind, metadata: { name, ...labels && { labels } }, ...spec && { spec } } as ApiObjectProps);
  }

  /** Whether some declared call is this request, or any caller may make it. */
  isDeclared(client: string | undefined, service: string, port: number, method?: string, path?: string): boolean {
    const toService = this.calls.filter((call) => call.service === service);
    return toService.length === 0 || toService.some((call) => {
      const { options } = call;
      return (options.withoutIdentity || call.client === client) && (options.port ?? port) === port
        && (!options.methods || options.methods.includes(method!)) && (!options.paths || options.paths.some((one) => fits(path!, one)));
    });
  }
}

const fits = (path: string, pattern: string) => (pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern);

function requests(port: number): (SeenRequest['http'])[] {
  return port === 9000 ? [undefined] : METHODS.flatMap((method) => PATHS.map((path) => ({ method, path })));
}

test('policies admit the declared calls, and no others', () => {
  for (let index = 0; index < APPS; index++) {
    const shop = new RandomShop(new Random(seed + index));
    const policies = Testing.synth(shop.chart).filter(({ kind }) => kind === 'AuthorizationPolicy');
    const wrong = shop.names.flatMap((service) => {
      const own = policies.filter(({ spec }) => spec.selector.matchLabels.app === service);
      return [undefined, ...shop.names].flatMap((client) => [80, 9090, 9000].flatMap((port) => requests(port).filter((http) => {
        const principal = client && `cluster.local/ns/shop/sa/${client}`;
        const isAdmitted = passes(own, { port: shop.portOf(service, port), principal, http });
        return isAdmitted !== shop.isDeclared(client, service, port, http?.method, http?.path);
      }).map((http) => ({ client, service, port, http }))));
    });
    expect({ seed: seed + index, calls: shop.calls, wrong }).toMatchObject({ wrong: [] });
  }
});

const MODES: readonly IstioMeshProps[] = [
  { sidecars: true }, { calls: CallEnforcement.DRY_RUN }, { calls: CallEnforcement.DRY_RUN, sidecars: true },
  { calls: CallEnforcement.NONE }, { calls: CallEnforcement.NONE, sidecars: true },
];

/** What a mesh comes to: the outcomes of declared calls, and what is found. */
function judged({ app }: RandomShop): readonly string[] {
  const analysis = MtlsAnalysis.of(app);
  const { findings, summary } = analysis;
  const connections = analysis.connections().map(({ client, serviceHost, servicePort, outcome }) => `${client?.name} ${serviceHost}:${servicePort} ${outcome}`);
  expect(summary.broken + summary.undecided).toBe(0);
  return [...connections, ...findings.map(({ code }) => code)];
}

test('whatever is emitted, the same calls are declared and work; dry runs are the same policies', () => {
  for (let index = 0; index < APPS; index++) {
    const props = MODES[index % MODES.length];
    const [shop, plain] = [props, {}].map((one) => new RandomShop(new Random(seed + index), one));
    const [objects, plainObjects] = [shop, plain].map(({ chart }) => Testing.synth(chart));
    const of = (all: any[], kind: string) => all.filter((object) => object.kind === kind);
    const isDryRun = { annotations: { 'istio.io/dry-run': 'true' } };
    const expected = props.calls === CallEnforcement.NONE ? []
      : of(plainObjects, 'AuthorizationPolicy').map(({ metadata, ...rest }) => ({ ...rest, metadata: { ...metadata, ...props.calls && isDryRun } }));
    const declaring = of(objects, 'Deployment').filter(({ metadata }) => metadata.annotations);
    const sidecars = declaring.map(({ metadata, spec }) => ({
      workloadSelector: { labels: spec.template.metadata.labels },
      egress: [{
        hosts: [...new Set(shop.calls.filter(({ client }) => client === metadata.name).map(({ service }) => `shop/${service}.shop.svc.cluster.local`)), 'istio-system/*'],
      }],
    }));
    expect({ seed: seed + index, props, objects: of(objects, 'AuthorizationPolicy') }).toEqual({ seed: seed + index, props, objects: expected });
    expect(of(objects, 'Deployment')).toEqual(of(plainObjects, 'Deployment'));
    expect(of(objects, 'Sidecar').map(({ spec }) => spec)).toEqual(props.sidecars ? sidecars : []);
    expect(judged(shop)).toEqual(judged(plain));
  }
});

describe('of a headless Service', () => {
  const headless = (shop: DeclaringShop, ports: object[]) => {
    const selector = shop.deployment('cart').toPodSelectorConfig().labelSelector._toKube().matchLabels;
    return Services.of(shop.object('service', 'v1', 'Service', 'cart', { clusterIP: 'None', selector, ports }));
  };

  test('a policy lists the port that clients dial', () => {
    const shop = new DeclaringShop();
    Calls.of(shop.deployment('web')).to(headless(shop, [{ name: 'http', port: 8080, targetPort: 9090 }]));
    expect(shop.policy.rules[0].to).toEqual([{ operation: { ports: ['8080'] } }]);
  });

  test('a policy lists both ports for callers that may be gateways, which translate it', () => {
    const shop = new DeclaringShop();
    Calls.by(Caller.serviceAccount('istio-ingress', 'gateway')).to(headless(shop, [{ name: 'http', port: 80, targetPort: 'metrics' }]));
    expect([shop.refusals, shop.policy.rules[0].to]).toEqual([[], [{ operation: { ports: ['80', '9090'] } }]]);
  });

  test('a port for UDP isn\'t refused, and a container\'s port for UDP is none for TCP', () => {
    const shop = new DeclaringShop();
    Calls.of(shop.deployment('web')).to(headless(shop, [{ name: 'dns', port: 53, targetPort: 5353, protocol: 'UDP' }, { name: 'http', port: 8080 }]));
    expect(shop.refusals).toEqual([]);
    const other = new DeclaringShop();
    other.object('pods', 'apps/v1', 'Deployment', 'dns', {
      selector: { matchLabels: { app: 'dns' } },
      template: { metadata: { labels: { app: 'dns' } }, spec: { containers: [{ name: 'dns', image: 'dns:1', ports: [{ containerPort: 80, protocol: 'UDP' }] }] } },
    });
    const ports = [{ name: 'http', port: 80, targetPort: 8080 }];
    const service = other.object('service', 'v1', 'Service', 'dns', { clusterIP: 'None', selector: { app: 'dns' }, ports });
    Calls.of(other.deployment('web')).to(Services.of(service));
    expect(() => other.objects).toThrow(/is port 80 of the headless Service dns, whose targetPort is 8080; .*\[API863\]$/);
  });

  test('a port is refused that no pod has, since its target port has no effect', () => {
    const shop = new DeclaringShop();
    Calls.of(shop.deployment('web')).to(headless(shop, [{ name: 'http', port: 80, targetPort: 8080 }]));
    expect(() => shop.objects).toThrow(/to\(shop\/cart\) is port 80 of the headless Service cart, whose targetPort is 8080; expected port 8080, because .* calls reach their port 80, .* Fix: set the Service's port to 8080, .*\[API863\]$/);
  });
});
