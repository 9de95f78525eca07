import { ConnectionOutcome, hopOf, MtlsAuthorization, MtlsCaller, MtlsHop, MtlsReachability, MtlsReason, transportOf } from './mtls-hop';
import { waitingText } from '../analysis/would-decide';
import type { Telling, WantedFact } from '../analysis/would-decide';
import { printable, redactedValue } from '../findings/safe-text';
import type { TracedConnection } from '../mesh/calls/traced-connection';

/** One client's call to one server, and what comes of it. */
export interface MtlsConnection {
  /** Kind of the client workload. */
  readonly clientKind: string;
  /** Its namespace. */
  readonly clientNamespace: string;
  /** Its name. */
  readonly clientName: string;
  /** The host that the application calls. */
  readonly requestedHost: string;
  /** The service port that it calls. */
  readonly requestedPort: number;
  /** The host that the call is sent to: another one where a VirtualService says so. */
  readonly serviceHost: string;
  /** The service port that the call is sent to. */
  readonly servicePort: number;
  /**
   * The subset that the call is sent to.
   *
   * @default - none
   */
  readonly subset?: string;
  /**
   * Kind of the server.
   *
   * @default - an external host, or a service without servers in the manifests
   */
  readonly serverKind?: string;
  /**
   * Namespace of the server.
   *
   * @default - as for `serverKind`
   */
  readonly serverNamespace?: string;
  /**
   * Name of the server.
   *
   * @default - as for `serverKind`
   */
  readonly serverName?: string;
  /**
   * The port that the server listens on, its container's.
   *
   * @default - as for `serverKind`
   */
  readonly serverPort?: number;
  /** What the client sends: `ISTIO_MUTUAL`, `MUTUAL`, `SIMPLE`, `PLAINTEXT` or `UNKNOWN`. */
  readonly clientTls: string;
  /** What the server takes: `STRICT`, `PERMISSIVE`, `DISABLE`, `NO_PROXY` (nothing intercepts the port) or `UNKNOWN`. */
  readonly serverMode: string;
  /** What comes of it. */
  readonly outcome: ConnectionOutcome;
  /**
   * Why it isn't decided: one of the reasons that docs/analysis.md lists, such as `no-endpoints`.
   *
   * @default - it is decided
   */
  readonly undecidedBecause?: string;
  /** The objects that decide, from the client to the server. */
  readonly because: MtlsReason[];
  /**
   * The caller. `MtlsAnalysis` always sets it.
   *
   * @default - not told
   */
  readonly client?: MtlsCaller;
  /**
   * The way from the client to the server, from one proxy to the next: one hop today. The outcome of the connection is
   * that of the worst hop, and its reasons are those of all hops. `MtlsAnalysis` always sets them.
   *
   * @default - not told
   */
  readonly hops?: MtlsHop[];
  /**
   * Whether the server's side understands the application's protocol, over all hops.
   *
   * @default - not decided yet
   */
  readonly protocol?: MtlsReachability;
  /**
   * Which requests AuthorizationPolicies let pass, over all hops.
   *
   * @default - not decided yet
   */
  readonly authorization?: MtlsAuthorization;
}

/** Which connections are wanted. */
export interface MtlsConnectionQuery {
  /**
   * Only those of this workload: `namespace/name`, or `kind/namespace/name` where several have that name.
   *
   * @default - of all
   */
  readonly client?: string;
  /**
   * Only those to this service: `namespace/name` or its host, with `:port` or without.
   *
   * @default - to all
   */
  readonly service?: string;
  /**
   * Only those that come to this.
   *
   * @default - whatever comes of them
   */
  readonly outcome?: ConnectionOutcome;
  /**
   * At most so many; 0 gives none. A large mesh has millions: `istio-mtls connections` streams them.
   *
   * @default 1000
   */
  readonly limit?: number;
}

/** How many connections come to what. */
export interface MtlsSummary {
  /** All of them: each client workload with each service port and server that its calls reach. */
  readonly connections: number;
  /** Mutual TLS between the proxies. */
  readonly mtls: number;
  /** TLS that isn't the mesh's. */
  readonly tls: number;
  /** In plaintext. */
  readonly plaintext: number;
  /** That cannot be made. */
  readonly broken: number;
  /** Of which nothing is known. */
  readonly undecided: number;
  /**
   * All that aren't undecided. `MtlsAnalysis` always sets it.
   *
   * @default - not told
   */
  readonly decided?: number;
  /**
   * How many are undecided for which reason, of those that docs/analysis.md lists, such as `no-endpoints`. `MtlsAnalysis` always sets it.
   *
   * @default - not told
   */
  readonly undecidedBecause?: { [reason: string]: number };
}

/** What to tell an analysis besides what it was told, and what that decides. */
export interface MtlsToldFacts {
  /** Namespaces to tell as `injectedNamespaces`, if their pods get sidecars. */
  readonly injectedNamespaces: string[];
  /** Revisions to tell as `installedRevisions`, if they are installed, beside those already told. */
  readonly installedRevisions: string[];
  /** How many undecided connections these facts decide. */
  readonly decides: number;
}

/** A fact that the manifests don't hold, and that undecided connections wait for. */
export interface MtlsMissingFact {
  /** What is missing: one of the words that docs/analysis.md lists, such as `namespace`; `model`: no manifest could tell. */
  readonly need: string;
  /** Of which namespace, revision, service or host; for what isn't modelled, the reason. */
  readonly subject: string;
  /** How many connections wait for it, for it alone or for others too. */
  readonly connections: number;
  /** The whole in words. */
  readonly message: string;
  /** Namespaces to tell as `injectedNamespaces`, if their pods get sidecars; mostly one or none. */
  readonly injectedNamespaces: string[];
  /** Revisions to tell as `installedRevisions`, if they are installed, beside those already told. */
  readonly installedRevisions: string[];
  /**
   * How many undecided connections these facts decide.
   *
   * @default - nothing can be told, or there are too many facts to try each
   */
  readonly decides?: number;
}

export function missingFactOf(fact: WantedFact): MtlsMissingFact {
  const { need, subject, connections, telling } = fact;
  return {
    need,
    subject,
    connections,
    message: printable(`${connections} ${waitingText(fact)}`),
    injectedNamespaces: [...telling?.injectedNamespaces ?? []],
    installedRevisions: [...telling?.installedRevisions ?? []],
    decides: telling?.decides,
  };
}

export function toldFactsOf({ injectedNamespaces, installedRevisions, decides }: Telling): MtlsToldFacts {
  return { injectedNamespaces: [...injectedNamespaces], installedRevisions: [...installedRevisions], decides };
}

export function connectionOf(connection: TracedConnection): MtlsConnection {
  const { client, requested, hops, transport } = redactedValue(connection);
  const [{ destination, clientTls }] = hops;
  const { server, serverMode } = hops[hops.length - 1];
  return {
    clientKind: client.object?.kind ?? '',
    clientNamespace: client.object?.namespace ?? '',
    clientName: client.object?.name ?? '',
    requestedHost: requested.host,
    requestedPort: requested.port,
    serviceHost: destination.host,
    servicePort: destination.port,
    subset: destination.subset,
    serverKind: server?.object.kind,
    serverNamespace: server?.object.namespace,
    serverName: server?.object.name,
    serverPort: server?.port,
    clientTls,
    serverMode,
    ...transportOf(transport),
    client,
    hops: hops.map(hopOf),
  };
}
