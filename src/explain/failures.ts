import { Hop } from '../mesh/model/hop';
import { CallKind } from '../mesh/routes/route';

/** What goes wrong with a call, as far as its caller can tell. */
export type FailureKind =
  | 'plaintext-to-strict' // a sidecar sends plaintext, and the server demands mutual TLS
  | 'unproxied-to-strict' // the same of a client without a sidecar
  | 'mtls-to-no-proxy'
  | 'mtls-to-disable'
  | 'foreign-tls-to-strict' // TLS of a rule's, or the application's, and the server demands the mesh's
  | 'foreign-tls-to-http' // the same, and the server's sidecar expects HTTP
  | 'tls-to-disabled-http' // TLS, and the server's sidecar expects HTTP in plaintext
  | 'tls-in-tls' // a rule's TLS around the application's
  | 'wrong-san' // the server's certificate has none of the names that the client demands
  | 'unknown-destination'
  | 'undefined-subset'
  | 'no-servers'
  | 'forbidden-destination' // REGISTRY_ONLY
  | 'other-protocol' // the server's sidecar expects HTTP, and gets something else
  | 'proxy-protocol'
  | 'server-first'; // the client and a sidecar wait for each other

/** What one kind of caller sees. */
export interface Symptom {
  /** The status that curl reports, `000` for no response. Missing if the caller doesn't speak HTTP. */
  readonly status?: string;
  /** What curl or the application reports, as far as it is the same everywhere; for HTTP, the body. */
  readonly message: string;
  /** The response flags in the access log of the client's sidecar, as Envoy orders them. Missing if it has none. */
  readonly flags?: readonly string[];
  /**
   * OpenSSL's reason for the failed handshake, from the same log line. Missing if there is none, or it depends on the server's application.
   */
  readonly reason?: string;
  /** The response flags in the access log of the server's sidecar. Missing if it has none, or logs nothing. */
  readonly serverFlags?: readonly string[];
}

/** The symptoms of a kind of failure, and their source. */
interface Failure {
  /** In a few words. */
  readonly title: string;
  /** What an HTTP caller sees. Missing if there are none. */
  readonly http?: Symptom;
  /** What a TCP caller sees, or one with its own TLS. Missing if there are none. */
  readonly tcp?: Symptom;
  /** What a caller with its own TLS sees. Missing if it is the same as `tcp`. */
  readonly tls?: Symptom;
  /** How the symptoms are known. */
  readonly source: string;
}

const ENVOY_FLAGS = 'https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage';
const NOT_CONNECTED = 'upstream connect error or disconnect/reset before headers. retried and the latest reset reason: '
  + 'remote connection failure';
const TERMINATED = 'upstream connect error or disconnect/reset before headers. reset reason: connection termination';
/** A caller may see either, from call to call. */
const CLOSED = 'the connection is reset or closed before any byte is received';
const CLOSED_OR_SILENT = `${CLOSED}; with a server-first protocol, nothing is received`;
const RESET = 'curl: (56) Recv failure: Connection reset by peer';
const EMPTY = 'with an empty body';

/** The symptoms of a handshake that the client's sidecar gives up on after retries: HTTP and TCP. */
const handshakeFails = (reason: string, serverFlags?: readonly string[]): Pick<Failure, 'http' | 'tcp'> => ({
  http: { status: '503', message: NOT_CONNECTED, flags: ['URX', 'UF'], reason, ...serverFlags && { serverFlags } },
  tcp: { message: CLOSED, flags: ['UF', 'URX'], reason, ...serverFlags && { serverFlags } },
});

/**
 * What callers see, by the kind of failure. test/explain/failures.test.ts compares it with recorded calls, and lists what no
 * recording shows; `source` is the page that describes it, or the behaviour of Envoy that it follows from.
 */
