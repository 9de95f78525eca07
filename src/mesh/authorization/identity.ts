import { Atom } from './policy';
import { EffectiveMeshConfig } from '../config/mesh-config';

/** A principal as AuthorizationPolicies write it: an identity without `spiffe://`. */
interface Principal {
  readonly trustDomain: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** The trust domain of a mesh, then its aliases. */
export type TrustDomains = readonly string[];

/** What istiod accepts for any of the mesh's own trust domains, in a full principal. */
export const ANY_OWN = 'cluster.local';

export function trustDomainsOf({ trustDomain, trustDomainAliases }: Pick<EffectiveMeshConfig, 'trustDomain' | 'trustDomainAliases'>): TrustDomains {
  return [...new Set([trustDomain, ...trustDomainAliases])];
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

/** Whether a value matches a pattern where a `*` stands for any text, wherever it is. */
export function matchesAnywhere(value: string, pattern: string): boolean {
  const [first, ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return value === pattern;
  if (!value.startsWith(first) || !value.endsWith(last) || value.length < first.length + last.length) return false;
  const end = value.length - last.length;
  let at = first.length;
  for (const part of rest) {
    const found = value.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

/** Whether a trust domain matches a pattern, where the first `*` stands for any text, wherever it is. */
export function matchesTrustDomain(trustDomain: string, pattern: string): boolean {
  const star = pattern.indexOf('*');
  if (star < 0) return trustDomain === pattern;
  const [start, end] = [pattern.slice(0, star), pattern.slice(star + 1)];
  return trustDomain.length >= start.length + end.length && trustDomain.startsWith(start) && trustDomain.endsWith(end);
}

/** How many parts `<trust domain>/ns/<namespace>/sa/<service account>` has. */
export const PRINCIPAL_PARTS = 5;

const SCHEME = 'spiffe://';

/**
 * Whether a list of names of callers holds one that matches an identity, as istiod makes proxies compare it. Nothing matches
 * a caller without an identity.
 *
 * @param identity with `spiffe://`; '' if the caller has none
 * @param trustDomains of the server's mesh
 * @param namespace the policy's
 */
export function listsIdentity(
  { attribute, values }: Pick<Atom, 'attribute' | 'values'>, identity: string, trustDomains: TrustDomains, namespace: string,
): boolean {
  if (!identity.startsWith(SCHEME)) return false;
  const name = identity.slice(SCHEME.length);
  switch (attribute) {
    case 'source.namespace': return values.some((value) => matchesAnywhere(identity, `*/ns/${value}/*`));
    case 'source.serviceAccount': return values.some((value) => isAccount(name, value, namespace));
    case 'source.trustDomain': return values.some((value) => isInTrustDomain(name, value, trustDomains));
    default: return values.some((value) => migrated(value, trustDomains).some((pattern) => matchesPattern(name, pattern)));
  }
}

/** In any trust domain. */
function isAccount(name: string, value: string, policyNamespace: string): boolean {
  const { namespace, serviceAccount } = readServiceAccount(value, policyNamespace);
  return name.indexOf('/') > 0 && name.slice(name.indexOf('/')) === `/ns/${namespace}/sa/${serviceAccount}`;
}

/** One of the mesh's own stands for all of them. */
function isInTrustDomain(name: string, value: string, trustDomains: TrustDomains): boolean {
  const trustDomain = name.slice(0, name.indexOf('/'));
  return (trustDomains.includes(value) ? trustDomains : [value]).some((pattern) => matchesTrustDomain(trustDomain, pattern));
}

/** A principal in all of the mesh's trust domains, if it has all parts and its own is one of these. */
function migrated(principal: string, trustDomains: TrustDomains): readonly string[] {
  const [trustDomain, ...path] = principal.split('/');
  if (path.length !== PRINCIPAL_PARTS - 1 || trustDomain === '*') return [principal];
  if (trustDomain !== ANY_OWN && !trustDomains.some((own) => mayEqual(trustDomain, own))) return [principal];
  const isCovered = (own: string): boolean => trustDomain.startsWith('*') && own.endsWith(trustDomain.slice(1));
  return trustDomains.map((own) => (isCovered(own) ? principal : [own, ...path].join('/')));
}

/** Either of them may be a pattern. */
function mayEqual(left: string, right: string): boolean {
  return matchesPattern(right, left) || matchesPattern(left, right);
}
