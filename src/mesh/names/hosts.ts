/** The default DNS suffix of a cluster's services. */
export const DEFAULT_CLUSTER_DOMAIN = 'cluster.local';

/** Where a host is written: as in istiod, each object knows its namespace and its cluster's domain. */
export interface HostContext {
  readonly namespace: string;
  readonly clusterDomain: string;
}

/** The host name of a Service, or of anything named like a Service in a namespace. */
export function serviceHost(name: string, { namespace, clusterDomain }: HostContext): string {
  return `${name}.${namespace}.svc.${clusterDomain}`;
}

/**
 * How istiod reads a host in a rule: a name without a dot is a Service in the **rule's** namespace. Anything with a dot is taken
 * literally, so `reviews.shop` matches nothing.
 */
export function fullHost(host: string, context: HostContext): string {
  return host === '*' || host === '' || host.includes('.') || host.includes(':') ? host : serviceHost(host, context);
}

/** A name as DNS compares it: without case, and without the dot at its end that says that it is whole. istiod compares it as written. */
export function dnsName(host: string): string {
  return (host.endsWith('.') ? host.slice(0, -1) : host).toLowerCase();
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

/** The same without case, as Envoy compares the names of servers. */
export function isNameWithin(host: string, wider: string): boolean {
  return isWithin(host.toLowerCase(), wider.toLowerCase());
}

/** How closely a name covers another one: the exact name before any wildcard, a longer wildcard before a shorter one. */
export function closeness(name: string): number {
  return isWildcard(name) ? name.length : Number.MAX_SAFE_INTEGER;
}

/** The candidate with the closest name; the first of equals. Those without a name don't count. */
export function closestOf<T>(candidates: readonly T[], nameOf: (candidate: T) => string | undefined): T | undefined {
  let closest: T | undefined;
  let best = 0;
  for (const candidate of candidates) {
    const name = nameOf(candidate);
    if (name !== undefined && closeness(name) > best) [closest, best] = [candidate, closeness(name)];
  }
  return closest;
}

const NONE: readonly never[] = Object.freeze([]);

/** Values by host, looked up as istiod does: the exact host, else the longest wildcard that covers it. */
export class HostIndex<T> {
  private readonly byHost = new Map<string, T>();
  /** The lengths of wildcards, the longest first: a mesh has many hosts, but few such lengths. */
  private wildcardLengths: readonly number[] = [];

  get(host: string): T | undefined {
    return this.byHost.get(host);
  }

  set(host: string, value: T): void {
    this.byHost.set(host, value);
    if (isWildcard(host) && !this.wildcardLengths.includes(host.length)) {
      this.wildcardLengths = [...this.wildcardLengths, host.length].sort((left, right) => right - left);
    }
  }

  /** The most specific entry that covers `host`. */
  mostSpecific(host: string): T | undefined {
    return this.byHost.get(host) ?? this.wildcardsAround(host)[0];
  }

  /** All entries that cover `host`, the most specific first. */
  covering(host: string): readonly T[] {
    const exact = this.byHost.get(host);
    const wildcards = this.wildcardsAround(host);
    return exact === undefined || isWildcard(host) ? wildcards : [exact, ...wildcards];
  }

  entries(): Iterable<[string, T]> {
    return this.byHost.entries();
  }

  values(): Iterable<T> {
    return this.byHost.values();
  }

  private wildcardsAround(host: string): readonly T[] {
    if (this.wildcardLengths.length === 0) return NONE;
    const found: T[] = [];
    for (const length of this.wildcardLengths) {
      if (length > host.length + 1) continue;
      const value = this.byHost.get(`*${host.slice(host.length + 1 - length)}`);
      if (value !== undefined) found.push(value);
    }
    return found;
  }
}
