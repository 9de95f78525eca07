import { ANY_OTHER, portsIn } from '../calls/named-ports';
import { lastHop, Path } from '../calls/path';
import { objectText, idKey } from '../inventory/object';
import { Mesh } from '../mesh';
import { AuthorizationPolicy, needsTls } from '../policies/authorization-policy';
import { ServerMode } from '../policies/peer-authentication';
import { Workload } from '../workloads/workload';

/** What AuthorizationPolicies ask of whoever comes to a port. */
export interface Guard {
  /** The policies with all that they say: the same text where the same is asked. */
  readonly policies: string;
  /** Whether who shows a certificate may be refused for it. */
  readonly refusesIdentities: boolean;
}

/** What no policy guards, or none that is enforced. */
export const UNGUARDED: Guard = Object.freeze({ policies: '', refusesIdentities: false });

/** The AuthorizationPolicies that are enforced in a mesh. What their providers decide isn't known. */
export class Guards {
  private readonly known = new Map<readonly AuthorizationPolicy[], Guard>();

  constructor(private readonly mesh: Mesh) {}

  /** What guards the server of a path. */
  of(path: Path): Guard {
    const { endpoint, server } = lastHop(path);
    return endpoint?.workload && server?.mode !== 'NO_PROXY' ? this.at(endpoint.workload) : UNGUARDED;
  }

  /** What guards a workload's ports, if they go through its sidecar. */
  at(workload: Workload): Guard {
    if (workload.proxy.kind === 'none') return UNGUARDED;
    const policies = this.mesh.planes.of(workload.proxy.revision).authorization.of(workload);
    let guard = this.known.get(policies);
    if (!guard) this.known.set(policies, guard = guardOf(policies.filter(({ action }) => action !== 'AUDIT')));
    return guard;
  }
}

function guardOf(policies: readonly AuthorizationPolicy[]): Guard {
  return policies.length === 0 ? UNGUARDED : { policies: policies.map(textOf).join('\n'), refusesIdentities: policies.some(mayRefuseIdentity) };
}

/** An ALLOW's principals that begin with `spiffe://` fit nobody: without it they let in whom they name, and refuse nobody else. */
function textOf({ object, action }: AuthorizationPolicy): string {
  const plain = (key: string, value: unknown): unknown =>
    (action === 'ALLOW' && key === 'principals' && Array.isArray(value) ? value.map((one) => String(one).replace(/^spiffe:\/\//, '')) : value);
  return `${objectText(object)} ${JSON.stringify(object.spec, plain)}`;
}

/** Plaintext never fits what is asked of a certificate, and always what is negated: so a DENY passes it over, and an ALLOW lets it in. */
function mayRefuseIdentity({ action, alternatives }: AuthorizationPolicy): boolean {
  return alternatives.some(({ conditions }) => conditions.some((one) => needsTls(one) && (action === 'CUSTOM' || one.negated === (action === 'ALLOW'))));
}

/** How much a port asks of who connects to it. */
export const RANKS: Readonly<Record<ServerMode, number>> = { UNKNOWN: -1, NO_PROXY: 0, DISABLE: 0, PERMISSIVE: 1, STRICT: 2 };

/**
 * Whether no port of a mesh lets in more than before: none takes plaintext that took none, and whom AuthorizationPolicies kept
 * out of it they still do.
 *
 * @param opened ports that may take more plaintext, since the change says so
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
