// What a mesh of the generator's holds, by name: the run counts how many meshes had each.
import { RARE_FEATURES } from './rare-features';
import { FLAGS } from '../generators/control-plane';
import type { Fields, JudgedMesh, Manifest, Metadata } from '../manifest';
import { allOf, isRouteOfGatewayApi, type Labels, type ManifestOf, type PodSpec, type ServicePort } from '../specs';

/** A mesh as the features ask about it. */
interface DescribedMesh {
  readonly all: <Kind extends string>(kind: Kind) => readonly ManifestOf<Kind>[];
  readonly objects: readonly Manifest[];
  /** What the cluster has besides. */
  readonly unseen: readonly Manifest[];
  readonly istiodEnv: Readonly<Record<string, string>>;
  readonly clusterDomain?: string;
  /** What the ConfigMap of the mesh says. */
  readonly config: Fields;
  /** The text in it. */
  readonly text?: string;
  readonly root: string;
  readonly namespaces: ReadonlySet<string | undefined>;
  readonly pods: readonly Pod[];
  readonly ages: ReadonlySet<string | undefined>;
}

interface Pod {
  readonly namespace?: string;
  readonly labels: Labels;
  readonly metadata: Metadata;
  readonly spec: PodSpec;
  readonly ports: readonly number[];
}

/** Whether a mesh has a feature; whatever is truthy says so. */
type Feature = (mesh: DescribedMesh) => unknown;
type OfObject<Kind extends string> = (object: ManifestOf<Kind>, mesh: DescribedMesh) => unknown;

/** A feature for each of a list. */
function each<Item>(list: readonly Item[], featureOf: (item: Item) => [string, Feature]): Record<string, Feature> {
  return Object.fromEntries(list.map(featureOf));
}

function some<Kind extends string>(kind: Kind, holds: OfObject<Kind>): Feature {
  return (mesh) => mesh.all(kind).some((object) => holds(object, mesh));
}

const space = (holds: (labels: Labels) => unknown) => some('Namespace', ({ metadata }) => holds(metadata.labels ?? {}));
const policies = (holds: OfObject<'PeerAuthentication'>) => some('PeerAuthentication', holds);
const rules = (holds: OfObject<'DestinationRule'>) => some('DestinationRule', holds);
const routes = (holds: OfObject<'VirtualService'>) => some('VirtualService', holds);
const entries = (holds: OfObject<'ServiceEntry'>) => some('ServiceEntry', holds);

/** Whether a pod is selected by several objects of a kind. */
function shared<Kind extends string>(kind: Kind, selectorOf: (object: ManifestOf<Kind>) => Labels | undefined): Feature {
  return (mesh) => mesh.pods.some(({ namespace, labels }) => mesh.all(kind).filter((object) => {
    const selector = object.metadata.namespace === namespace ? selectorOf(object) : undefined;
    return selector !== undefined && selects(selector, labels);
  }).length > 1);
}

function pods(holds: (metadata: Metadata & { readonly labels: Labels }, spec: PodSpec) => unknown): Feature {
  return (mesh) => mesh.pods.some(({ metadata, labels, spec }) => holds({ ...metadata, labels }, spec));
}

/** Whether two objects of a kind have the same key; those without one don't count. */
function pairs<Kind extends string>(kind: Kind, keyOf: (object: ManifestOf<Kind>) => unknown): Feature {
  return (mesh) => {
    const keys = mesh.all(kind).map(keyOf).filter(Boolean);
    return new Set(keys).size < keys.length;
  };
}

