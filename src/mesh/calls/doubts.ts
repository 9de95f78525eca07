import { Doubt, IstiodDoubts, ofMeshConfig } from './istiod-doubts';
import { NetworkDoubts } from './network-doubts';
import { reroutingFilter } from './request-filters';
import { FieldPath } from '../../findings/finding';
import { ControlPlane } from '../control-planes/control-plane';
import { ControlPlanes } from '../control-planes/control-planes';
import { Call } from '../model/call';
import { Hop, NOT_RECEIVED, undecided } from '../model/hop';
import { departureOf, Path, selfOf } from '../model/path';
import { Receiver } from '../model/receiver';
import { UndecidedReason } from '../model/transport';
import { Patch, PatchedCall } from '../policies/envoy-filter';
import { Endpoint } from '../services/endpoint';
import { Workload } from '../workloads/workload';

/**
 * Reasons about the server: its configuration, or which server is called. A client's EnvoyFilter or a policy on
 * the Service may send the call elsewhere, so these reasons don't end the search for other doubts.
 */
const OF_SERVERS: ReadonlySet<UndecidedReason> = new Set<UndecidedReason>([
  'server-proxy-not-modelled', 'server-proxy-unknown', 'own-certificates', 'ambiguous-protocol', 'no-endpoints', 'mirrored',
  'listed-by-address', 'listed-twice',
]);

/** Reasons why the service that receives a call, or the destination of its route, is unknown: such a call may go to any server. */
const LEADING_ANYWHERE: ReadonlySet<UndecidedReason | undefined> = new Set(['gateway-api-route', 'refused-routes', 'dns-capture',
  'destination-subnets'] as const);

const TARGET_REFS: FieldPath = ['spec', 'targetRefs'];

/** Marks calls as undecided that an object or setting with an unmodelled effect may touch. */
export class Doubts {
  /** @param planes the istiods of the servers */
  constructor(private readonly planes: ControlPlanes, private readonly networks: NetworkDoubts, private readonly istiods: IstiodDoubts) {}

  /**
   * A path of one hop, undecided if such an object or setting may touch it. If it
   * already is undecided, it keeps its reason unless that is about the server.
   *
   * @param isClient whether a workload is among those that make the call
   */
  about(path: Path, call: Call, isClient: (workload: Workload) => boolean): readonly Path[] {
    const hop = departureOf(path);
    const doubt = this.find(hop, call);
    const told = doubt ? doubtful(hop, doubt) : hop;
    const known: Path = doubt ? { ...path, hops: [told] } : path;
    const self = selfOf(known);
    if (told.outcome !== 'undecided' || !self || !isClient(self)) return [known];
    // A client's call to itself is no connection, but if undecided it may end at another server.
    const away = LEADING_ANYWHERE.has(hop.undecidedBecause) ? told : doubt && this.elsewhere(hop, call);
    return away ? [known, { ...path, hops: [{ ...away, received: NOT_RECEIVED }], only: self }] : [known];
  }

  /** The same for a hop after the first. */
  told(hop: Hop, call: Call): Hop {
    const doubt = this.find(hop, call);
    return doubt ? doubtful(hop, doubt) : hop;
  }

  /** The hop, undecided because it may lead to another server; undefined if it can't. */
  private elsewhere(hop: Hop, call: Call): Hop | undefined {
    const doubt = this.ofClientPatches(hop, call)
      ?? (dependsOnRule(hop) ? this.ofPolicies(hop) : undefined) ?? this.networks.of(hop) ?? this.ofClientsIstiod(hop, call);
    return doubt && doubtful(hop, doubt);
  }

  /** The client's istiod as a doubt about where the call goes, unless the same setting also affects the server's ports. */
  private ofClientsIstiod(hop: Hop, call: Call): Doubt | undefined {
    const { received: { endpoint, receiver } } = hop;
    const ofClient = this.istiods.ofClient(hop, call);
    const isServed = endpoint && receiver && receiver.mode !== 'NO_PROXY' && receiver.mode !== 'UNKNOWN';
    const ofServer = isServed ? this.istiods.ofServer(endpoint, this.planeOf(endpoint)) : undefined;
    return ofClient && ofServer && areOfOneChange(ofClient, ofServer) ? undefined : ofClient;
  }

  private find(hop: Hop, call: Call): Doubt | undefined {
    const { sender, undecidedBecause } = hop;
    // An EnvoyFilter for any listener, or another mesh config, may remove what makes the proxy reject routes.
    if (undecidedBecause === 'refused-routes') {
      return ofPatch(sender.plane?.envoyFilters.anyOf('client', sender), 'client') ?? (sender.plane && ofMeshConfig(sender.plane));
    }
    if (undecidedBecause !== undefined && !OF_SERVERS.has(undecidedBecause)) return undefined;
    return this.ofClientPatches(hop, call) ?? ofRequestFilter(hop, call) ?? this.ofPolicies(hop) ?? this.ofServer(hop)
      ?? this.networks.of(hop)
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
   * Why a server's port is undecided for all callers.
   *
   * @param called the port of the service that leads there
   */
  ofPort(endpoint: Endpoint, { mode }: Receiver, called = endpoint.port): Doubt | undefined {
    if (mode === 'NO_PROXY' || mode === 'UNKNOWN') return undefined;
    const plane = this.planeOf(endpoint);
    return ofServerPatches(endpoint, called, plane) ?? this.istiods.ofServer(endpoint, plane);
  }

  /** Why accepted traffic is undecided although the port's mode is known. */
  ofFilter(endpoint: Endpoint, receiver: Receiver): Doubt | undefined {
    const isKnown = receiver.mode !== 'NO_PROXY' && receiver.mode !== 'UNKNOWN';
    return isKnown ? this.istiods.ofFilter(this.planeOf(endpoint), receiver) : undefined;
  }

  /** A call that the server's proxy refuses reaches no filter. */
  private ofArrival({ received: { endpoint, receiver }, outcome }: Hop): Doubt | undefined {
    return endpoint && receiver && outcome !== 'broken' && outcome !== 'undecided' ? this.ofFilter(endpoint, receiver) : undefined;
  }

  private ofServer({ received: { endpoint, receiver }, target }: Hop): Doubt | undefined {
    return endpoint && receiver && this.ofPort(endpoint, receiver, target.port);
  }

  private planeOf({ workload }: Endpoint): ControlPlane {
    return this.planes.ofServer(workload);
  }

}

function areOfOneChange({ unmodelled: one }: Doubt, { unmodelled: other }: Doubt): boolean {
  return one?.kind === 'istiod' && other?.kind === 'istiod' && one.change === other.change;
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
  // At a pod's address, a WorkloadEntry is served by the pod's proxy.
  const proxy = workload ?? { namespace, labels };
  const call: PatchedCall = { listenerPorts: [...new Set([port, called])] };
  return ofPatch(envoyFilters.patching('server', proxy, call), 'server');
}

/**
 * Whether the hop depends on its DestinationRule, through a subset or a
 * passthrough load balancer: with another rule the call may end elsewhere.
 */
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
