import { reroutingFilter } from './request-filters';
import { FieldPath } from '../../findings/finding';
import { oncePerObject } from '../collections';
import { BehaviourName, BEHAVIOURS } from '../config/istiod-behaviours';
import { IstiodChange, IstiodSettings } from '../config/istiods';
import { ControlPlane } from '../control-planes/control-plane';
import { ControlPlanes } from '../control-planes/control-planes';
import { Call } from '../model/call';
import { Hop, NOT_RECEIVED, undecided } from '../model/hop';
import { departureOf, Path, selfOf } from '../model/path';
import { IstiodReason, Reason } from '../model/reason';
import { Receiver } from '../model/receiver';
import { isMember } from '../model/sender';
import { UndecidedReason } from '../model/transport';
import { isWithin } from '../names/hosts';
import { Patch, PatchedCall } from '../policies/envoy-filter';
import { Endpoint } from '../services/endpoint';
import { ServiceRegistry } from '../services/registry';
import { connectable, isHeadless, isRedis, Service } from '../services/service';
import { isDirect, Network, Networks } from '../workloads/networks';

/** A hop of a call through a client's sidecar. */
interface Sent {
  readonly hop: Hop;
  readonly call: Call;
  readonly plane: ControlPlane;
}

/** Which calls a client's istiod may lead elsewhere, or encrypt otherwise, by what it decides otherwise. */
const CLIENTS: Readonly<Partial<Record<BehaviourName, (sent: Sent) => boolean>>> = {
  exportToNamed: ({ hop: { target: { service } }, call: { services, neighbours }, plane: { config } }) =>
    namesNamespaces(config.defaultServiceExportTo)
    && [...services, ...neighbours, ...service ? [service] : []].some(({ exportTo }) => exportTo.length === 0),
  foldHosts: ({ hop: { target }, call: { host }, plane: { routes } }) =>
    routes.withCapitals.some((written) => isWithin(host, written) || isWithin(target.host, written)),
  labelEndpoints: isByAutoMtls,
  labelTelemetry: isByAutoMtls,
  preferRules: ({ hop: { sent: { reason: tlsReason }, target } }) => Boolean(target.service?.external) && tlsReason.startsWith('rule'),
  aliasNames: ({ hop: { route }, call: { port }, plane: { registry } }) =>
    portsOfAliases(registry).has(port) || Boolean(route?.destinations.some(({ host }) => registry.byHost.get(host)?.some(isAlias))),
  listHeadless: ({ hop: { travel, target } }) => travel === 'service' && target.service !== undefined && isHeadless(target.service),
  dualStack: isDualStack,
  ambient: isDualStack,
  preferHbone: ({ hop: { received: { endpoint } } }) => endpoint?.workload !== undefined && endpoint.workload.proxy.encrypts !== false,
  redisFilter: ({ hop: { target }, call: { neighbours, port } }) =>
    neighbours.some((service) => isForRedis(service, port)) || (target.service !== undefined && isForRedis(target.service, target.port)),
  mcsHosts: ({ hop: { target }, call }) => [target.host, call.host].some((host) => host.endsWith('.clusterset.local')),
};

/** Which servers' listeners another istiod may make otherwise. */
const SERVERS: Readonly<Partial<Record<BehaviourName, (endpoint: Endpoint, plane: ControlPlane) => boolean>>> = {
  mergeIngress: (endpoint, { sidecars }) => {
    const ingress = sidecars.of(endpoint)?.ingress ?? [];
    return ingress.length > 0 && ingress.every(({ number }) => number !== endpoint.port);
  },
  ingressTls: (endpoint, { sidecars }) => (
    Boolean(sidecars.of(endpoint)?.ingress.some(({ number, tls }) => tls && number === endpoint.port))),
};

/** What changes all that an istiod makes of objects. */
const EVERYTHING: ReadonlySet<BehaviourName> = new Set<BehaviourName>(['inject', 'ignoreKinds', 'watchOneNamespace', 'shareMeshConfig']);

/** The servers of services are found once for all istiods: of one that finds others nothing is decided. */
const SHARED: readonly BehaviourName[] = ['selectMachines', 'selectPods'];

/**
 * What istiods decide otherwise than the one that is modelled, by their environment or their
 * version: the calls that this may affect are undecided.
 */
