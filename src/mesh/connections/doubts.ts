import { Call } from './call';
import { ClientClass, isMember } from './client-class';
import { IstiodDoubts } from './istiod-doubts';
import { Leg } from './leg';
import { UndecidedReason } from './outcome';
import { Reason, reason, reasonOf } from './reason';
import { ControlPlane } from '../control-plane';
import { ControlPlanes } from '../control-planes';
import { Patch } from '../envoy-filters/envoy-filter';
import { PatchedCall } from '../envoy-filters/envoy-filters';
import { Endpoint } from '../services/endpoint';
import { isDirect, Network, Networks } from '../workloads/networks';

/** What may change what comes of a call, and isn't modelled. */
interface Doubt {
  readonly because: UndecidedReason;
  readonly unmodelled?: Reason;
}

/** Why a server's part isn't decided, or who the servers are: a patch, or a policy's own load balancing, may lead to others. */
const OF_SERVERS: ReadonlySet<UndecidedReason> = new Set<UndecidedReason>(['server-proxy-not-modelled', 'server-proxy-unknown', 'own-certificates', 'no-endpoints', 'mirrored']);

/** Why nobody knows which service takes a call, or where its routes lead: it may be another than it seems. */
const LEADING_ANYWHERE: ReadonlySet<UndecidedReason | undefined> = new Set(['gateway-api-route', 'refused-routes', 'dns-capture', 'destination-subnets'] as const);

/** Objects whose part in calls is known, but not what they make of them: the calls that they may touch are undecided. */
export class Doubts {
  constructor(private readonly planes: ControlPlanes, private readonly networks: Networks, private readonly istiods: IstiodDoubts) {}

  /** A way as it is told: undecided if such an object may touch it. One that is undecided already keeps its reason, unless it is the server's. */
  about(leg: Leg, client: ClientClass, call: Call): readonly Leg[] {
    const doubt = this.find(leg, client, call);
    const told = doubt ? doubtful(leg, doubt) : leg;
    const self = leg.endpoint?.workload;
    if (told.outcome !== 'undecided' || !self || !isMember(self, client)) return [told];
    // A call to the client itself is none, but may end elsewhere.
    const away = LEADING_ANYWHERE.has(leg.undecidedBecause) ? told : doubt && this.elsewhere(leg, client, call);
    return away ? [told, { ...away, endpoint: undefined, server: undefined, only: self }] : [told];
  }

  /** The way as it may lead to another server; undefined: nothing leads there. */
  private elsewhere(leg: Leg, client: ClientClass, call: Call): Leg | undefined {
    const doubt = this.ofClientPatches(leg, client, call)
      ?? (dependsOnRule(leg) ? this.ofPolicies(leg, client) : undefined) ?? this.ofNetworks(leg, client)
      ?? (this.ofServer(leg) ? undefined : this.istiods.ofClient(leg, client, call));
    return doubt && doubtful(leg, doubt);
  }

  private find(leg: Leg, client: ClientClass, call: Call): Doubt | undefined {
    // A patch of whichever listener may take away what makes the proxy refuse routes.
    if (leg.undecidedBecause === 'refused-routes') return ofPatch(client.plane?.envoyFilters.anyOf('client', client), 'the client\'s');
    if (leg.undecidedBecause !== undefined && !OF_SERVERS.has(leg.undecidedBecause)) return undefined;
    return this.ofClientPatches(leg, client, call) ?? this.ofPolicies(leg, client) ?? this.ofServer(leg) ?? this.ofNetworks(leg, client)
      ?? this.istiods.ofClient(leg, client, call);
  }

  private ofPolicies({ travel, target: { service } }: Leg, { plane, namespace }: ClientClass): Doubt | undefined {
    const policy = travel === 'service' && service && plane?.backendPolicies.for(namespace, service);
    return policy ? { because: 'backend-policy', unmodelled: reason(policy, 'spec.targetRefs', 'says how clients call the service') } : undefined;
  }

  private ofClientPatches({ travel, target: { host, port, subset = '' } }: Leg, { plane, namespace, labels }: ClientClass, call: Call): Doubt | undefined {
    if (!plane || travel === 'direct' || plane.envoyFilters.isEmpty) return undefined;
    const cluster = travel === 'service' ? { host, port, subset } : { host: travel === 'address' ? 'PassthroughCluster' : 'BlackHoleCluster', subset };
    return ofPatch(plane.envoyFilters.patching('client', { namespace, labels }, { listenerPorts: [call.port], ...cluster }), 'the client\'s');
  }

  private ofServer({ endpoint, server, target }: Leg): Doubt | undefined {
    if (!endpoint || !server || server.mode === 'NO_PROXY' || server.mode === 'UNKNOWN') return undefined;
    const plane = endpoint.workload ? this.planes.of(endpoint.workload.proxy.revision) : this.planes.default;
    return ofServerPatches(endpoint, target.port, plane) ?? this.istiods.ofServer(endpoint, plane);
  }

  private ofNetworks({ endpoint }: Leg, { network }: ClientClass): Doubt | undefined {
    const there = endpoint && (endpoint.workload?.place.network ?? this.networks.ofMachine(endpoint.machine));
    if (!there || isDirect(network, there)) return undefined;
    const [{ by, field }, effect] = there.by
      ? [there, `${networkText(there)}, and the client may be on another network`]
      : [network, `${networkText(network)}, and the server may be on another network`];
    return { because: 'other-network', unmodelled: reasonOf(by, field ?? '', effect)[0] };
  }
}

function ofServerPatches({ namespace, labels, port }: Endpoint, called: number, { envoyFilters }: ControlPlane): Doubt | undefined {
  if (envoyFilters.isEmpty) return undefined;
  const call: PatchedCall = { listenerPorts: [...new Set([port, called])] };
  return ofPatch(envoyFilters.patching('server', { namespace, labels }, call), 'the server\'s');
}

/** Whether the rule has the call end where it was sent, or defines the subset called; another rule in its place may not. */
function dependsOnRule({ rule, subset }: Leg): boolean {
  const policy = rule?.policy;
  return subset !== undefined || (policy !== undefined && (policy.passthrough || policy.ports.some(({ passthrough }) => passthrough)));
}

function doubtful(leg: Leg, { because, unmodelled }: Doubt): Leg {
  return { ...leg, clientTls: 'UNKNOWN', outcome: 'undecided', undecidedBecause: because, unmodelled, brokenBecause: undefined };
}

function networkText({ name }: Network): string {
  return name === undefined ? 'knows several networks' : `says network '${name}'`;
}

function ofPatch(patch: Patch | undefined, whose: string): Doubt | undefined {
  return patch && { because: 'envoy-filter', unmodelled: reason(patch.object, `spec.configPatches[${patch.index}]`, `changes ${whose} proxy`) };
}
