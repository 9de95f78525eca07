import { trustDomainsOf, TrustDomains } from './identity';
import { AuthorizationPolicy } from './policy';
import { EffectiveMeshConfig } from '../config/mesh-config';
import { SelectorIndex } from '../names/labels';
import { Workload } from '../workloads/workload';

const NONE: readonly AuthorizationPolicy[] = Object.freeze([]);

/**
 * The AuthorizationPolicies of a mesh. Unlike PeerAuthentications, all that select a workload apply: a DENY that matches rejects,
 * and if there is any ALLOW, one must match. Those in the root namespace select workloads in every namespace.
 *
 * Left out: policies with a targetRef, which are for gateways, waypoints and Services, and those that are only logged.
 */
export class AuthorizationPolicies {
  /** Those of the proxies that enforce the policies. */
  readonly trustDomains: TrustDomains;

  private readonly rootNamespace: string;
  private readonly byNamespace = new Map<string, SelectorIndex<AuthorizationPolicy>>();
  private readonly known = new Map<Workload, readonly AuthorizationPolicy[]>();

  /** @param all in istiod's order */
  constructor(
    readonly all: readonly AuthorizationPolicy[], config: Pick<EffectiveMeshConfig, 'rootNamespace' | 'trustDomain' | 'trustDomainAliases'>,
  ) {
    this.rootNamespace = config.rootNamespace;
    this.trustDomains = trustDomainsOf(config);
    for (const policy of all) {
      if (policy.targeted || policy.dryRun) continue;
      const { namespace } = policy.object;
      let index = this.byNamespace.get(namespace);
      if (!index) this.byNamespace.set(namespace, index = new SelectorIndex());
      index.add(policy.selector ?? {}, policy);
    }
  }

  /** Those that a workload's sidecar enforces, the root namespace's first; one list for workloads that nothing distinguishes. */
  of(workload: Workload): readonly AuthorizationPolicy[] {
    if (this.byNamespace.size === 0) return NONE;
    let found = this.known.get(workload);
    if (!found) this.known.set(workload, found = this.selecting(workload));
    return found;
  }

  private selecting({ namespace, labels }: Workload): readonly AuthorizationPolicy[] {
    const namespaces = namespace === this.rootNamespace ? [namespace] : [this.rootNamespace, namespace];
    const lists = namespaces.map((name) => this.byNamespace.get(name)?.matching(labels) ?? NONE).filter(({ length }) => length > 0);
    return lists.length === 1 ? lists[0] : lists.flat();
  }
}
