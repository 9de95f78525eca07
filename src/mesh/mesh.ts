import { callsOf, AddressListeners } from './calls/calls';
import { Connection, connectionOf, ConnectionFilter, listConnections, countUndecided, summarize, Summary } from './calls/connections';
import { Counting, Decider, Decisions } from './calls/decisions';
import { CallsMade, Declaration, Declarations, madeCalls, peerCalls } from './calls/declared-calls';
import { Doubts } from './calls/doubts';
import { IstiodDoubts } from './calls/istiod-doubts';
import { MissingFact, missingFacts } from './calls/missing-facts';
import { NamedNetworks } from './calls/named-networks';
import { NetworkDoubts } from './calls/network-doubts';
import { ClientPartition, sendersOf } from './calls/partition';
import { TracedConnection, tracedConnectionOf } from './calls/traced-connection';
import { ControlPlaneFacts, DEFAULT_REVISION, MeshMode } from './config/control-plane-facts';
import { Istiods, selectingBy } from './config/istiods';
import { ParseYaml } from './config/proxy-config';
import { MeshConfigs } from './config/revisions';
import { unreadInstallations } from './config/unread-installations';
import { ControlPlanes } from './control-planes/control-planes';
import { DataPlanes, DataPlaneParts, DataPlaneTable } from './dataplane/data-planes';
import { EgressListeners } from './dataplane/sidecar/egress-listeners';
import { OutboundRoutes } from './dataplane/sidecar/outbound-routes';
import { InventoryChange, Inventory } from './inventory/inventory';
import { Namespaces } from './inventory/namespaces';
import { MeshCaller } from './model/sender';
import { withMeshMode } from './policies/mesh-mode';
import { Addresses } from './services/addresses';
import { Coverage } from './services/coverage';
import { ServiceRegistry } from './services/registry';
import { ServiceCreators } from './services/service-creators';
import { InjectionFacts } from './workloads/injection-facts';
import { missingAmong } from './workloads/missing-injection';
import { Networks } from './workloads/networks';
import { Workload } from './workloads/workload';
import { workloadsOf } from './workloads/workloads';
import { MissingInjection } from '../findings/condition';
import { WorkloadKind, WorkloadKinds } from '../manifests/kinds';
import { KIND } from './inventory/kinds';

/** What a mesh is built from besides its manifests. */
export interface MeshOptions extends InjectionFacts, ControlPlaneFacts {
  /** Namespaces with more in the cluster than in the manifests: nothing is considered missing there. */
  readonly partialNamespaces?: readonly string[];
  /** Plain objects that exist before the manifests are applied, which replace them. */
  readonly existing?: readonly unknown[];
  /** Kinds that run pods besides the well-known ones. */
  readonly workloadKinds?: readonly WorkloadKind[];
  /** What each kind of proxy does, if it differs from the model's table. */
  readonly dataPlanes?: (parts: DataPlaneParts) => DataPlaneTable;
  /** Whether workloads that declare their calls make only these, or what they make instead. By default, each may make every call. */
  readonly onlyDeclaredCalls?: boolean | CallsMade;
  /** Reads the YAML text in the mesh config's ConfigMap, and in annotations. */
  readonly parseYaml: ParseYaml;
}

/** What is judged: all connections of a mesh, or those that a change affects. */
export interface JudgedMesh {
  readonly options: MeshOptions;
  /** The names, of revisions and tags, that namespaces and pods use for the revisions assumed to be installed. */
  readonly revisions: ReadonlySet<string>;
  /** Which of the decided connections count. */
  readonly counting: Counting;
  /** The same manifests with more facts about who gets a sidecar. */
  given(facts: InjectionFacts): JudgedMesh;
  /** The same manifests in a mesh with this mode, unless they have a mesh-wide policy. */
  inMode(mode: MeshMode): JudgedMesh;
  /** The selected connections, one by one. */
  connections(filter?: ConnectionFilter): Generator<Connection>;
  /** The same, hop by hop. */
  tracedConnections(filter?: ConnectionFilter): Generator<TracedConnection>;
  /** What the undecided connections wait for. */
  missingFacts(): readonly MissingFact[];
  /** The facts that would decide who gets a sidecar. */
  missingInjection(): readonly MissingInjection[];
  /** The number of connections by outcome. */
  summary(): Summary;
  /** How many of them are undecided; faster than the whole summary. */
  undecided(): number;
}

