import { isInjected } from './injected-labels';
import { Container, PodSource, PodTemplate } from './pod-template';
import { Proxy } from './proxy';
import { FieldPath, valueAt } from '../../findings/finding';
import { indexedMappings, Mapping, mapping, text } from '../../manifests/mapping';
import { ControlPlaneFacts, DEFAULT_REVISION, INJECTOR_CONFIG_MAP, nameForRevision } from '../config/control-plane-facts';
import { EffectiveMeshConfig, meshConfigAt } from '../config/mesh-config';
import { mappingIn, networkOf, ParseYaml, NETWORK_VARIABLE, PROXY_CONFIG } from '../config/proxy-config';
import { MeshConfigs } from '../config/revisions';
import { FieldRef, within } from '../inventory/field-ref';
import { Inventory } from '../inventory/inventory';
import { KIND } from '../inventory/kinds';
import { Namespaces } from '../inventory/namespaces';
import { MeshObject, readObject } from '../inventory/object';
import { Labels } from '../names/labels';

/** The label with which pods, machines and istiod's namespace set their network. */
export const NETWORK = 'topology.istio.io/network';

/** The name of a sidecar's container. */
const PROXY = 'istio-proxy';

const LABEL: FieldPath = ['metadata', 'labels', NETWORK];

/** istiod's namespace by default. */
export const SYSTEM_NAMESPACE = 'istio-system';

/** The network of something, as far as manifests say. */
export interface Network {
  /** Empty: none in particular. Undefined: the manifests don't contain what sets it. */
  readonly name?: string;
  /** Whether addresses or clusters determine which one it is. */
  readonly unclear?: boolean;
  /** Whether it is that of everything in the cluster that sets none itself. */
  readonly isShared?: boolean;
  /** The revision whose injector may set another one: the manifests don't contain its values. */
  readonly injector?: string;
  /** What sets it. */
  readonly at?: FieldRef;
}

/** What names a network. */
export type NamedNetwork = Pick<Network, 'name' | 'at'>;

/** A server that isn't a pod, as far as its network goes. */
interface Placed {
  readonly network?: string;
  readonly labels: Mapping;
  /** The WorkloadEntry that describes it. */
  readonly entry?: { readonly object: MeshObject };
}

/** What networks are read from besides objects. */
interface NetworkFacts extends Pick<ControlPlaneFacts, 'istiodNamespace' | 'meshConfigs'> {
  readonly parseYaml: ParseYaml;
}

/**
 * Whether clients call servers directly, rather than through a gateway between their networks. istiod considers servers
 * without a network near. An injector sets the same network for all pods that it injects, as clients and as servers.
 *
 * @param areSeveral whether anything names a network; if not, there is only one
 */
export function isDirect(client: Network, server: Network, areSeveral: boolean): boolean {
  if (!areSeveral) return true;
  if (server.injector !== undefined && server.injector !== client.injector) return false;
  if (server.name === '') return true;
  if (client.unclear || server.unclear) return false;
  const areShared = client.isShared === true && server.isShared === true;
  return areShared || (client.name !== undefined && client.name === server.name);
}

/** The networks of a mesh's pods, machines and proxies. */
export class Networks {
  /** The network of all that don't set it themselves. */
  private readonly shared: Network;
  private readonly byInjector = new Map<string, Network>();
  private namedByInjectors?: boolean;
  /** The network, as servers, of the pods that an injector whose values aren't in the manifests leaves without one. */
  private readonly injectedInto = new Map<string, Network>();

  /** istiod's. */
  private readonly systemNamespace: string;
  private readonly parseYaml: ParseYaml;
  /** What ProxyConfigs name, of which each may be for some pods of its namespace only. */
  private readonly proxyConfigs: readonly Required<NamedNetwork>[];
  /** The given ConfigMaps of injectors. */
  private readonly injectors: readonly MeshObject[];

