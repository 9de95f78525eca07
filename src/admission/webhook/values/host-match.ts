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
