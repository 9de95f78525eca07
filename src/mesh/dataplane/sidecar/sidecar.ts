import { OutboundRoutes } from './outbound-routes';
import { RouteMatch } from './route-match';
import { sidecarReceiversOf } from './sidecar-receivers';
import { ControlPlane } from '../../control-planes/control-plane';
import { ControlPlanes } from '../../control-planes/control-planes';
import { ProxyScope } from '../../control-planes/sidecar-scope';
import { Call } from '../../model/call';
import { Hop, undecided, UNKNOWN_TLS, unserved } from '../../model/hop';
import { Path, pathKey, selfOf, straight } from '../../model/path';
import { PeerCalls } from '../../model/peer-calls';
import { Receiver } from '../../model/receiver';
import { isMember, Sender, SidecarSender } from '../../model/sender';
import { UndecidedReason } from '../../model/transport';
import { Labels, SelectorIndex } from '../../names/labels';
import { CallKind, RouteDestination, Route, RoutedCall } from '../../routes/route';
import { Address } from '../../services/addresses';
import { portOf, Service } from '../../services/service';
import { OUTBOUND_ANNOTATIONS } from '../../workloads/interception';
import { Workload } from '../../workloads/workload';
import { ClusterResolver } from '../cluster';
import { OutboundMatch, SidecarDataPlane } from '../data-plane';
import { NoProxy } from '../no-proxy';

/** Workloads with a sidecar that handles their traffic, as their istiod configures it. */
export class Sidecar implements SidecarDataPlane {
  private readonly signatures = new Map<ControlPlane, Signatures>();

  constructor(
    private readonly planes: ControlPlanes, private readonly routes: OutboundRoutes,
    private readonly clusters: ClusterResolver, private readonly noProxy: NoProxy, private readonly peers: PeerCalls,
  ) {}

  planeOf({ proxy: { revision } }: Workload): ControlPlane {
    return this.planes.of(revision);
  }

  senderKey(workload: Workload): string {
    const { namespace, labels, annotations, interception: { redirection, asProxy }, dnsCapture, proxy } = workload;
    const plane = this.planeOf(workload);
    const key = `${proxy.revision}\n${namespace}\n${this.signaturesOf(plane).of(namespace, labels)}`;
    if (!isTelling(workload, plane)) return key;
    return [key, redirection, asProxy, dnsCapture, JSON.stringify(OUTBOUND_ANNOTATIONS.map((name) => annotations[name]))].join('\n');
  }

  accept(workload: Workload, port: number): Receiver {
    return sidecarReceiversOf(this.planeOf(workload)).ofSidecar(workload, port);
  }

  originate(client: SidecarSender, call: Call, address: Address): readonly Path[] {
    const elsewhere = this.noProxy.resolvedElsewhere(client, call);
    if (elsewhere) return elsewhere;
    if (client.members[0].proxy.intercepts('out', call.port) === false) return this.noProxy.originate(client, call, address);
    const unclear = this.whyUnclear(client, call, address);
    // Without knowing which service receives the call, its servers are unknown too.
    if (unclear === 'ambiguous-service' || isOwnPort(client, call)) return [straight(undecided(unserved(client, call), unclear!))];
    const paths = this.throughProxy(client, call, address);
    if (!unclear) return paths;
    // A Gateway API route keeps its own reason, even if something else is unclear too.
    return paths.map((path) => (
      path.hops[0].undecidedBecause === 'gateway-api-route' ? path : { ...path, hops: [undecided(path.hops[0], unclear)] }));
  }