  constructor(
    private readonly objects: Inventory, namespaces: Namespaces, private readonly configs: MeshConfigs,
    { parseYaml, istiodNamespace, meshConfigs = [] }: NetworkFacts,
  ) {
    this.parseYaml = parseYaml;
    this.injectors = meshConfigs.flatMap(({ injector }) => readObject(injector) ?? []);
    this.proxyConfigs = objects.of(KIND.ProxyConfig).flatMap((object) => networkOfProxyConfig(object) ?? []);
    this.systemNamespace = istiodNamespace ?? configs.object?.namespace ?? SYSTEM_NAMESPACE;
    this.shared = this.readShared(namespaces);
  }

  /** The network of pods as their manifest describes them. */
  ofPods(labels: Labels, pods: PodSource): Network {
    return labels[NETWORK] ? { name: labels[NETWORK], at: within(pods, ...LABEL) } : this.shared;
  }

  /** The network of servers as istiod knows them: the injector labels pods that have no such label with its own network. */
  ofServers(pods: PodSource, { containers, labels }: PodTemplate, { kind, revision }: Proxy): Network {
    if (labels[NETWORK] !== undefined || !isInjected(kind) || runsOwnProxy(containers)) return this.ofPods(labels, pods);
    const injected = this.injected(revision);
    if (injected.name !== undefined) return injected.name === '' ? this.shared : injected;
    let known = this.injectedInto.get(revision);
    if (!known) this.injectedInto.set(revision, known = { ...this.shared, injector: revision });
    return known;
  }

  /** Undefined: a bare address, which sets nothing itself. */
  ofMachine(machine: Placed | undefined): Network {
    const name = machine?.network ?? text(machine?.labels[NETWORK]);
    if (name === undefined) return this.shared;
    const object = machine?.entry?.object;
    if (machine?.network !== undefined) return { name, at: refOf(object, 'spec', 'network') };
    return { name, at: object?.labels[NETWORK] === undefined ? refOf(object, 'spec', 'labels', NETWORK) : refOf(object, ...LABEL) };
  }

  /**
   * The network that clients call from. A sidecar gets it from its pod's label, else the injector's values, else its container,
   * its pod's annotation or the mesh config. Where the injector's values aren't in the manifests, they set none if the others do, unless
   * another injector's name one.
   *
   * @param config the mesh config as it applies to the pod
   */
  ofClient(pods: PodSource, { containers, labels, annotations }: PodTemplate, proxy: Proxy, config: EffectiveMeshConfig): Network {
    if (proxy.encrypts !== true) return this.ofPods(labels, pods);
    const own = containers.find(({ name }) => name === PROXY)?.network;
    const isOwn = own !== undefined && runsOwnProxy(containers);
    if (labels[NETWORK] && !isOwn) return this.ofPods(labels, pods);
    const injected = this.injected(proxy.revision);
    const mayInject = injected.name === undefined ? this.isNamedByInjectors : injected.name !== '';
    if (mayInject && labels[NETWORK] === undefined && !isOwn) return injected;
    if (own !== undefined) return { name: own, at: variableAt(pods) };
    const annotation = annotations[PROXY_CONFIG];
    const isAnnotated = annotation !== undefined && networkOf(mappingIn(annotation, this.parseYaml)) !== undefined;
    const proxyConfig = isAnnotated ? undefined : this.proxyConfigs.find(({ at: { object: { namespace } } }) => (
      namespace === pods.object.namespace || namespace === config.rootNamespace));
    if (proxyConfig) return { ...proxyConfig, unclear: true };
    if (!config.network) return injected;
    const injector = labels[NETWORK] === undefined ? injected.injector : undefined;
    const at = isAnnotated
      ? within(pods, 'metadata', 'annotations', PROXY_CONFIG)
      : meshConfigAt(this.configs.of(proxy.revision), 'defaultConfig', 'proxyMetadata', NETWORK_VARIABLE);
    return { name: config.network, injector, at };
  }

  private injected(revision: string): Network {
    let known = this.byInjector.get(revision);
    if (!known) this.byInjector.set(revision, known = this.ofInjector(revision));
    return known;
  }

  /** The injector's network: an absent one means none, if its values are known. */
  private ofInjector(revision: string): Network {
    const wanted = nameForRevision(INJECTOR_CONFIG_MAP, revision);
    const by = this.configMaps.find(({ name }) => name === wanted);
    const values = this.valuesIn(by);
    return values ? { name: text(values.network) ?? '', at: refOf(by, 'data', 'values') } : { injector: revision };
  }

