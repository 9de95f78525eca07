import { Call } from './call';
import { ClientClass, isMember, SidecarClass } from './client-class';
import { Delivery } from './delivery';
import { Doubts } from './doubts';
import { Leg, legKey, Travel, unified } from './leg';
import { UndecidedReason } from './outcome';
import { Servers } from './servers';
import { Way } from '../routes/chosen-routes';
import { CallKind, Destination } from '../routes/route';
import { Ways } from '../routes/ways';
import { Address, addressKey, Addresses } from '../services/addresses';
import { isOwnName } from '../workloads/pod-template';

/** Decides every way that a call of a class of clients can take. */
export class Decider {
  constructor(
    private readonly ways: Ways, private readonly addresses: Addresses,
    private readonly delivery: Delivery, private readonly servers: Servers, private readonly doubts: Doubts,
  ) {}

  decide(client: ClientClass, call: Call): readonly Leg[] {
    const addresses = this.addressesOf(call);
    if (addresses.length === 0) return [unserved(call)];
    const legs: Leg[] = [];
    for (const address of addresses) for (const leg of this.from(client, call, address)) legs.push(...this.doubts.about(leg, client, call));
    return distinct(legs);
  }

  private addressesOf({ services, port }: Call): readonly Address[] {
    const all = services.flatMap((service) => this.addresses.of(service, port));
    if (all.length < 2) return all;
    return [...new Map(all.map((address) => [addressKey(address), address])).values()];
  }

  private from(client: ClientClass, call: Call, address: Address): readonly Leg[] {
    const unmodelled = undecidedClient(client);
    if (unmodelled) return this.direct(call, address).map((leg) => undecided(leg, unmodelled));
    if (isOwnName(client.one.ownNames, call.host)) return [undecided(unserved(call), 'own-dns')];
    if (client.one.interception.whyNotOutbound(call.port) !== undefined) return this.direct(call, address);
    const unclear = this.unclearClient(client as SidecarClass, call);
    // Which service takes the call isn't certain, and so no server is.
    if (unclear === 'ambiguous-service' || isOwnPort(client as SidecarClass, call)) return [undecided(unserved(call), unclear!)];
    const legs = this.throughProxy(client as SidecarClass, call, address);
    // Where such a route leads isn't known, whatever else is.
    return unclear ? legs.map((leg) => (leg.undecidedBecause === 'gateway-api-route' ? leg : undecided(leg, unclear))) : legs;
  }

  /** What of the client's side would change the answer, and isn't known. */
  private unclearClient(client: SidecarClass, call: Call): UndecidedReason | undefined {
    const { plane, scope, one, namespace } = client;
    const { host, ambiguous, port, services: [called] } = call;
    const { interception } = one;
    if (interception.redirection === 'NONE' || interception.byAddress(port) !== undefined) return 'partly-intercepted';
    if (isOwnPort(client, call) || scope.resource?.egress.some(({ special }) => special)) return 'own-listener';
    if (ambiguous) return 'ambiguous-service';
    if (one.dnsCapture && this.ways.goByAllocatedAddresses(scope, called, port)) return 'dns-capture';
    const isUnclear = plane.isUnclear(namespace) || plane.registry.byHost.get(host)!.some((service) => plane.isUnclearAbout(service));
    return isUnclear ? 'unknown-discovery' : undefined;
  }

  private throughProxy(client: SidecarClass, call: Call, address: Address): readonly Leg[] {
    const self = address.at === 'workload' && isMember(address.workload, client) ? address.workload : undefined;
    if (!self || !this.ways.hasListener(client.scope, address, call)) return this.onWays(client, call, address, false);
    const others = client.workloads.length > 1 ? this.onWays(client, call, address, false).map((leg) => ({ ...leg, except: self })) : [];
    return [...others, ...this.onWays(client, call, address, true).map((leg) => ({ ...leg, only: self }))];
  }

