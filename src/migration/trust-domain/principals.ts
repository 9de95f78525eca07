import { namesIn, Trust } from './trust';
import { ANY_OWN, listsIdentity, matchesPattern, matchesTrustDomain, PRINCIPAL_PARTS } from '../../mesh/authorization/identity';

/** A change of the trust domain. */
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
 * Whether a policy's list matches a caller, as istiod configures proxies to compare it.
 *
 * @param path the caller's identity without trust domain: `ns/<namespace>/sa/<service account>`
 */
export function isListed(attribute: NamingAttribute, values: readonly string[], trust: Trust, trustDomain: string, path: string): boolean {
  return listsIdentity({ attribute, values }, `spiffe://${trustDomain}/${path}`, namesIn(trust), '');
}

/**
 * The state that names are written for. `both`: callers have the old or the new name, and
 * aliases cover what they can. `new`: all callers have the new name, and no alias covers it.
 */
export type NamedFor = 'both' | 'new';

/** A policy's list that matches the same callers while they move from one trust domain to another. */
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
    // `cluster.local` stands for the mesh's own trust domain, whatever its name.
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

/** Paths of callers that a pattern may distinguish in any mesh: one that it names, one with its prefix, and any other. */
export function witnessesOf(value: string): readonly string[] {
  const [, , namespace = '', , account = ''] = value.split('/').map((part) => part.replaceAll('*', ''));
  return ['', 'x'].flatMap((more) => [pathOf(`${namespace}${more}`, account), pathOf(namespace, `${account}${more}`)]);
}

function pathOf(namespace: string, account: string): string {
  return `ns/${namespace || 'elsewhere'}/sa/${account || 'anybody'}`;
}
