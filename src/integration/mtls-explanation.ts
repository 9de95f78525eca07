import { analysisModules } from './app-mesh';
import { connectionOf, MtlsConnection } from './mtls-connection';
import { MtlsExplainedServer, serverOf } from './mtls-explained-server';
import { failureOf, MtlsFailure } from './mtls-failure';
import { changeOf, MtlsObjectChange } from './mtls-finding';
import { ConnectionOutcome, MtlsObject } from './mtls-hop';
import type { Mending } from '../explain/advice';
import type { AwaitedFact } from '../explain/awaited-facts';
import type { ExplainedConnection, Explanation } from '../explain/explanation';
import type { ClientHandshake } from '../explain/handshake';
import { changeText } from '../findings/finding';
import { redactedValue } from '../findings/redacted-value';

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

/** A DestinationRule whose host matches the destination. */
export interface MtlsConsideredRule {
  /** The rule. */
  readonly object: MtlsObject;
  /** Its fully qualified host. */
  readonly host: string;
  /** Whether it applies: `applies`, `merged`, or why it doesn't, as one of the words that docs/explain.md lists. */
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
  /**
   * The `credentialName` of the rule: the Secret with the CA that verifies the server, and for `MUTUAL` also the client's certificate.
   *
   * @default - the rule has none
   */
  readonly credential?: string;
  /** What it verifies the server with: `mesh`, `file`, `credential`, `system` or `nothing`. */
  readonly verifiedBy: string;
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

/** A fact without which a call is undecided. */
export interface MtlsAwaitedFact {
  /** What is missing: one of the words that docs/analysis.md lists, such as `namespace`. */
  readonly need: string;
  /** The namespace, revision, service or host that it is about. */
  readonly subject: string;
  /** The fact in words: `waits for …`. */
  readonly message: string;
  /** Namespaces to list in `injectedNamespaces`, if their pods get sidecars. */
  readonly injectedNamespaces: string[];
  /** Revisions to add to `installedRevisions`, if they are installed. */
  readonly installedRevisions: string[];
  /**
   * The outcome of the call with these namespaces and revisions.
   *
   * @default - neither decides the call
   */
  readonly outcome?: ConnectionOutcome;
}

/** One call to one server, step by step. */
export interface MtlsExplainedConnection {
  /** The outcome, and why. */
  readonly connection: MtlsConnection;
  /**
   * What the application speaks on this path: `http`, `tcp`, `tls`. `MtlsAnalysis` always sets it.
   *
   * @default - not set
   */
  readonly kinds?: string[];
  /**
   * The VirtualService or Gateway API route that sends the call there.
   *
   * @default - none
   */
  readonly route?: MtlsObject;
  /**
   * Why the client sends this TLS, as one of the words that docs/explain.md lists. `MtlsAnalysis` always sets it.
   *
   * @default - not set
   */
  readonly tlsBy?: string;
  /**
   * The DestinationRule with the settings that decide what the client sends; of several rules for the host, the one that has them.
   *
   * @default - no DestinationRule decides it
   */
  readonly tlsRule?: MtlsObject;
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
   * What that rule reports, in one sentence.
   *
   * @default - no rule reports it
   */
  readonly ruleTitle?: string;
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
  /**
   * `waitsFor` as data. `MtlsAnalysis` always sets it.
   *
   * @default - not set
   */
  readonly awaitedFacts?: MtlsAwaitedFact[];
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
   * What applications may speak on the port: `http`, `tcp`, `tls`. `MtlsAnalysis` always sets it.
   *
   * @default - not set
   */
  readonly kinds?: string[];
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
  const { client, identity, call: { host, port, service, resolves, protocol, kinds }, signer, connections } = explanation;
  const told = redactedValue({ client, identity, host, port, service, resolves, protocol, kinds: [...kinds], signer });
  return { ...told, connections: connections.map(connectionIn) };
}

function connectionIn({ connection, advice, ...steps }: ExplainedConnection): MtlsExplainedConnection {
  const { kinds, outbound, route, rules, tlsBy, tlsRule, handshake, server, failure, waitsFor = [] } = redactedValue(steps);
  return {
    connection: connectionOf(connection),
    kinds: [...kinds],
    route,
    tlsBy,
    tlsRule,
    outbound: [...outbound],
    rules: [...rules],
    handshake: handshake && handshakeOf(handshake),
    server: server && serverOf(server),
    failure: failure && failureOf(failure),
    rule: advice?.rule?.code,
    ruleTitle: advice?.rule?.title,
    fix: redactedValue(advice?.fix),
    mending: advice?.mending && mendingOf(advice.mending),
    waitsFor: waitsFor.map(({ words }) => words),
    awaitedFacts: waitsFor.map(awaitedFactOf),
  };
}

function awaitedFactOf({ need, subject, words, telling }: AwaitedFact): MtlsAwaitedFact {
  const { injectedNamespaces = [], installedRevisions = [], outcome } = telling ?? {};
  return {
    need,
    subject,
    message: words,
    injectedNamespaces: [...injectedNamespaces],
    installedRevisions: [...installedRevisions],
    outcome: outcome as ConnectionOutcome | undefined,
  };
}

function handshakeOf({ alpn, alpnForHttp = [], names, versions, ...others }: ClientHandshake): MtlsHandshake {
  return { ...others, alpn: [...alpn], alpnForHttp: [...alpnForHttp], names: [...names], versions: [...versions] };
}

function mendingOf({ change, outcome, manifest, code, spares }: Mending): MtlsMending {
  const yaml = analysisModules().manifestTextOf(manifest);
  return { ...redactedValue({ fix: changeText(change), change: changeOf(change), code, yaml }), outcome: outcome as ConnectionOutcome, spares };
}
