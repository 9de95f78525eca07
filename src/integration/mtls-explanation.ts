import { analysisModules } from './app-mesh';
import { connectionOf, MtlsConnection } from './mtls-connection';
import { changeOf, MtlsObjectChange } from './mtls-finding';
import { ConnectionOutcome, MtlsObject } from './mtls-hop';
import type { Mending } from '../explain/advice';
import type { ExplainedConnection, Explanation } from '../explain/explanation';
import type { FailureKind, Symptom } from '../explain/failures';
import type { ClientHandshake } from '../explain/handshake';
import type { ExplainedServer } from '../explain/server';
import { changeText } from '../findings/finding';
import { redactedValue } from '../findings/safe-text';

/** The parts of the client's proxy that handle a call, by the names that `istioctl proxy-config` shows. */
export interface MtlsOutboundNames {
  /** What the application speaks: `http`, `tcp` or `tls`. */
  readonly kind: string;
  /** The listener, such as `0.0.0.0_9080`. `<clusterIP>` and `<podIP>` stand for addresses that manifests don't hold. */
  readonly listener: string;
  /**
   * The route configuration.
   *
   * @default - the listener doesn't handle the call as HTTP
   */
  readonly route?: string;
  /**
   * The cluster, such as `outbound|9080||ratings.shop.svc.cluster.local`.
   *
   * @default - the route blocks the call
   */
  readonly cluster?: string;
}

/** The parts of the server's proxy that handle a call. */
export interface MtlsInboundNames {
  /** What the application speaks: `http`, `tcp` or `tls`. */
  readonly kind: string;
  /** The filter chain of the listener `virtualInbound`. */
  readonly filterChain: string;
  /** The cluster, such as `inbound|9080||`. */
  readonly cluster: string;
}

/** A DestinationRule whose host matches the destination. */
export interface MtlsConsideredRule {
  /** The rule. */
  readonly object: MtlsObject;
  /** Its fully qualified host. */
  readonly host: string;
  /** Whether it applies: `applies`, `merged`, or why it doesn't, as one of the words that docs/explain.md lists. */
  readonly verdict: string;
}

/** A PeerAuthentication for the server's port. */
export interface MtlsConsideredPolicy {
  /** The policy. */
  readonly object: MtlsObject;
  /** The level at which it applies: `port`, `workload`, `namespace` or `mesh`. */
  readonly level: string;
  /** The mode that it sets at that level; `UNSET` inherits. */
  readonly mode: string;
  /** Whether it applies: `decides`, or why it doesn't, as one of the words that docs/explain.md lists. */
  readonly verdict: string;
}

/** The client's side of the TLS handshake. */
export interface MtlsHandshake {
  /**
   * The server name (SNI) that it requests.
   *
   * @default - that of the request
   */
  readonly sni?: string;
  /** The ALPN protocols that its cluster offers. */
  readonly alpn: string[];
  /** The ALPN protocols that it offers for HTTP instead; empty if they are the same. */
  readonly alpnForHttp: string[];
  /** The names of which the server's certificate must have one; if empty, see `namesFrom`. */
  readonly names: string[];
  /** Where the names come from: `rule`, `servers`, `service-entry`, `request` (the host of the request) or `nobody` (any name is accepted). */
  readonly namesFrom: string;
  /** The oldest and the newest TLS version that it offers: `TLSv1_2`, `TLSv1_3`. */
  readonly versions: string[];
  /** The certificate that it presents: `mesh`, `own` or `none`. */
  readonly certificate: string;
  /** What it verifies the server with: `mesh`, `file`, `credential`, `system` or `nothing`. */
  readonly verifiedBy: string;
}

/** The server's side of a call. */
export interface MtlsExplainedServer {
  /** The PeerAuthentications for the port, the most specific first. */
  readonly policies: MtlsConsideredPolicy[];
  /** The protocol as which its proxy handles the port: `HTTP`, `TCP`, `TLS`, `MONGO`, `MYSQL`, or `AUTO`. */
  readonly protocol: string;
  /** The parts of its proxy that handle the call; empty if none does. */
  readonly inbound: MtlsInboundNames[];
  /**
   * The identity in its certificate.
   *
   * @default - it has none
   */
  readonly identity?: string;
  /** The oldest and the newest TLS version that it accepts from clients in the mesh; empty if it accepts no TLS. */
  readonly versions: string[];
}

/** What a caller sees. */
export interface MtlsSymptom {
  /**
   * The HTTP status, `000` for no answer.
   *
   * @default - the caller speaks no HTTP
   */
  readonly status?: string;
  /** What curl or the application reports. */
  readonly message: string;
  /** The response flags in the access log of the client's sidecar; empty without a sidecar. */
  readonly flags: string[];
  /**
   * OpenSSL's reason for the failed handshake, from the same line of the log, such as `CERTIFICATE_VERIFY_FAILED`.
   *
   * @default - none is logged, or it depends on the server's application
   */
  readonly reason?: string;
  /** The response flags in the access log of the server's sidecar; empty without a sidecar, or if it logs nothing. */
  readonly serverFlags: string[];
}

/** How a call fails, as its caller sees it. */
export interface MtlsFailure {
  /** The kind of failure, as one of the words that docs/explain.md lists, such as `plaintext-to-strict`. */
  readonly kind: string;
  /** In a few words. */
  readonly title: string;
  /**
   * What a caller that speaks HTTP sees.
   *
   * @default - no caller speaks HTTP
   */
  readonly http?: MtlsSymptom;
  /**
   * What a caller that speaks TCP or its own TLS sees.
   *
   * @default - no caller speaks TCP or its own TLS
   */
  readonly tcp?: MtlsSymptom;
  /**
   * What a caller that speaks its own TLS sees.
   *
   * @default - the same as `tcp`
   */
  readonly tls?: MtlsSymptom;
  /** How the symptoms are known. */
  readonly source: string;
}