  outboundMatches(one: SidecarSender, client: Workload, call: Call, address: Address): readonly OutboundMatch[] {
    const isOwn = address.at === 'workload' && address.workload === client
      && this.routes.hasListener(one.scope.onPort(call.port), address, call);
    const passesBy = this.noProxy.resolvedElsewhere(one, call) !== undefined || client.proxy.intercepts('out', call.port) === false;
    if (passesBy || isOwnPort(one, call) || call.ambiguous || this.goesToAllocated(one, call, address)) return [];
    const own = this.ownOutboundMatches(one, call, address, isOwn);
    if (!isOwn || !this.hasPeers(client, call)) return own;
    const isBeyond = (hop: Hop): boolean => selfOf({ ...straight(hop), only: client }) !== client;
    const beyond = own.map((match) => ({ ...match, hops: match.hops.filter(isBeyond) }));
    return [...this.ownOutboundMatches(one, call, address, false), ...beyond];
  }

  private signaturesOf(plane: ControlPlane): Signatures {
    let signatures = this.signatures.get(plane);
    if (!signatures) this.signatures.set(plane, signatures = new Signatures(plane));
    return signatures;
  }

  /** Why the client's side of a call is undecided. */
  private whyUnclear(client: SidecarSender, call: Call, address: Address): UndecidedReason | undefined {
    const { plane, scope, members: [one], namespace } = client;
    const { host, ambiguous, port } = call;
    if (one.proxy.intercepts('out', port) === 'unknown') return 'partly-intercepted';
    if (isOwnPort(client, call) || scope.hasUnclearListener(port)) return 'own-listener';
    if (ambiguous) return 'ambiguous-service';
    if (one.dnsCapture && this.dependsOnAllocation(client, call, address)) return 'dns-capture';
    const isUnclear = plane.isUnclear(namespace) || plane.registry.byHost.get(host)!.some((service) => plane.isUnclearAbout(service));
    return isUnclear ? 'unknown-discovery' : undefined;
  }

  /** Whether a call to an address that istiod allocates may go elsewhere than one to the host's address. */
  private dependsOnAllocation(client: SidecarSender, call: Call, address: Address): boolean {
    const { port, services } = call;
    const scope = client.scope.onPort(port);
    const known = client.scope.known(call.host);
    const called = services.find(({ object }) => object === known?.object) ?? services[0];
    return scope.egressPort(port) !== undefined || this.speaksOtherwise(known, scope, call)
      || this.isAnsweredOtherwise(client, call, address) || this.routes.goByAllocatedAddresses(scope, called, port);
  }

  /**
   * Whether a call may speak another protocol than the service that the client's proxy knows has at its allocated address. The listener
   * there takes HTTP for TCP, and other protocols than TLS too. At the host's address, HTTP may go by its name, and calls for which
   * there is no listener to the servers of another service of the host.
   */
  private speaksOtherwise(known: Service | undefined, scope: ProxyScope, { kinds, port, services }: Call): boolean {
    switch (known && isAllocated(known) ? portOf(known, port)?.protocol : undefined) {
      case 'TLS': return kinds.some((kind) => kind !== 'tls');
      case 'TCP': return kinds.includes('http') && this.routes.mayHaveHttp(scope, port);
      case 'HTTP': return kinds.some((kind) => kind !== 'http') && services.some(({ addresses }) => addresses.length > 0);
      default: return false;
    }
  }

  /**
   * Whether a call goes to an address that istiod allocates for proxies that answer DNS requests; manifests don't contain such addresses.
   */
  private goesToAllocated(client: SidecarSender, call: Call, address: Address): boolean {
    const isTaker = (service: Service): boolean => isAllocated(service) && portOf(service, call.port)!.protocol !== 'HTTP';
    return client.members[0].dnsCapture && (call.services.some(isTaker) || this.isAnsweredOtherwise(client, call, address));
  }

  /**
   * Whether a proxy that answers DNS requests resolves the host to another address than this. It
   * answers with the allocated address of the service that it knows, even if only other services of
   * the host have the port; the call then doesn't meet the listeners at their addresses.
   */
  private isAnsweredOtherwise({ scope }: SidecarSender, call: Call, address: Address): boolean {
    const known = scope.known(call.host);
    return known !== undefined && isAllocated(known)
      && (!portOf(known, call.port) || this.routes.hasListener(scope.onPort(call.port), address, call));
  }

