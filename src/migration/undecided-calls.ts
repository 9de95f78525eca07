import { Decision } from '../mesh/calls/decisions';
import { ControlPlane } from '../mesh/control-planes/control-plane';
import { autoMtlsOf } from '../mesh/dataplane/client-tls';
import { KIND } from '../mesh/inventory/kinds';
import { idKey, MeshObject } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';
import { Hop } from '../mesh/model/hop';
import { Path, transportOf } from '../mesh/model/path';
import { NO_LABELS } from '../mesh/names/labels';
import { enforcedMode, EnforcedMode } from '../mesh/policies/peer-authentication';
import { Workload } from '../mesh/workloads/workload';

/** The number of undecided connections that a migration may cut off; it doesn't affect the others. */
export function undecidedCalls(before: Mesh, after: Mesh): number {
  const migrated = new Migrated(before, after);
  let undecided = 0;
  for (const decision of after.decisions.all()) {
    for (const path of decision.paths) {
      if (transportOf(path).outcome !== 'undecided') continue;
      undecided += path.hops.some((hop) => migrated.concerns(hop))
        ? after.decisions.count(decision, path)
        : migrated.callersOf(decision, path);
    }
  }
  return undecided;
}

/** The parts of a mesh that a migration changes: servers' modes, rules, and proxies. */
class Migrated {
  private readonly hasOtherProxy: ReadonlySet<Workload>;
  private readonly hasOtherAutoMtls: boolean;
  private readonly knownRules: ReadonlySet<MeshObject>;

  constructor(private readonly before: Mesh, private readonly after: Mesh) {
    const former = new Map(before.workloads.map((one) => [idKey(one), one.proxy]));
    this.hasOtherProxy = new Set(after.workloads.filter((one) => !former.get(idKey(one))?.isLike(one.proxy)));
    this.hasOtherAutoMtls = autoMtlsOf(before.planes.default).enabled !== autoMtlsOf(after.planes.default).enabled;
    this.knownRules = new Set(before.objects.of(KIND.DestinationRule));
  }

  concerns(hop: Hop): boolean {
    const workload = hop.received.endpoint?.workload;
    return this.hasOtherAutoMtls || (workload !== undefined && this.hasOtherProxy.has(workload)) || this.hasOtherRule(hop)
      || this.hasOtherMode(hop);
  }

  /** The number of a path's clients whose proxy differs from before. */
  callersOf({ senders }: Decision, path: Path): number {
    const { decisions } = this.after;
    const clients = [...this.hasOtherProxy].filter((one) => senders.has(decisions.senderOf(one)));
    return clients.length === 0 ? 0 : decisions.countAmong(path, clients.length, (client) => clients.includes(client));
  }

  private hasOtherRule({ rule }: Hop): boolean {
    return rule?.from.some((object) => !this.knownRules.has(object)) ?? false;
  }

  /**
   * Whether a server accepts less than before, or may. PERMISSIVE accepts
   * everything, and policies don't apply without a sidecar or at a gateway.
   */
  private hasOtherMode(hop: Hop): boolean {
    const { received: { endpoint, receiver }, target: { service } } = hop;
    if (receiver?.mode === 'NO_PROXY' || endpoint?.workload?.proxy.enforces('PeerAuthentication') === false) return false;
    const namespace = endpoint?.namespace ?? service?.namespace;
    if (namespace === undefined || this.planeIn(this.after, hop).isUnclear(namespace)) return true;
    const [{ mode: former }, { mode }] = [this.before, this.after].map((mesh) => this.enforcedIn(mesh, namespace, hop));
    return mode !== former && mode !== 'PERMISSIVE';
  }

  private enforcedIn(mesh: Mesh, namespace: string, hop: Hop): EnforcedMode {
    const { received: { endpoint }, target: { service, port } } = hop;
    const server = endpoint?.workload ?? endpoint ?? { namespace, labels: service?.selector ?? NO_LABELS };
    return enforcedMode(this.planeIn(mesh, hop).policies, server, endpoint?.port ?? port);
  }

  private planeIn({ planes }: Mesh, { received: { endpoint } }: Hop): ControlPlane {
    return planes.ofServer(endpoint?.workload);
  }
}
