import { Cause, causeOf } from './causes';
import { MeshLookup, lookupOf, ServedPorts } from './mesh-lookup';
import { JudgedCa, judgedCas } from './plugged-cas';
import { PolicyTargets } from './policy-targets';
import { Subsets } from './subsets';
import { HORIZON_DAYS } from '../certificates/ca-checks';
import { CalendarDate } from '../findings/acknowledgement';
import { Suggestions } from '../findings/nearest';
import { AuthorizationPolicy } from '../mesh/authorization/policy';
import { DecidedHop, Decision } from '../mesh/calls/decisions';
import { SigningIstiod, signingIstiods } from '../mesh/certificates/workload-ca';
import { FirstBy, grouped } from '../mesh/collections';
import { ControlPlane } from '../mesh/control-planes/control-plane';
import { KIND, KindName } from '../mesh/inventory/kinds';
import { MeshObject } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';
import { Receiver } from '../mesh/model/receiver';
import { Outcome } from '../mesh/model/transport';
import { Labels, selects } from '../mesh/names/labels';
import { DestinationRule, policiesOf, PolicyOfRule, readDestinationRule } from '../mesh/policies/destination-rule';
import { portOf, Service } from '../mesh/services/service';
import { Workload } from '../mesh/workloads/workload';

/** The input of rules: the mesh, and answers that several rules need, each computed once. */
export class Evidence {
  /** The served ports that accept plaintext. */
  readonly openPorts = new OpenPorts(this);
  readonly suggestions = new Suggestions();
  /** Every hop of every path, by called host and port. */
  readonly hops: readonly DecidedHop[];

  private readonly byOutcome: ReadonlyMap<Outcome, readonly DecidedHop[]>;
  private byCause?: ReadonlyMap<Cause, readonly DecidedHop[]>;
  private readonly lookup: MeshLookup;
  private knownNames?: ReadonlyMap<string, readonly Service[]>;
  private readonly namesByNamespace = new Map<string, readonly string[]>();
  private knownTargets?: PolicyTargets;
  private knownRules?: readonly DestinationRule[];
  private knownTrafficPolicies?: readonly PolicyOfRule[];
  private knownSubsets?: Subsets;
  private knownCas?: readonly JudgedCa[];
  private knownIstiods?: readonly SigningIstiod[];

  /**
   * @param today the day for which CAs are checked; undefined if none is, such as when trying a change that can't affect them
   * @param decisions the decisions that count; by default all
   * @param caHorizonDays the days from then on for which certificates of CAs should be valid
   */
  constructor(
    readonly mesh: Mesh, private readonly today?: CalendarDate, decisions: Iterable<Decision> = mesh.decisions.all(),
    private readonly caHorizonDays = HORIZON_DAYS,
  ) {
    this.lookup = lookupOf(mesh);
    const hops: DecidedHop[] = [];
    for (const decision of decisions) for (const path of decision.paths) for (const hop of path.hops) hops.push({ decision, path, hop });
    this.hops = hops;
    this.byOutcome = grouped(hops, ({ hop }) => hop.outcome);
  }

  /** The istiods of the mesh, each with its revisions. */
  get planes(): ReadonlyMap<ControlPlane, readonly string[]> {
    return this.lookup.planes;
  }