/** A change that fixes a call, tried on the mesh. */
export interface MtlsMending {
  /** In words. */
  readonly fix: string;
  /** The change. */
  readonly change: MtlsObjectChange;
  /** The outcome of the call after the change. */
  readonly outcome: ConnectionOutcome;
  /** Whether it was verified that no other call gets worse; false if the mesh is too large for that. */
  readonly spares: boolean;
  /**
   * The object after the change, as YAML.
   *
   * @default - it is deleted, or may hold a key
   */
  readonly yaml?: string;
  /** The change with the constructs of this library, in TypeScript. */
  readonly code: string;
}

/** One call to one server, step by step. */
export interface MtlsExplainedConnection {
  /** The outcome, and why. */
  readonly connection: MtlsConnection;
  /** The parts of the client's proxy that handle the call, for each kind of call; empty without a sidecar, or if they aren't known. */
  readonly outbound: MtlsOutboundNames[];
  /** The DestinationRules for the destination, those that apply first. */
  readonly rules: MtlsConsideredRule[];
  /**
   * The client's side of the TLS handshake.
   *
   * @default - its proxy doesn't originate TLS
   */
  readonly handshake?: MtlsHandshake;
  /**
   * The server's side of the call.
   *
   * @default - the manifests hold no server
   */
  readonly server?: MtlsExplainedServer;
  /**
   * How the call fails.
   *
   * @default - it doesn't fail
   */
  readonly failure?: MtlsFailure;
  /**
   * The code of the rule that reports it, such as `MTLS101`.
   *
   * @default - no rule reports it
   */
  readonly rule?: string;
  /**
   * The fix, in words.
   *
   * @default - nothing is wrong, or `mending` has the fix
   */
  readonly fix?: string;
  /**
   * A change that fixes it.
   *
   * @default - nothing is wrong, or none of the changes that were tried fixes it
   */
  readonly mending?: MtlsMending;
  /** What an undecided call depends on, in words. */
  readonly waitsFor: string[];
}

/** One client's calls to one service port, step by step. */
export interface MtlsExplanation {
  /** The caller. */
  readonly client: MtlsObject;
  /**
   * The identity in its certificate.
   *
   * @default - it has no sidecar that is modelled
   */
  readonly identity?: string;
  /** The host that is called. */
  readonly host: string;
  /** The port that is called. */
  readonly port: number;
  /** The Service or ServiceEntry with that host and port. */
  readonly service: MtlsObject;
  /** What the host resolves to: `cluster-ip`, `headless`, `addresses`, `dns` or `alias`. */
  readonly resolves: string;
  /** The protocol as which istiod handles the port: `HTTP`, `TCP`, `TLS`, `MONGO`, `MYSQL`, or `AUTO`. */
  readonly protocol: string;
  /**
   * The object among the manifests that holds the CA of the mesh.
   *
   * @default - the manifests hold none
   */
  readonly signer?: MtlsObject;
  /** One for each server that the call can reach, and for each path to it. */
  readonly connections: MtlsExplainedConnection[];
}

export function explanationOf(explanation: Explanation): MtlsExplanation {
  const { client, identity, call: { host, port, service, resolves, protocol }, signer, connections } = explanation;
  return { ...redactedValue({ client, identity, host, port, service, resolves, protocol, signer }), connections: connections.map(connectionIn) };
}

function connectionIn({ connection, advice, ...steps }: ExplainedConnection): MtlsExplainedConnection {
  const { outbound, rules, handshake, server, failure, waitsFor = [] } = redactedValue(steps);
  return {
    connection: connectionOf(connection),
    outbound: [...outbound],
    rules: [...rules],
    handshake: handshake && handshakeOf(handshake),
    server: server && serverOf(server),
    failure: failure && failureOf(failure),
    rule: advice?.rule?.code,
    fix: redactedValue(advice?.fix),
    mending: advice?.mending && mendingOf(advice.mending),
    waitsFor: waitsFor.map(({ words }) => words),
  };
}

function handshakeOf({ alpn, alpnForHttp = [], names, versions, ...others }: ClientHandshake): MtlsHandshake {
  return { ...others, alpn: [...alpn], alpnForHttp: [...alpnForHttp], names: [...names], versions: [...versions] };
}

function serverOf({ policies, protocol, inbound, identity, versions }: ExplainedServer): MtlsExplainedServer {
  return { policies: [...policies], protocol, inbound: [...inbound], identity, versions: [...versions ?? []] };
}

function failureOf(kind: FailureKind): MtlsFailure {
  const { title, http, tcp, tls, source } = analysisModules().FAILURES[kind];
  return { kind, title, http: http && symptomOf(http), tcp: tcp && symptomOf(tcp), tls: tls && symptomOf(tls), source };
}

function symptomOf({ status, message, flags = [], reason, serverFlags = [] }: Symptom): MtlsSymptom {
  return { status, message, flags: [...flags], reason, serverFlags: [...serverFlags] };
}

function mendingOf({ change, outcome, manifest, code, spares }: Mending): MtlsMending {
  const yaml = analysisModules().manifestTextOf(manifest);
  return { ...redactedValue({ fix: changeText(change), change: changeOf(change), code, yaml }), outcome: outcome as ConnectionOutcome, spares };
}
