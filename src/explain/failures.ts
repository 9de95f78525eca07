import { Hop } from '../mesh/calls/path';

/** What goes wrong with a call, as far as its caller can tell it apart. */
export type FailureKind =
  | 'plaintext-to-strict' // a sidecar sends plaintext, and the server demands mutual TLS
  | 'unproxied-to-strict' // the same of a client without a sidecar
  | 'mtls-to-no-proxy'
  | 'mtls-to-disable'
  | 'foreign-tls-to-strict' // TLS of a rule's, or the application's, and the server demands the mesh's
  | 'foreign-tls-to-http' // the same, and the server's sidecar expects HTTP
  | 'tls-in-tls' // a rule's TLS around the application's
  | 'wrong-san' // the server's certificate has none of the names that the client demands
  | 'unknown-destination'
  | 'undefined-subset'
  | 'no-servers'
  | 'forbidden-destination' // REGISTRY_ONLY
  | 'other-protocol' // the server's sidecar expects HTTP, and gets something else
  | 'proxy-protocol'
  | 'server-first'; // the client and a sidecar wait for each other

/** What callers of one sort see. */
export interface Symptom {
  /** What curl gets, `000` for no answer; undefined: the caller speaks no HTTP. */
  readonly status?: string;
  /** What curl or the application says, as far as it is the same everywhere. */
  readonly message: string;
  /** The response flags in the access log of the client's sidecar; undefined: it has none. */
  readonly flags?: readonly string[];
}

/** What a kind of failure looks like, and where that is from. */
export interface Failure {
  /** In a few words. */
  readonly title: string;
  /** What a caller that speaks HTTP sees; undefined: there are none. */
  readonly http?: Symptom;
  /** What one that speaks TCP, or TLS of its own, sees. */
  readonly tcp?: Symptom;
  readonly source: string;
}

const ENVOY_FLAGS = 'https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage';
const BEFORE_HEADERS = 'upstream connect error or disconnect/reset before headers';
const CLOSED = 'the connection is closed before a byte comes back';
const RESET = 'curl: (56) Recv failure: Connection reset by peer';

/**
 * What callers see, by the kind of failure. None of it is measured here: `source` says which page tells it, or of which
 * behaviour of Envoy's it follows.
 */