  /** The ports on which workloads serve. */
  get servedPorts(): ServedPorts {
    return this.lookup.servedPorts;
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

  /** The receiver on a workload's port. */
  receiverAt(workload: Workload, port: number): Receiver {
    return this.mesh.dataPlanes.accept(workload, port);
  }

  /** The workloads that PeerAuthentications with a selector select. */
  get policyTargets(): PolicyTargets {
    return this.knownTargets ??= PolicyTargets.of(this.mesh, [...this.planes.keys()]);
  }

  /** The AuthorizationPolicies that any istiod reads, each once. */
  get authorizationPolicies(): readonly AuthorizationPolicy[] {
    const policies = [...this.planes.keys()].flatMap(({ authorization }) => authorization.all);
    return [...new Map(policies.map((policy) => [policy.object, policy])).values()];
  }

  /** All DestinationRules, whichever istiods read them. */
  get destinationRules(): readonly DestinationRule[] {
    return this.knownRules ??= this.objects('DestinationRule').map(readDestinationRule);
  }

  /** All policies of these rules, for all ports or for one. */
  get trafficPolicies(): readonly PolicyOfRule[] {
    return this.knownTrafficPolicies ??= this.destinationRules.flatMap((rule) => [...policiesOf(rule)]);
  }

  /** The subsets that DestinationRules define and VirtualServices name. */
  get subsets(): Subsets {
    return this.knownSubsets ??= new Subsets(this.mesh);
  }

  /** The CAs that the manifests plug into istiods, with their faults. */
  get pluggedCas(): readonly JudgedCa[] {
    return this.knownCas ??= this.today === undefined ? [] : judgedCas(this.mesh, this.today, this.caHorizonDays);
  }

  /** The istiods in the manifests, whether they sign, and which CA their proxies ask for certificates. */
  get signingIstiods(): readonly SigningIstiod[] {
    return this.knownIstiods ??= signingIstiods(this.mesh);
  }

  objects(kind: KindName): readonly MeshObject[] {
    return this.mesh.objects.of(KIND[kind]);
  }

  /** Every hop with an outcome, by called host and port. */
  hopsTo(outcome: Outcome): readonly DecidedHop[] {
    return this.byOutcome.get(outcome) ?? [];
  }

  /**
   * Every path with a broken hop of this cause, by called host and port.
   * Only the first broken hop of a path counts: no request gets past it.
   */
  brokenBy(cause: Cause): readonly DecidedHop[] {
    this.byCause ??= grouped(this.hopsTo('broken').filter(breaks), causeOf);
    return this.byCause.get(cause) ?? [];
  }

  /** The Namespace with a name; undefined if the manifests lack it. */
  namespaceNamed(name: string): MeshObject | undefined {
    return NAMED.in(this.objects('Namespace'), name);
  }

  workloadsIn(namespace: string): readonly Workload[] {
    return this.lookup.workloadsByNamespace.get(namespace) ?? [];
  }

  /** The workloads with some labels; a namespace without any workload in the manifests is unknown. */
  workloadsWith(namespace: string, labels: Labels): readonly Workload[] {
    return this.workloadsIn(namespace).filter((workload) => selects(labels, workload.labels));
  }

  /** The Services with a name in all namespaces, the oldest first. */
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
    return this.lookup.servicesByNamespace.get(namespace) ?? [];
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

/** A port of a workload whose sidecar accepts callers without a certificate. */
export interface OpenPort {
  readonly workload: Workload;
  readonly port: number;
  readonly receiver: Receiver;
}

/** Finds the ports that accept plaintext, among those that a container or service names. */
class OpenPorts {
  private readonly known = new Map<Workload, readonly OpenPort[]>();

  constructor(private readonly evidence: Evidence) {}

  of(workload: Workload): readonly OpenPort[] {
    let found = this.known.get(workload);
    if (!found) this.known.set(workload, found = this.find(workload));
    return found;
  }

  private find(workload: Workload): readonly OpenPort[] {
    const { servedPorts } = this.evidence;
    return servedPorts.of(workload)
      .map((port) => ({ workload, port, receiver: this.evidence.receiverAt(workload, port) }))
      .filter((open) => this.isOpen(open));
  }

  /** A PERMISSIVE default is only certain if the manifests would contain the policies of the namespace and of the mesh. */
  private isOpen({ workload, receiver: { mode, enforced } }: OpenPort): boolean {
    if (mode !== 'PERMISSIVE' && mode !== 'DISABLE') return false;
    return enforced!.level !== 'default' || this.holdsPoliciesFor(workload);
  }

  private holdsPoliciesFor(workload: Workload): boolean {
    const { config } = this.evidence.planeOf(workload);
    const { coverage } = this.evidence.mesh;
    if (coverage.isPartial(workload.namespace) || coverage.isPartial(config.rootNamespace)) return false;
    return config.object !== undefined || this.evidence.mesh.namespaces.labelsOf(config.rootNamespace) !== undefined
      || this.evidence.workloadsIn(config.rootNamespace).length > 0;
  }
}

/** A workload's port that accepts only mutual TLS. */
interface StrictServer {
  readonly workload: Workload;
  readonly number: number;
  readonly receiver: Receiver;
}

/** The workloads behind a Service's port that accept only mutual TLS. */
export function strictServersBehind(evidence: Evidence, service: Service, number: number): readonly StrictServer[] {
  const port = portOf(service, number);
  if (!port) return [];
  return evidence.mesh.registry.endpointsOf(service, port).flatMap(({ workload, port: target }) => {
    const receiver = workload && evidence.receiverAt(workload, target);
    return receiver?.mode === 'STRICT' ? [{ workload: workload!, number: target, receiver }] : [];
  });
}