export class IstiodDoubts {
  /** @param shared the istiod by whose word the servers of services were found */
  constructor(private readonly shared: IstiodSettings) {}

  ofClient(hop: Hop, call: Call): Doubt | undefined {
    const { plane } = hop.sender;
    if (!plane || hop.travel === 'direct') return undefined;
    return ofMeshConfig(plane)
      ?? (this.isUsual(plane) ? undefined : this.found(plane, (name) => CLIENTS[name]?.({ hop, call, plane }) ?? false));
  }

  ofServer(endpoint: Endpoint, plane: ControlPlane): Doubt | undefined {
    return ofMeshConfig(plane)
      ?? (this.isUsual(plane) ? undefined : this.found(plane, (name) => SERVERS[name]?.(endpoint, plane) ?? false));
  }

  /** Which filter the server's istiod has for a port that names Redis: whoever speaks anything else isn't answered. */
  ofFilter({ istiod }: ControlPlane, { protocol }: Receiver): IstiodDoubt | undefined {
    const change = protocol.redis ? istiod.changes.get('redisFilter') : undefined;
    return change && doubtOf(istiod, change);
  }

  private isUsual({ istiod }: ControlPlane): boolean {
    return [istiod, this.shared].every(({ changes, unknown }) => changes.size === 0 && !unknown);
  }

  private found({ istiod }: ControlPlane, touches: (name: BehaviourName) => boolean): IstiodDoubt | undefined {
    const unclear = istiod.unknown ? istiod : this.shared;
    if (unclear.unknown) return doubtOf(unclear, unclear.unknown);
    for (const name of SHARED) {
      if (istiod.changes.has(name) !== this.shared.changes.has(name)) {
        const other = istiod.changes.has(name) ? istiod : this.shared;
        return doubtOf(other, other.changes.get(name)!);
      }
    }
    for (const [name, change] of istiod.changes) {
      if ((BEHAVIOURS[name].then === 'undecided' || change.isOpen) && (EVERYTHING.has(name) || touches(name))) {
        return doubtOf(istiod, change);
      }
    }
    return undefined;
  }
}

const CONTAINERS: FieldPath = ['spec', 'template', 'spec', 'containers'];

/** Why a setting leaves a call undecided, and its source. */
interface IstiodDoubt {
  readonly because: UndecidedReason;
  readonly unmodelled: IstiodReason;
}

function doubtOf({ deployment }: IstiodSettings, change: IstiodChange): IstiodDoubt {
  const at = { object: deployment, field: CONTAINERS };
  return { because: change.flag === undefined ? 'istio-version' : 'istiod-flag', unmodelled: { kind: 'istiod', at, change } };
}

/** A mesh config that istiod can't read may have been any before. */
function ofMeshConfig({ config: { isUnreadable, object } }: ControlPlane): Doubt | undefined {
  return isUnreadable
    ? { because: 'mesh-config', unmodelled: { kind: 'unreadable-mesh-config', at: { object: object!, field: ['data', 'mesh'] } } }
    : undefined;
}

/** Whether a default of `exportTo` names namespaces. */
function namesNamespaces(byDefault: readonly string[]): boolean {
  return byDefault.some((entry) => !['*', '.', '~'].includes(entry));
}

function isByAutoMtls({ hop: { sent: { reason: tlsReason } } }: Sent): boolean {
  return tlsReason === 'auto-mtls';
}

function isAlias({ externalName }: Service): boolean {
  return externalName !== undefined;
}

/** The ports on which an ExternalName that is a service of its own accepts any host. */
const portsOfAliases = oncePerObject((registry: ServiceRegistry): ReadonlySet<number> =>
  new Set(registry.services.filter(isAlias).flatMap((service) => connectable(service).map(({ number }) => number))));

function isDualStack({ hop: { target: { service } }, call: { services } }: Sent): boolean {
  return [...services, ...service ? [service] : []].some(({ object: { spec }, addresses }) =>
    (spec.ipFamilyPolicy !== undefined && spec.ipFamilyPolicy !== 'SingleStack')
      || new Set(addresses.map((address) => address.includes(':'))).size > 1);
}

function isForRedis(service: Service, number: number): boolean {
  return service.ports.some((port) => port.number === number && isRedis(port));
}

