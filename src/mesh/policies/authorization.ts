import { plaintextMatch, PlaintextMatch, AuthorizationAction, AuthorizationPolicy } from './authorization-policy';
import { MeshConfig } from '../config/mesh-config';
import { SelectorIndex } from '../names/labels';
import { Workload } from '../workloads/workload';

/** A principal as AuthorizationPolicies write it: an identity without `spiffe://`. */
interface Principal {
  readonly trustDomain: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** What istiod accepts for any of the mesh's own trust domains, in a full principal. */
export const ANY_OWN = 'cluster.local';

/** All names by which policies may call the trust domain of a mesh. */
export function ownTrustDomains({ trustDomain, trustDomainAliases }: Pick<MeshConfig, 'trustDomain' | 'trustDomainAliases'>): readonly string[] {
  return [...new Set([trustDomain, ...trustDomainAliases, ANY_OWN])];
}

/** Reads `<trust domain>/ns/<namespace>/sa/<service account>`; undefined for another form. Any part may contain a `*`. */
export function readPrincipal(text: string): Principal | undefined {
  const [trustDomain, ns, namespace, sa, serviceAccount, ...rest] = text.split('/');
  return ns === 'ns' && sa === 'sa' && trustDomain && namespace && serviceAccount && rest.length === 0
    ? { trustDomain, namespace, serviceAccount } : undefined;
}

/** The service account that an entry of `serviceAccounts` means: `<namespace>/<name>`, or one of the policy's namespace. */
export function readServiceAccount(text: string, namespace: string): Omit<Principal, 'trustDomain'> {
  const slash = text.indexOf('/');
  return slash < 0 ? { namespace, serviceAccount: text } : { namespace: text.slice(0, slash), serviceAccount: text.slice(slash + 1) };
}

/** Whether a value matches a pattern: `*` anything, `abc*` a prefix, `*abc` a suffix; any other `*` stands for itself. */
export function matchesPattern(value: string, pattern: string): boolean {
  if (pattern === '*') return value !== '';
  if (pattern.startsWith('*')) return value.endsWith(pattern.slice(1));
  return pattern.endsWith('*') ? value.startsWith(pattern.slice(0, -1)) : value === pattern;
}

/** Whether a namespace matches a pattern of `namespaces`, where a `*` stands for any text, wherever it is. */
export function matchesNamespace(namespace: string, pattern: string): boolean {
  const [first, ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return namespace === pattern;
  if (!namespace.startsWith(first) || !namespace.endsWith(last) || namespace.length < first.length + last.length) return false;
  const end = namespace.length - last.length;
  let at = first.length;
  for (const part of rest) {
    const found = namespace.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

const NONE: readonly AuthorizationPolicy[] = Object.freeze([]);

/**
 * The AuthorizationPolicies of a mesh. Unlike PeerAuthentications, all that select a workload apply: a DENY that matches rejects,
 * and if there is any ALLOW, one must match. Those in the root namespace select workloads in every namespace.
 *
 * Left out: policies with a targetRef, which are for gateways, waypoints and Services; and the decisions of a CUSTOM policy's
 * provider.
 */
export class AuthorizationPolicies {
  private readonly byNamespace = new Map<string, SelectorIndex<AuthorizationPolicy>>();
  private readonly known = new Map<Workload, readonly AuthorizationPolicy[]>();

  /** @param all in istiod's order */
  constructor(readonly all: readonly AuthorizationPolicy[], private readonly rootNamespace: string) {
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

  /** Which plaintext requests to a port of a workload are allowed, if the port accepts plaintext. */
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
