import { ServerMode } from '../policies/peer-authentication';
import { CallKind } from '../routes/route';
import { Protocol } from '../services/service';

/** What a client's proxy sends. */
export type SentTls = 'ISTIO_MUTUAL' | 'MUTUAL' | 'SIMPLE' | 'PLAINTEXT' | 'UNKNOWN';

/** Why a client sends its TLS. */
export type TlsReason =
  | 'rule' // a DestinationRule says so
  | 'rule-without-effect' // a DestinationRule says something that istiod leaves out: credentialName, missing certificates
  | 'auto-mtls' // the endpoint speaks the mesh's TLS, and nothing says otherwise
  | 'auto-mtls-off' // the mesh config turns it off
  | 'external' // outside the mesh
  | 'policy-disables' // the namespace's or mesh's PeerAuthentication is DISABLE
  | 'endpoint-without-tls' // the endpoint has no sidecar, or its port is DISABLE
  | 'not-all-endpoints' // a headless service one of whose endpoints has no sidecar, or that has none
  | 'rule-hides-endpoint' // the rule's TLS for all ports marks the endpoints, though it doesn't hold for this port
  | 'no-sidecar'; // nothing could encrypt on the client's side

/**
 * The outcome of a connection. `mtls`: ends at the server's proxy with the mesh's certificates. `tls`: encrypted by a DestinationRule or
 * the application, and terminated by the server's application, if that speaks TLS. `broken`: can't be established.
 */
export type Outcome = typeof OUTCOMES[number];

export const OUTCOMES = ['mtls', 'tls', 'plaintext', 'broken', 'undecided'] as const;

/**
 * The outcome of the transport along the path. Whether an AuthorizationPolicy
 * allows the request is a separate question, which this doesn't answer.
 */
export interface Transport {
  readonly outcome: Outcome;
  readonly undecidedBecause?: UndecidedReason;
  /** Why it is broken, if not because of TLS. */
  readonly brokenBecause?: BrokenReason;
}

/** Best first. A broken hop is worse than an undecided one: no request arrives, whatever the rest of the path does. */
const FROM_BEST: readonly Outcome[] = ['mtls', 'tls', 'plaintext', 'undecided', 'broken'];

/** The transport of a whole path: that of its worst hop. */
export function worst<T extends Transport>(transports: readonly T[]): T {
  return transports.reduce((one, other) => (FROM_BEST.indexOf(other.outcome) > FROM_BEST.indexOf(one.outcome) ? other : one));
}

/** Why a connection is undecided: the manifests lack a fact, or the model doesn't cover something. */
export type UndecidedReason =
  // the client's namespace isn't in the manifests, its revision isn't known to be installed, or its template is somebody's own
  | 'client-proxy-unknown'
  | 'client-proxy-not-modelled' // the client is a gateway, a waypoint, in ambient mode or a gRPC agent
  | 'server-proxy-unknown' // the same of the server, or an endpoint inside a ServiceEntry that says it has a sidecar
  | 'server-proxy-not-modelled' // the same of the server, or its sidecar binds ports instead of intercepting them, or leaves interfaces out
  | 'no-endpoints' // nothing in the manifests serves the port
  | 'own-certificates' // MUTUAL towards STRICT: the user's certificates may be signed by the mesh's CA, or not
  | 'own-listener' // the client's Sidecar has an egress listener with an address or a capture mode, or one for a port that isn't decided
  // some addresses, interfaces or users are left out, which manifests don't hold, or the sidecar has interception mode NONE
  | 'partly-intercepted'
  | 'unknown-discovery' // the mesh config selects namespaces by labels that aren't known
  | 'egress-proxy' // unknown destinations go to a proxy of the Sidecar's choice
  | 'refused-routes' // the client's proxy refuses HTTP routes, since two of one port are for all names
  | 'delegate' // a route that another VirtualService completes
  | 'destination-subnets' // a route, or a ServiceEntry, for ranges of addresses, which manifests mostly don't hold
  | 'mirrored' // a copy of a request to a service whose servers are found by the address that was called: a copy has none
  | 'answered-by-proxy' // a redirect or a direct response
  | 'ambiguous-service' // a host of several ServiceEntries of one namespace, or of a Service too: which counts is not certain
  // two ports of one ServiceEntry lead to the server's port, or slices list it at several: which protocol counts is chance
  | 'ambiguous-protocol'
  | 'destination-elsewhere' // a route to a host or subset that the manifests don't hold, but a cluster may
  | 'exported-to-nobody' // a route to a Service that is for nobody: whether istiod knows its servers is chance
  | 'dns-capture' // the client's proxy answers DNS requests, so that istiod gives addresses to ServiceEntries that name none
  | 'listed-by-address' // an EndpointSlice lists a pod's address without naming the pod: istiod knows the pod only if it has read it before
  // several EndpointSlices list an address for a port in different ways, or a WorkloadEntry
  // beside a pod: the client's proxy takes one of them
  | 'listed-twice'
  | 'own-dns' // the client's pod resolves the host otherwise than the cluster's DNS
  | 'gateway-api-route' // a route of the Gateway API for a Service or ServiceEntry may take the call: where it leads isn't modelled
  | 'backend-policy' // a policy of the Gateway API configures how clients call the service
  | 'envoy-filter' // an EnvoyFilter changes what the client's or the server's proxy does
  | 'request-filter' // an HTTP filter of somebody's own may change the headers or the path by which the client's proxy chooses the route
  | 'other-network' // the server may be on another network than the client, and be reached by a gateway or not at all
  | 'istiod-flag' // a variable of istiod's environment makes it decide otherwise
  | 'mesh-config' // istiod can't read its mesh config: it keeps the last one, or takes the defaults
  | 'istio-version' // istiod is of another minor than the one that is modelled, and decides otherwise
  | 'dynamic-dns'; // a host that the proxy resolves per request

