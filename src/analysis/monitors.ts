import { Evidence } from './evidence';
import { FieldPath } from '../findings/field-path';
import { Labels, selects } from '../mesh/names/selector';
import { MeshObject } from '../mesh/objects/mesh-object';
import { integer, labelsOf, Shape, shape, shapes, text, texts } from '../mesh/objects/shape';
import { connectable, Service } from '../mesh/services/service';
import { Workload } from '../mesh/workloads/workload';

/** A port that Prometheus scrapes since a ServiceMonitor or PodMonitor says so, in plaintext. */
export interface Scrape {
  readonly object: MeshObject;
  /** The monitor's endpoint. */
  readonly field: FieldPath;
  readonly workload: Workload;
  readonly port: number;
}

/** What monitors scrape; those that select by expressions are passed over. */
export function scrapesOf(evidence: Evidence): readonly Scrape[] {
  const found: Scrape[] = [];
  for (const object of evidence.objects('PodMonitor')) {
    const pods = selectedIn(object, evidence, (namespace, labels) => evidence.workloadsWith(namespace, labels));
    for (const [field, endpoint] of endpointsOf(object, 'podMetricsEndpoints')) {
      const wanted = endpoint.portNumber ?? endpoint.port ?? endpoint.targetPort;
      for (const workload of pods) add(found, { object, field, workload, port: portIn(workload, wanted) });
    }
  }
  for (const object of evidence.objects('ServiceMonitor')) {
    const services = selectedIn(object, evidence, (namespace, labels) =>
      evidence.servicesIn(namespace).filter((service) => service.registry === 'Kubernetes' && selects(labels, service.object.labels)));
    for (const [field, endpoint] of endpointsOf(object, 'endpoints')) {
      for (const service of services) ofService(evidence, service, endpoint, (workload, port) => add(found, { object, field, workload, port }));
    }
  }
  return found;
}

function add(found: Scrape[], { port, ...scrape }: Omit<Scrape, 'port'> & { readonly port?: number }): void {
  if (port !== undefined) found.push({ ...scrape, port });
}

function selectedIn<T>({ spec, namespace }: MeshObject, { mesh }: Evidence, find: (namespace: string, labels: Labels) => readonly T[]): readonly T[] {
  const { matchLabels, matchExpressions } = shape(spec.selector);
  if (shapes(matchExpressions).length > 0) return [];
  const { any, matchNames } = shape(spec.namespaceSelector);
  const named = texts(matchNames).length > 0 ? texts(matchNames) : [namespace];
  const namespaces = any === true ? mesh.workloads.map((workload) => workload.namespace) : named;
  return [...new Set(namespaces)].flatMap((one) => find(one, labelsOf(matchLabels)));
}

/** The endpoints without TLS; where one is relabelled, it goes to an address that only Prometheus knows. */
function endpointsOf({ spec }: MeshObject, field: string): readonly (readonly [FieldPath, Shape])[] {
  return shapes(spec[field]).map((endpoint, number) => [['spec', field, number] as const, endpoint] as const)
    .filter(([, { scheme, relabelings }]) => (text(scheme) ?? 'http').toLowerCase() === 'http'
      && !shapes(relabelings).some(({ targetLabel }) => targetLabel === '__address__' || targetLabel === '__scheme__'));
}

/** A `port` is named as the Service names it, a `targetPort` as the container does. */
function ofService(
  { mesh: { registry } }: Evidence, service: Service, { port, targetPort }: Shape, tell: (workload: Workload, port?: number) => void,
): void {
  const known = connectable(service).filter(({ name }) => port === undefined || name === port);
  const endpoints = known.flatMap((one) => registry.endpointsOf(service, one));
  const byWorkload = new Map(endpoints.flatMap((endpoint) => (endpoint.workload ? [[endpoint.workload, endpoint.port] as const] : [])));
  for (const [workload, number] of byWorkload) tell(workload, port === undefined ? portIn(workload, targetPort) : number);
}

function portIn({ ports }: Workload, wanted: unknown): number | undefined {
  return integer(wanted) ?? ports.find(({ name }) => name !== '' && name === wanted)?.number;
}