export const FAILURES: Readonly<Record<FailureKind, Failure>> = {
  'plaintext-to-strict': {
    title: 'plaintext to a server that demands mutual TLS',
    http: { status: '503', message: BEFORE_HEADERS, flags: ['UC'] },
    tcp: { message: CLOSED, flags: ['UF'] },
    source: 'https://istio.io/latest/docs/ops/common-problems/network-issues/#503-errors-after-setting-destination-rule',
  },
  'unproxied-to-strict': {
    title: 'plaintext without a sidecar to a server that demands mutual TLS',
    http: { status: '000', message: RESET },
    tcp: { message: CLOSED },
    source: 'https://istio.io/latest/docs/tasks/security/authentication/authn-policy/#globally-enabling-istio-mutual-tls-in-strict-mode',
  },
  'mtls-to-no-proxy': {
    title: 'mutual TLS to a server without a sidecar',
    http: { status: '503', message: `${BEFORE_HEADERS} … transport failure reason: TLS_error … WRONG_VERSION_NUMBER`, flags: ['UF', 'URX'] },
    tcp: { message: CLOSED, flags: ['UF', 'URX'] },
    source: 'https://github.com/istio/istio/issues/33208, https://github.com/istio/istio/issues/25062',
  },
  'mtls-to-disable': {
    title: 'mutual TLS to a port that is DISABLE',
    http: { status: '503', message: `${BEFORE_HEADERS} … transport failure reason: TLS_error … WRONG_VERSION_NUMBER`, flags: ['UF', 'URX'] },
    tcp: { message: CLOSED, flags: ['UF', 'URX'] },
    source: 'as for mtls-to-no-proxy: the server\'s sidecar ends no TLS there, and hands it on or answers in plaintext',
  },
  'foreign-tls-to-strict': {
    title: 'TLS that isn\'t the mesh\'s to a server that demands mutual TLS',
    http: { status: '503', message: BEFORE_HEADERS, flags: ['UF', 'URX'] },
    tcp: { message: CLOSED, flags: ['UF', 'URX'] },
    source: `${ENVOY_FLAGS}: the handshake fails, since one side has no certificate that the other trusts`,
  },
  'foreign-tls-to-http': {
    title: 'TLS that isn\'t the mesh\'s to a port that the server\'s sidecar takes for HTTP',
    http: { status: '503', message: `${BEFORE_HEADERS} … transport failure reason: TLS_error … WRONG_VERSION_NUMBER`, flags: ['UF', 'URX'] },
    tcp: { message: CLOSED, flags: ['UF', 'URX'] },
    source: `${ENVOY_FLAGS}: the server's sidecar reads a TLS handshake as HTTP, and answers in plaintext`,
  },
  'tls-in-tls': {
    title: 'TLS of a rule around the application\'s own',
    tcp: { message: 'the application\'s handshake fails, unless the server ends TLS twice', flags: [] },
    source: 'https://istio.io/latest/docs/ops/common-problems/network-issues/#double-tls',
  },
  'wrong-san': {
    title: 'a name that the server\'s certificate doesn\'t have',
    http: { status: '503', message: `${BEFORE_HEADERS} … transport failure reason: TLS_error … CERTIFICATE_VERIFY_FAILED`, flags: ['UF', 'URX'] },
    tcp: { message: CLOSED, flags: ['UF', 'URX'] },
    source: `${ENVOY_FLAGS}: Envoy verifies match_subject_alt_names in the handshake`,
  },
  'unknown-destination': {
    title: 'a route to a host or port that the client\'s sidecar doesn\'t know',
    http: { status: '503', message: 'with an empty body', flags: ['NC'] },
    tcp: { message: CLOSED, flags: ['NC'] },
    source: `${ENVOY_FLAGS}: NC, the upstream cluster isn't found`,
  },
  'undefined-subset': {
    title: 'a route to a subset that no DestinationRule defines',
    http: { status: '503', message: 'with an empty body', flags: ['NC'] },
    tcp: { message: CLOSED, flags: ['NC'] },
    source: 'https://istio.io/latest/docs/ops/common-problems/network-issues/#503-errors-while-reconfiguring-service-routes',
  },
  'no-servers': {
    title: 'a destination without servers',
    http: { status: '503', message: 'no healthy upstream', flags: ['UH'] },
    tcp: { message: CLOSED, flags: ['UH'] },
    source: `${ENVOY_FLAGS}: UH, no healthy upstream hosts`,
  },
  'forbidden-destination': {
    title: 'a destination that isn\'t registered, and REGISTRY_ONLY',
    http: { status: '502', message: 'with an empty body', flags: [] },
    tcp: { message: CLOSED, flags: ['UH'] },
    source: 'https://istio.io/latest/docs/tasks/traffic-management/egress/egress-control/#change-to-the-blocking-by-default-policy',
  },
  'other-protocol': {
    title: 'something else than HTTP to a port that the server\'s sidecar takes for HTTP',
    tcp: { message: CLOSED, flags: [] },
    source: `${ENVOY_FLAGS}: the server's sidecar closes the connection for a protocol error (DPE)`,
  },
  'proxy-protocol': {
    title: 'a PROXY protocol header before what the server\'s sidecar reads',
    http: { status: '503', message: BEFORE_HEADERS, flags: ['UC'] },
    tcp: { message: CLOSED, flags: ['UF'] },
    source: `${ENVOY_FLAGS}: the server's sidecar has no listener filter for the header, and takes it for a malformed call`,
  },
  'server-first': {
    title: 'a protocol in which the server speaks first, to a port whose protocol a sidecar detects',
    tcp: { message: 'nothing comes, until protocolDetectionTimeout ends the wait; by default it never does', flags: [] },
    source: 'https://istio.io/latest/docs/ops/deployment/application-requirements/#server-first-protocols',
  },
};

/** What goes wrong on a hop; undefined: nothing. */
export function failureOf({ outcome, brokenBecause, clientTls, server, kind, travel }: Hop): FailureKind | undefined {
  if (outcome === 'tls') return kind === 'tls' && (clientTls === 'SIMPLE' || clientTls === 'MUTUAL') ? 'tls-in-tls' : undefined;
  if (outcome !== 'broken') return undefined;
  if (brokenBecause) return brokenBecause === 'wrong-identity' || brokenBecause === 'other-servers' ? 'wrong-san' : brokenBecause;
  if (clientTls === 'ISTIO_MUTUAL') return server?.mode === 'DISABLE' ? 'mtls-to-disable' : 'mtls-to-no-proxy';
  if (clientTls === 'SIMPLE' || clientTls === 'MUTUAL') return server?.mode === 'STRICT' ? 'foreign-tls-to-strict' : 'foreign-tls-to-http';
  if (kind === 'tls') return server?.mode === 'STRICT' ? 'foreign-tls-to-strict' : 'foreign-tls-to-http';
  return travel === 'direct' ? 'unproxied-to-strict' : 'plaintext-to-strict';
}
