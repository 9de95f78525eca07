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

/** What of the client's proxy takes a call, by the names that `istioctl proxy-config` shows. */
export interface MtlsOutboundNames {
  /** How the application talks: `http`, `tcp` or `tls`. */
  readonly kind: string;
  /** The listener, such as `0.0.0.0_9080`; `<clusterIP>` and `<podIP>` in it stand for addresses that manifests don't hold. */
  readonly listener: string;
  /**
   * The route configuration.
   *
   * @default - the listener doesn't look for HTTP in the call
   */
  readonly route?: string;
  /**
   * The cluster, such as `outbound|9080||ratings.shop.svc.cluster.local`.
   *
   * @default - the route blocks the call
   */
  readonly cluster?: string;
}

/** What of the server's proxy takes a call. */
export interface MtlsInboundNames {
  /** How the application talks: `http`, `tcp` or `tls`. */
  readonly kind: string;
  /** The filter chain of the listener `virtualInbound`. */
  readonly filterChain: string;
  /** The cluster, such as `inbound|9080||`. */
  readonly cluster: string;
}

/** A DestinationRule whose host covers the destination. */
export interface MtlsConsideredRule {
  /** The rule. */
  readonly object: MtlsObject;
  /** Its host, in full. */
  readonly host: string;
  /** Whether it counts: `applies`, `merged`, or why it doesn't, in a word that docs/explain.md lists. */
  readonly verdict: string;
}

/** A PeerAuthentication for the server's port. */
export interface MtlsConsideredPolicy {
  /** The policy. */
  readonly object: MtlsObject;
  /** What it is for: `port`, `workload`, `namespace` or `mesh`. */
  readonly level: string;
  /** The mode that it says there; `UNSET` inherits. */
  readonly mode: string;
  /** Whether it counts: `decides`, or why it doesn't, in a word that docs/explain.md lists. */
  readonly verdict: string;
}

/** The client's half of the TLS. */
export interface MtlsHandshake {
  /**
   * The server name that it asks for.
   *
   * @default - that of the request
   */
  readonly sni?: string;
  /** The protocols that its cluster offers. */
  readonly alpn: string[];
  /** Those that it offers for HTTP instead; none if they are the same. */
  readonly alpnForHttp: string[];
  /** The names of which the server's certificate must have one; none: see `namesFrom`. */
  readonly names: string[];
  /** Who says them: `rule`, `servers`, `service-entry`, `request` (that of the request) or `nobody` (any name will do). */
  readonly namesFrom: string;
  /** The oldest TLS that it offers, and the newest: `TLSv1_2`, `TLSv1_3`. */
  readonly versions: string[];
  /** What it shows: `mesh`, `own` or `none`. */
  readonly certificate: string;
  /** What it verifies the server by: `mesh`, `file`, `credential`, `system` or `nothing`. */
  readonly verifiedBy: string;
}

/** What takes a call at its server. */
export interface MtlsExplainedServer {
  /** The policies for the port, the narrowest first. */
  readonly policies: MtlsConsideredPolicy[];
  /** What its proxy takes the port for: `HTTP`, `TCP`, `TLS`, `MONGO`, `MYSQL`, or `AUTO`. */
  readonly protocol: string;
  /** What of its proxy takes the call; none if nothing does. */
  readonly inbound: MtlsInboundNames[];
  /**
   * The name in its certificate.
   *
   * @default - it has none
   */
  readonly identity?: string;
  /** The oldest TLS that it takes of clients in the mesh, and the newest; none if it takes none. */
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
  /** What curl or the application says. */
  readonly message: string;
  /** The response flags in the access log of the client's sidecar; none without one. */
  readonly flags: string[];
  /**
   * OpenSSL's word for why the handshake failed, in the same line of the log, such as `CERTIFICATE_VERIFY_FAILED`.
   *
   * @default - none is logged, or it depends on the server's application
   */
  readonly reason?: string;
  /** The response flags in the access log of the server's sidecar; none without one, or where it logs nothing. */
  readonly serverFlags: string[];
}

/** What goes wrong, as the caller can tell. */
export interface MtlsFailure {
  /** The kind, in a word that docs/explain.md lists, such as `plaintext-to-strict`. */
  readonly kind: string;
  /** In a few words. */
  readonly title: string;
  /**
   * What a caller that speaks HTTP sees.
   *
   * @default - none does
   */
  readonly http?: MtlsSymptom;
  /**
   * What one that speaks TCP, or TLS of its own, sees.
   *
   * @default - none does
   */
  readonly tcp?: MtlsSymptom;
  /**
   * What one that speaks TLS of its own sees.
   *
   * @default - the same as `tcp`
   */
  readonly tls?: MtlsSymptom;
  /** Where this is from. */
  readonly source: string;
}

/** A change that mends a call, tried on the mesh. */
export interface MtlsMending {
  /** In words. */
  readonly fix: string;
  /** The change. */
  readonly change: MtlsObjectChange;
  /** What comes of the call then. */
  readonly outcome: ConnectionOutcome;
  /** Whether it was tried that no other call fares worse; where not, the mesh is too large for it. */
  readonly spares: boolean;
  /**
   * The object after the change, as YAML.
   *
   * @default - it is deleted, or may hold a key
   */
  readonly yaml?: string;
  /** The same with the constructs of this library, in TypeScript. */
  readonly code: string;
}

/** One call's way to one server, step by step. */
export interface MtlsExplainedConnection {
  /** What comes of it, and why. */
  readonly connection: MtlsConnection;
  /** What of the client's proxy takes the call, for each kind of call; none without a sidecar, or where nobody knows. */
  readonly outbound: MtlsOutboundNames[];
  /** The DestinationRules for the destination, those that count first. */
  readonly rules: MtlsConsideredRule[];
  /**
   * The client's half of the TLS.
   *
   * @default - its proxy adds none
   */
  readonly handshake?: MtlsHandshake;
  /**
   * What takes the call.
   *
   * @default - the manifests hold no server
   */
  readonly server?: MtlsExplainedServer;
  /**
   * What goes wrong.
   *
   * @default - nothing
   */
  readonly failure?: MtlsFailure;
  /**
   * The code of the rule that reports it, such as `MTLS101`.
   *
   * @default - none does
   */
  readonly rule?: string;
  /**
   * What to do about it, in words.
   *
   * @default - nothing, or `mending` says it
   */
  readonly fix?: string;
  /**
   * A change that mends it.
   *
   * @default - nothing is wrong, or no change that was tried mends it
   */
  readonly mending?: MtlsMending;
  /** What an undecided call waits for, in words. */
  readonly waitsFor: string[];
}

/** One client's calls to one service port, step by step. */
export interface MtlsExplanation {
  /** The caller. */
  readonly client: MtlsObject;
  /**
   * The name in its certificate.
   *
   * @default - it has no sidecar that is modelled
   */
  readonly identity?: string;
  /** The host that is called. */
  readonly host: string;
  /** The port that is called. */
  readonly port: number;
  /** The Service or ServiceEntry that has them. */
  readonly service: MtlsObject;
  /** What the host resolves to: `cluster-ip`, `headless`, `addresses`, `dns` or `alias`. */
  readonly resolves: string;
  /** What istiod takes the port for: `HTTP`, `TCP`, `TLS`, `MONGO`, `MYSQL`, or `AUTO`. */
  readonly protocol: string;
  /**
   * The object that the manifests hold for the CA of the mesh.
   *
   * @default - they hold none
   */
  readonly signer?: MtlsObject;
  /** One for each server behind the call, and for each way to it. */
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
