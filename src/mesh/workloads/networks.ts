import { PodSource, PodTemplate } from './pod-template';
import { Proxy } from './proxy';
import { FieldPath, valueAt } from '../../findings/finding';
import { indexedMappings, Mapping, mapping, text } from '../../manifests/mapping';
import { ControlPlaneFacts, INJECTOR_CONFIG_MAP, nameForRevision } from '../config/control-plane-facts';
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
const NETWORK = 'topology.istio.io/network';

/** The name of a sidecar's container. */
const PROXY = 'istio-proxy';

const LABEL: FieldPath = ['metadata', 'labels', NETWORK];

/** istiod's namespace by default. */
export const SYSTEM_NAMESPACE = 'istio-system';

/** The network of something, as far as manifests say. */
export interface Network {
  /** Empty: none in particular. Undefined: nothing sets it, as with a single network. */
  readonly name?: string;
  /** Whether addresses or clusters determine which one it is. */
  readonly unclear?: boolean;
  /** What sets it. */
  readonly at?: FieldRef;
}

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
 * Whether clients call servers directly, rather than through a gateway between their
 * networks. istiod considers servers without a network near.
 */
export function isDirect(client: Network, server: Network): boolean {
  return server.name === '' || (!client.unclear && !server.unclear && client.name === server.name);
}

/** The networks of a mesh's pods, machines and proxies. */
export class Networks {
  /** The network of all that don't set it themselves. */
  private readonly shared: Network;
  private readonly byInjector = new Map<string, Network>();

  /** istiod's. */
  private readonly systemNamespace: string;
  private readonly parseYaml: ParseYaml;
  /** The given ConfigMaps of injectors. */
  private readonly injectors: readonly MeshObject[];

  constructor(
    private readonly objects: Inventory, namespaces: Namespaces, private readonly configs: MeshConfigs,
    { parseYaml, istiodNamespace, meshConfigs = [] }: NetworkFacts,
  ) {
    this.parseYaml = parseYaml;
    this.injectors = meshConfigs.flatMap(({ injector }) => readObject(injector) ?? []);
    this.systemNamespace = istiodNamespace ?? configs.object?.namespace ?? SYSTEM_NAMESPACE;
    this.shared = this.readShared(namespaces);
  }

  ofPods(labels: Labels, pods: PodSource): Network {
    return labels[NETWORK] ? { name: labels[NETWORK], at: within(pods, ...LABEL) } : this.shared;
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
   * The network that clients call from. A sidecar gets it from its container, its pod's annotation, the mesh config or the
   * injector's values, never from its pod's label.
   *
   * @param config the mesh config as it applies to the pod
   */
  ofClient(pods: PodSource, { containers, labels, annotations }: PodTemplate, proxy: Proxy, config: EffectiveMeshConfig): Network {
    if (proxy.encrypts !== true) return this.ofPods(labels, pods);
    const own = containers.find(({ name }) => name === PROXY)?.network;
    if (own !== undefined) return { name: own, at: variableAt(pods) };
    if (config.network === undefined) return this.injected(proxy.revision);
    const annotation = annotations[PROXY_CONFIG];
    const isAnnotated = annotation !== undefined && networkOf(mappingIn(annotation, this.parseYaml)) !== undefined;
    const at = isAnnotated
      ? within(pods, 'metadata', 'annotations', PROXY_CONFIG)
      : meshConfigAt(this.configs.of(proxy.revision), 'defaultConfig', 'proxyMetadata', NETWORK_VARIABLE);
    return { name: config.network, at };
  }

  private injected(revision: string): Network {
    let known = this.byInjector.get(revision);
    if (!known) this.byInjector.set(revision, known = this.ofInjector(revision));
    return known;
  }

  /** The injector's network for those that nothing else sets: an absent one means none, if its values are known. */
  private ofInjector(revision: string): Network {
    const wanted = nameForRevision(INJECTOR_CONFIG_MAP, revision);
    const by = [...this.objects.of(KIND.ConfigMap), ...this.injectors].find(({ name }) => name === wanted);
    const values = text(dataOf(by)?.values);
    return values === undefined ? {} : {
      name: text(mapping(mappingIn(values, this.parseYaml).global).network) ?? '', at: refOf(by, 'data', 'values'),
    };
  }

  /** What a namespace's labels say of the network of all that don't set it themselves; undefined: nothing, or it doesn't exist. */
  labelOf(namespace: string, labels: Labels | undefined): string | undefined {
    return namespace === this.systemNamespace && labels ? labels[NETWORK] || '' : undefined;
  }

  private readShared(namespaces: Namespaces): Network {
    const { configs: { object: config }, systemNamespace } = this;
    const label = this.labelOf(systemNamespace, namespaces.labelsOf(systemNamespace));
    if (label) return { name: label, at: refOf(this.objects.of(KIND.Namespace).find(({ name }) => name === systemNamespace), ...LABEL) };
    const networks = mappingIn(text(dataOf(config)?.meshNetworks) ?? '', this.parseYaml).networks;
    if (Object.keys(mapping(networks)).length > 0) return { unclear: true, at: refOf(config, 'data', 'meshNetworks') };
    return { name: label };
  }
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
