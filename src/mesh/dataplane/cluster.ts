import { autoMtlsOf, ClusterTls, clusterTls, endpointTls, EndpointTls, tlsOfAll } from './client-tls';
import { demandOf, Departed, Receivers } from './receivers';
import { ControlPlane } from '../control-planes/control-plane';
import { ProxyScope } from '../control-planes/sidecar-scope';
import { Demand, Hop, NOT_RECEIVED, Target, undecided, UNENCRYPTED, UNKNOWN_TLS } from '../model/hop';
import { SidecarSender } from '../model/sender';
import { UndecidedReason } from '../model/transport';
import { selects } from '../names/labels';
import { RuleSubset } from '../policies/destination-rule';
import { subsetNamed, ruleForClient, LookupNamespace, LOOKUP_NAMESPACES, MergedRule } from '../policies/destination-rules';
import { CallKind, RouteDestination, Route } from '../routes/route';
import { Address, Addresses } from '../services/addresses';
import { Coverage } from '../services/coverage';
import { Endpoint, isKnownByChance } from '../services/endpoint';
import { looksLikeIpAddress } from '../services/machine';
import { portOf, Service, ServicePort } from '../services/service';

/** A call on its way to one destination. */
interface Delivered {
  readonly destination: RouteDestination;
  /** The protocol that the client's proxy assumes. */
  readonly kind: CallKind;
  /** The protocol that the application uses. */
  readonly applicationKind: CallKind;
  /** The address and port that the application requested: an ORIGINAL_DST destination sends the call there. */
  readonly address: Address;
  readonly port: number;
  readonly route?: Route;
}

/** A call with its destination, before the outcome is decided. */
interface Bound extends Pick<Hop, 'sender' | 'target' | 'route' | 'rule'> {
  readonly kind: CallKind;
}

/** The last part of a call: from the client's proxy to the servers of one destination. */
export class ClusterResolver {
  private readonly chancesByServers = new WeakMap<readonly Endpoint[], Map<ControlPlane, UndecidedReason | undefined>>();

  constructor(private readonly addresses: Addresses, private readonly receivers: Receivers, private readonly coverage: Coverage) {}

  deliver(client: SidecarSender, delivered: Delivered): readonly Hop[] {
    const { plane, scope } = client;
    const { destination, kind, applicationKind, address, port: calledPort, route } = delivered;
    const { service, target } = this.targetOf(scope, destination, kind, calledPort);
    const bound: Bound = { sender: client, target, route, kind: applicationKind };
    if (plane.registry.isAmbiguous(destination.host) || plane.registry.isAmbiguous(target.host)) {
      return [notDecided(bound, 'ambiguous-service')];
    }
    if (isUndiscovered(plane, service, route)) return [notDecided(bound, 'unknown-discovery')];
    const port = service && portOf(service, target.port);
    if (!service || !port || service.resolution === 'ALIAS') return [this.unknown(bound)];
    const doubt = doubtAbout(service);
    if (doubt) return [notDecided(bound, doubt)];
    const found = plane.rules.find(client.namespace, service);
    const rule = ruleForClient(found.rules, client);
    const subset = rule && subsetNamed(rule, target.subset);
    if (target.subset !== undefined && !subset) return [this.withoutSubset(client, { ...bound, rule }, service, found.place)];
    const cluster = clusterTls(service, port, rule, subset, autoMtlsOf(plane));
    if (destination.mirrored && cluster.originalDestination) return [notDecided(bound, 'mirrored')];
    const endpoints = this.endpointsOf(client, service, port, subset, cluster, address, calledPort);
    if (endpoints === 'varies') return [notDecided(bound, 'destination-elsewhere')];
    if (endpoints === undefined && this.coverage.isServerless(service, subset?.labels)) {
      return [{ ...unreachable({ ...bound, rule }), subset, brokenBecause: 'no-servers' }];
    }
    if (!endpoints || endpoints.length === 0) {
      const { fixed: tls = 'UNKNOWN', reason, by, settings } = cluster;
      return [{ ...notDecided({ ...bound, rule }, 'no-endpoints'), subset, sent: { tls, reason, by, settings, kind: applicationKind } }];
    }
    const demand = endpoints.some(({ tls }) => tls.tls === 'ISTIO_MUTUAL') ? demandOf(cluster.settings, service, plane) : undefined;
    const chanceOf = this.chances(plane, service, port, cluster);
    const departedWith = departures(bound, rule, subset, cluster, demand);
    return endpoints.map(({ endpoint, known, tls }) => orByChance(chanceOf(known), this.receivers.judge(departedWith(tls), endpoint)));
  }

