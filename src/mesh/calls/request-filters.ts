import { Call } from '../model/call';
import { Hop } from '../model/hop';
import { Patch } from '../policies/envoy-filter';
import { CallKind, RouteAnswer, RouteDestination } from '../routes/route';
import { portOf } from '../services/service';

/** The client's HTTP filter before the router, if any, that may change a request so that the route selects another destination. */
export function reroutingFilter({ route, sent: { kind }, target, sender }: Hop, { host, port, kinds }: Call): Patch | undefined {
  const { plane, namespace, labels, scope } = sender;
  if (!route || !plane?.envoyFilters.mayReroute || (kind ?? 'http') !== 'http' || !kinds.includes('http')) return undefined;
  const client = { namespace, labels };
  const aliasOf = (name: string): string | undefined => {
    const known = scope?.onPort(port).imported(name);
    return known && portOf(known, port) && known.externalName;
  };
  const answerTo = (as: CallKind): RouteAnswer | undefined => (
    route.answer({ kind: as, host, port, client, nameOf: (name) => aliasOf(name) ?? name }));
  const isTarget = ({ host: to, subset }: RouteDestination): boolean => to === target.host && subset === target.subset;
  const answer = answerTo('http');
  if (!answer?.byRequest) return undefined;
  // A destination of unknown protocol may belong to TCP, and a listener of another service at the address may treat HTTP as TCP.
  const same = answer.destinations.filter(isTarget);
  if (same.length === 0 && answerTo('tcp')?.destinations.some(isTarget)) return undefined;
  if (kind === undefined && !same.some((one) => (one.port ?? target.port) === target.port)) return undefined;
  return plane.envoyFilters.patching('requests', client, { listenerPorts: [port] });
}
