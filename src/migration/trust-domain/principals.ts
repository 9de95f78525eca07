import { namesIn, Trust } from './trust';
import { ANY_OWN, matchesPattern } from '../../mesh/policies/authorization';

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

/** How many parts `<trust domain>/ns/<namespace>/sa/<service account>` has. */
const WHOLE = 5;

/**
 * Whether a policy's list matches a caller, as istiod makes proxies compare it: a full principal with a literal trust domain
 * matches in every trust domain of the mesh; shorter patterns are compared as they are.
 *
 * @param path of the caller's identity: `ns/<namespace>/sa/<service account>`
 */
export function isListed(attribute: NamingAttribute, values: readonly string[], trust: Trust, trustDomain: string, path: string): boolean {
  return attribute === 'source.principal'
    ? values.flatMap((value) => migrated(value, trust)).some((pattern) => matchesPattern(`${trustDomain}/${path}`, pattern))
    : values.flatMap((value) => (namesIn(trust).includes(value) ? namesIn(trust) : [value])).some((pattern) => fitsTrustDomain(trustDomain, pattern));
}

function migrated(principal: string, trust: Trust): readonly string[] {
  const [trustDomain, ...path] = principal.split('/');
  if (path.length !== WHOLE - 1 || trustDomain === '*') return [principal];
  const isOwn = trustDomain === ANY_OWN || namesIn(trust).some((name) => matchesPattern(name, trustDomain));
  if (!isOwn) return [principal];
  const isSuffixOf = (name: string): boolean => (trustDomain.startsWith('*') ? name.endsWith(trustDomain.slice(1)) : name === trustDomain);
  return namesIn(trust).map((name) => (isSuffixOf(name) ? principal : [name, ...path].join('/')));
}

/** A `*` stands for any text, once, wherever it is. */
function fitsTrustDomain(trustDomain: string, pattern: string): boolean {
  const star = pattern.indexOf('*');
  if (star < 0) return trustDomain === pattern;
  const [start, end] = [pattern.slice(0, star), pattern.slice(star + 1)];
  return trustDomain.length >= start.length + end.length && trustDomain.startsWith(start) && trustDomain.endsWith(end);
}

/**
 * Which state of a mesh a name is written for: `both`: callers have the old or the new name, and aliases stand for what they
 * can; `new`: all have the new one, and no alias stands for it.
 */
export type NamedFor = 'both' | 'new';

/** A policy's list for callers that move from one trust domain to another: it matches the callers that it matched before. */
export function renamedList(attribute: NamingAttribute, values: readonly string[], renaming: Renaming, namedFor: NamedFor): readonly string[] {
  const next = values.flatMap((value) => (attribute === 'source.principal' ? renamedPrincipal(value, renaming, namedFor) : renamedTrustDomain(value, renaming, namedFor)));
  return [...new Set(next)];
}

function renamedPrincipal(value: string, { from, to }: Renaming, namedFor: NamedFor): readonly string[] {
  const [trustDomain, ...path] = value.split('/');
  const next = [to, ...path].join('/');
  if (path.length === WHOLE - 1) {
    // cluster.local stands for the mesh's own trust domain, whatever that is.
    if (namedFor === 'both' || trustDomain === ANY_OWN || !matchesPattern(from, trustDomain) || matchesPattern(to, trustDomain)) return [value];
    return trustDomain === from ? [next] : [value, next];
  }
  if (!value.endsWith('*') || value.startsWith('*')) return [value];
  if (path.length === 0) return matchesPattern(from, value) && !matchesPattern(to, value) ? [value, `${to}/*`] : [value];
  if (trustDomain !== from) return [value];
  return namedFor === 'both' ? [value, next] : [next];
}

function renamedTrustDomain(value: string, { from, to }: Renaming, namedFor: NamedFor): readonly string[] {
  if (!value.includes('*')) return value === from && namedFor === 'new' ? [to] : [value];
  return fitsTrustDomain(from, value) && !fitsTrustDomain(to, value) ? [value, to] : [value];
}

/** Paths of callers that a pattern may distinguish, whatever runs in the mesh: one that it names, one with that prefix, and any other. */
export function witnessesOf(value: string): readonly string[] {
  const [, , namespace = '', , account = ''] = value.split('/').map((part) => part.replaceAll('*', ''));
  return ['', 'x'].flatMap((more) => [pathOf(`${namespace}${more}`, account), pathOf(namespace, `${account}${more}`)]);
}

function pathOf(namespace: string, account: string): string {
  return `ns/${namespace || 'elsewhere'}/sa/${account || 'anybody'}`;
}
