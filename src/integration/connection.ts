import type { ConstructPaths } from './construct-paths';
import type { Condition } from './finding';
import { ConnectionOutcome, hopOf, Hop, MeshObject, Reason, reasonOf, transportFields } from './hop';
import type { Telling, WantedFact } from '../analysis/would-decide';
import { redactedValue } from '../findings/redacted-value';
import { printable } from '../findings/safe-text';
import type { Summary as MeshSummary } from '../mesh/calls/connections';
import type { TracedBranch, TracedConnection, TracedHop } from '../mesh/calls/traced-connection';

/** One client's call to one server, and its outcome. */
export interface Connection {
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
  /** The host that the call is sent to: differs from `requestedHost` if a VirtualService routes the call elsewhere. */
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
   * The container port that the server listens on.
   *
   * @default - as for `serverKind`
   */
  readonly serverPort?: number;
  /** The TLS that the client sends: `ISTIO_MUTUAL`, `MUTUAL`, `SIMPLE`, `PLAINTEXT` or `UNKNOWN`. */
  readonly clientTls: string;
  /** What the server accepts: `STRICT`, `PERMISSIVE`, `DISABLE`, `NO_PROXY` (no proxy intercepts the port) or `UNKNOWN`. */
  readonly serverMode: string;
  /** The outcome. */
  readonly outcome: ConnectionOutcome;
  /**
   * Why the connection is undecided: one of the reasons that docs/analysis.md lists, such as `no-endpoints`.
   *
   * @default - it is decided
   */
  readonly undecidedBecause?: string;
  /** The objects that decide the outcome, from the client to the server. */
  readonly because: Reason[];
  /**
   * What calls: `workload`, currently the only kind that is reported. `MtlsAnalysis` always sets it.
   *
   * @default - unknown
   */
  readonly caller?: string;
  /**
   * The client workload.
   *
   * @default - the caller is outside the mesh
   */
  readonly client?: MeshObject;
  /**
   * The hops from the client to the server, from one proxy to the next: currently always one. The outcome of the connection
   * is that of its worst hop, and its reasons are those of all hops. `MtlsAnalysis` always sets them.
   *
   * @default - unknown
   */
  readonly hops?: Hop[];
  /**
   * The outcome in each case, if it depends on namespaces that the objects don't contain, or on revisions that aren't known to be
   * installed: two or more, of which exactly one holds. The connection itself is then undecided. `MtlsAnalysis` sets them unless it has
   * `facts`.
   *
   * @default - the outcome depends on no such fact
   */
  readonly branches?: ConnectionBranch[];
  /**
   * What it is in each case, if the outcome is the same whatever such namespaces and revisions are, but not how it comes about: two or
   * more, of which exactly one holds. The connection itself then has what all cases have in common: where they differ, `clientTls` and
   * `serverMode` are `UNKNOWN`, `serviceHost` and `servicePort` are the requested ones, and `subset` and reasons are omitted.
   * `MtlsAnalysis` sets them unless it has `facts`.
   *
   * @default - nothing differs between cases, or there is only one
   */
  readonly cases?: ConnectionCase[];
}

/** A connection in one of several cases with the same outcome. */
export interface ConnectionCase {
  /** What holds in this case: all of it. */
  readonly conditions: Condition[];
  /** The hops from the client to the server in this case. */
  readonly hops: Hop[];
}

/** The outcome of a connection in one of several cases. */
export interface ConnectionBranch {
  /** What holds in this case: all of it. */
  readonly conditions: Condition[];
  /**
   * The outcome.
   *
   * @default - calls don't reach the server in this case
   */
  readonly outcome?: ConnectionOutcome;
  /**
   * Why it is undecided even then: one of the reasons that docs/analysis.md lists.
   *
   * @default - it is decided
   */
  readonly undecidedBecause?: string;
  /** The objects that decide the outcome, from the client to the server. */
  readonly because: Reason[];
}

/** Which connections to return. */
export interface ConnectionQuery {
  /**
   * Only those of this workload: `namespace/name`, or `kind/namespace/name` if several workloads have that name.
   *
   * @default - those of all workloads
   */
  readonly client?: string;
  /**
   * Only those to this service: `namespace/name` or its host, with `:port` or without.
   *
   * @default - those to all services
   */
  readonly service?: string;
  /**
   * Only those with this outcome.
   *
   * @default - those with any outcome
   */
  readonly outcome?: ConnectionOutcome;
  /**
   * The maximum number of connections; 0 returns none. A large mesh has millions: `istio-mtls connections` streams them.
   *
   * @default 1000
   */
  readonly limit?: number;
}