export const FAILURES: Readonly<Record<FailureKind, Failure>> = {
  'plaintext-to-strict': {
    title: 'plaintext to a server that requires mutual TLS',
    http: { status: '503', message: TERMINATED, flags: ['UC'], serverFlags: ['NR'] },
    tcp: { message: CLOSED_OR_SILENT, flags: ['UR'], serverFlags: ['NR'] },
    source: 'https://istio.io/latest/docs/ops/common-problems/network-issues/#503-errors-after-setting-destination-rule',
  },
  'unproxied-to-strict': {
    title: 'plaintext without a sidecar to a server that requires mutual TLS',
    http: { status: '000', message: RESET, serverFlags: ['NR'] },
    tcp: { message: CLOSED_OR_SILENT, serverFlags: ['NR'] },
    source: 'https://istio.io/latest/docs/tasks/security/authentication/authn-policy/#globally-enabling-istio-mutual-tls-in-strict-mode',
  },
  'mtls-to-no-proxy': {
    title: 'mutual TLS to a server without a sidecar',
    ...handshakeFails('WRONG_VERSION_NUMBER'),
    tls: { message: CLOSED, flags: ['UF', 'URX'], reason: 'CERTIFICATE_VERIFY_FAILED' },
    source: 'https://github.com/istio/istio/issues/33208, https://github.com/istio/istio/issues/25062',
  },
  'mtls-to-disable': {
    title: 'mutual TLS to a port with mode DISABLE',
    http: { status: '503', message: NOT_CONNECTED, flags: ['URX', 'UF'], reason: 'WRONG_VERSION_NUMBER', serverFlags: ['DPE'] },
    tcp: { message: CLOSED, flags: ['UF', 'URX'] },
    tls: { message: CLOSED, flags: ['UF', 'URX'], reason: 'CERTIFICATE_VERIFY_FAILED' },
    source: 'as for mtls-to-no-proxy: the server\'s sidecar doesn\'t terminate TLS there, and passes it on or responds in plaintext',
  },
  'foreign-tls-to-strict': {
    title: 'non-mesh TLS to a server that requires mutual TLS',
    ...handshakeFails('CERTIFICATE_VERIFY_FAILED'),
    tls: { message: 'the handshake succeeds, then the connection ends with "certificate required" or "Broken pipe"', flags: [] },
    source: `${ENVOY_FLAGS}: the handshake fails, since one side has no certificate that the other trusts`,
  },
  'foreign-tls-to-http': {
    title: 'non-mesh TLS to a port that the server\'s sidecar treats as HTTP',
    ...handshakeFails('Connection_reset_by_peer', ['NR']),
    tls: { message: CLOSED, flags: ['UR'], serverFlags: ['NR'] },
    source: `${ENVOY_FLAGS}: NR, the server's sidecar has no filter chain for such TLS`,
  },
  'tls-to-disabled-http': {
    title: 'TLS to an HTTP port with mode DISABLE, except mutual TLS around HTTP',
    ...handshakeFails('WRONG_VERSION_NUMBER', ['DPE']),
    tls: { message: 'the application\'s handshake fails with "wrong version number"', flags: [], serverFlags: ['DPE'] },
    source: `${ENVOY_FLAGS}: DPE, the server's sidecar parses the handshake as HTTP and rejects it`,
  },
  'tls-in-tls': {
    title: 'TLS from a DestinationRule around the application\'s own TLS',
    tcp: {
      message: 'the application\'s handshake fails, for example with "wrong version number", unless the server terminates TLS twice',
      flags: [],
    },
    source: 'https://istio.io/latest/docs/ops/common-problems/network-issues/#double-tls',
  },
  'wrong-san': {
    title: 'a required name that the server\'s certificate doesn\'t contain',
    ...handshakeFails('CERTIFICATE_VERIFY_FAILED'),
    source: `${ENVOY_FLAGS}: Envoy verifies match_subject_alt_names in the handshake`,
  },
  'unknown-destination': {
    title: 'a route to a host or port that the client\'s sidecar doesn\'t know',
    http: { status: '503', message: EMPTY, flags: ['NC'] },
    tcp: { message: CLOSED, flags: ['NC'] },
    source: `${ENVOY_FLAGS}: NC, the upstream cluster isn't found`,
  },
  'undefined-subset': {
    title: 'a route to a subset that no DestinationRule defines',
    http: { status: '503', message: EMPTY, flags: ['NC'] },
    tcp: { message: CLOSED, flags: ['NC'] },
    source: 'https://istio.io/latest/docs/ops/common-problems/network-issues/#503-errors-while-reconfiguring-service-routes',
  },
  'no-servers': {
    title: 'a destination without servers',
    http: { status: '503', message: EMPTY, flags: ['NC'] },
    tcp: { message: CLOSED, flags: ['NC'] },
    source: `${ENVOY_FLAGS}: NC, since istiod builds no cluster for a DNS name without servers`,
  },
  'forbidden-destination': {
    title: 'an unregistered destination with REGISTRY_ONLY',
    http: { status: '502', message: EMPTY, flags: [] },
    tcp: { message: CLOSED, flags: ['UH'] },
    source: 'https://istio.io/latest/docs/tasks/traffic-management/egress/egress-control/#change-to-the-blocking-by-default-policy',
  },
  'other-protocol': {
    title: 'a protocol other than HTTP to a port that the server\'s sidecar treats as HTTP',
    tcp: { message: 'the HTTP response "HTTP/1.1 400 Bad Request", then the connection ends', flags: [], serverFlags: ['DPE'] },
    source: `${ENVOY_FLAGS}: the server's sidecar closes the connection for a protocol error (DPE)`,
  },
  'proxy-protocol': {
    title: 'a PROXY protocol header that the server\'s sidecar doesn\'t expect',
    ...handshakeFails('Connection_reset_by_peer', ['NR']),
    source: `${ENVOY_FLAGS}: the server's sidecar has no listener filter for the header, and finds no filter chain for it (NR)`,
  },
  'server-first': {
    title: 'a server-first protocol to a port whose protocol a sidecar detects',
    tcp: { message: 'nothing is received until protocolDetectionTimeout expires; by default it never does', flags: [] },
    source: 'https://istio.io/latest/docs/ops/deployment/application-requirements/#server-first-protocols',
  },
};

