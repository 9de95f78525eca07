/** The DNS suffix of a cluster's services, unless the cluster says otherwise. */
export const DEFAULT_CLUSTER_DOMAIN = 'cluster.local';

/** Where a host is written: as for istiod, each object knows its namespace and the domain of its cluster. */
export interface HostContext {
  readonly namespace: string;
  readonly clusterDomain: string;
}

/** The host name of a Service, or of whatever has a Service's name in a namespace. */
export function serviceHost(name: string, { namespace, clusterDomain }: HostContext): string {
  return `${name}.${namespace}.svc.${clusterDomain}`;
}

/**
 * What istiod makes of a host in a rule: a name without a dot is a Service of the **rule's** namespace.
 * Anything with a dot is taken literally, so `reviews.shop` matches nothing.
 */
export function fullHost(host: string, context: HostContext): string {
  return host === '*' || host === '' || host.includes('.') || host.includes(':') ? host : serviceHost(host, context);
}

export function isWildcard(host: string): boolean {
  return host.startsWith('*');
}

/** Whether two hosts overlap: equal, or one is a wildcard that covers the other. */
export function overlap(left: string, right: string): boolean {
  return isWithin(left, right) || isWithin(right, left);
}

/** Whether `host` is `wider`, or covered by it. */
export function isWithin(host: string, wider: string): boolean {
  return isWildcard(wider) ? host.endsWith(wider.slice(1)) : host === wider;
}

/** How closely a name that covers another one does so: the name itself before any wildcard, a longer wildcard before a shorter. */
export function closeness(name: string): number {
  return isWildcard(name) ? name.length : Number.MAX_SAFE_INTEGER;
}

/** The candidate whose name is the closest; of equals the first. Those without a name don't count. */
export function closestOf<T>(candidates: readonly T[], nameOf: (candidate: T) => string | undefined): T | undefined {
  let closest: T | undefined;
  let best = 0;
  for (const candidate of candidates) {
    const name = nameOf(candidate);
    if (name !== undefined && closeness(name) > best) [closest, best] = [candidate, closeness(name)];
  }
  return closest;
}
