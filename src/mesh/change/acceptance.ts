import { objectText, idKey } from '../inventory/object';
import { Mesh } from '../mesh';
import { Path, serverOf } from '../model/path';
import { AuthorizationPolicy, needsTls } from '../policies/authorization-policy';
import { ServerMode } from '../policies/peer-authentication';
import { ANY_OTHER, portsIn } from '../queries/named-ports';
import { Workload } from '../workloads/workload';

/** What AuthorizationPolicies require of callers of a port. */
export interface Guard {
  /** The policies with their whole content: equal texts for equal requirements. */
  readonly policies: string;
  /** Whether a caller may be rejected because of its certificate. */
  readonly refusesIdentities: boolean;
}

/** For ports that no enforced policy applies to. */
export const UNGUARDED: Guard = Object.freeze({ policies: '', refusesIdentities: false });

/** The enforced AuthorizationPolicies of a mesh. The decisions of their providers aren't known. */
export class Guards {
  private readonly known = new Map<readonly AuthorizationPolicy[], Guard>();

  constructor(private readonly mesh: Mesh) {}

  /** The requirements at the server of a path. */
  of(path: Path): Guard {
    const { endpoint, server } = serverOf(path);
    return endpoint?.workload && server?.mode !== 'NO_PROXY' ? this.at(endpoint.workload) : UNGUARDED;
  }

  /** The requirements on a workload's ports, if they go through its sidecar. */
  at(workload: Workload): Guard {
    if (workload.proxy.enforces('AuthorizationPolicy') === false) return UNGUARDED;
    const policies = this.mesh.planes.of(workload.proxy.revision).authorization.of(workload);
    let guard = this.known.get(policies);
    if (!guard) this.known.set(policies, guard = guardOf(policies.filter(({ action }) => action !== 'AUDIT')));
    return guard;
  }
}

function guardOf(policies: readonly AuthorizationPolicy[]): Guard {
  return policies.length === 0 ? UNGUARDED : { policies: policies.map(textOf).join('\n'), refusesIdentities: policies.some(mayRefuseIdentity) };
}

/** An ALLOW's principals that begin with `spiffe://` match nobody: without the prefix, they let in whom they name, and reject nobody else. */
function textOf({ object, action }: AuthorizationPolicy): string {
  const plain = (key: string, value: unknown): unknown =>
    (action === 'ALLOW' && key === 'principals' && Array.isArray(value) ? value.map((one) => String(one).replace(/^spiffe:\/\//, '')) : value);
  return `${objectText(object)} ${JSON.stringify(object.spec, plain)}`;
}

/** Plaintext never matches a requirement on a certificate, and always matches a negated one: so a DENY skips it, and an ALLOW lets it in. */
function mayRefuseIdentity({ action, alternatives }: AuthorizationPolicy): boolean {
  return alternatives.some(({ conditions }) => conditions.some((one) => needsTls(one) && (action === 'CUSTOM' || one.negated === (action === 'ALLOW'))));
}

/** How much a port requires of its callers. */
export const RANKS: Readonly<Record<ServerMode, number>> = { UNKNOWN: -1, NO_PROXY: 0, DISABLE: 0, PERMISSIVE: 1, STRICT: 2 };

/**
 * Whether no port of a mesh lets in more than before: none newly accepts plaintext, and AuthorizationPolicies still keep out
 * whom they kept out.
 *
 * @param opened ports that may accept more plaintext, since the change explicitly sets their mode
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
