/** Whether two hosts, each perhaps with a wildcard in front, have a name in common. */
export function hostsOverlap(one: string, other: string): boolean {
  if (!isWildcarded(one) && !isWildcarded(other)) return one === other;
  if (!isWildcarded(other)) return other.endsWith(one.slice(1));
  if (!isWildcarded(one)) return one.endsWith(other.slice(1));
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return long.slice(1).endsWith(short.slice(1));
}

/** Whether every name of a host is one of the other's. */
export function isHostWithin(host: string, other: string): boolean {
  if (!isWildcarded(other)) return host === other;
  if (!isWildcarded(host)) return host.endsWith(other.slice(1));
  return host.length >= other.length && host.slice(1).endsWith(other.slice(1));
}

export function isWildcarded(host: string): boolean {
  return host.startsWith('*');
}

interface Hosts {
  readonly names: ReadonlySet<string>;
  readonly wildcards: readonly string[];
}

const known = new WeakMap<readonly string[], Hosts>();

/** Whether every name of a host is one of those of a list, which may be long and asked often. */
export function isHostWithinAny(host: string, list: readonly string[]): boolean {
  let hosts = known.get(list);
  if (!hosts) known.set(list, hosts = { names: new Set(list.filter((one) => !isWildcarded(one))), wildcards: list.filter(isWildcarded) });
  return hosts.names.has(host) || hosts.wildcards.some((wildcard) => isHostWithin(host, wildcard));
}
