import { OutboundMatch } from '../mesh/dataplane/data-plane';
import { OutboundListener } from '../mesh/dataplane/sidecar/outbound-listeners';
import { Hop } from '../mesh/model/hop';
import { kindsOf, Path, serverKey } from '../mesh/model/path';
import { CallKind } from '../mesh/routes/route';
import { Address } from '../mesh/services/addresses';
import { isRange } from '../mesh/services/service';

/** What in the client's proxy handles a call, by the names that `istioctl proxy-config` shows. */
export interface OutboundNames {
  /** The application's protocol. */
  readonly kind: CallKind;
  /** `<clusterIP>` and `<podIP>` stand for addresses that manifests don't hold. */
  readonly listener: string;
  /** The route configuration. Missing if the listener doesn't handle the call as HTTP. */
  readonly route?: string;
  /** Missing if the route itself rejects unknown destinations. */
  readonly cluster?: string;
}

/** Placeholders for addresses that the cluster assigns, and manifests don't contain. */
const CLUSTER_IP = '<clusterIP>';
export const POD_IP = '<podIP>';

/** The listener for calls that no other listener handles. */
const VIRTUAL = 'virtualOutbound';

/** Outbound matches by the hops that they lead to, indexed because a call may have thousands of both. */
export type DeparturesByHop = ReadonlyMap<string, ReadonlySet<OutboundMatch>>;

export function departuresByHop(departures: readonly OutboundMatch[]): DeparturesByHop {
  const found = new Map<string, Set<OutboundMatch>>();
  for (const departure of departures) {
    for (const hop of departure.hops) {
      const key = hopKey(hop);
      const known = found.get(key);
      if (known) known.add(departure);
      else found.set(key, new Set([departure]));
    }
  }
  return found;
}

/** The proxy-config names for each match that leads to a path; empty if the client has no sidecar, or if the match is unknown. */
export function outboundNames(departures: DeparturesByHop, path: Path, port: number): readonly OutboundNames[] {
  const [first] = path.hops;
  const kinds = kindsOf(path);
  const names = [...departures.get(hopKey(first)) ?? []].filter(({ kind }) => kinds.length === 0 || kinds.includes(kind))
    .map((departure) => namesOf(departure, first, port));
  return [...new Map(names.map((one) => [JSON.stringify(one), one])).values()];
}

/** Mirroring isn't part of the key: a path may carry mirrored calls of one kind and regular calls of another. */
function hopKey({ travel, target, received: { endpoint } }: Hop): string {
  return [travel, target.host, target.port, target.subset ?? '', serverKey(endpoint)].join('|');
}

function namesOf({ kind, address, listener }: OutboundMatch, hop: Hop, port: number): OutboundNames {
  return {
    kind, listener: listenerName(listener, address, port), route: routeName(listener, port), cluster: clusterName(hop, kind, listener),
  };
}

function listenerName({ at }: OutboundListener, address: Address, port: number): string {
  if (at === 'virtual') return VIRTUAL;
  const own = addressText(address);
  // For an address range, the filter chains match the addresses.
  return `${at === 'port' || isRange(own) ? '0.0.0.0' : own}_${port}`;
}

function addressText(address: Address): string {
  switch (address.at) {
    case 'service': return address.service.addresses[0] ?? CLUSTER_IP;
    case 'ip': return address.ip;
    default: return POD_IP;
  }
}

function routeName({ route }: OutboundListener, port: number): string | undefined {
  return route && (route.of === 'port' ? String(port) : `${route.host}:${port}`);
}

function clusterName(
  { sender, travel, target: { host, port, subset = '' } }: Hop, kind: CallKind, { at, route }: OutboundListener,
): string | undefined {
  switch (travel) {
    case 'address': return kind === 'http' && (route || at === 'virtual') && sender.scope?.outbound === 'ALLOW_ANY_DYNAMIC_DNS'
      ? 'AllowAnyDynamicDNSCluster'
      : 'PassthroughCluster';
    case 'blocked': return route ? undefined : 'BlackHoleCluster';
    default: return `outbound|${port}|${subset}|${host}`;
  }
}
