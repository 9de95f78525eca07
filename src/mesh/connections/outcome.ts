import { ClientTls } from '../client/client-tls';
import { ServerMode } from '../server/server-mode';
import { Protocol } from '../services/protocol';

/**
 * What comes of a connection. `mtls`: ends at the server's proxy with the mesh's certificates. `tls`: encrypted,
 * ended by the application, if it speaks TLS. `broken`: cannot be made.
 */
export type Outcome = typeof OUTCOMES[number];

export const OUTCOMES = ['mtls', 'tls', 'plaintext', 'broken', 'undecided'] as const;

/**
 * What comes of the TLS on the way. Whether an AuthorizationPolicy lets the request pass is another answer, which
 * the model doesn't give yet: it will stand beside this one, not in it.
 */
export interface Transport {
  readonly outcome: Outcome;
  readonly undecidedBecause?: UndecidedReason;
  /** What makes it broken, where TLS doesn't. */
  readonly brokenBecause?: BrokenReason;
}

/** The best first: where any hop is broken no request arrives, whatever else isn't known. */
const FROM_BEST: readonly Outcome[] = ['mtls', 'tls', 'plaintext', 'undecided', 'broken'];

/** The transport of a whole way: that of its worst hop. */
export function worst(transports: readonly Transport[]): Transport {
  return transports.reduce((one, other) => (FROM_BEST.indexOf(other.outcome) > FROM_BEST.indexOf(one.outcome) ? other : one));
}

/** Why a connection isn't decided: what the manifests don't hold, or what the model doesn't know yet. */
export type UndecidedReason =
  | 'client-proxy-unknown' // the client's namespace isn't in the manifests, its revision isn't known to be installed, or its template is somebody's own
  | 'client-proxy-not-modelled' // the client is a gateway, a waypoint, in ambient mode or a gRPC agent
  | 'server-proxy-unknown' // the same of the server, or an endpoint inside a ServiceEntry that says it has a sidecar
  | 'server-proxy-not-modelled' // the same of the server, or its sidecar binds ports instead of intercepting them
  | 'no-endpoints' // nothing in the manifests serves the port
  | 'own-certificates' // MUTUAL towards STRICT: the user's certificates may be signed by the mesh's CA, or not
  | 'own-listener' // the client's Sidecar has an egress listener with a port, an address or a capture mode
  | 'partly-intercepted' // an annotation leaves some addresses out, which manifests don't hold, or the sidecar has interception mode NONE
  | 'unknown-discovery' // the mesh config selects namespaces by labels that nobody knows
  | 'egress-proxy' // unknown destinations go to a proxy of the Sidecar's choice
  | 'refused-routes' // the client's proxy refuses HTTP routes, since two of one port are for all names
  | 'delegate' // a route that another VirtualService completes
  | 'destination-subnets' // a route for some addresses only
  | 'answered-by-proxy' // a redirect or a direct response
  | 'ambiguous-service' // a host of several ServiceEntries of one namespace, or of a Service too: which counts is not certain
  | 'destination-elsewhere' // a route to a host or subset that the manifests don't hold, but a cluster may
  | 'exported-to-nobody' // a route to a Service that is for nobody: whether istiod knows its servers is chance
  | 'gateway-api-route' // a route of the Gateway API for a Service or ServiceEntry may take the call: where it leads isn't modelled
  | 'backend-policy' // a policy of the Gateway API says how clients call the service
  | 'envoy-filter' // an EnvoyFilter changes what the client's or the server's proxy does
  | 'other-network' // the server may be on another network than the client, and be reached by a gateway or not at all
  | 'dynamic-dns'; // a host that the proxy resolves per request

/** What breaks a connection, where it isn't the TLS. */
export type BrokenReason =
  | 'forbidden-destination' // the client's proxy knows no such destination, and unknown ones are forbidden
  | 'unknown-destination' // the client's proxy knows the call, but not the service or port that it is sent to
  | 'undefined-subset'
  | 'no-servers' // a name that the proxy would look up, of a service or subset without any
  | 'other-servers' // the client demands the names of a service's servers, and the call ends at those of another one
  | 'proxy-protocol' // a rule puts a header before the TLS or HTTP that the server's proxy reads
  | 'wrong-identity'; // a rule demands another name than the server's certificate has

/** The outcome of what the client sends at what the server's port takes. */
export function outcomeOf(client: ClientTls, server: ServerMode, protocol: Protocol): Outcome {
  if (client === 'UNKNOWN' || server === 'UNKNOWN') return 'undecided';
  switch (client) {
    case 'ISTIO_MUTUAL': return server === 'STRICT' || server === 'PERMISSIVE' ? 'mtls' : 'broken';
    case 'PLAINTEXT': return server === 'STRICT' ? 'broken' : 'plaintext';
    default: return foreignTls(client, server, protocol);
  }
}

/** TLS that isn't the mesh's passes to the application, except where the sidecar expects HTTP. */
function foreignTls(client: 'SIMPLE' | 'MUTUAL', server: ServerMode, protocol: Protocol): Outcome {
  if (server === 'NO_PROXY') return 'tls';
  if (server === 'STRICT') return client === 'MUTUAL' ? 'undecided' : 'broken';
  return protocol === 'HTTP' ? 'broken' : 'tls';
}
