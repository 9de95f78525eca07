import { Evidence } from './evidence';
import { ReadKind } from './rule';
import { FieldPath } from '../findings/field-path';
import { Inventory } from '../mesh/inventory/inventory';
import { integer, labelsOf, Mapping, mapping, mappings, text, texts } from '../mesh/inventory/mapping';
import { MeshObject } from '../mesh/inventory/object';
import { Labels, selects } from '../mesh/names/labels';
import { connectable, Service } from '../mesh/services/service';
import { Workload } from '../mesh/workloads/workload';

/** A Service that the API server calls itself. */
export interface ApiServerCall {
  readonly object: MeshObject;
  /** The reference to the Service. */
  readonly field: FieldPath;
  readonly service: { readonly namespace: string; readonly name: string; readonly port: number };
}

/** The kinds that have the API server call Services. */
export const API_SERVER_CALLERS: readonly ReadKind[] = [
  'APIService', 'CustomResourceDefinition', 'MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration',
];

/** What the API server calls in the cluster: webhooks of admission and conversion, and APIs that are served elsewhere. */
export function apiServerCalls(objects: Inventory): readonly ApiServerCall[] {
  return [
    ...['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'].flatMap((kind) => objects.of(kind)).flatMap(ofWebhooks),
    ...objects.of('APIService').flatMap((object) => callTo(object, ['spec', 'service'], object.spec.service)),
    ...objects.of('CustomResourceDefinition').flatMap(ofConversion),
  ];
}

function ofWebhooks(object: MeshObject): readonly ApiServerCall[] {
  return mappings(mapping(object.source).webhooks).flatMap(({ clientConfig }, number) =>
    callTo(object, ['webhooks', number, 'clientConfig', 'service'], mapping(clientConfig).service));
}

function ofConversion(object: MeshObject): readonly ApiServerCall[] {
  const { clientConfig } = mapping(mapping(object.spec.conversion).webhook);
  return callTo(object, ['spec', 'conversion', 'webhook', 'clientConfig', 'service'], mapping(clientConfig).service);
}

function callTo(object: MeshObject, field: FieldPath, reference: unknown): readonly ApiServerCall[] {
  const { namespace, name, port } = mapping(reference);
  const [inNamespace, called] = [text(namespace), text(name)];
  if (inNamespace === undefined || called === undefined) return [];
  return [{ object, field, service: { namespace: inNamespace, name: called, port: integer(port) ?? 443 } }];
}

/** A Service that an Ingress leads to. */
export interface IngressBackend {
  readonly service: Service;
  readonly port: number;
  /** The first place that names it. */
  readonly field: FieldPath;
}

/** Names by which ingress controllers are installed. */
const CONTROLLERS: ReadonlySet<string | undefined> = new Set([
  'ambassador', 'contour', 'emissary-ingress', 'haproxy-ingress', 'ingress-nginx', 'kong', 'kubernetes-ingress', 'nginx-ingress', 'traefik',
]);

/** Whether an ingress controller in the manifests has a sidecar: what it sends depends on its own settings then. */
export function hasMeshedController({ mesh }: Evidence): boolean {
  return mesh.workloads.some(({ labels, proxy }) => proxy.kind === 'sidecar' && (CONTROLLERS.has(labels['app.kubernetes.io/name']) || CONTROLLERS.has(labels.app)));
}

/** Whether an Istio gateway serves an Ingress. */
export function isServedByIstio({ annotations, spec }: MeshObject, evidence: Evidence): boolean {
  const annotated = annotations['kubernetes.io/ingress.class'];
  if (annotated !== undefined) return annotated === 'istio';
  const name = text(spec.ingressClassName);
  const found = evidence.objects('IngressClass').find((object) => object.name === name);
  return found ? found.spec.controller === 'istio.io/ingress-controller' : name === 'istio';
}

/** Every Service and port that an Ingress names and the manifests hold, once. */
export function backendsOf(ingress: MeshObject, { mesh }: Evidence): readonly IngressBackend[] {
  const found = new Map<string, IngressBackend>();
  for (const [backend, field] of backendFields(ingress)) {
    const { name, port: wanted } = mapping(mapping(backend).service);
    const service = mesh.registry.kubernetesService(mesh.registry.hostOf(text(name) ?? '', ingress.namespace));
    const port = service && connectable(service).find((one) => one.number === integer(mapping(wanted).number) || (one.name !== '' && one.name === mapping(wanted).name));
    const key = service && port ? `${service.name} ${port.number}` : undefined;
    if (key && !found.has(key)) found.set(key, { service: service!, port: port!.number, field: [...field, 'service', 'name'] });
  }
  return [...found.values()];
}

function* backendFields({ spec }: MeshObject): Generator<[unknown, FieldPath]> {
  yield [spec.defaultBackend, ['spec', 'defaultBackend']];
  for (const [rule, { http }] of mappings(spec.rules).entries()) {
    for (const [path, { backend }] of mappings(mapping(http).paths).entries()) yield [backend, ['spec', 'rules', rule, 'http', 'paths', path, 'backend']];
  }
}

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
  const { matchLabels, matchExpressions } = mapping(spec.selector);
  if (mappings(matchExpressions).length > 0) return [];
  const { any, matchNames } = mapping(spec.namespaceSelector);
  const named = texts(matchNames).length > 0 ? texts(matchNames) : [namespace];
  const namespaces = any === true ? mesh.workloads.map((workload) => workload.namespace) : named;
  return [...new Set(namespaces)].flatMap((one) => find(one, labelsOf(matchLabels)));
}

/** The endpoints without TLS; where one is relabelled, it goes to an address that only Prometheus knows. */
function endpointsOf({ spec }: MeshObject, field: string): readonly (readonly [FieldPath, Mapping])[] {
  return mappings(spec[field]).map((endpoint, number) => [['spec', field, number] as const, endpoint] as const)
    .filter(([, { scheme, relabelings }]) => (text(scheme) ?? 'http').toLowerCase() === 'http'
      && !mappings(relabelings).some(({ targetLabel }) => targetLabel === '__address__' || targetLabel === '__scheme__'));
}

/** A `port` is named as the Service names it, a `targetPort` as the container does. */
function ofService(
  { mesh: { registry } }: Evidence, service: Service, { port, targetPort }: Mapping, tell: (workload: Workload, port?: number) => void,
): void {
  const known = connectable(service).filter(({ name }) => port === undefined || name === port);
  const endpoints = known.flatMap((one) => registry.endpointsOf(service, one));
  const byWorkload = new Map(endpoints.flatMap((endpoint) => (endpoint.workload ? [[endpoint.workload, endpoint.port] as const] : [])));
  for (const [workload, number] of byWorkload) tell(workload, port === undefined ? portIn(workload, targetPort) : number);
}

function portIn({ ports }: Workload, wanted: unknown): number | undefined {
  return integer(wanted) ?? ports.find(({ name }) => name !== '' && name === wanted)?.number;
}
