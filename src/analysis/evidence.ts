import { Cause, causeOf } from './causes';
import { PolicyPlace, policyPlaces } from './fields';
import { Selections } from './selections';
import { ServedPorts } from './served-ports';
import { Subsets } from './subsets';
import { Suggestions } from '../findings/nearest';
import { AuthorizationPolicy } from '../mesh/authorization/authorization-policy';
import { DecidedHop } from '../mesh/connections/decisions';
import { Outcome } from '../mesh/connections/outcome';
import { ControlPlane } from '../mesh/control-plane';
import { FirstBy } from '../mesh/first-by';
import { grouped } from '../mesh/grouped';
import { Mesh } from '../mesh/mesh';
import { Labels, selects } from '../mesh/names/selector';
import { MeshObject } from '../mesh/objects/mesh-object';
import { ServerPort } from '../mesh/server/server-port';
import { Service } from '../mesh/services/service';
import { Workload } from '../mesh/workloads/workload';

/** What rules look at: the mesh, and what several of them ask about it, found once. */
export class Evidence {
  /** The ports on which workloads serve. */
  readonly servedPorts: ServedPorts;
  readonly suggestions = new Suggestions();
  /** Every hop of every path, by called host and port. */
  readonly hops: readonly DecidedHop[];

  /** The istiods of the mesh, each with its revisions. */
  readonly planes: ReadonlyMap<ControlPlane, readonly string[]>;

  private readonly byOutcome: ReadonlyMap<Outcome, readonly DecidedHop[]>;
  private byCause?: ReadonlyMap<Cause, readonly DecidedHop[]>;
  private readonly workloadsByNamespace: ReadonlyMap<string, readonly Workload[]>;
  private readonly servicesByNamespace: ReadonlyMap<string, readonly Service[]>;
  private knownNames?: ReadonlyMap<string, readonly Service[]>;
  private readonly namesByNamespace = new Map<string, readonly string[]>();
  private knownSelections?: Selections;
  private knownPlaces?: readonly PolicyPlace[];
  private knownSubsets?: Subsets;

  constructor(readonly mesh: Mesh) {
    this.planes = mesh.planes.inUse(mesh.workloads.flatMap(({ proxy: { kind, revision } }) => (kind === 'none' ? [] : [revision])));
    this.servedPorts = new ServedPorts(mesh.registry);
    this.workloadsByNamespace = grouped(mesh.workloads, ({ namespace }) => namespace);
    this.servicesByNamespace = grouped(mesh.registry.services, ({ namespace }) => namespace);
    const hops: DecidedHop[] = [];
    for (const decision of mesh.decisions.all()) for (const path of decision.paths) for (const hop of path.hops) hops.push({ decision, path, hop });
    this.hops = hops;
    this.byOutcome = grouped(hops, ({ hop }) => hop.outcome);
  }

  /** The istiods that read an object. */
  planesReading(object: MeshObject): readonly ControlPlane[] {
    return [...this.planes.keys()].filter((plane) => plane.reads(object));
  }

  /** Whether a namespace is the root namespace of any istiod. */
  isRoot(namespace: string): boolean {
    return [...this.planes.keys()].some(({ config }) => config.rootNamespace === namespace);
  }

  /** The istiod that configures a workload's sidecar. */
  planeOf({ proxy }: Workload): ControlPlane {
    return this.mesh.planes.of(proxy.revision);
  }

  /** What takes connections on a workload's port. */
  serverPort(workload: Workload, port: number): ServerPort {
    return this.mesh.dataPlanes.accept(workload, port);
  }

  /** Whom PeerAuthentications with a selector find. */
  get selections(): Selections {
    return this.knownSelections ??= Selections.of({ mesh: this.mesh, planes: [...this.planes.keys()] });
  }

  /** The AuthorizationPolicies that any istiod reads, each once. */
  get authorizationPolicies(): readonly AuthorizationPolicy[] {
    const policies = [...this.planes.keys()].flatMap(({ authorization }) => authorization.all);
    return [...new Map(policies.map((policy) => [policy.object, policy])).values()];
  }

  /** All places of all DestinationRules where `tls` may stand. */
  get policyPlaces(): readonly PolicyPlace[] {
    return this.knownPlaces ??= this.objects('DestinationRule').flatMap(policyPlaces);
  }

  /** The subsets that DestinationRules define and VirtualServices name. */
  get subsets(): Subsets {
    return this.knownSubsets ??= new Subsets(this.mesh);
  }

  objects(kind: string): readonly MeshObject[] {
    return this.mesh.objects.of(kind);
  }

  /** Every hop that comes to an outcome, by called host and port. */
  hopsTo(outcome: Outcome): readonly DecidedHop[] {
    return this.byOutcome.get(outcome) ?? [];
  }

  /** Every path that one cause breaks, by called host and port: nothing gets past its first broken hop. */
  brokenBy(cause: Cause): readonly DecidedHop[] {
    this.byCause ??= grouped(this.hopsTo('broken').filter(breaks), causeOf);
    return this.byCause.get(cause) ?? [];
  }

  /** The Namespace of a name; undefined if the manifests don't hold it. */
  namespaceNamed(name: string): MeshObject | undefined {
    return NAMED.in(this.objects('Namespace'), name);
  }

  workloadsIn(namespace: string): readonly Workload[] {
    return this.workloadsByNamespace.get(namespace) ?? [];
  }

  /** The workloads that labels select; nothing is known of a namespace without any workload in the manifests. */
  workloadsWith(namespace: string, labels: Labels): readonly Workload[] {
    return this.workloadsIn(namespace).filter((workload) => selects(labels, workload.labels));
  }

  /** The Services of a name, in whatever namespace, the oldest first. */
  servicesNamed(name: string): readonly Service[] {
    this.knownNames ??= grouped(this.mesh.registry.services.filter(isKubernetes), (service) => service.name);
    return this.knownNames.get(name) ?? [];
  }

  /** The names of a namespace's Services, the oldest first. */
  serviceNamesIn(namespace: string): readonly string[] {
    let names = this.namesByNamespace.get(namespace);
    if (!names) this.namesByNamespace.set(namespace, names = this.servicesIn(namespace).filter(isKubernetes).map(({ name }) => name));
    return names;
  }

  /** Services and hosts of ServiceEntries, the oldest first. */
  servicesIn(namespace: string): readonly Service[] {
    return this.servicesByNamespace.get(namespace) ?? [];
  }
}

const NAMED = new FirstBy<MeshObject, string>(({ name }) => name);

function isKubernetes({ registry }: Service): boolean {
  return registry === 'Kubernetes';
}

/** Whether a hop is the first of its path that is broken. */
function breaks({ path, hop }: DecidedHop): boolean {
  return path.hops.find(({ outcome }) => outcome === 'broken') === hop;
}