/** How a call fails, as its caller sees it. */
export interface ExplainedFailure extends Failure {
  /** The kind of failure. */
  readonly kind: FailureKind;
}

export function failureAs(kind: FailureKind): ExplainedFailure {
  return { kind, ...FAILURES[kind] };
}

/** The failure on a hop; undefined if there is none. */
export function failureOf(hop: Hop): FailureKind | undefined {
  const { outcome, brokenBecause, sent: { tls: clientTls, kind }, received: { receiver }, travel } = hop;
  if (outcome === 'tls') return kind === 'tls' && (clientTls === 'SIMPLE' || clientTls === 'MUTUAL') ? 'tls-in-tls' : undefined;
  if (outcome !== 'broken') return undefined;
  const untaken = untakenTls(hop);
  if (untaken) return untaken;
  if (brokenBecause) return brokenBecause === 'wrong-identity' || brokenBecause === 'other-servers' ? 'wrong-san' : brokenBecause;
  if (clientTls === 'ISTIO_MUTUAL') return receiver?.mode === 'DISABLE' ? 'mtls-to-disable' : 'mtls-to-no-proxy';
  const isForeign = clientTls === 'SIMPLE' || clientTls === 'MUTUAL' || kind === 'tls';
  if (isForeign) return receiver?.mode === 'STRICT' ? 'foreign-tls-to-strict' : 'foreign-tls-to-http';
  return travel === 'direct' ? 'unproxied-to-strict' : 'plaintext-to-strict';
}

/** TLS that an HTTP port doesn't accept: the connection ends before its content is read. */
function untakenTls({ brokenBecause, sent: { tls: clientTls, kind }, received: { receiver } }: Hop): FailureKind | undefined {
  if (!receiver || receiver.protocol.protocol !== 'HTTP' || (brokenBecause && brokenBecause !== 'other-protocol')) return undefined;
  const isForeign = clientTls === 'SIMPLE' || clientTls === 'MUTUAL' || (clientTls === 'PLAINTEXT' && kind === 'tls');
  switch (receiver.mode) {
    case 'DISABLE': return isForeign || (clientTls === 'ISTIO_MUTUAL' && kind !== 'http') ? 'tls-to-disabled-http' : undefined;
    case 'PERMISSIVE': return isForeign ? 'foreign-tls-to-http' : undefined;
    default: return undefined;
  }
}

/** How an application calls, and which part of its sidecar handles it. */
interface Spoken {
  /** Undefined if unknown. */
  readonly kinds: readonly CallKind[];
  /** Undefined if no sidecar handles it. */
  readonly outbound: readonly { readonly kind: CallKind; readonly route?: string }[];
}

/** What a caller sees of a failure, by protocol. A sidecar that doesn't detect HTTP fails as for TCP. */
export function seenOf(failure: FailureKind, { kinds, outbound }: Spoken): readonly Symptom[] {
  const { http, tcp, tls = tcp } = FAILURES[failure];
  const isHttp = kinds.length > 0 ? kinds.includes('http') : outbound.some(({ route }) => route !== undefined);
  const isRead = outbound.length === 0 || outbound.some(({ kind, route }) => kind === 'http' && route !== undefined);
  const isTls = kinds.includes('tls');
  const isOther = kinds.includes('tcp') || !isHttp && !isTls;
  const told = [...isHttp ? [isRead ? http ?? tcp : tcp] : [], ...isOther ? [tcp] : [], ...isTls ? [tls] : []];
  return [...new Set(told.filter((symptom) => symptom !== undefined))];
}
