import { TlsVersion } from './handshake';
import { POD_IP } from './outbound';
import { TracedObject, tracedObject } from '../mesh/calls/traced-connection';
import { ControlPlane } from '../mesh/control-planes/control-plane';
import { MeshObject } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';
import { Hop } from '../mesh/model/hop';
import { InboundProtocol, Receiver } from '../mesh/model/receiver';
import { selects } from '../mesh/names/labels';
import { PeerPolicies, PeerPolicy, PolicyLevel, PolicyMode, Precedence, ServerMode } from '../mesh/policies/peer-authentication';
import { CallKind } from '../mesh/routes/route';
import { Endpoint, endpointOwner } from '../mesh/services/endpoint';
import { identityOf, Workload } from '../mesh/workloads/workload';

/** A PeerAuthentication that may apply to a server's port, and why it decides or doesn't. */
export interface ConsideredPolicy {
  /** The policy. */
  readonly object: TracedObject;
  /** The level at which it applies. */
  readonly level: Exclude<PolicyLevel, 'default'>;
  /** Its mode at that level; UNSET inherits. */
  readonly mode: PolicyMode;
  /**
   * `decides`; `unset`: it sets no mode here; `narrower`: a policy with a narrower scope overrides it; `older`: of two policies with
   * the same scope, istiod uses the oldest, then the first by name; `root-selector`: with a
   * selector in the root namespace, it selects nothing.
   */
  readonly verdict: 'decides' | 'unset' | 'narrower' | 'older' | 'root-selector';
}

/** What receives a call at its server. */
export interface ExplainedServer {
  /** Null for a bare address, for which the manifests contain no object. */
  readonly object: TracedObject | null;
  /** Its address. Missing if the manifests don't hold it. */
  readonly address?: string;
  /** The port that it listens on. */
  readonly port: number;
  /** What it accepts. NO_PROXY: no proxy intercepts the port. */
  readonly mode: ServerMode;
  /** Why its proxy doesn't handle the port, or why its mode isn't known. Missing if the mode is known. */
  readonly obstacle?: string;
  /** The level of the policy that sets the mode. Missing if no proxy enforces one. */
  readonly level?: PolicyLevel;
  /** The PeerAuthentications for the port, the most specific first. */
  readonly policies: readonly ConsideredPolicy[];
  /**
   * The AuthorizationPolicies that its proxy enforces, except those that only log. Missing if there
   * are none. Whether they allow the call isn't decided.
   */
  readonly authorizationPolicies?: readonly TracedObject[];
  /** The protocol that its proxy assumes for the port. */
  readonly protocol: string;
  /**
   * The filter chains of the listener `virtualInbound` that receive the call, by kind of call; empty if it is rejected, or may be
   * because it isn't certain which of several ports' protocols counts, or if it isn't certain that any service names the port.
   */
  readonly inbound: readonly InboundNames[];
  /** The identity in its certificate. Missing if it has none, or none that the manifests show. */
  readonly identity?: string;
  /** The minimum and maximum TLS versions that its proxy accepts from clients in the mesh. Missing if it accepts no TLS. */
  readonly versions?: readonly [min: TlsVersion, max: TlsVersion];
}

/** What in the server's proxy receives a call, by the names that `istioctl proxy-config` shows. */
interface InboundNames {
  /** The application's protocol. */
  readonly kind: CallKind;
  /** The filter chain of the listener `virtualInbound`. */
  readonly filterChain: string;
  /** The cluster, such as `inbound|9080||`. */
  readonly cluster: string;
}

/** Undefined if the manifests contain no server. */
export function explainedServer(hop: Hop, kinds: readonly CallKind[], mesh: Mesh): ExplainedServer | undefined {
  const { received: { endpoint, receiver } } = hop;
  if (!endpoint || !receiver) return undefined;
  const { workload, machine, port } = endpoint;
  const owner = endpointOwner(endpoint);
  const plane = mesh.dataPlanes.receivers.planes.ofServer(workload);
  const isProxied = receiver.mode !== 'NO_PROXY' && receiver.mode !== 'UNKNOWN';
  return {
    object: owner ? tracedObject(owner.object) : null,
    address: machine?.address ?? endpoint.address,
    port,
    mode: receiver.mode,
    obstacle: receiver.because,
    level: isProxied ? receiver.enforced?.level : undefined,
    policies: receiver.enforced ? consideredPolicies(endpoint, plane, receiver.enforced.by?.object) : [],
    authorizationPolicies: isProxied && workload ? enforcedOn(workload, plane) : undefined,
    protocol: receiver.protocol.protocol,
    inbound: isProxied && isTaken(hop, receiver) && !receiver.protocol.isByChance
      ? kinds.map((kind) => inboundNames(kind, endpoint, receiver, kind === 'http' && isReadable(hop, receiver)))
      : [],
    identity: isProxied
      ? workload?.identity ?? (machine?.serviceAccount ? identityOf(machine, plane.config.trustDomain) : undefined)
      : undefined,
    versions: isProxied && receiver.mode !== 'DISABLE' ? [plane.config.minProtocolVersion, 'TLSv1_3'] : undefined,
  };
}