  private onWays(client: SidecarClass, call: Call, address: Address, own: boolean): readonly Leg[] {
    const legs: Leg[] = [];
    const delivered = new Set<string>();
    for (const kind of call.kinds) {
      const way = this.ways.follow(client.scope, { kind, host: call.host, port: call.port, client }, address, own);
      const doubt = doubtOf(way);
      if (doubt) legs.push(...this.toAddress(call, kind, address, 'address').map((leg) => undecided({ ...leg, route: routeOf(way) }, doubt)));
      if (way.to === 'address') legs.push(...this.toAddress(call, kind, address, 'address'));
      if (way.to === 'nowhere') legs.push(...this.toAddress(call, kind, address, 'blocked'));
      if (way.to !== 'services') continue;
      for (const destination of way.answer.destinations) {
        const key = destinationKey(destination, way.kind, kind);
        if (delivered.has(key)) continue;
        delivered.add(key);
        legs.push(...this.delivery.deliver(client, { destination, kind: way.kind, spoken: kind, address, port: call.port, route: way.route }));
      }
    }
    return legs;
  }

  /** Past any proxy of the client's. */
  private direct(call: Call, address: Address): readonly Leg[] {
    return call.kinds.flatMap((kind) => this.toAddress(call, kind, address, 'direct'));
  }

  /** To the address that the application called, as the application sent it. */
  private toAddress(call: Call, kind: CallKind, address: Address, travel: Travel): readonly Leg[] {
    const [service] = call.services;
    const base = { travel, target: { service, host: call.host, port: call.port }, clientTls: 'PLAINTEXT', tlsReason: 'no-sidecar' } as const;
    const endpoints = this.addresses.reach(address, call.port);
    const blocked = travel === 'blocked' ? { outcome: 'broken', brokenBecause: 'forbidden-destination', undecidedBecause: undefined } as const : {};
    if (endpoints.length === 0) return [{ ...base, outcome: 'undecided', undecidedBecause: 'no-endpoints', ...blocked }];
    return endpoints.map((endpoint) => ({ ...this.servers.judge({ ...base, kind, endpoint }), ...blocked }));
  }
}

/** Legs that say the same are one. */
function distinct(legs: readonly Leg[]): readonly Leg[] {
  if (legs.length < 2) return legs;
  const byKey = new Map<string, Leg>();
  for (const leg of legs) {
    const key = legKey(leg);
    const same = byKey.get(key);
    byKey.set(key, same ? unified(same, leg) : leg);
  }
  return [...byKey.values()];
}

function unserved({ services: [service], host, port }: Call): Leg {
  return {
    travel: 'service', target: { service, host, port }, clientTls: 'UNKNOWN', tlsReason: 'no-sidecar', outcome: 'undecided', undecidedBecause: 'no-endpoints',
  };
}

function undecidedClient({ one: { proxy } }: ClientClass): UndecidedReason | undefined {
  if (proxy.kind === 'unknown') return 'client-proxy-unknown';
  return proxy.kind === 'sidecar' || proxy.kind === 'none' ? undefined : 'client-proxy-not-modelled';
}

/** Whether Envoy lets nothing be sent to the port, its own, or applications may ask it for any host on a port of its own. */
function isOwnPort({ plane: { config } }: SidecarClass, { port }: Call): boolean {
  return config.httpProxy || config.outboundPort === port;
}

function doubtOf(way: Way): UndecidedReason | undefined {
  if (way.to === 'unknown') return way.because;
  if (way.to !== 'services') return undefined;
  return way.answer.undecided ?? (way.answer.answered ? 'answered-by-proxy' : undefined);
}

function routeOf(way: Way): Leg['route'] {
  return way.to === 'services' ? way.route : undefined;
}

function undecided(leg: Leg, undecidedBecause: UndecidedReason): Leg {
  return { ...leg, clientTls: 'UNKNOWN', outcome: 'undecided', undecidedBecause, brokenBecause: undefined };
}

/** A destination may mean another one for HTTP than for TCP: without a port, or by the name of an ExternalName. */
function destinationKey({ host, port, subset, mirrored }: Destination, kind: CallKind, spoken: CallKind): string {
  return `${spoken}|${kind === 'http' ? 'http' : ''}|${host}|${port ?? ''}|${subset ?? ''}|${mirrored ? 'mirrored' : ''}`;
}
