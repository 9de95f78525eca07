import { plaintextMatch, PlaintextMatch } from './alternative';
import { AuthorizationAction, AuthorizationPolicy } from './authorization-policy';
import { SelectorIndex } from '../names/selector';
import { Workload } from '../workloads/workload';

const NONE: readonly AuthorizationPolicy[] = Object.freeze([]);

/**
 * The AuthorizationPolicies of a mesh. Unlike PeerAuthentications all that select a workload count: a DENY that
 * matches refuses, and where there is any ALLOW one must match. Those of the root namespace select in every one.
 *
 * Left out: policies with a targetRef, which are for gateways, waypoints and Services; and what a CUSTOM
 * policy's provider decides.
 */
export class AuthorizationPolicies {
  private readonly byNamespace = new Map<string, SelectorIndex<AuthorizationPolicy>>();
  private readonly known = new Map<Workload, readonly AuthorizationPolicy[]>();

  /** @param all in the order in which istiod takes them */
  constructor(readonly all: readonly AuthorizationPolicy[], private readonly rootNamespace: string) {
    for (const policy of all) {
      if (policy.targeted || policy.dryRun) continue;
      const { namespace } = policy.object;
      let index = this.byNamespace.get(namespace);
      if (!index) this.byNamespace.set(namespace, index = new SelectorIndex());
      index.add(policy.selector ?? {}, policy);
    }
  }

  /** Those that a workload's sidecar enforces, the root namespace's first; one list for workloads that nothing tells apart. */
  of(workload: Workload): readonly AuthorizationPolicy[] {
    if (this.byNamespace.size === 0) return NONE;
    let found = this.known.get(workload);
    if (!found) this.known.set(workload, found = this.selecting(workload));
    return found;
  }

  /** Which plaintext requests to a port of a workload pass, if the port takes plaintext. */
  plaintextAt(workload: Workload, port: number): PlaintextMatch {
    const policies = this.of(workload);
    const matchesOf = (action: AuthorizationAction): readonly PlaintextMatch[] =>
      policies.filter((policy) => policy.action === action).flatMap(({ alternatives }) => alternatives.map((one) => plaintextMatch(one, port)));
    if (matchesOf('DENY').includes('all')) return 'none';
    if (!policies.some(({ action }) => action === 'ALLOW')) return 'all';
    const allowed = matchesOf('ALLOW');
    if (allowed.includes('all')) return 'all';
    return allowed.includes('some') ? 'some' : 'none';
  }

  private selecting({ namespace, labels }: Workload): readonly AuthorizationPolicy[] {
    const namespaces = namespace === this.rootNamespace ? [namespace] : [this.rootNamespace, namespace];
    const lists = namespaces.map((name) => this.byNamespace.get(name)?.matching(labels) ?? NONE).filter(({ length }) => length > 0);
    return lists.length === 1 ? lists[0] : lists.flat();
  }
}