/** Why a connection is broken, if not because of TLS. */
export type BrokenReason =
  | 'forbidden-destination' // the client's proxy knows no such destination, and unknown ones are forbidden
  | 'unknown-destination' // the client's proxy knows the call, but not the service or port that it is sent to
  | 'undefined-subset'
  | 'no-servers' // a name that the proxy would look up, of a service or subset without any
  | 'other-protocol' // the server's proxy expects HTTP, and the call speaks something else
  | 'other-servers' // the client demands the names of a service's servers, and the call ends at those of another one
  | 'proxy-protocol' // a rule puts a header before the TLS or HTTP that the server's proxy reads
  | 'wrong-identity'; // a rule demands another name than the server's certificate has

/** The mode and protocol with which a port receives a connection. */
export interface Taker {
  readonly mode: ServerMode;
  readonly protocol: Protocol;
}

/** The outcome of what the client's side sends at the server's port, for one protocol of the application. */
export function outcomeOf(client: SentTls, server: Taker, kind: CallKind): Outcome {
  if (isMisread(client, server, kind)) return 'broken';
  const outcome = outcomeOfTls(client, server.mode, kind);
  // TLS other than the mesh's passes through to the application, unless the sidecar expects HTTP.
  return outcome === 'tls' && expectsHttp(server) ? 'broken' : outcome;
}

/**
 * Whether the server's proxy expects HTTP, and so closes the connection because the application speaks another protocol; TLS would pass.
 */
export function isMisread(client: SentTls, server: Taker, kind: CallKind): boolean {
  if (kind === 'http' || !expectsHttp(server)) return false;
  return client !== 'UNKNOWN' && outcomeOfTls(client, server.mode, kind) !== 'broken';
}

function expectsHttp({ mode, protocol }: Taker): boolean {
  return protocol === 'HTTP' && mode !== 'NO_PROXY' && mode !== 'UNKNOWN';
}

/** A client's side that adds no TLS leaves the application's own TLS as it is. */
function outcomeOfTls(client: SentTls, server: ServerMode, kind: CallKind): Outcome {
  if (client === 'UNKNOWN' || server === 'UNKNOWN') return 'undecided';
  switch (client) {
    case 'ISTIO_MUTUAL': return server === 'STRICT' || server === 'PERMISSIVE' ? 'mtls' : 'broken';
    case 'PLAINTEXT': return server === 'STRICT' ? 'broken' : kind === 'tls' ? 'tls' : 'plaintext';
    case 'MUTUAL': return server === 'STRICT' ? 'undecided' : 'tls';
    default: return server === 'STRICT' ? 'broken' : 'tls';
  }
}