  /** Whether the values of some injector name a network. */
  private get isNamedByInjectors(): boolean {
    return this.namedByInjectors ??= this.configMaps.some((object) => Boolean(text(this.valuesIn(object)?.network)));
  }

  private get configMaps(): readonly MeshObject[] {
    return [...this.objects.of(KIND.ConfigMap), ...this.injectors];
  }

  /** The global values in an injector's ConfigMap. */
  private valuesIn(object: MeshObject | undefined): Mapping | undefined {
    const values = text(dataOf(object)?.values);
    return values === undefined ? undefined : mapping(mappingIn(values, this.parseYaml).global);
  }

  /** What of the installation names a network, for whatever it is. */
  get namedBy(): NamedNetwork | undefined {
    const { shared, configs } = this;
    if (shared.name || shared.unclear) return shared;
    const named = [DEFAULT_REVISION, ...configs.revisions].map((revision) => configs.of(revision)).find(({ network }) => network);
    if (named) return { name: named.network, at: meshConfigAt(named, 'defaultConfig', 'proxyMetadata', NETWORK_VARIABLE) };
    for (const object of this.configMaps) {
      const { network, meshNetworks } = this.valuesIn(object) ?? {};
      if (text(network)) return { name: text(network), at: refOf(object, 'data', 'values') };
      if (Object.keys(mapping(meshNetworks)).length > 0) return { at: refOf(object, 'data', 'values') };
      if (this.listsNetworks(object)) return { at: refOf(object, 'data', 'meshNetworks') };
    }
    return undefined;
  }

  private listsNetworks(object: MeshObject | undefined): boolean {
    const { networks } = mappingIn(text(dataOf(object)?.meshNetworks) ?? '', this.parseYaml);
    return Object.keys(mapping(networks)).length > 0;
  }

  /** What a namespace's labels say of the network of all that don't set it themselves; undefined: nothing, or it doesn't exist. */
  labelOf(namespace: string, labels: Labels | undefined): string | undefined {
    return namespace === this.systemNamespace && labels ? labels[NETWORK] || '' : undefined;
  }

  private readShared(namespaces: Namespaces): Network {
    const { configs: { object: config }, systemNamespace } = this;
    const label = this.labelOf(systemNamespace, namespaces.labelsOf(systemNamespace));
    if (label) {
      const namespace = this.objects.of(KIND.Namespace).find(({ name }) => name === systemNamespace);
      return { name: label, isShared: true, at: refOf(namespace, ...LABEL) };
    }
    if (this.listsNetworks(config)) return { unclear: true, isShared: true, at: refOf(config, 'data', 'meshNetworks') };
    return { name: label, isShared: true };
  }
}

/** Whether a pod's manifest already contains its proxy, rather than settings for the injected one. */
function runsOwnProxy(containers: readonly Container[]): boolean {
  return containers.some(({ name, words }) => name === PROXY && words.length > 0);
}

/** The network that a ProxyConfig names. */
export function networkOfProxyConfig(object: MeshObject): Required<NamedNetwork> | undefined {
  const name = text(mapping(object.spec.environmentVariables)[NETWORK_VARIABLE]);
  return name ? { name, at: { object, field: ['spec', 'environmentVariables', NETWORK_VARIABLE] } } : undefined;
}

/** Where the proxy's container sets its network. */
function variableAt({ object, field }: PodSource): FieldRef {
  const found = ['containers', 'initContainers'].flatMap((list) => indexedMappings(valueAt(object.source, [...field, 'spec', list]))
    .filter(([, { name }]) => name === PROXY)
    .flatMap(([index, { env }]) => indexedMappings(env).filter(([, { name }]) => name === NETWORK_VARIABLE)
      .map(([variable]) => [...field, 'spec', list, index, 'env', variable])));
  return { object, field: found[0] ?? field };
}

function refOf(object: MeshObject | undefined, ...field: FieldPath): FieldRef | undefined {
  return object && { object, field };
}

function dataOf(object: MeshObject | undefined): Readonly<Record<string, unknown>> | undefined {
  return object && mapping((object.source as { data?: unknown }).data);
}
