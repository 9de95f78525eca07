import { Guard, guardOf, UNGUARDED } from '../authorization/guard';
import { AuthorizationPolicy } from '../authorization/policy';
import { idKey } from '../inventory/object';
import { Mesh } from '../mesh';
import { Path, serverOf } from '../model/path';
import { ServerMode } from '../policies/peer-authentication';
import { ANY_OTHER, portsIn } from '../queries/named-ports';
import { Workload } from '../workloads/workload';

/** The AuthorizationPolicies that sidecars enforce. Decisions of their external providers are unknown. */
export class Guards {
  private readonly known = new Map<readonly AuthorizationPolicy[], Guard>();

  constructor(private readonly mesh: Mesh) {}

  /** The policies that apply at the server of a path. */
  of(path: Path): Guard {
    const { endpoint, receiver } = serverOf(path);
    return endpoint?.workload && receiver?.mode !== 'NO_PROXY' ? this.at(endpoint.workload) : UNGUARDED;
  }

  /** The policies that apply to a workload's ports if its sidecar handles them. */
  at(workload: Workload): Guard {
    if (workload.proxy.enforces('AuthorizationPolicy') === false) return UNGUARDED;
    const policies = this.mesh.planes.of(workload.proxy.revision).authorization.of(workload);
    let guard = this.known.get(policies);
    if (!guard) this.known.set(policies, guard = guardOf(policies));
    return guard;
  }
}

/** Ranks modes by how much they require of callers. */
export const RANKS: Readonly<Record<ServerMode, number>> = { UNKNOWN: -1, NO_PROXY: 0, DISABLE: 0, PERMISSIVE: 1, STRICT: 2 };

/**
 * Whether no port admits more than before: none newly accepts plaintext, and
 * AuthorizationPolicies still reject every caller that they rejected.
 *
 * @param opened ports that may accept more plaintext, because the change sets their mode explicitly
 */
export function acceptsNoMore(after: Mesh, before: Mesh, opened: ReadonlySet<number> = new Set()): boolean {
  const later = new Map(after.workloads.map((workload) => [idKey(workload), workload]));
  const ports = portsIn([before, after]);
  const [former, latter] = [new Guards(before), new Guards(after)];
  return before.workloads.every((one) => {
    const other = later.get(idKey(one))!;
    const guard = former.at(one).policies;
    const isGuarded = guard === '' || guard === latter.at(other).policies;
    return isGuarded && [ANY_OTHER, ...ports.get(idKey(one))!].every((port) => {
      const [floor, rank] = [rankOf(before, one, port), rankOf(after, other, port)];
      return rank >= floor || (rank >= 0 && opened.has(port));
    });
  });
}

function rankOf({ dataPlanes }: Mesh, workload: Workload, port: number): number {
  return RANKS[dataPlanes.accept(workload, port).mode];
}