/** Why a setting that isn't modelled leaves a call undecided. */
interface Doubt {
  readonly because: UndecidedReason;
  readonly unmodelled?: Reason;
}

/** Why a server's part isn't decided, or who the servers are: a patch, or a policy's own load balancing, may lead to others. */
const OF_SERVERS: ReadonlySet<UndecidedReason> = new Set<UndecidedReason>([
  'server-proxy-not-modelled', 'server-proxy-unknown', 'own-certificates', 'ambiguous-protocol', 'no-endpoints', 'mirrored',
  'listed-by-address', 'listed-twice',
]);

/** Why the service that takes a call, or the destination of its routes, is undecided. */
const LEADING_ANYWHERE: ReadonlySet<UndecidedReason | undefined> = new Set(['gateway-api-route', 'refused-routes', 'dns-capture',
  'destination-subnets'] as const);

const TARGET_REFS: FieldPath = ['spec', 'targetRefs'];

/** Objects whose part in calls is known, but not what they make of them: the calls that they may touch are undecided. */
export class Doubts {
  /** @param planes the istiods of the servers */
  constructor(private readonly planes: ControlPlanes, private readonly networks: Networks, private readonly istiods: IstiodDoubts) {}

  /**
   * A path of one hop as it is told: undecided if such an object may touch it. One that is undecided
   * already keeps its reason, unless it is the server's.
   */
  about(path: Path, call: Call): readonly Path[] {
    const hop = departureOf(path);
    const doubt = this.find(hop, call);
    const told = doubt ? doubtful(hop, doubt) : hop;
    const known: Path = doubt ? { ...path, hops: [told] } : path;
    const self = selfOf(known);
    if (told.outcome !== 'undecided' || !self || !isMember(self, hop.sender)) return [known];
    // A call to the client itself is none, but may end elsewhere.
    const away = LEADING_ANYWHERE.has(hop.undecidedBecause) ? told : doubt && this.elsewhere(hop, call);
    return away ? [known, { ...path, hops: [{ ...away, received: NOT_RECEIVED }], only: self }] : [known];
  }

  /** The same of a hop that comes after others. */
  told(hop: Hop, call: Call): Hop {
    const doubt = this.find(hop, call);
    return doubt ? doubtful(hop, doubt) : hop;
  }

  /** The hop as it may lead to another server; undefined: nothing leads there. */
  private elsewhere(hop: Hop, call: Call): Hop | undefined {
    const doubt = this.ofClientPatches(hop, call)
      ?? (dependsOnRule(hop) ? this.ofPolicies(hop) : undefined) ?? this.ofNetworks(hop) ?? this.istiods.ofClient(hop, call);
    return doubt && doubtful(hop, doubt);
  }

  private find(hop: Hop, call: Call): Doubt | undefined {
    const { sender, undecidedBecause } = hop;
    // A patch of whichever listener, or another mesh config, may take away what makes the proxy refuse routes.
    if (undecidedBecause === 'refused-routes') {
      return ofPatch(sender.plane?.envoyFilters.anyOf('client', sender), 'client') ?? (sender.plane && ofMeshConfig(sender.plane));
    }
    if (undecidedBecause !== undefined && !OF_SERVERS.has(undecidedBecause)) return undefined;
    return this.ofClientPatches(hop, call) ?? ofRequestFilter(hop, call) ?? this.ofPolicies(hop) ?? this.ofServer(hop)
      ?? this.ofNetworks(hop)
      ?? this.istiods.ofClient(hop, call) ?? this.ofArrival(hop);
  }

  private ofPolicies({ travel, target: { service }, sender: { plane, namespace } }: Hop): Doubt | undefined {
    const policy = travel === 'service' && service && plane?.backendPolicies.for(namespace, service);
    return policy ? {
      because: 'backend-policy', unmodelled: { kind: 'backend-policy', at: { object: policy, field: TARGET_REFS } },
    } : undefined;
  }

  private ofClientPatches(
    { travel, target: { host, port, subset = '' }, sender: { plane, namespace, labels } }: Hop, call: Call,
  ): Doubt | undefined {
    if (!plane || travel === 'direct' || plane.envoyFilters.isEmpty) return undefined;
    const cluster = travel === 'service'
      ? { host, port, subset }
      : { host: travel === 'address' ? 'PassthroughCluster' : 'BlackHoleCluster', subset };
    return ofPatch(plane.envoyFilters.patching('client', { namespace, labels }, { listenerPorts: [call.port], ...cluster }), 'client');
  }

