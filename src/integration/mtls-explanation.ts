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

/** A DestinationRule whose host covers the destination. */
export interface MtlsConsideredRule {
  /** The rule. */
  readonly object: MtlsObject;
  /** Its host, in full. */
  readonly host: string;
  /** Whether it counts: `applies`, `merged`, or why it doesn't, in a word that docs/explain.md lists. */
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
  /**
   * The `credentialName` of the rule: whose certificate it shows, if it shows its own, and by which it verifies the server.
   *
   * @default - none
   */
  readonly credential?: string;
  /** What it verifies the server by: `mesh`, `file`, `credential`, `system` or `nothing`. */
  readonly verifiedBy: string;
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

/** A fact that an undecided call waits for. */
export interface MtlsAwaitedFact {
  /** What is missing: one of the words that docs/analysis.md lists, such as `namespace`. */
  readonly need: string;
  /** Of which namespace, revision, service or host. */
  readonly subject: string;
  /** The whole in words: `waits for …`. */
  readonly message: string;
  /** Namespaces to tell as `injectedNamespaces`, if their pods get sidecars. */
  readonly injectedNamespaces: string[];
  /** Revisions to tell as `installedRevisions`, if they are installed, beside those already told. */
  readonly installedRevisions: string[];
  /**
   * What comes of the call if these are told.
   *
   * @default - nothing can be told
   */
  readonly outcome?: ConnectionOutcome;
}

/** One call's way to one server, step by step. */
export interface MtlsExplainedConnection {
  /** What comes of it, and why. */
  readonly connection: MtlsConnection;
  /**
   * How the application talks on this way: `http`, `tcp`, `tls`. `MtlsAnalysis` always sets it.
   *
   * @default - not told
   */
  readonly kinds?: string[];
  /**
   * The VirtualService or route of the Gateway API that sends the call there.
   *
   * @default - none
   */
  readonly route?: MtlsObject;
  /**
   * Why the client sends the TLS that it does, in a word that docs/explain.md lists. `MtlsAnalysis` always sets it.
   *
   * @default - not told
   */
  readonly tlsBy?: string;
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
   * What that rule reports, in a sentence.
   *
   * @default - none does
   */
  readonly ruleTitle?: string;
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
  /**
   * The same as data. `MtlsAnalysis` always sets it.
   *
   * @default - not told
   */
  readonly awaitedFacts?: MtlsAwaitedFact[];
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
   * How applications may talk on the port: `http`, `tcp`, `tls`. `MtlsAnalysis` always sets it.
   *
   * @default - not told
   */
  readonly kinds?: string[];
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
  const { client, identity, call: { host, port, service, resolves, protocol, kinds }, signer, connections } = explanation;
  const told = redactedValue({ client, identity, host, port, service, resolves, protocol, kinds: [...kinds], signer });
  return { ...told, connections: connections.map(connectionIn) };
}

function connectionIn({ connection, advice, ...steps }: ExplainedConnection): MtlsExplainedConnection {
  const { kinds, outbound, route, rules, tlsBy, handshake, server, failure, waitsFor = [] } = redactedValue(steps);
  return {
    connection: connectionOf(connection),
    kinds: [...kinds],
    route,
    tlsBy,
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