  /**
   * Why it is uncertain what the client's proxy knows of a server: istiod may take any of several listings of its address,
   * may not know that the server accepts the mesh's TLS, or may not read the namespace of a pod that an EndpointSlice of
   * another namespace lists. If the requested address is kept, one uncertain server makes all uncertain.
   */
  private chances(
    plane: ControlPlane, service: Service, port: ServicePort, { originalDestination, settings, reason }: ClusterTls,
  ): (known: Endpoint) => UndecidedReason | undefined {
    const depends = settings ? settings.mode === 'ISTIO_MUTUAL' : reason === 'auto-mtls' || reason === 'not-all-endpoints';
    const isElsewhere = ({ workload }: Endpoint): boolean =>
      workload !== undefined && workload.namespace !== service.namespace && plane.isUnclear(workload.namespace);
    const ofOne = (known: Endpoint): UndecidedReason | undefined =>
      (isElsewhere(known) ? 'unknown-discovery'
        : known.hasRivals ? 'listed-twice'
          : depends && isKnownByChance(known) ? 'listed-by-address'
            : undefined);
    if (!originalDestination) return ofOne;
    if (reason === 'not-all-endpoints' && isUpToUnknown(plane.serversOn(service, port.number))) return () => 'server-proxy-unknown';
    const ofAny = depends ? this.chanceOfAny(plane, plane.serversOn(service, port.number), ofOne) : undefined;
    return () => ofAny;
  }

  /** Cached, since it is asked for each address of a headless Service, and considers all of its servers each time. */
  private chanceOfAny(
    plane: ControlPlane, servers: readonly Endpoint[], ofOne: (known: Endpoint) => UndecidedReason | undefined,
  ): UndecidedReason | undefined {
    let known = this.chancesByServers.get(servers);
    if (!known) this.chancesByServers.set(servers, known = new Map());
    if (!known.has(plane)) known.set(plane, servers.map(ofOne).find((chance) => chance !== undefined));
    return known.get(plane);
  }

  /** A route without a port keeps the requested port; except for HTTP, a service's only port takes its place. */
  private targetOf(
    scope: ProxyScope, destination: RouteDestination, kind: CallKind, calledPort: number,
  ): { service?: Service; target: Target } {
    const named = scope.known(destination.host);
    const alias = this.aliasOf(scope, destination.host, kind, calledPort);
    const service = alias === undefined ? named : scope.known(alias);
    const host = alias ?? destination.host;
    const only = kind !== 'http' && named?.ports.length === 1 ? named.ports[0].number : undefined;
    const port = destination.port ?? only ?? calledPort;
    const { subset, mirrored, at } = destination;
    return { service, target: { service: service ?? this.addresses.anyService(host), host, port, subset, mirrored, at } };
  }

  /** The target of an ExternalName, if the client's proxy knows it; HTTP also requires a listener for the ExternalName's port. */
  private aliasOf(scope: ProxyScope, host: string, kind: CallKind, port: number): string | undefined {
    if (kind !== 'http') return scope.known(host)?.externalName;
    const service = scope.onPort(port).imported(host);
    return service && portOf(service, port) ? service.externalName : undefined;
  }

  /** The destination is unknown to the client's proxy: the manifests don't define it, but the cluster may. */
  private unknown(bound: Bound): Hop {
    const { service, host } = bound.target;
    return service || this.coverage.isNowhere(host) ? unreachable(bound) : notDecided(bound, 'destination-elsewhere');
  }

  /** No rule defines the subset. Undecided if namespaces may contain further rules, up to the namespace where rules were found. */
  private withoutSubset({ namespace, plane }: SidecarSender, bound: Bound, service: Service, place: LookupNamespace): Hop {
    const asked = [namespace, service.namespace, plane.config.rootNamespace].slice(0, LOOKUP_NAMESPACES.indexOf(place) + 1);
    if (asked.some((one) => this.coverage.isPartial(one))) return notDecided(bound, 'destination-elsewhere');
    return { ...unreachable(bound), brokenBecause: 'undefined-subset' };
  }