/** How many connections have each outcome. */
export interface Summary {
  /** All connections: one for each client workload, service port and server that its calls reach. */
  readonly connections: number;
  /** Mutual TLS between the proxies. */
  readonly mtls: number;
  /** TLS that isn't the mesh's. */
  readonly tls: number;
  /** Plaintext. */
  readonly plaintext: number;
  /** Calls that fail. */
  readonly broken: number;
  /**
   * Connections on which only copies of requests are lost, since a route mirrors to a host or subset that isn't there, or whose servers
   * refuse them: no call fails. They count in `connections`, but have no outcome here. `MtlsAnalysis` always sets it.
   *
   * @default - not set
   */
  readonly lostCopies?: number;
  /** Connections whose outcome the manifests don't determine, or that aren't modelled yet. */
  readonly undecided: number;
  /**
   * All decided connections. `MtlsAnalysis` always sets it.
   *
   * @default - not set
   */
  readonly decided?: number;
  /**
   * The number of undecided connections by reason, one of those that docs/analysis.md lists,
   * such as `no-endpoints`. `MtlsAnalysis` always sets it.
   *
   * @default - not set
   */
  readonly undecidedBecause?: { [reason: string]: number };
}

export function summaryStruct({ connections, lostCopies, outcomes, undecided }: MeshSummary): Summary {
  return { connections, ...outcomes, lostCopies, decided: connections - outcomes.undecided, undecidedBecause: { ...undecided } };
}

/** Facts to add to an analysis, and how many connections they decide. */
export interface ToldFacts {
  /** Namespaces to list in `injectedNamespaces`, if their pods get sidecars. */
  readonly injectedNamespaces: string[];
  /** Revisions to add to `installedRevisions`, if they are installed. */
  readonly installedRevisions: string[];
  /** The number of undecided connections that these facts decide. */
  readonly decides: number;
}

/** A fact that the manifests don't hold and that undecided connections depend on. */
export interface MissingFact {
  /**
   * What is missing: one of the words that docs/analysis.md lists, such as `namespace`.
   * `model`: it isn't modelled, and no manifest decides it.
   */
  readonly need: string;
  /** The namespace, revision, service or host that it is about; for what isn't modelled, the reason. */
  readonly subject: string;
  /** How many connections depend on it, whether on it alone or on other facts too. */
  readonly connections: number;
  /** The missing fact in one sentence. */
  readonly message: string;
  /** Namespaces to add to `injectedNamespaces` if their pods get sidecars; usually one or none. */
  readonly injectedNamespaces: string[];
  /** Revisions to add to `installedRevisions` if they are installed. */
  readonly installedRevisions: string[];
  /**
   * How many undecided connections these options decide.
   *
   * @default - no option supplies the fact, or there are too many facts to try each
   */
  readonly decides?: number;
}

/** @param waits the text on what undecided connections depend on */
export function missingFactOf(fact: WantedFact, waits: string): MissingFact {
  const { need, subject, connections, telling, statedBy } = fact;
  return {
    need,
    subject,
    connections,
    message: printable(`${connections} ${waits}`),
    injectedNamespaces: [...statedBy?.injectedNamespaces ?? []],
    installedRevisions: [...statedBy?.installedRevisions ?? []],
    decides: telling?.decides,
  };
}

export function toldFactsOf({ injectedNamespaces, installedRevisions, decides }: Telling): ToldFacts {
  return { injectedNamespaces: [...injectedNamespaces], installedRevisions: [...installedRevisions], decides };
}

export function connectionStruct(connection: TracedConnection, paths: ConstructPaths): Connection {
  const hopsOf = (all: readonly TracedHop[]): Hop[] => all.map((hop) => hopOf(hop, paths));
  const { client, requested, hops, transport, branches, cases } = redactedValue(connection);
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
    ...transportFields(transport, paths),
    caller: client.kind,
    client: client.object,
    hops: hopsOf(hops),
    branches: branches?.map((branch) => branchOf(branch, paths)),
    cases: cases?.map(({ if: conditions, hops: own }) => ({ conditions: [...conditions], hops: hopsOf(own) })),
  };
}

function branchOf({ if: conditions, outcome, undecidedBecause, because }: TracedBranch, paths: ConstructPaths): ConnectionBranch {
  return {
    conditions: [...conditions],
    outcome: outcome === 'absent' ? undefined : outcome as ConnectionOutcome,
    undecidedBecause,
    because: because.map((reason) => reasonOf(reason, paths)),
  };
}
