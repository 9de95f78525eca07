import { Proxy } from './injection';
import { PodTemplate } from './pod-template';
import { FieldPath } from '../../findings/finding';
import { mapping, text } from '../../manifests/mapping';
import { ControlPlaneFacts, DEFAULT_REVISION, INJECTOR_CONFIG_MAP, nameForRevision } from '../config/control-plane-facts';
import { MeshConfig } from '../config/mesh-config';
import { mappingIn, ParseYaml, NETWORK_VARIABLE } from '../config/proxy-config';
import { MeshConfigs } from '../config/revisions';
import { FieldRef } from '../inventory/field-ref';
import { Inventory } from '../inventory/inventory';
import { Namespaces } from '../inventory/namespaces';
import { MeshObject, readObject } from '../inventory/object';
import { Labels } from '../names/labels';
import { Machine } from '../services/machine';

/** The label with which pods, machines and istiod's namespace set their network. */
const NETWORK = 'topology.istio.io/network';

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

/** What networks are read from besides objects. */
interface NetworkFacts extends Pick<ControlPlaneFacts, 'istiodNamespace' | 'meshConfigs'> {
  readonly parseYaml: ParseYaml;
}

/** Whether clients call servers directly, rather than through a gateway between their networks. istiod considers servers without a network near. */
export function isDirect(client: Network, server: Network): boolean {
  return server.name === '' || (!client.unclear && !server.unclear && client.name === server.name);
}

/** The networks of a mesh's pods, machines and proxies. */
export class Networks {
  /** The network of all that don't set it themselves. */
  private readonly shared: Network;
  private readonly byInjector = new Map<string, Network>();

  private readonly parseYaml: ParseYaml;
  /** The given ConfigMaps of injectors. */
  private readonly injectors: readonly MeshObject[];

  constructor(
    private readonly objects: Inventory, namespaces: Namespaces, private readonly configs: MeshConfigs,
    { parseYaml, istiodNamespace, meshConfigs = [] }: NetworkFacts,
  ) {
    this.parseYaml = parseYaml;
    this.injectors = meshConfigs.flatMap(({ injector }) => readObject(injector) ?? []);
    this.shared = this.readShared(namespaces, istiodNamespace);
  }

  ofPods(labels: Labels, object: MeshObject): Network {
    return labels[NETWORK] ? { name: labels[NETWORK], at: { object, field: LABEL } } : this.shared;
  }

  /** Undefined: a bare address, which sets nothing itself. */
  ofMachine(machine: Machine | undefined): Network {
    const name = machine?.network ?? text(machine?.labels[NETWORK]);
    return name === undefined ? this.shared : { name, at: refOf(machine?.entry?.object, 'spec', 'network') };
  }

  /**
   * The network that clients call from. A sidecar gets it from its container, its pod's annotation, the mesh config or the
   * injector's values, never from its pod's label.
   *
   * @param config the mesh config as it applies to the pod
   */
  ofClient(object: MeshObject, { containers, labels }: PodTemplate, proxy: Proxy, config: MeshConfig): Network {
    if (proxy.kind !== 'sidecar') return this.ofPods(labels, object);
    const own = containers.find(({ name }) => name === 'istio-proxy')?.network ?? config.network;
    if (own === undefined) return this.injected(proxy.revision);
    const { network, object: meshConfig } = this.configs.of(proxy.revision);
    return { name: own, at: refOf(own === network ? meshConfig : object, NETWORK_VARIABLE) };
  }

  private injected(revision: string): Network {
    let known = this.byInjector.get(revision);
    if (!known) this.byInjector.set(revision, known = this.ofInjector(revision));
    return known;
  }

  /** The injector's network for those that nothing else sets: an absent one means none, if its values are known. */
  private ofInjector(revision: string): Network {
    const wanted = nameForRevision(INJECTOR_CONFIG_MAP, revision);
    const by = [...this.objects.of('ConfigMap'), ...this.injectors].find(({ name }) => name === wanted);
    const values = text(dataOf(by)?.values);
    return values === undefined ? {} : { name: text(mapping(mappingIn(values, this.parseYaml).global).network) ?? '', at: refOf(by, 'data', 'values') };
  }

  private readShared(namespaces: Namespaces, istiodNamespace: string | undefined): Network {
    const { object: config } = this.configs.of(DEFAULT_REVISION);
    const systemNamespace = istiodNamespace ?? config?.namespace ?? SYSTEM_NAMESPACE;
    const labels = namespaces.labelsOf(systemNamespace);
    if (labels?.[NETWORK]) return { name: labels[NETWORK], at: refOf(this.objects.of('Namespace').find(({ name }) => name === systemNamespace), ...LABEL) };
    const networks = mappingIn(text(dataOf(config)?.meshNetworks) ?? '', this.parseYaml).networks;
    if (Object.keys(mapping(networks)).length > 0) return { unclear: true, at: refOf(config, 'data', 'meshNetworks') };
    return { name: labels && '' };
  }
}

function refOf(object: MeshObject | undefined, ...field: FieldPath): FieldRef | undefined {
  return object && { object, field };
}

function dataOf(object: MeshObject | undefined): Readonly<Record<string, unknown>> | undefined {
  return object && mapping((object.source as { data?: unknown }).data);
}
