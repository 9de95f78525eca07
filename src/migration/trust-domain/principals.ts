import { namesIn, Trust } from './trust';
import { ANY_OWN, listsIdentity, matchesPattern, matchesTrustDomain, PRINCIPAL_PARTS } from '../../mesh/authorization/identity';

/** From one trust domain to another. */
export interface Renaming {
  readonly from: string;
  readonly to: string;
}

/** The policy attributes that contain a trust domain. */
export type NamingAttribute = 'source.principal' | 'source.trustDomain';

export function isNaming(attribute: string): attribute is NamingAttribute {
  return attribute === 'source.principal' || attribute === 'source.trustDomain';
}

/**
 * Whether a policy's list matches a caller, as istiod makes proxies compare it.
 *
 * @param path of the caller's identity: `ns/<namespace>/sa/<service account>`
 */
export function isListed(attribute: NamingAttribute, values: readonly string[], trust: Trust, trustDomain: string, path: string): boolean {
  return listsIdentity({ attribute, values }, `spiffe://${trustDomain}/${path}`, namesIn(trust), '');
}

/**
 * Which state of a mesh a name is written for: `both`: callers have the old or the new name, and aliases stand for what they
 * can; `new`: all have the new one, and no alias stands for it.
 */
export type NamedFor = 'both' | 'new';

/** A policy's list for callers that move from one trust domain to another: it matches the callers that it matched before. */
export function renamedList(
  attribute: NamingAttribute, values: readonly string[], renaming: Renaming, namedFor: NamedFor,
): readonly string[] {
  const next = values.flatMap((value) => (
    attribute === 'source.principal' ? renamedPrincipal(value, renaming, namedFor) : renamedTrustDomain(value, renaming, namedFor)));
  return [...new Set(next)];
}

function renamedPrincipal(value: string, { from, to }: Renaming, namedFor: NamedFor): readonly string[] {
  const [trustDomain, ...path] = value.split('/');
  const next = [to, ...path].join('/');
  if (path.length === PRINCIPAL_PARTS - 1) {
    // cluster.local stands for the mesh's own trust domain, whatever that is.
    if (namedFor === 'both' || trustDomain === ANY_OWN || !matchesPattern(from, trustDomain) || matchesPattern(to, trustDomain)) {
      return [value];
    }
    return trustDomain === from ? [next] : [value, next];
  }
  if (!value.endsWith('*') || value.startsWith('*')) return [value];
  if (path.length === 0) return matchesPattern(from, value) && !matchesPattern(to, value) ? [value, `${to}/*`] : [value];
  if (trustDomain !== from) return [value];
  return namedFor === 'both' ? [value, next] : [next];
}

function renamedTrustDomain(value: string, { from, to }: Renaming, namedFor: NamedFor): readonly string[] {
  if (!value.includes('*')) return value === from && namedFor === 'new' ? [to] : [value];
  return matchesTrustDomain(from, value) && !matchesTrustDomain(to, value) ? [value, to] : [value];
}

/** Paths of callers that a pattern may distinguish, whatever runs in the mesh: one that it names, one with that prefix, and any other. */
export function witnessesOf(value: string): readonly string[] {
  const [, , namespace = '', , account = ''] = value.split('/').map((part) => part.replaceAll('*', ''));
  return ['', 'x'].flatMap((more) => [pathOf(`${namespace}${more}`, account), pathOf(namespace, `${account}${more}`)]);
}

function pathOf(namespace: string, account: string): string {
  return `ns/${namespace || 'elsewhere'}/sa/${account || 'anybody'}`;
}