const hasCapitals = (host: string) => host !== host.toLowerCase();
const endsInDot = (host: string) => host.endsWith('.');
const isWide = ({ spec }: ManifestOf<'PeerAuthentication'>) => Object.keys(spec.selector?.matchLabels ?? {}).length === 0;
const isHttp = ({ name = '', appProtocol }: ServicePort) => /^(http2?|grpc)(-|$)/.test(appProtocol ?? name) || /^kubernetes.io\/(h2c|ws)$/.test(appProtocol ?? '');
const isTls = ({ name = '', appProtocol }: ServicePort) => /^(https|tls)(-|$)/.test(appProtocol ?? name) || appProtocol === 'kubernetes.io/wss';
const selects = (selector: Labels, labels: Labels) => Object.entries(selector).every(([key, value]) => labels[key] === value);

function destinationsOf({ spec }: ManifestOf<'VirtualService'>) {
  return (['http', 'tcp', 'tls'] as const).flatMap((kind) => spec[kind] ?? []).flatMap(({ route }) => route.map(({ destination }) => destination));
}

/** Tells of each feature whether a mesh has it. */
export const FEATURES: Readonly<Record<string, Feature>> = {
  ...each([1, 2, 3, 4, 5], (count) => [`${count} namespace${count > 1 ? 's' : ''} in use`, ({ namespaces }) => namespaces.size === count]),
  'injection by the namespace\'s label istio-injection': space((labels) => labels['istio-injection'] === 'enabled'),
  'injection by the namespace\'s revision': space((labels) => 'istio.io/rev' in labels && !('istio-injection' in labels)),
  'injection disabled in the namespace': space((labels) => labels['istio-injection'] === 'disabled'),
  'a namespace without any label': space((labels) => Object.keys(labels).length === 0),
  'a namespace in ambient mode': space((labels) => 'istio.io/dataplane-mode' in labels),
  'a namespace that isn\'t in the manifests': ({ all, namespaces }) =>
    all('Namespace').filter(({ metadata: { name } }) => namespaces.has(name)).length < namespaces.size,
  'a pod that asks for a sidecar': pods(({ labels }) => labels['sidecar.istio.io/inject'] === 'true' || 'istio.io/rev' in labels),
  'a pod that refuses a sidecar by label': pods(({ labels }) => labels['sidecar.istio.io/inject'] === 'false'),
  'a pod that refuses a sidecar by annotation': pods(({ annotations }) => annotations?.['sidecar.istio.io/inject'] === 'false'),
  'a pod that says tlsMode disabled': pods(({ labels }) => labels['security.istio.io/tlsMode'] === 'disabled'),
  'a pod in the host\'s network': pods((_, { hostNetwork }) => hostNetwork === true),
  'a sidecar container of the pod\'s own': pods((_, { initContainers }) => initContainers?.some(({ restartPolicy }) => restartPolicy === 'Always')),
  'a pod with names of its own': pods((_, { hostAliases, dnsPolicy }) => hostAliases !== undefined || dnsPolicy === 'None'),
  'a pod that runs as the sidecar\'s user': pods((_, { containers }) => containers.some(({ securityContext }) => securityContext?.runAsUser === 1337)),
  'a Rollout that shifts weights': some('Rollout', ({ spec }) => spec.strategy !== undefined),
  'a gateway': pods(({ annotations }) => annotations?.['inject.istio.io/templates'] === 'gateway'),
  ...each(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController', 'Job', 'CronJob', 'Rollout', 'Pod'], (kind) => [`a ${kind}`, some(kind, () => true)]),

  'a workload that asks for several pods': ({ objects }) => objects.some(({ spec }) => (spec?.replicas ?? spec?.parallelism ?? 0) > 1),
  'a workload that asks for no pods': ({ objects }) => objects.some(({ spec }) => (spec?.replicas ?? spec?.parallelism) === 0),
  'a StatefulSet behind a headless Service': ({ all }) => all('StatefulSet').some(({ metadata: { namespace }, spec }) => all('Service').some((service) =>
    service.metadata.namespace === namespace && service.spec.clusterIP === 'None' && service.spec.selector && selects(service.spec.selector, spec.template.metadata.labels))),
  'a workload behind several Services': shared('Service', ({ spec }) => spec.selector),
  'Services with one selector': pairs('Service', ({ metadata, spec }) => spec.selector && JSON.stringify([metadata.namespace, spec.selector])),
  'a headless Service': some('Service', ({ spec }) => spec.clusterIP === 'None'),
  'an ExternalName Service': some('Service', ({ spec }) => spec.type === 'ExternalName'),
  'a Service without selector': some('Service', ({ spec }) => !spec.selector && spec.type !== 'ExternalName'),
  'an EndpointSlice of a Service without selector': some('EndpointSlice', () => true),
  'a UDP port': some('Service', ({ spec }) => spec.ports.some(({ protocol }) => protocol === 'UDP')),
  'UDP and TCP on one port': some('Service', ({ spec }) => new Set(spec.ports.map(({ port }) => port)).size < spec.ports.length),
  'Services that all have one port': ({ all }) => all('Service').length > 1 && new Set(all('Service').flatMap(({ spec }) => spec.ports.map(({ port }) => port))).size === 1,
  'a target port by name': some('Service', ({ spec }) => spec.ports.some(({ targetPort }) => typeof targetPort === 'string')),
  'a port without a name': some('Service', ({ spec }) => spec.ports.some(({ name }) => name === undefined)),
  'a port for HTTPS or TLS': some('Service', ({ spec }) => spec.ports.some(isTls)),
  'two protocols on one port of a workload': ({ all, pods: there }) => there.some(({ namespace, labels }) => {
    const own = all('Service').filter(({ metadata, spec }) => metadata.namespace === namespace && spec.selector && selects(spec.selector, labels));
    const ports = own.flatMap(({ spec }) => spec.ports).filter(({ protocol }) => protocol !== 'UDP');
    const targetOf = ({ port, targetPort = port }: ServicePort) => targetPort;
    return ports.some((one) => ports.some((other) => targetOf(one) === targetOf(other) && isHttp(one) !== isHttp(other)));
  }),
  'a Service that isn\'t for everybody': some('Service', ({ metadata: { annotations } }) =>
    (annotations?.['networking.istio.io/exportTo'] ?? '*') !== '*'),

  'a policy of the mesh': policies((policy, { root }) => isWide(policy) && policy.metadata.namespace === root),
  'a policy of a namespace': policies((policy, { root }) => isWide(policy) && policy.metadata.namespace !== root),
  'a policy of a workload': policies((policy, { root }) => !isWide(policy) && policy.metadata.namespace !== root),
  'a policy of a port': policies(({ spec }) => spec.portLevelMtls !== undefined),
  'a policy with an empty selector': policies((policy) => isWide(policy) && policy.spec.selector !== undefined),
  'a policy with a selector in the root namespace': policies((policy, { root }) => !isWide(policy) && policy.metadata.namespace === root),
  'several policies for one namespace': pairs('PeerAuthentication', (policy) => isWide(policy) && policy.metadata.namespace),
  'several policies for one workload': shared('PeerAuthentication', (policy) => (isWide(policy) ? undefined : policy.spec.selector?.matchLabels)),
  ...each(['STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET'], (mode) => [`a policy with mode ${mode}`, policies(({ spec }) => spec.mtls?.mode === mode)]),
  'a policy without a mode': policies(({ spec }) => spec.mtls === undefined),
  'a port with mode UNSET': policies(({ spec }) => Object.values(spec.portLevelMtls ?? {}).some(({ mode }) => mode === 'UNSET')),
  'a policy for a port that no container names': policies(({ spec }, { pods: all }) =>
    Object.keys(spec.portLevelMtls ?? {}).some((port) => !all.some(({ ports }) => ports.includes(Number(port))))),

  'a rule with a short host': rules(({ spec }) => !spec.host.includes('.') && spec.host !== '*'),
  'a rule with a full host': rules(({ spec }) => !spec.host.startsWith('*') && spec.host.endsWith('.svc.cluster.local')),
  'a rule with a host that is no host': rules(({ spec }) => /^\w+\.[\w-]+$/.test(spec.host)),
  'a rule with a wildcard host': rules(({ spec }) => spec.host.startsWith('*')),
  'a rule for a host outside': rules(({ spec }) => spec.host.endsWith('.example.com')),
  'a rule in a namespace of clients': rules(({ metadata }, { pods: all }) => all.some(({ namespace }) => namespace === metadata.namespace)),
  'a rule in the service\'s namespace': rules(({ metadata, spec }) => spec.host.endsWith(`.${metadata.namespace}.svc.cluster.local`)),
  'a rule in the root namespace': rules(({ metadata }, { root }) => metadata.namespace === root),
  'a rule with exportTo': rules(({ spec }) => spec.exportTo !== undefined),
  'a rule with a workloadSelector': rules(({ spec }) => spec.workloadSelector !== undefined),
  'several rules for one host': pairs('DestinationRule', ({ metadata, spec }) => JSON.stringify([metadata.namespace, spec.host])),
  'a rule with port-level settings': rules(({ spec }) => spec.trafficPolicy?.portLevelSettings !== undefined),
  'port-level settings without TLS': rules(({ spec }) => (spec.trafficPolicy?.portLevelSettings ?? []).some(({ tls }) => tls === undefined)),
  'a subset with TLS': rules(({ spec }) => (spec.subsets ?? []).some(({ trafficPolicy }) => trafficPolicy?.tls)),
  'a subset without TLS': rules(({ spec }) => (spec.subsets ?? []).some(({ trafficPolicy }) => !trafficPolicy?.tls)),
  ...each(['DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL'], (mode) =>
    [`a rule with mode ${mode}`, rules(({ spec }) => spec.trafficPolicy?.tls?.mode === mode)]),
  'a rule with tls: {}': rules(({ spec }) => spec.trafficPolicy?.tls && spec.trafficPolicy.tls.mode === undefined),
  'a rule with load balancer PASSTHROUGH': rules(({ spec }) => spec.trafficPolicy?.loadBalancer?.simple === 'PASSTHROUGH'),

  'a Sidecar for a namespace': some('Sidecar', ({ spec }) => spec.workloadSelector === undefined),
  'a Sidecar for selected workloads': some('Sidecar', ({ spec }) => spec.workloadSelector !== undefined),
  'a Sidecar with an egress listener for a port': some('Sidecar', ({ spec }) => spec.egress?.some(({ port }) => port)),
  'a Sidecar with several egress listeners': some('Sidecar', ({ spec }) => (spec.egress ?? []).length > 1),
  'an egress listener with a bind address': some('Sidecar', ({ spec }) => spec.egress?.some(({ bind }) => bind)),
  'an egress listener that captures nothing': some('Sidecar', ({ spec }) => spec.egress?.some(({ captureMode }) => captureMode === 'NONE')),
  'a Sidecar with ingress': some('Sidecar', ({ spec }) => spec.ingress !== undefined),
  'a Sidecar with an outbound traffic policy': some('Sidecar', ({ spec }) => spec.outboundTrafficPolicy !== undefined),
  'a VirtualService that sends calls to a subset': routes((route) => destinationsOf(route).some(({ subset }) => subset !== undefined)),
  'a VirtualService that sends calls to another host': routes((route) => destinationsOf(route).some(({ host }) => !route.spec.hosts.includes(host))),
  ...each(['http', 'tcp', 'tls'] as const, (kind) => [`a VirtualService with ${kind} routes`, routes(({ spec }) => spec[kind] !== undefined)]),
  'a VirtualService with capitals in a host': routes(({ spec }) => spec.hosts.some(hasCapitals)),
  'a VirtualService with a dot at the end of a host': routes(({ spec }) => spec.hosts.some(endsInDot)),
  'a VirtualService with an empty match of paths': routes(({ spec }) => spec.http?.some(({ match }) => match?.some(({ uri }) => uri && Object.keys(uri).length === 0))),
  'a rule with capitals in its host': rules(({ spec }) => hasCapitals(spec.host)),
  'a rule with a dot at the end of its host': rules(({ spec }) => endsInDot(spec.host)),
  'a ServiceEntry with capitals in a host': entries(({ spec }) => spec.hosts.some(hasCapitals)),
  'a ServiceEntry with a dot at the end of a host': entries(({ spec }) => spec.hosts.some(endsInDot)),
  'an ExternalName with a dot at its end': some('Service', ({ spec }) => endsInDot(spec.externalName ?? '')),
  'a VirtualService that mirrors requests': routes(({ spec }) => spec.http?.some(({ mirror, mirrors }) => mirror || mirrors)),
  'a VirtualService for callers with labels': routes(({ spec }) =>
    [...spec.http ?? [], ...spec.tcp ?? []].some(({ match }) => match?.some(({ sourceLabels }) => sourceLabels))),
  ...each(['STATIC', 'DNS', 'DNS_ROUND_ROBIN', 'NONE'], (resolution) =>
    [`a ServiceEntry with resolution ${resolution}`, entries(({ spec }) => spec.resolution === resolution)]),
  'a ServiceEntry for HTTPS or TLS': entries(({ spec }) => spec.ports.some(({ protocol }) => protocol === 'HTTPS' || protocol === 'TLS')),
  'a ServiceEntry without a protocol': entries(({ spec }) => spec.ports.some(({ protocol }) => protocol === undefined)),
  'a ServiceEntry for MySQL': entries(({ spec }) => spec.ports.some(({ protocol }) => protocol === 'MySQL')),
  'a ServiceEntry with a range of addresses': entries(({ spec }) => spec.addresses?.some((address) => address.includes('/'))),
  'a Service whose address is said': some('Service', ({ spec }) => spec.clusterIP !== undefined && spec.clusterIP !== 'None'),
  'a Pod whose address is said': ({ objects }) => podIpsOf(objects).length > 0,
  'a ServiceEntry with the address of a Service or pod': entries(({ spec }, mesh) => (spec.addresses ?? []).some((address) => saidIn(mesh).includes(address))),
  'a ServiceEntry with an endpoint at the address of a Service or pod': entries(({ spec }, mesh) => (spec.endpoints ?? []).some(({ address }) => saidIn(mesh).includes(address))),
  'a WorkloadEntry with the address of a Service or pod': some('WorkloadEntry', ({ spec }, mesh) => saidIn(mesh).includes(spec.address)),
  'an EndpointSlice with a pod\'s address': ({ objects }) => objects.some((object) => object.kind === 'EndpointSlice'
    && podIpsOf(objects).some((address) => JSON.stringify(object).includes(`"${address}"`))),
  'a range in which something lies': entries(({ spec }, mesh) => (spec.addresses ?? []).some((range) =>
    range.includes('/') && saidIn(mesh).some((address) => address.startsWith(range.split('.').slice(0, 2).join('.'))))),
  'an endpoint by the name of a Service or pod': entries(({ spec }) => (spec.endpoints ?? []).some(({ address }) => /\.svc|^web\.a$/.test(address))),
  'a pod with a name of its own': pods((_, { subdomain }) => subdomain !== undefined),
  'a ServiceEntry with several addresses': entries(({ spec }) => (spec.addresses ?? []).length > 1),
  'a ServiceEntry with a wildcard': entries(({ spec }) => spec.hosts.some((host) => host.startsWith('*'))),
  'a ServiceEntry with the host of a Service': entries(({ spec }, { all }) => all('Service').some(({ metadata: { name, namespace } }) => spec.hosts.includes(`${name}.${namespace}.svc.cluster.local`))),
  'a ServiceEntry inside the mesh': entries(({ spec }) => spec.location === 'MESH_INTERNAL'),
  'a ServiceEntry with a workloadSelector': entries(({ spec }) => spec.workloadSelector !== undefined),
  ...each(['HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute', 'BackendTLSPolicy', 'XBackendTrafficPolicy'], (kind) => [`a ${kind}`, some(kind, () => true)]),
  'a route of the Gateway API of another namespace than its parent\'s': ({ objects }) => objects.filter(isRouteOfGatewayApi).some(({ metadata, spec }) =>
    spec.parentRefs.some(({ kind: parent, namespace = metadata.namespace }) => parent === 'Service' && namespace !== metadata.namespace)),
  'an object of the Gateway API for another revision': ({ objects }) => objects.some(({ apiVersion, metadata: { labels } }) => apiVersion.startsWith('gateway.') && labels?.['istio.io/rev']),
  ...each(['CLUSTER', 'LISTENER', 'FILTER_CHAIN', 'NETWORK_FILTER', 'HTTP_FILTER', 'VIRTUAL_HOST', 'HTTP_ROUTE'], (applyTo) =>
    [`an EnvoyFilter for ${applyTo}`, some('EnvoyFilter', ({ spec }) => spec.configPatches.some((patch) => patch.applyTo === applyTo))]),
  'a filter for requests of clients': ({ objects }) => objects.some(({ kind, spec }) => ['WasmPlugin', 'TrafficExtension'].includes(kind) && spec.type !== 'NETWORK' && spec.match?.[0]?.mode !== 'SERVER'),
  'an EnvoyFilter in the root namespace': some('EnvoyFilter', ({ metadata: { namespace } }, { root }) => namespace === root),
  'pods on a network': pods(({ labels }) => labels['topology.istio.io/network'] !== undefined),
  'proxies on a network': pods(({ annotations }) => annotations?.['proxy.istio.io/config'] !== undefined),
  'a network for all pods': some('Namespace', ({ metadata: { labels } }) => labels?.['topology.istio.io/network'] !== undefined),
  'a network that the manifests don\'t show': ({ unseen }) => unseen.some(({ metadata: { labels } }) => labels?.['topology.istio.io/network'] !== undefined),
  'a gateway between networks': some('Service', ({ metadata: { labels } }) => labels?.['topology.istio.io/network'] !== undefined),
  'a rule with the PROXY protocol': rules(({ spec }) => [spec, ...spec.subsets ?? []].some(({ trafficPolicy }) => trafficPolicy?.proxyProtocol)),
  'a WorkloadEntry': some('WorkloadEntry', () => true),
  'a WorkloadEntry with a label tlsMode': some('WorkloadEntry', ({ spec }) => 'security.istio.io/tlsMode' in spec.labels),
  'a WorkloadEntry with ports of its own': some('WorkloadEntry', ({ spec }) => spec.ports !== undefined),

  'objects of several ages': ({ ages }) => ages.size > 1,
  'objects without an age beside dated ones': ({ ages }) => ages.size > 1 && ages.has(undefined),
  'aliases of the trust domain': ({ config }) => config.trustDomainAliases !== undefined,
  'a pod with a canonical name': pods(({ labels }) => labels['service.istio.io/canonical-name'] !== undefined),
  'auto mTLS off': (mesh) => mesh.config.enableAutoMtls === false,
  'another root namespace': (mesh) => mesh.root !== 'istio-system',
  ...each(['Service', 'VirtualService', 'DestinationRule'], (kind) =>
    [`default exportTo of ${kind}s`, ({ config }) => config[`default${kind}ExportTo`] !== undefined]),
  'a mesh config with a field that istiod doesn\'t know': ({ config }) => 'mixerAddress' in config || 'enable_autoMtls' in config || 'rootNamespaces' in config,
  'a mesh config with a value of the wrong type': ({ config }) => config.trustDomain === 5 || typeof config.enableAutoMtls === 'string' || typeof config.connectTimeout === 'number',
  'a mesh config that is no JSON': ({ text, config }) => text !== undefined && text !== '{}' && Object.keys(config).length === 0,
  'discovery selectors': ({ config }) => config.discoverySelectors !== undefined,
  'ServiceEntries confined to their namespaces': ({ config }) => config.serviceEntryVisibility?.applyToSidecars === true,
  'sidecars of somebody\'s own': ({ objects }) => objects.some((object) => /customConfigFile|bootstrapOverride|discoveryAddress|ISTIO_META_ENABLE_HBONE/.test(JSON.stringify(object))),
  'sidecars that answer DNS requests': ({ objects }) => objects.some((object) => /ISTIO_META_DNS_CAPTURE/.test(JSON.stringify(object))),
  'a Service with identities of its own': some('Service', ({ metadata: { annotations } }) => Object.keys(annotations ?? {}).some((name) => name.endsWith('serviceaccounts'))),
  'TLS for hosts that sidecars look up': ({ config }) => config.outboundTrafficPolicy?.tls !== undefined,
  ...each(Object.keys(RARE_FEATURES), (name) => [name, ({ objects }) => RARE_FEATURES[name](objects)]),
  'another cluster domain': ({ clusterDomain }) => clusterDomain !== undefined,
  ...each(Object.keys(FLAGS), (flag) => [`istiod's ${flag} is ${FLAGS[flag]}`, ({ istiodEnv }) => flag in istiodEnv]),
  'REGISTRY_ONLY': (mesh) => mesh.config.outboundTrafficPolicy !== undefined && mesh.config.outboundTrafficPolicy.mode !== 'ALLOW_ANY',
};

/** The addresses of pods that manifests say. */
function podIpsOf(objects: readonly Manifest[]): readonly string[] {
  return objects.flatMap((object) => (object.kind === 'Pod' ? (object as Fields).status?.podIP ?? [] : []));
}

/** The addresses of Services and pods that manifests say. */
function saidIn({ all, objects }: DescribedMesh): readonly string[] {
  return [...all('Service').flatMap(({ spec: { clusterIP } }) => (clusterIP === undefined || clusterIP === 'None' ? [] : [clusterIP])), ...podIpsOf(objects)];
}

/** The features that a mesh has. */
export function featuresOf(mesh: JudgedMesh): string[] {
  const told = described(mesh);
  return Object.keys(FEATURES).filter((name) => FEATURES[name](told));
}

function described({ objects, unseen = [], istiodEnv = {}, clusterDomain }: JudgedMesh): DescribedMesh {
  const all = <Kind extends string>(kind: Kind) => allOf(kind, objects);
  const [text] = all('ConfigMap').map(({ data }) => data.mesh);
  const config = configIn(text);
  return {
    all,
    objects,
    unseen,
    istiodEnv,
    clusterDomain,
    config,
    text,
    root: config.rootNamespace ?? 'istio-system',
    namespaces: new Set(objects.filter(({ kind }) => kind !== 'Namespace' && kind !== 'ConfigMap').map(({ metadata }) => metadata.namespace)),
    pods: objects.flatMap(podOf),
    ages: new Set(objects.map(({ metadata }) => metadata.creationTimestamp)),
  };
}

/** The fields in a text; none if it isn't JSON. */
function configIn(text: string | undefined): Fields {
  try {
    const config = text === undefined ? {} : JSON.parse(text);
    return Array.isArray(config) ? {} : config;
  } catch {
    return {};
  }
}

function podOf({ kind, metadata, spec }: Manifest): Pod[] {
  const template = kind === 'Pod' ? { metadata, spec } : kind === 'CronJob' ? spec.jobTemplate.spec.template : spec?.template;
  if (!template?.spec?.containers) return [];
  const { containers }: PodSpec = template.spec;
  const ports = containers.flatMap((container) => (container.ports ?? []).map(({ containerPort }) => containerPort));
  return [{ namespace: metadata.namespace, labels: template.metadata.labels, metadata: template.metadata, spec: template.spec, ports }];
}