/** Facts about the cluster besides the manifests. */
interface RunningParts {
  readonly workloads?: readonly Workload[];
  readonly clients?: readonly Workload[];
  readonly servers?: Mesh;
}

/** A mesh as its manifests define it: who is in it, who calls whom, and with what outcome. */
export class Mesh implements JudgedMesh {
  /** @param manifests plain objects, in any order */
  static of(manifests: Iterable<unknown>, options: MeshOptions): Mesh {
    const { existing, clusterDomain, workloadKinds, meshMode } = options;
    const read = { clusterDomain, workloadKinds: WorkloadKinds.with(workloadKinds) };
    const shown = existing ? Inventory.of(existing, read).applying(manifests) : Inventory.of(manifests, read);
    const configs = MeshConfigs.of(shown, options.parseYaml, options);
    const objects = meshMode ? withMeshMode(shown, configs.of(DEFAULT_REVISION).rootNamespace, meshMode) : shown;
    return new Mesh(objects, Namespaces.of(objects), configs, options);
  }

  /** What runs, and serves: by namespace, name and kind. */
  readonly workloads: readonly Workload[];
  /** Who calls, in the same order. */
  readonly callers: readonly MeshCaller[];
  readonly registry: ServiceRegistry;
  readonly coverage: Coverage;
  readonly planes: ControlPlanes;
  readonly dataPlanes: DataPlanes;
  readonly networks: Networks;
  readonly decisions: Decisions;
  readonly doubts: Doubts;
  readonly istiods: Istiods;
  /** What workloads declare of the calls that they make. */
  readonly declarations: ReadonlyMap<MeshCaller, Declaration>;

  private constructor(
    readonly objects: Inventory, readonly namespaces: Namespaces, readonly configs: MeshConfigs, readonly options: MeshOptions,
    { workloads: running, clients, servers }: RunningParts = {},
  ) {
    this.istiods = Istiods.of(objects, options);
    this.networks = new Networks(objects, namespaces, configs, options);
    const workloads = running ?? workloadsOf(objects, namespaces, configs, { ...options, networks: this.networks, istiods: this.istiods });
    this.workloads = workloads;
    this.callers = clients ?? workloads;
    const inUse = workloads.flatMap(({ proxy }) => (proxy.encrypts === true ? [this.istiods.of(proxy.revision)] : []));
    const [istiod = this.istiods.of(DEFAULT_REVISION)] = new Set(inUse);
    this.registry = ServiceRegistry.of(objects, workloads, options.clusterDomain, selectingBy(istiod));
    this.coverage = new Coverage(this.registry, workloads, objects.of(KIND.WorkloadGroup), new ServiceCreators(objects),
      options.partialNamespaces);
    this.planes = new ControlPlanes(configs, this.istiods, this.registry, objects, namespaces);
    const addresses = new Addresses(this.registry);
    const listeners = new EgressListeners(this.registry);
    const inbound = servers?.dataPlanes.receivers;
    const calls = callsOf(this.registry, new AddressListeners(addresses, listeners));
    this.declarations = new Declarations(calls, this.registry, this.coverage).of(this.callers);
    const peers = peerCalls(options.onlyDeclaredCalls, this.callers, this.declarations);
    this.dataPlanes = new DataPlanes(
      this.planes, new OutboundRoutes(listeners), addresses, this.coverage, peers, options.dataPlanes, inbound);
    const named = new NamedNetworks(objects, workloads, this.networks);
    this.doubts = new Doubts(servers?.planes ?? this.planes, new NetworkDoubts(this.networks, named), new IstiodDoubts(istiod));
    const senders = sendersOf(this.callers, this.dataPlanes);
    this.decisions = new Decisions(calls, senders, new ClientPartition(senders, this.registry),
      new Decider(this.dataPlanes, addresses, this.doubts), madeCalls(options.onlyDeclaredCalls, calls, this.declarations));
  }

