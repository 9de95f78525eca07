import { groupKind } from '../../manifests/kinds';
import { mapping, text } from '../../manifests/mapping';
import { grouped } from '../collections';
import { Inventory } from '../inventory/inventory';
import { Kind } from '../inventory/kinds';
import { compareNames, MeshObject } from '../inventory/object';

/** Services that a controller or a chart creates from objects of one kind. */
export interface ServiceCreator {
  /** The kind with its group. */
  readonly kind: string;
  /** The names of the Services, with `{name}` for the object's name and `*` for any text. */
  readonly services: readonly string[];
  /** The documentation of that. */
  readonly source: string;
  /** The value of `{name}` and the Services' namespace, if they differ from the object's own. */
  readonly placeOf?: (object: MeshObject) => { readonly name?: string; readonly namespace?: string };
}

const ECK = 'https://www.elastic.co/guide/en/cloud-on-k8s/current/k8s-services.html';
const STRIMZI = 'https://strimzi.io/docs/operators/latest/deploying';
const KNATIVE = 'https://knative.dev/docs/serving/';
const KSERVE = 'https://kserve.github.io/website/';
const ISTIO_GATEWAYS = 'https://istio.io/latest/docs/tasks/traffic-management/ingress/gateway-api/#automated-deployment';
const PROMETHEUS = 'https://prometheus-operator.dev/docs/';
const CNPG = 'https://cloudnative-pg.io/documentation/current/service_management/';
const ZALANDO = 'https://postgres-operator.readthedocs.io/en/latest/';
const CRUNCHY = 'https://access.crunchydata.com/documentation/postgres-operator/latest';
const RABBITMQ = 'https://www.rabbitmq.com/kubernetes/operator/using-operator';
const MONGODB = 'https://github.com/mongodb/mongodb-kubernetes-operator';
const JAEGER = 'https://www.jaegertracing.io/docs/1.76/deployment/kubernetes/';
const OPENTELEMETRY = 'https://opentelemetry.io/docs/platforms/kubernetes/operator/';
const FLAGGER = 'https://docs.flagger.app/usage/how-it-works';
const FLUX = 'https://fluxcd.io/flux/components/helm/helmreleases/';
const K3S = 'https://docs.k3s.io/helm';
const ARGO_CD = 'https://argo-cd.readthedocs.io/en/stable/user-guide/helm/';

/** Services that no object in the manifests creates, known by their names. */
interface InstalledServices extends Pick<ServiceCreator, 'services' | 'source'> {
  readonly by: string;
  /** Undefined for any namespace. */
  readonly namespace?: string;
}

/** The kinds that create Services with known names; docs/analysis.md lists them. */
export const SERVICE_CREATORS: readonly ServiceCreator[] = [
  {
    kind: 'Elasticsearch.elasticsearch.k8s.elastic.co',
    services: ['{name}-es-http', '{name}-es-transport', '{name}-es-internal-http', '{name}-es-*'],
    source: ECK,
  },
  { kind: 'Kibana.kibana.k8s.elastic.co', services: ['{name}-kb-http'], source: ECK },
  { kind: 'ApmServer.apm.k8s.elastic.co', services: ['{name}-apm-http'], source: ECK },
  {
    kind: 'Kafka.kafka.strimzi.io',
    services: ['{name}-kafka-bootstrap', '{name}-kafka-brokers', '{name}-kafka-*', '{name}-zookeeper-client', '{name}-zookeeper-nodes'],
    source: STRIMZI,
  },
  { kind: 'KafkaConnect.kafka.strimzi.io', services: ['{name}-connect-api'], source: STRIMZI },
  { kind: 'KafkaMirrorMaker2.kafka.strimzi.io', services: ['{name}-mirrormaker2-api'], source: STRIMZI },
  { kind: 'KafkaBridge.kafka.strimzi.io', services: ['{name}-bridge-service'], source: STRIMZI },
  { kind: 'Service.serving.knative.dev', services: ['{name}', '{name}-*'], source: KNATIVE },
  { kind: 'Route.serving.knative.dev', services: ['{name}'], source: KNATIVE },
  { kind: 'Configuration.serving.knative.dev', services: ['{name}-*'], source: KNATIVE },
  {
    kind: 'InferenceService.serving.kserve.io',
    services: ['{name}', '{name}-predictor', '{name}-transformer', '{name}-explainer', '{name}-*'],
    source: KSERVE,
  },
  { kind: 'Gateway.gateway.networking.k8s.io', services: ['{name}', '{name}-*'], source: ISTIO_GATEWAYS },
  { kind: 'Prometheus.monitoring.coreos.com', services: ['prometheus-operated'], source: PROMETHEUS },
  { kind: 'Alertmanager.monitoring.coreos.com', services: ['alertmanager-operated'], source: PROMETHEUS },
  { kind: 'ThanosRuler.monitoring.coreos.com', services: ['thanos-ruler-operated'], source: PROMETHEUS },
  { kind: 'Cluster.postgresql.cnpg.io', services: ['{name}-rw', '{name}-ro', '{name}-r'], source: CNPG },
  { kind: 'Pooler.postgresql.cnpg.io', services: ['{name}'], source: CNPG },
  { kind: 'postgresql.acid.zalan.do', services: ['{name}', '{name}-repl', '{name}-pooler', '{name}-pooler-repl'], source: ZALANDO },
  {
    kind: 'PostgresCluster.postgres-operator.crunchydata.com',
    services: ['{name}-primary', '{name}-replicas', '{name}-ha', '{name}-pods', '{name}-pgbouncer'],
    source: CRUNCHY,
  },
  { kind: 'RabbitmqCluster.rabbitmq.com', services: ['{name}', '{name}-nodes'], source: RABBITMQ },
  { kind: 'MongoDBCommunity.mongodbcommunity.mongodb.com', services: ['{name}-svc'], source: MONGODB },
  {
    kind: 'Jaeger.jaegertracing.io',
    services: ['{name}-query', '{name}-collector', '{name}-collector-headless', '{name}-agent'],
    source: JAEGER,
  },
  {
    kind: 'OpenTelemetryCollector.opentelemetry.io',
    services: ['{name}-collector', '{name}-collector-headless', '{name}-collector-monitoring'],
    source: OPENTELEMETRY,
  },
  { kind: 'Canary.flagger.app', services: ['{name}', '{name}-primary', '{name}-canary'], source: FLAGGER, placeOf: canaryPlace },
  { kind: 'HelmRelease.helm.toolkit.fluxcd.io', services: ['{name}', '{name}-*'], source: FLUX, placeOf: fluxPlace },
  {
    kind: 'HelmChart.helm.cattle.io',
    services: ['{name}', '{name}-*'],
    source: K3S,
    placeOf: ({ spec }) => ({ namespace: text(spec.targetNamespace) }),
  },
  { kind: 'Application.argoproj.io', services: ['{name}', '{name}-*'], source: ARGO_CD, placeOf: argoPlace },
];