  /**
   * What may change what a server's port takes, whoever calls.
   *
   * @param called the port of the service that leads there
   */
  ofPort(endpoint: Endpoint, { mode }: Receiver, called = endpoint.port): Doubt | undefined {
    if (mode === 'NO_PROXY' || mode === 'UNKNOWN') return undefined;
    const plane = this.planeOf(endpoint);
    return ofServerPatches(endpoint, called, plane) ?? this.istiods.ofServer(endpoint, plane);
  }

  /** Why traffic that a server's port accepts is undecided, though the port's mode is known. */
  ofFilter(endpoint: Endpoint, receiver: Receiver): Doubt | undefined {
    return receiver.mode === 'NO_PROXY' || receiver.mode === 'UNKNOWN' ? undefined : this.istiods.ofFilter(this.planeOf(endpoint), receiver);
  }

  /** A call that the server's proxy refuses gets to no filter. */
  private ofArrival({ received: { endpoint, receiver }, outcome }: Hop): Doubt | undefined {
    return endpoint && receiver && outcome !== 'broken' && outcome !== 'undecided' ? this.ofFilter(endpoint, receiver) : undefined;
  }

  private ofServer({ received: { endpoint, receiver }, target }: Hop): Doubt | undefined {
    return endpoint && receiver && this.ofPort(endpoint, receiver, target.port);
  }

  private planeOf({ workload }: Endpoint): ControlPlane {
    return workload ? this.planes.of(workload.proxy.revision) : this.planes.default;
  }

  private ofNetworks({ received: { endpoint }, sender: { network } }: Hop): Doubt | undefined {
    if (!endpoint) return undefined;
    const { workload, machine, address, listed } = endpoint;
    const isPod = workload !== undefined && machine === undefined && address === undefined;
    // What istiod knows by its address alone has no network of its own, even if it is a pod.
    const there = (isPod ? apart(network, workload.location.network) : undefined)
      ?? (!isPod || listed === 'address' ? apart(network, this.networks.ofMachine(machine)) : undefined);
    if (!there) return undefined;
    const [{ at, name }, of] = there.at ? [there, 'server'] as const : [network, 'client'] as const;
    return { because: 'other-network', unmodelled: at && { kind: 'network', at, of, name } };
  }
}

/** A server's network, if clients of another one don't call it directly. */
function apart(client: Network, server: Network): Network | undefined {
  return isDirect(client, server) ? undefined : server;
}

function ofRequestFilter(hop: Hop, call: Call): Doubt | undefined {
  const patch = reroutingFilter(hop, call);
  return patch && {
    because: 'request-filter',
    unmodelled: { kind: 'request-filter', at: { object: patch.object, field: patch.field }, route: hop.route!.object },
  };
}

function ofServerPatches(
  { workload, namespace, labels, port }: Endpoint, called: number, { envoyFilters }: ControlPlane,
): Doubt | undefined {
  if (envoyFilters.isEmpty) return undefined;
  // A WorkloadEntry at a pod's address is served by the pod's proxy.
  const proxy = workload ?? { namespace, labels };
  const call: PatchedCall = { listenerPorts: [...new Set([port, called])] };
  return ofPatch(envoyFilters.patching('server', proxy, call), 'server');
}

/** Whether the rule has the call end where it was sent, or defines the subset called; another rule in its place may not. */
function dependsOnRule({ rule, subset }: Hop): boolean {
  const policy = rule?.policy;
  return subset !== undefined || (policy !== undefined && [policy, ...policy.ports].some(({ passthrough }) => passthrough !== undefined));
}

function doubtful(hop: Hop, { because, unmodelled }: Doubt): Hop {
  return { ...undecided(hop, because), unmodelled };
}

function ofPatch(patch: Patch | undefined, proxyOf: 'client' | 'server'): Doubt | undefined {
  return patch && { because: 'envoy-filter', unmodelled: { kind: 'patched', at: { object: patch.object, field: patch.field }, proxyOf } };
}
