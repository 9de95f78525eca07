import { Call } from './call';
import { IstiodDoubts } from './istiod-doubts';
import { UndecidedReason } from './outcome';
import { Hop, lastHop, Path } from './path';
import { isMember } from './sender';
import { FieldPath } from '../../findings/field-path';
import { ControlPlane } from '../control-plane';
import { ControlPlanes } from '../control-planes';
import { Patch } from '../envoy-filters/envoy-filter';
import { PatchedCall } from '../envoy-filters/envoy-filters';
import { Reason } from '../reasons/reason';
import { Endpoint } from '../services/endpoint';
import { isDirect, Networks } from '../workloads/networks';

/** What may change what comes of a call, and isn't modelled. */
interface Doubt {
  readonly because: UndecidedReason;
  readonly unmodelled?: Reason;
}

/** Why a server's part isn't decided, or who the servers are: a patch, or a policy's own load balancing, may lead to others. */
const OF_SERVERS: ReadonlySet<UndecidedReason> = new Set<UndecidedReason>(['server-proxy-not-modelled', 'server-proxy-unknown', 'own-certificates', 'no-endpoints', 'mirrored']);

/** Why nobody knows which service takes a call, or where its routes lead: it may be another than it seems. */
const LEADING_ANYWHERE: ReadonlySet<UndecidedReason | undefined> = new Set(['gateway-api-route', 'refused-routes', 'dns-capture', 'destination-subnets'] as const);

const TARGET_REFS: FieldPath = ['spec', 'targetRefs'];

/** Objects whose part in calls is known, but not what they make of them: the calls that they may touch are undecided. */
export class Doubts {
  constructor(private readonly planes: ControlPlanes, private readonly networks: Networks, private readonly istiods: IstiodDoubts) {}

  /** A path as it is told: undecided if such an object may touch it. One that is undecided already keeps its reason, unless it is the server's. */
  about(path: Path, call: Call): readonly Path[] {
    const hop = lastHop(path);
    const doubt = this.find(hop, call);
    const told = doubt ? doubtful(hop, doubt) : hop;
    const self = hop.endpoint?.workload;
    const known: Path = doubt ? { ...path, hops: [told] } : path;
    if (told.outcome !== 'undecided' || !self || !isMember(self, hop.sender)) return [known];
    // A call to the client itself is none, but may end elsewhere.
    const away = LEADING_ANYWHERE.has(hop.undecidedBecause) ? told : doubt && this.elsewhere(hop, call);
    return away ? [known, { ...path, hops: [{ ...away, endpoint: undefined, server: undefined }], only: self }] : [known];
  }

  /** The same of a hop that comes after others. */
  told(hop: Hop, call: Call): Hop {
    const doubt = this.find(hop, call);
    return doubt ? doubtful(hop, doubt) : hop;
  }

  /** The hop as it may lead to another server; undefined: nothing leads there. */
  private elsewhere(hop: Hop, call: Call): Hop | undefined {
    const doubt = this.ofClientPatches(hop, call)
      ?? (dependsOnRule(hop) ? this.ofPolicies(hop) : undefined) ?? this.ofNetworks(hop)
      ?? (this.ofServer(hop) ? undefined : this.istiods.ofClient(hop, call));
    return doubt && doubtful(hop, doubt);
  }

  private find(hop: Hop, call: Call): Doubt | undefined {
    const { sender, undecidedBecause } = hop;
    // A patch of whichever listener may take away what makes the proxy refuse routes.
    if (undecidedBecause === 'refused-routes') return ofPatch(sender.plane?.envoyFilters.anyOf('client', sender), 'client');
    if (undecidedBecause !== undefined && !OF_SERVERS.has(undecidedBecause)) return undefined;
    return this.ofClientPatches(hop, call) ?? this.ofPolicies(hop) ?? this.ofServer(hop) ?? this.ofNetworks(hop) ?? this.istiods.ofClient(hop, call);
  }

  private ofPolicies({ travel, target: { service }, sender: { plane, namespace } }: Hop): Doubt | undefined {
    const policy = travel === 'service' && service && plane?.backendPolicies.for(namespace, service);
    return policy ? { because: 'backend-policy', unmodelled: { kind: 'backend-policy', at: { object: policy, field: TARGET_REFS } } } : undefined;
  }

  private ofClientPatches({ travel, target: { host, port, subset = '' }, sender: { plane, namespace, labels } }: Hop, call: Call): Doubt | undefined {
    if (!plane || travel === 'direct' || plane.envoyFilters.isEmpty) return undefined;
    const cluster = travel === 'service' ? { host, port, subset } : { host: travel === 'address' ? 'PassthroughCluster' : 'BlackHoleCluster', subset };
    return ofPatch(plane.envoyFilters.patching('client', { namespace, labels }, { listenerPorts: [call.port], ...cluster }), 'client');
  }

  private ofServer({ endpoint, server, target }: Hop): Doubt | undefined {
    if (!endpoint || !server || server.mode === 'NO_PROXY' || server.mode === 'UNKNOWN') return undefined;
    const plane = endpoint.workload ? this.planes.of(endpoint.workload.proxy.revision) : this.planes.default;
    return ofServerPatches(endpoint, target.port, plane) ?? this.istiods.ofServer(endpoint, plane);
  }

  private ofNetworks({ endpoint, sender: { network } }: Hop): Doubt | undefined {
    const there = endpoint && (endpoint.workload?.place.network ?? this.networks.ofMachine(endpoint.machine));
    if (!there || isDirect(network, there)) return undefined;
    const [{ at, name }, of] = there.at ? [there, 'server'] as const : [network, 'client'] as const;
    return { because: 'other-network', unmodelled: at && { kind: 'network', at, of, name } };
  }
}

function ofServerPatches({ namespace, labels, port }: Endpoint, called: number, { envoyFilters }: ControlPlane): Doubt | undefined {
  if (envoyFilters.isEmpty) return undefined;
  const call: PatchedCall = { listenerPorts: [...new Set([port, called])] };
  return ofPatch(envoyFilters.patching('server', { namespace, labels }, call), 'server');
}

/** Whether the rule has the call end where it was sent, or defines the subset called; another rule in its place may not. */
function dependsOnRule({ rule, subset }: Hop): boolean {
  const policy = rule?.policy;
  return subset !== undefined || (policy !== undefined && (policy.passthrough || policy.ports.some(({ passthrough }) => passthrough)));
}

function doubtful(hop: Hop, { because, unmodelled }: Doubt): Hop {
  return { ...hop, clientTls: 'UNKNOWN', outcome: 'undecided', undecidedBecause: because, unmodelled, brokenBecause: undefined };
}

function ofPatch(patch: Patch | undefined, proxyOf: 'client' | 'server'): Doubt | undefined {
  return patch && { because: 'envoy-filter', unmodelled: { kind: 'patched', at: { object: patch.object, field: ['spec', 'configPatches', patch.index] }, proxyOf } };
}
