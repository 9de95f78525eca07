import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Random } from './random';
import { CallOptions, Caller, Calls, ExternalProtocol, ExternalService, ICallable, IstioMesh, MtlsMode, Pods, Services, WorkloadOverride } from '../../../src/index';

const NAMESPACES = ['shop', 'bank'];
const NAMES = ['web', 'cart', 'orders', 'stock'];
const METHODS = [['GET'], ['POST', 'GET'], ['PUT']];
const PATHS = [['/items/*'], ['/admin', '*/info']];

interface Called {
  readonly service: ICallable;
  /** The Service's ports with HTTP; empty for a host outside. */
  readonly http: readonly number[];
  readonly others: readonly number[];
}

/** An app whose workloads declare calls in any order. */
export interface CallApp {
  readonly app: App;
  readonly yaml: string;
  readonly trustDomain: string;
  /** How many Services have a policy. */
  readonly policies: number;
}

/** An app that passes its own checks. */
export function callApp(seed: number): CallApp {
  const random = new Random(seed);
  const app = new App();
  const trustDomain = random.of(['cluster.local', 'shop.example']);
  const mesh = new IstioMesh(new Chart(app, 'platform'), 'mesh', { trustDomain });
  mesh.strict();
  if (trustDomain !== 'cluster.local') mesh.config();
  const [workloads, called]: [kplus.Deployment[], Called[]] = [[], []];
  for (const namespace of NAMESPACES.slice(0, 1 + random.below(2))) {
    const chart = new Chart(app, namespace, { namespace });
    new kplus.Namespace(chart, 'namespace', { metadata: { name: namespace, labels: mesh.injectionLabels } });
    for (const name of NAMES.slice(0, 2 + random.below(3))) {
      const workload = deployment(chart, name, random);
      workloads.push(workload);
      if (random.below(4) > 0) called.push({ service: serviceOf(workload, name, random), http: [80, 90], others: [6379] });
    }
    if (random.below(2) === 0) called.push({ service: bank(chart, random), http: [], others: [443] });
  }
  declare(workloads, called, random);
  const yaml = app.synthYaml();
  return { app, yaml, trustDomain, policies: yaml.split('kind: AuthorizationPolicy').length - 1 };
}

function deployment(chart: Chart, name: string, random: Random): kplus.Deployment {
  const account = chart.node.tryFindChild('shared-account') as kplus.ServiceAccount | undefined;
  const isShared = random.below(4) === 0;
  const own = () => new kplus.ServiceAccount(chart, isShared ? 'shared-account' : `${name}-account`, { metadata: { name: isShared ? 'shared' : name } });
  return new kplus.Deployment(chart, name, {
    metadata: { name },
    podMetadata: { labels: { app: name } },
    serviceAccount: isShared && account ? account : own(),
    containers: [{ image: 'app:1', ports: [{ number: 8080, name: 'web' }, { number: 9090, name: 'metrics' }, { number: 6379, name: 'redis' }] }],
  });
}

function serviceOf(workload: kplus.Deployment, name: string, random: Random): ICallable {
  const chart = Chart.of(workload);
  const service = new kplus.Service(chart, `${name}-service`, {
    metadata: { name },
    selector: workload,
    ports: [{ port: 80, targetPort: 8080, name: 'http' }, { port: 90, targetPort: 9090, name: 'http-metrics' }, { port: 6379, name: 'tcp-redis' }],
  });
  const override = { workload: Pods.of(workload), mode: MtlsMode.STRICT, ports: [{ port: 9090, mode: MtlsMode.PERMISSIVE }] };
  if (random.below(2) === 0) new WorkloadOverride(chart, `${name}-mtls`, override);
  return random.below(2) === 0 ? service : Services.of(service);
}

function bank(chart: Chart, random: Random): ExternalService {
  const host = `${chart.namespace}.bank.example`;
  return new ExternalService(chart, 'external', { hosts: [host], ports: [{ port: 443, protocol: ExternalProtocol.TLS }], ...random.below(2) === 0 && { name: 'bank' } });
}

/** Declares calls, client by client or in any order, as programs of several teams do. */
function declare(workloads: readonly kplus.Deployment[], called: readonly Called[], random: Random): void {
  const clients = random.some(workloads).map((workload) => Calls.of(workload));
  const callers = [Caller.serviceAccount('edge', 'gateway'), Caller.namespace('reports'), Caller.namespace('edge'), Caller.anyIdentity()];
  const others = random.below(3) === 0 ? random.some(callers).map((caller) => Calls.by(caller)) : [];
  const statements = [...clients, ...others].flatMap((calls) => (
    random.some(called).flatMap((to) => [0, 1].slice(random.below(2)).map(() => ({ calls, to })))));
  const ordered = random.below(2) === 0 ? statements : random.shuffled(statements);
  for (const { calls, to } of ordered) if (to.http.length > 0 || clients.includes(calls)) calls.to(to.service, optionsFor(to, random));
}

function optionsFor({ http, others }: Called, random: Random): CallOptions {
  const port = random.of([undefined, ...http, ...others]);
  const isHttp = port !== undefined && http.includes(port);
  return {
    ...port && { port },
    ...isHttp && random.below(3) === 0 && { methods: random.of(METHODS) },
    ...isHttp && random.below(3) === 0 && { paths: random.of(PATHS) },
    ...isHttp && random.below(6) === 0 && { withoutIdentity: true },
  };
}
