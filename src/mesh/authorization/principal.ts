import { MeshConfig } from '../config/mesh-config';

/** A principal as AuthorizationPolicies write it: an identity without `spiffe://`. */
export interface Principal {
  readonly trustDomain: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** What istiod takes for any of the mesh's own trust domains, in a principal that is written in full. */
export const ANY_OWN = 'cluster.local';

/** All that policies may call the trust domain of a mesh. */
export function ownTrustDomains({ trustDomain, trustDomainAliases }: Pick<MeshConfig, 'trustDomain' | 'trustDomainAliases'>): readonly string[] {
  return [...new Set([trustDomain, ...trustDomainAliases, ANY_OWN])];
}

/** Reads `<trust domain>/ns/<namespace>/sa/<service account>`; undefined if it isn't written so. Any part may hold a `*`. */
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

/** Whether a value fits a pattern: `*` anything, `abc*` what begins so, `*abc` what ends so; any other `*` stands for itself. */
export function matchesPattern(value: string, pattern: string): boolean {
  if (pattern === '*') return value !== '';
  if (pattern.startsWith('*')) return value.endsWith(pattern.slice(1));
  return pattern.endsWith('*') ? value.startsWith(pattern.slice(0, -1)) : value === pattern;
}

/** Whether a namespace fits a pattern of `namespaces`: there a `*` stands for any text, wherever it is. */
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
