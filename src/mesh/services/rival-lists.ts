import { Endpoint } from './endpoint';
import { KnownAddresses } from './known-addresses';
import { isAddedByInjection } from '../workloads/injected-labels';

/**
 * The servers behind a port, marked if a proxy uses only one of several listings of their address. Of several
 * EndpointSlices, istiod uses the first in a Go map's random order. Of a WorkloadEntry and a pod with the same
 * address and port, Envoy uses the one whose locality comes first; a pod's locality is its node's.
 *
 * @param unready the servers that aren't ready, which istiod compares with the others before leaving them out
 */
export function withRivals(ready: readonly Endpoint[], unready: readonly Endpoint[], known: KnownAddresses): readonly Endpoint[] {
  if (ready.length + unready.length < 2) return ready;
  const rivals = rivalsAmong([...ready, ...unready], new Set(unready), known);
  if (rivals.size === 0) return ready;
  return ready.map((endpoint) => {
    const others = rivals.get(endpoint);
    return others ? { ...endpoint, hasRivals: true, isElsewhereByChance: others.some(({ port }) => port !== endpoint.port) } : endpoint;
  });
}

/** One endpoint of each kind of listing, for endpoints with several. */
function rivalsAmong(
  all: readonly Endpoint[], unready: ReadonlySet<Endpoint>, known: KnownAddresses,
): ReadonlyMap<Endpoint, readonly Endpoint[]> {
  // For each address, the endpoints grouped by equal listings: most have one group.
  const kindsAt = new Map<string, Endpoint[][]>();
  for (const endpoint of all) {
    for (const address of addressesOf(endpoint, known)) {
      const kinds = kindsAt.get(address);
      const same = kinds?.find(([other]) => isAlike(other, endpoint) && unready.has(other) === unready.has(endpoint));
      if (same) same.push(endpoint);
      else if (kinds) kinds.push([endpoint]);
      else kindsAt.set(address, [[endpoint]]);
    }
  }
  const rivals = new Map<Endpoint, readonly Endpoint[]>();
  for (const kinds of kindsAt.values()) {
    if (kinds.length < 2) continue;
    for (const kind of kinds) {
      const others = kinds.flatMap(([other]) => (other !== kind[0] && areRivals(other, kind[0]) ? [other] : []));
      if (others.length > 0) for (const endpoint of kind) rivals.set(endpoint, others);
    }
  }
  return rivals;
}

/** The possible addresses of an endpoint; if the manifests don't contain a pod's addresses, a key for the workload. */
function addressesOf({ machine, address, workload }: Endpoint, known: KnownAddresses): readonly string[] {
  if (machine) return [machine.address];
  if (address !== undefined) return [address];
  const ips = workload ? known.of(workload) : [];
  return workload && ips.length === 0 ? [`${workload.kind} ${workload.namespace}/${workload.name}`] : ips;
}

/** Whether it doesn't matter which of two listings is used. */
function isAlike(one: Endpoint, other: Endpoint): boolean {
  const isByAddress = ({ listed }: Endpoint): boolean => listed === 'address';
  const isMachine = ({ machine }: Endpoint): boolean => machine !== undefined;
  return one.port === other.port && one.tlsMode === other.tlsMode && isByAddress(one) === isByAddress(other)
    && isMachine(one) === isMachine(other);
}

/**
 * istiod merges slices by address and port name, whatever the number; Envoy also distinguishes machines and pods by the number. What
 * clients send a machine and a pod differs by their TLS mode, and by the policies that select their labels.
 */
function areRivals(one: Endpoint, other: Endpoint): boolean {
  if (one.machine === undefined && other.machine === undefined) return true;
  return one.port === other.port && (one.tlsMode !== other.tlsMode || !haveSameLabels(one, other));
}

/** Whether selectors treat two endpoints alike, unless they select by what injection adds. */
function haveSameLabels({ labels: some }: Endpoint, { labels: others }: Endpoint): boolean {
  const names = new Set([...Object.keys(some), ...Object.keys(others)]);
  return [...names].every((name) => isAddedByInjection(name) || some[name] === others[name]);
}