  /** The servers with the TLS to each; undefined if istiod builds no cluster because the service has none. */
  private endpointsOf(
    { plane, scope }: SidecarSender, service: Service, port: ServicePort, subset: RuleSubset | undefined, cluster: ClusterTls,
    address: Address,
    calledPort: number,
  ): readonly Server[] | 'varies' | undefined {
    const all = plane.serversOf(service, port);
    const own = !subset || (cluster.originalDestination && service.resolution !== 'DNS')
      ? all
      : all.filter(({ labels }) => selects(subset.labels, labels));
    if (service.resolution === 'DNS' && (all.length === 0 || (own.length === 0 && cluster.needsServers))) return undefined;
    const ofAll = tlsOfAll(cluster);
    if (cluster.originalDestination) {
      const kept = service.resolution === 'PASSTHROUGH' && service.registry === 'ServiceEntry' ? Number(port.target)
        || calledPort : calledPort;
      return this.addresses.reach(address, kept).map((endpoint) => ({ endpoint, known: endpoint, tls: ofAll! }));
    }
    const servers: Server[] = [];
    for (const endpoint of own) {
      const tls = ofAll ?? endpointTls(cluster, endpoint, service, plane.policies, scope);
      const resolved = this.resolved(endpoint, service);
      if (resolved === 'varies') return resolved;
      for (const one of resolved) servers.push({ endpoint: one, known: endpoint, tls });
    }
    return servers;
  }

  /**
   * The endpoints at an endpoint's address. The proxy resolves names only if the service's resolution is DNS; otherwise istiod omits them.
   */
  private resolved(endpoint: Endpoint, service: Service): readonly Endpoint[] | 'varies' {
    const name = endpoint.address ?? endpoint.machine?.address;
    if (name === undefined) return [endpoint];
    if (looksLikeIpAddress(name)) return this.addresses.behind(name, endpoint.port) ?? [endpoint];
    if (service.resolution !== 'DNS') return [];
    return this.addresses.reachHost(name, endpoint.port) ?? [endpoint];
  }
}

/**
 * What the proxy sends to a destination's servers; consecutive servers with the
 * same TLS share it. Field by field, since spreading objects takes longer.
 */
function departures(
  { sender, target, route, kind }: Bound, rule: MergedRule | undefined, subset: RuleSubset | undefined, cluster: ClusterTls,
  demand: Demand | undefined,
): (tls: EndpointTls) => Departed {
  const { headerBy, originalDestination: keepsAddress } = cluster;
  let last: EndpointTls | undefined;
  let departed: Departed;
  return (own) => {
    if (last === own) return departed;
    last = own;
    const { tls, reason, by, settings } = own;
    const sent = { tls, reason, by, settings, kind, demands: tls === 'ISTIO_MUTUAL' ? demand : undefined, headerBy };
    return departed = { sender, travel: 'service', target, sent, keepsAddress, rule, subset, route };
  };
}

function orByChance(chance: UndecidedReason | undefined, hop: Hop): Hop {
  return chance && (hop.outcome !== 'undecided' || chance === 'unknown-discovery') ? undecided(hop, chance) : hop;
}

interface Server {
  readonly endpoint: Endpoint;
  /** The endpoint as istiod sends it to the client's proxy, before its address is resolved. */
  readonly known: Endpoint;
  readonly tls: EndpointTls;
}

/** istiod learns the servers of a Service that is exported to nobody (`~`) only if it happens to process them first. */
function doubtAbout({ resolution, registry, exportTo }: Service): UndecidedReason | undefined {
  if (resolution === 'DYNAMIC_DNS') return 'dynamic-dns';
  return registry === 'Kubernetes' && exportTo.includes('~') ? 'exported-to-nobody' : undefined;
}

/** Whether istiod may not read the objects that decide about the destination, or the route to it. */
function isUndiscovered(plane: ControlPlane, service: Service | undefined, route: Route | undefined): boolean {
  return (service !== undefined && plane.isUnclearAbout(service)) || (route !== undefined && plane.isUnclear(route.object.namespace));
}

function notDecided({ kind, ...bound }: Bound, because: UndecidedReason): Hop {
  return {
    ...bound, travel: 'service', sent: { ...UNKNOWN_TLS, kind }, received: NOT_RECEIVED, outcome: 'undecided', undecidedBecause: because,
  };
}

function unreachable({ kind, ...bound }: Bound): Hop {
  return {
    ...bound,
    travel: 'service',
    sent: { ...UNENCRYPTED, kind },
    received: NOT_RECEIVED,
    outcome: 'broken',
    brokenBecause: 'unknown-destination',
  };
}

/** Whether it isn't known of any server that it doesn't use the mesh's TLS. */
function isUpToUnknown(servers: readonly Endpoint[]): boolean {
  const without = servers.filter(({ tlsMode }) => tlsMode === 'disabled');
  return without.length > 0 && without.every(({ workload }) => workload?.proxy.lacks !== undefined);
}