function enforcedOn(workload: Workload, { authorization }: ControlPlane): readonly TracedObject[] | undefined {
  const enforced = authorization.of(workload).filter(({ action }) => action !== 'AUDIT');
  return enforced.length === 0 ? undefined : enforced.map(({ object }) => tracedObject(object));
}

/**
 * Whether a filter chain accepts what is sent: a wrong name only fails the handshake afterwards, and
 * where TLS isn't terminated, TCP passes everything.
 */
function isTaken({ outcome, brokenBecause }: Hop, { mode, protocol }: Receiver): boolean {
  if (outcome !== 'broken' || brokenBecause === 'wrong-identity' || brokenBecause === 'other-servers') return true;
  return brokenBecause === undefined && mode === 'DISABLE' && !mayReadHttp(protocol);
}

/** Whether the proxy reads HTTP, or may, if several ports with different protocols lead to it. */
function mayReadHttp({ protocol, others = [] }: InboundProtocol): boolean {
  return [protocol, ...others].includes('HTTP');
}

/** Whether the server's proxy can read the application's protocol: not inside TLS that it doesn't terminate. */
function isReadable({ sent: { tls: clientTls } }: Hop, { mode }: Receiver): boolean {
  return clientTls === 'PLAINTEXT' || (clientTls === 'ISTIO_MUTUAL' && mode !== 'DISABLE');
}

/**
 * The inbound filter chains. A port that no service names uses the chains for all
 * ports; a Sidecar's ingress listener is named after the server's own address.
 */
function inboundNames(
  kind: CallKind, { port, machine }: Endpoint, { protocol: { at, sidecar } }: Receiver, isHttp: boolean,
): InboundNames {
  if (at) return { kind, filterChain: `${sidecar ? machine?.address ?? POD_IP : '0.0.0.0'}_${port}`, cluster: `inbound|${port}||` };
  return { kind, filterChain: isHttp ? 'virtualInbound-catchall-http' : 'virtualInbound', cluster: 'InboundPassthroughCluster' };
}

/** The policies for a port of a server, the narrowest scope first. */
function consideredPolicies(server: Endpoint, { policies }: ControlPlane, deciding: MeshObject | undefined): readonly ConsideredPolicy[] {
  const { workload, machine, namespace, port } = server;
  const ofWorkload = policies.ofWorkload(workload ?? machine ?? server);
  const exception = ofWorkload.winner?.ports.get(port);
  const level = exception !== undefined && exception !== 'UNSET' ? 'port' : 'workload';
  return [
    ...told(ofWorkload, level, deciding, port),
    ...told(policies.ofNamespace(namespace), 'namespace', deciding, port),
    ...told(policies.mesh, 'mesh', deciding, port),
    ...ignored(policies, server).map((policy) => ({ ...namedPolicy(policy, 'workload', port), verdict: 'root-selector' as const })),
  ];
}

function told(
  { winner, losers }: Precedence, level: ConsideredPolicy['level'], deciding: MeshObject | undefined, port: number,
): readonly ConsideredPolicy[] {
  if (!winner) return [];
  const named = namedPolicy(winner, level, port);
  const verdict = winner.object === deciding ? 'decides' : named.mode === 'UNSET' ? 'unset' : 'narrower';
  return [{ ...named, verdict }, ...losers.map((policy) => ({ ...namedPolicy(policy, level, port), verdict: 'older' as const }))];
}

function namedPolicy(
  { object, mode, ports }: PeerPolicy, level: ConsideredPolicy['level'], port: number,
): Omit<ConsideredPolicy, 'verdict'> {
  const exception = level === 'port' ? ports.get(port) : undefined;
  return { object: tracedObject(object), level, mode: exception === undefined || exception === 'UNSET' ? mode : exception };
}

function ignored({ ignored: all }: PeerPolicies, { labels }: Endpoint): readonly PeerPolicy[] {
  return all.filter(({ selector }) => selector !== undefined && selects(selector, labels));
}