/** Services of installations that are seldom among an application's manifests: Istio's charts, and the API server's own. */
export const INSTALLED_SERVICES: readonly InstalledServices[] = [
  {
    services: ['istiod', 'istiod-*', 'istio-ingressgateway', 'istio-egressgateway', 'istio-eastwestgateway'],
    by: 'Istio\'s installation',
    source: 'https://istio.io/latest/docs/setup/install/',
  },
  {
    services: ['kubernetes'],
    namespace: 'default',
    by: 'the API server',
    source: 'https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/',
  },
  {
    services: ['kube-dns', 'metrics-server'],
    namespace: 'kube-system',
    by: 'the cluster\'s installation',
    source: 'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/',
  },
];

function canaryPlace({ spec }: MeshObject): { readonly name?: string } {
  return { name: text(mapping(spec.service).name) ?? text(mapping(spec.targetRef).name) };
}

/** Flux prefixes a release's name with the namespace that it installs into. */
function fluxPlace({ name, spec }: MeshObject): { readonly name?: string; readonly namespace?: string } {
  const namespace = text(spec.targetNamespace);
  return { name: text(spec.releaseName) ?? (namespace === undefined ? name : `${namespace}-${name}`), namespace };
}

function argoPlace({ spec }: MeshObject): { readonly name?: string; readonly namespace?: string } {
  const helm = mapping(mapping(spec.source).helm);
  return { name: text(helm.releaseName), namespace: text(mapping(spec.destination).namespace) };
}

/** What creates a Service that the manifests lack. */
export interface Creation {
  /** A short description, such as `Kafka shop/orders`. */
  readonly by: string;
  /** Whether it always creates a Service of this name, rather than some of a pattern. */
  readonly isCertain: boolean;
}

/** The Services that controllers create for objects of a mesh. */
export class ServiceCreators {
  private byNamespace?: ReadonlyMap<string, readonly CreatedName[]>;

  constructor(private readonly objects: Inventory) {}

  /** Undefined if nothing is known to create such a Service. */
  of(name: string, namespace: string): Creation | undefined {
    const installed = INSTALLED_SERVICES.find((one) =>
      (one.namespace ?? namespace) === namespace && one.services.some((pattern) => matches(pattern, name)));
    if (installed) return { by: installed.by, isCertain: true };
    this.byNamespace ??= grouped(createdNames([...this.objects.all(), ...this.objects.unread.values()]), (created) => created.namespace);
    const found = (this.byNamespace.get(namespace) ?? []).filter(({ pattern }) => matches(pattern, name));
    const [best] = [...found.filter(isExact), ...found];
    return best && { by: best.by, isCertain: isExact(best) };
  }
}

interface CreatedName {
  readonly namespace: string;
  readonly pattern: string;
  readonly by: string;
}

const BY_KIND = new Map(SERVICE_CREATORS.map((creator) => [creator.kind, creator]));

/** Whether a controller or a chart creates Services from objects of the kind. */
export function createsServices(kind: Kind): boolean {
  return BY_KIND.has(groupKind(kind));
}

/** The Services that are created from an object, as texts; none, or no object: an empty text. */
export function createdServices(object: MeshObject | undefined): string {
  return createdNames(object ? [object] : []).map(({ namespace, pattern }) => `${namespace}/${pattern}`).join(' ');
}

/** Whether the Service of a host may be created from an object. */
export function mayCreate(object: MeshObject): (host: string) => boolean {
  const created = createdNames([object]);
  return (host) => {
    const [name, place] = host.split('.');
    return created.some(({ namespace, pattern }) => namespace === place && matches(pattern, name));
  };
}

function createdNames(objects: readonly MeshObject[]): readonly CreatedName[] {
  return objects.filter(createsServices).sort(compareNames).flatMap((object) => {
    const { services, placeOf } = BY_KIND.get(groupKind(object))!;
    const { name = object.name, namespace = object.namespace } = placeOf?.(object) ?? {};
    const by = `${object.kind} ${object.namespace}/${object.name}`;
    return services.map((service) => ({ namespace, pattern: service.replace('{name}', name), by }));
  });
}

function isExact({ pattern }: CreatedName): boolean {
  return !pattern.includes('*');
}

/** Patterns have their `*` at the end. */
function matches(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}