  private throughProxy(client: SidecarSender, call: Call, address: Address): readonly Path[] {
    const self = address.at === 'workload' && isMember(address.workload, client) ? address.workload : undefined;
    if (!self || !this.routes.hasListener(client.scope.onPort(call.port), address, call)) {
      const paths = this.onRoutes(client, call, address, false).map(straight);
      const isUnknown = !client.plane.isUnclear(client.namespace)
        && paths.some(({ hops: [{ undecidedBecause }] }) => undecidedBecause === 'unknown-discovery');
      // If the match is unknown, a call that seems to end at the client itself may go elsewhere.
      const only = isUnknown ? self ?? onlyServer(paths, client) : undefined;
      return only ? [...paths, { ...straight(undecided(unserved(client, call), 'unknown-discovery')), only }] : paths;
    }
    // Another of the client's pods meets the listener for this pod's address.
    const hasPeers = this.hasPeers(self, call);
    const except = hasPeers ? undefined : self;
    const hasOthers = client.members.length > 1 || hasPeers;
    const others = hasOthers ? this.onRoutes(client, call, address, false).map((hop) => ({ ...straight(hop), except })) : [];
    const own = this.onRoutes(client, call, address, true).map((hop): Path => ({ ...straight(hop), only: self }));
    return hasPeers ? [...others, ...beside(others, own)] : [...others, ...own];
  }

  private hasPeers(client: Workload, call: Call): boolean {
    return client.hasPeers || this.peers.has(client, call);
  }

  private onRoutes(client: SidecarSender, call: Call, address: Address, own: boolean): readonly Hop[] {
    const sent = new Set<string>();
    return call.kinds.flatMap((kind) => {
      const match = this.routeMatchOf(client, call, kind, address, own);
      return this.onRoute(client, call, kind, address, own, sent, match);
    });
  }

  private ownOutboundMatches(client: SidecarSender, call: Call, address: Address, own: boolean): readonly OutboundMatch[] {
    return call.kinds.flatMap((kind) => {
      const listener = this.routes.listenerFor(client.scope.onPort(call.port), routedCall(client, call, kind), address, own);
      if (!listener) return [];
      const match = this.routeMatchOf(client, call, kind, address, own);
      return [{ kind, address, listener, match, hops: this.onRoute(client, call, kind, address, own, new Set(), match) }];
    });
  }

  private routeMatchOf(client: SidecarSender, call: Call, kind: CallKind, address: Address, own: boolean): RouteMatch {
    return this.routes.follow(client.scope.onPort(call.port), routedCall(client, call, kind), address, own);
  }

  /** @param sent the part of `Sent` that is known so far */
  private onRoute(
    client: SidecarSender, call: Call, kind: CallKind, address: Address, own: boolean, sent: Set<string>, match: RouteMatch,
  ): readonly Hop[] {
    const hops: Hop[] = [];
    const doubt = doubtOf(match);
    if (doubt) {
      hops.push(...this.somewhere(client, call, kind, address, own).map((hop) => undecided({ ...hop, route: routeOf(match) }, doubt)));
    }
    if (match.to === 'address') hops.push(...this.noProxy.toAddress(client, call, kind, address, 'address'));
    if (match.to === 'nowhere') hops.push(...this.noProxy.toAddress(client, call, kind, address, 'blocked'));
    if (match.to !== 'services') return hops;
    for (const destination of match.answer.destinations) {
      const key = destinationKey(destination, match.kind, kind);
      if (sent.has(key)) continue;
      sent.add(key);
      const delivered = { destination, kind: match.kind, applicationKind: kind, address, port: call.port, route: match.route };
      hops.push(...this.peers.among(this.clusters.deliver(client, delivered), call));
    }
    return hops;
  }