  get revisions(): ReadonlySet<string> {
    return new Set(this.workloads.flatMap(({ proxy: { lacks, asked } }) => (lacks || asked === undefined ? [] : [asked])));
  }

  get counting(): Counting {
    return this.decisions;
  }

  /** What to know about the control plane besides what is decided, one sentence each. */
  get notes(): readonly string[] {
    return [...this.configs.contradictions(), ...this.configs.faults(), ...this.istiods.notes, ...unreadInstallations(this.objects)];
  }

  given(facts: InjectionFacts): Mesh {
    return new Mesh(this.objects, this.namespaces, this.configs, { ...this.options, ...facts });
  }

  inMode(mode: MeshMode): Mesh {
    const objects = withMeshMode(this.objects, this.configs.of(DEFAULT_REVISION).rootNamespace, mode);
    return new Mesh(objects, this.namespaces, this.configs, this.options);
  }

  /** Whether workloads that declare their calls make only these. */
  get countsDeclaredCalls(): boolean {
    const { onlyDeclaredCalls: made = false } = this.options;
    return typeof made === 'object' ? made.isLimiting : made;
  }

  /** The same mesh, in which every workload may make every call. */
  withAllCalls(): Mesh {
    return this.countsDeclaredCalls ? this.withCalls(false) : this;
  }

  /** The same mesh and workloads, which make other calls. */
  withCalls(onlyDeclaredCalls: MeshOptions['onlyDeclaredCalls']): Mesh {
    const { objects, namespaces, configs, options, workloads, callers } = this;
    return new Mesh(objects, namespaces, configs, { ...options, onlyDeclaredCalls }, { workloads, clients: callers });
  }

  /** The mesh after some changes. */
  with(...changes: readonly InventoryChange[]): Mesh {
    const { options } = this;
    const objects = this.objects.with(changes);
    return new Mesh(objects, Namespaces.of(objects), MeshConfigs.of(objects, options.parseYaml, options), options);
  }

  /**
   * The mesh after some changes, while other pods run than its objects describe.
   *
   * @param workloads the servers, by namespace, name and kind; a workload during a rollout is listed twice
   * @param clients the clients, if they differ
   */
  running(changes: readonly InventoryChange[], workloads: readonly Workload[], clients = workloads): Mesh {
    const { options } = this;
    const objects = this.objects.with(changes);
    return new Mesh(objects, Namespaces.of(objects), MeshConfigs.of(objects, options.parseYaml, options), options, { workloads, clients });
  }

  /**
   * The mesh while its clients have this configuration, and its servers that of another state.
   *
   * @param servers the state that they are from, with the same workloads
   */
  towards(servers: Mesh): Mesh {
    const { objects, namespaces, configs, options, workloads } = this;
    return new Mesh(objects, namespaces, configs, options, { workloads, servers });
  }

  connections(filter: ConnectionFilter = {}): Generator<Connection> {
    return listConnections(this.decisions, this.callers, filter, connectionOf);
  }

  tracedConnections(filter: ConnectionFilter = {}): Generator<TracedConnection> {
    return listConnections(this.decisions, this.callers, filter, tracedConnectionOf);
  }

  missingFacts(): readonly MissingFact[] {
    return missingFacts(this.decisions, this.planes, this.counting);
  }

  missingInjection(): readonly MissingInjection[] {
    return missingAmong(this.workloads);
  }

  summary(): Summary {
    return summarize(this.decisions.all(), this.decisions);
  }

  undecided(): number {
    return countUndecided(this.decisions);
  }
}
