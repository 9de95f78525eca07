import { Endpoint } from './endpoint';
import { KnownAddresses } from './known-addresses';

/**
 * The servers behind a port, with those marked of whose addresses a proxy takes one listing alone: of several EndpointSlices, istiod
 * takes the one that a Go map gives first, and of a WorkloadEntry and a pod at one address and port, Envoy takes the one whose
 * locality comes first, which is the node's for a pod.
 *
 * @param unready the servers that aren't ready: istiod compares them with the others before it leaves them out
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

/** One of each kind of rivals, for endpoints that have some. */
function rivalsAmong(
  all: readonly Endpoint[], unready: ReadonlySet<Endpoint>, known: KnownAddresses,
): ReadonlyMap<Endpoint, readonly Endpoint[]> {
  // Of each address, the endpoints that are alike together: most have one kind.
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

/** The addresses at which an endpoint may be; a pod whose addresses the manifests don't say has a name instead. */
function addressesOf({ machine, address, workload }: Endpoint, known: KnownAddresses): readonly string[] {
  if (machine) return [machine.address];
  if (address !== undefined) return [address];
  const ips = workload ? known.of(workload) : [];
  return workload && ips.length === 0 ? [`${workload.kind} ${workload.namespace}/${workload.name}`] : ips;
}

/** Whether it doesn't matter which of two is taken. */
function isAlike(one: Endpoint, other: Endpoint): boolean {
  const isByAddress = ({ listed }: Endpoint): boolean => listed === 'address';
  const isMachine = ({ machine }: Endpoint): boolean => machine !== undefined;
  return one.port === other.port && one.tlsMode === other.tlsMode && isByAddress(one) === isByAddress(other)
    && isMachine(one) === isMachine(other);
}

/** Slices list an address under a port's name, whatever its number; Envoy tells machines and pods apart by the number as well. */
function areRivals(one: Endpoint, other: Endpoint): boolean {
  return (one.machine === undefined && other.machine === undefined) || (one.port === other.port && one.tlsMode !== other.tlsMode);
}
