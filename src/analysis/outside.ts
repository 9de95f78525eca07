import { Evidence } from './evidence';
import { FieldRef } from '../mesh/inventory/field-ref';
import { Labels, selects } from '../mesh/names/labels';
import { ApiServerCall, apiServerCallsOf } from '../mesh/services/api-server-calls';
import { controllerOf, Ingress } from '../mesh/services/ingress';
import { Monitor, MonitorEndpoint, readPodMonitor, readServiceMonitor } from '../mesh/services/monitor';
import { connectable, Service } from '../mesh/services/service';
import { Workload } from '../mesh/workloads/workload';

/** The kinds that make the API server call Services. */
export const API_SERVER_CALLERS = [
  'APIService', 'CustomResourceDefinition', 'MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration',
] as const;

/** The Services that the API server calls. */
export function apiServerCalls(evidence: Evidence): readonly ApiServerCall[] {
  return [...API_SERVER_CALLERS].reverse().flatMap((kind) => evidence.objects(kind)).flatMap(apiServerCallsOf);
}

/** A Service in an Ingress. */
interface IngressTarget {
  readonly service: Service;
  readonly port: number;
  /** The first field with it. */
  readonly at: FieldRef;
}

/** Names under which ingress controllers are installed. */
const CONTROLLERS: ReadonlySet<string | undefined> = new Set([
  'ambassador', 'contour', 'emissary-ingress', 'haproxy-ingress', 'ingress-nginx', 'kong', 'kubernetes-ingress', 'nginx-ingress', 'traefik',
]);

/** Whether an ingress controller in the manifests has a sidecar: then the sidecar's configuration decides what it sends. */
export function hasMeshedController({ mesh }: Evidence): boolean {
  return mesh.workloads.some(({ labels, proxy }) => (
    proxy.encrypts === true && (CONTROLLERS.has(labels['app.kubernetes.io/name']) || CONTROLLERS.has(labels.app))));
}

/** Whether an Istio gateway serves an Ingress. */
export function isServedByIstio({ object: { annotations }, className }: Ingress, evidence: Evidence): boolean {
  const annotated = annotations['kubernetes.io/ingress.class'];
  if (annotated !== undefined) return annotated === 'istio';
  const found = evidence.objects('IngressClass').find((object) => object.name === className);
  return found ? controllerOf(found) === 'istio.io/ingress-controller' : className === 'istio';
}

/** The Services and ports of an Ingress that the manifests contain, each once. */
export function targetsOf({ object, backends }: Ingress, { mesh }: Evidence): readonly IngressTarget[] {
  const found = new Map<string, IngressTarget>();
  for (const { at, service: name, port: wanted } of backends) {
    const service = mesh.registry.kubernetesService(mesh.registry.hostOf(name, object.namespace));
    const port = service
      && connectable(service).find((one) => one.number === wanted.number || (one.name !== '' && one.name === wanted.name));
    const key = service && port ? `${service.name} ${port.number}` : undefined;
    if (key && !found.has(key)) found.set(key, { service: service!, port: port!.number, at });
  }
  return [...found.values()];
}

/** A port that Prometheus scrapes in plaintext because of a ServiceMonitor or PodMonitor. */
export interface Scrape {
  /** The monitor's field with the port: the same for all workloads of one endpoint. */
  readonly at: FieldRef;
  readonly workload: Workload;
  readonly port: number;
}

/** The scraped ports; monitors that select by expressions are skipped. */
export function scrapesOf(evidence: Evidence): readonly Scrape[] {
  const found: Scrape[] = [];
  for (const monitor of evidence.objects('PodMonitor').map(readPodMonitor)) {
    const pods = selectedBy(monitor, evidence, (namespace, labels) => evidence.workloadsWith(namespace, labels));
    for (const { at, target } of monitor.endpoints) {
      for (const workload of pods) add(found, { at, workload, port: portIn(workload, target) });
    }
  }
  for (const monitor of evidence.objects('ServiceMonitor').map(readServiceMonitor)) {
    const services = selectedBy(monitor, evidence, (namespace, labels) =>
      evidence.servicesIn(namespace).filter((service) => service.registry === 'Kubernetes' && selects(labels, service.object.labels)));
    for (const endpoint of monitor.endpoints) {
      const tell = (workload: Workload, port?: number): void => add(found, { at: endpoint.at, workload, port });
      for (const service of services) ofService(evidence, service, endpoint, tell);
    }
  }
  return found;
}

function add(found: Scrape[], { port, ...scrape }: Omit<Scrape, 'port'> & { readonly port?: number }): void {
  if (port !== undefined) found.push({ ...scrape, port });
}

type FindLabelled<T> = (namespace: string, labels: Labels) => readonly T[];

function selectedBy<T>({ selector, namespaces }: Monitor, { mesh }: Evidence, find: FindLabelled<T>): readonly T[] {
  if (!selector) return [];
  const all = namespaces === 'all' ? mesh.workloads.map((workload) => workload.namespace) : namespaces;
  return [...new Set(all)].flatMap((one) => find(one, selector));
}

function ofService(
  { mesh: { registry } }: Evidence, service: Service, { port, target }: MonitorEndpoint, tell: (workload: Workload, port?: number) => void,
): void {
  const known = connectable(service).filter(({ name }) => port === undefined || name === port);
  const endpoints = known.flatMap((one) => registry.endpointsOf(service, one));
  const byWorkload = new Map(endpoints.flatMap((endpoint) => (endpoint.workload ? [[endpoint.workload, endpoint.port] as const] : [])));
  for (const [workload, number] of byWorkload) tell(workload, port === undefined ? portIn(workload, target) : number);
}

function portIn({ ports }: Workload, wanted: number | string | undefined): number | undefined {
  return typeof wanted === 'number' ? wanted : ports.find(({ name }) => name !== '' && name === wanted)?.number;
}