  /** The hops of a call with an unknown match. At the client's own address it isn't a call to itself, so it ends without a known server. */
  private somewhere(client: SidecarSender, call: Call, kind: CallKind, address: Address, own: boolean): readonly Hop[] {
    return own ? [{ ...unserved(client, call), sent: { ...UNKNOWN_TLS, kind } }] : this.noProxy.toAddress(
      client, call, kind, address, 'address',
    );
  }
}

/** The client at which all paths end, if it is one. */
function onlyServer(paths: readonly Path[], client: SidecarSender): Workload | undefined {
  const [server, ...others] = new Set(paths.map(selfOf));
  return server && others.length === 0 && isMember(server, client) ? server : undefined;
}

/** A client's own paths. Those that all clients share, and that don't end at the client itself, lose `only`. */
function beside(shared: readonly Path[], own: readonly Path[]): readonly Path[] {
  const known = new Set(shared.map(pathKey));
  const isShared = (path: Path): boolean => selfOf(path) === undefined && known.has(pathKey({ ...path, only: undefined }));
  return own.map((path) => (isShared(path) ? { ...path, only: undefined } : path));
}

function routedCall(client: SidecarSender, { host, port }: Call, kind: CallKind): RoutedCall {
  return { kind, host, port, client };
}

/** Whether Envoy blocks calls to the port because it is the proxy's own, or the mesh config turns on an HTTP proxy for any host. */
function isOwnPort({ plane: { config } }: SidecarSender, { port }: Call): boolean {
  return config.httpProxy || config.outboundPort === port;
}

function doubtOf(match: RouteMatch): UndecidedReason | undefined {
  if (match.to === 'unknown') return match.because;
  if (match.to !== 'services') return undefined;
  return match.answer.undecided ?? (match.answer.answered ? 'answered-by-proxy' : undefined);
}

function routeOf(match: RouteMatch): Route | undefined {
  return match.to === 'services' ? match.route : undefined;
}

/** A key of a destination. It depends on the protocol, since without a port, or with an ExternalName, HTTP and TCP destinations differ. */
function destinationKey({ host, port, subset, mirrored }: RouteDestination, kind: CallKind, spoken: CallKind): string {
  return `${spoken}|${kind === 'http' ? 'http' : ''}|${host}|${port ?? ''}|${subset ?? ''}|${mirrored ? 'mirrored' : ''}`;
}

/** Clients whose interception or DNS proxying differs from the mesh config. */
export function hasOwnInterception({ members: [one], plane }: Sender): boolean {
  return plane !== undefined && isTelling(one, plane);
}

function isTelling({ annotations, interception: { redirection, asProxy }, dnsCapture }: Workload, { config }: ControlPlane): boolean {
  if (asProxy || dnsCapture !== config.dnsCapture) return true;
  return (redirection === 'NONE') !== (config.interceptionMode === 'NONE')
    || OUTBOUND_ANNOTATIONS.some((name) => annotations[name] !== undefined);
}

/** The selectors of the mesh that match a workload's labels: workloads with equal results are treated alike. */
class Signatures {
  private readonly byNamespace = new Map<string, SelectorIndex<number>>();

  constructor(private readonly plane: ControlPlane) {}

  of(namespace: string, labels: Labels): string {
    let index = this.byNamespace.get(namespace);
    if (!index) this.byNamespace.set(namespace, index = this.indexOf(namespace));
    return index.matching(labels).join();
  }

  private indexOf(namespace: string): SelectorIndex<number> {
    const { rules, sidecars, routes } = this.plane;
    const index = new SelectorIndex<number>();
    const selectors = [...rules.selectorsOf(namespace), ...sidecars.selectorsOf(namespace), ...routes.sourceLabels];
    selectors.forEach((selector, number) => index.add(selector, number));
    return index;
  }
}

/** Whether istiod allocates an address to a service: not with resolution NONE, whose calls keep the requested address. */
function isAllocated({ registry, addresses, resolution }: Service): boolean {
  return registry === 'ServiceEntry' && addresses.length === 0 && resolution !== 'PASSTHROUGH';
}
