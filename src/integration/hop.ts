import type { ConstructPaths } from './construct-paths';
import type { TracedHop, TracedReason, TracedTransport } from '../mesh/calls/traced-connection';

/** Identifies an object of the manifests within the mesh. */
export interface MeshObject {
  /**
   * Its cluster.
   *
   * @default - the mesh is one cluster
   */
  readonly cluster?: string;
  /** API group of its kind, such as `apps`; empty for the core group. */
  readonly group: string;
  /** Its kind. */
  readonly kind: string;
  /** Its namespace; empty for a cluster-scoped object. */
  readonly namespace: string;
  /** Its name. */
  readonly name: string;
}

/** An object that decides a connection, and how. */
export interface Reason {
  /**
   * Cluster of the object.
   *
   * @default - the mesh is one cluster
   */
  readonly cluster?: string;
  /**
   * API group of the object's kind; empty for the core group. `MtlsAnalysis` always sets it.
   *
   * @default - unknown
   */
  readonly group?: string;
  /** Kind of the object. */
  readonly kind: string;
  /** Its namespace. */
  readonly namespace: string;
  /** Its name. */
  readonly name: string;
  /** The field that decides, such as `spec.mtls.mode`; `proxy` for a workload's proxy or its absence. */
  readonly field: string;
  /** What the object does to the connection. */
  readonly effect: string;
  /**
   * Path of the construct that emits the object.
   *
   * @default - the object came from a text or from `facts`, or isn't in the manifests
   */
  readonly constructPath?: string;
}

/** A part of a connection, from one proxy to the next. */
export interface Hop {
  /**
   * The workload whose proxy sends the call: the client on the first hop, afterwards the server of the previous hop.
   *
   * @default - the sender is no object of the manifests
   */
  readonly sender?: MeshObject;
  /** The host that the sender sends the call to. */
  readonly serviceHost: string;
  /** The service port that the sender sends the call to. */
  readonly servicePort: number;
  /**
   * The subset that the sender sends the call to.
   *
   * @default - none
   */
  readonly subset?: string;
  /**
   * The Service or ServiceEntry of that host.
   *
   * @default - no service has that host
   */
  readonly service?: MeshObject;
  /**
   * The server that receives the call.
   *
   * @default - an external host, or a service without servers in the manifests
   */
  readonly server?: MeshObject;
  /**
   * The container port that the server listens on.
   *
   * @default - as for `server`
   */
  readonly serverPort?: number;
  /** The TLS that the sender sends: `ISTIO_MUTUAL`, `MUTUAL`, `SIMPLE`, `PLAINTEXT` or `UNKNOWN`. */
  readonly clientTls: string;
  /** What the server accepts: `STRICT`, `PERMISSIVE`, `DISABLE`, `NO_PROXY` (no proxy intercepts the port) or `UNKNOWN`. */
  readonly serverMode: string;
  /** The outcome of the hop. */
  readonly outcome: ConnectionOutcome;
  /**
   * Why the hop is undecided: one of the reasons that docs/analysis.md lists, such as `no-endpoints`.
   *
   * @default - it is decided
   */
  readonly undecidedBecause?: string;
  /** The objects that decide the outcome, from the sender to the server. */
  readonly because: Reason[];
}

/** The outcome of a connection. */
export enum ConnectionOutcome {
  /** Mutual TLS between the proxies, with the mesh's certificates. */
  MTLS = 'mtls',
  /** TLS that isn't the mesh's, originated by a DestinationRule or by the application; terminated by the application, if it speaks TLS. */
  TLS = 'tls',
  /** Plaintext: readable and modifiable in transit. */
  PLAINTEXT = 'plaintext',
  /** The call fails. */
  BROKEN = 'broken',
  /** The manifests don't determine it, or it isn't modelled yet. */
  UNDECIDED = 'undecided',
}

export function hopOf({ sender, destination, server, clientTls, serverMode, transport }: TracedHop, paths: ConstructPaths): Hop {
  return {
    sender: sender ?? undefined,
    serviceHost: destination.host,
    servicePort: destination.port,
    subset: destination.subset,
    service: destination.service ?? undefined,
    server: server?.object,
    serverPort: server?.port,
    clientTls,
    serverMode,
    ...transportFields(transport, paths),
  };
}

export function transportFields(
  { outcome, undecidedBecause, because }: TracedTransport, paths: ConstructPaths,
): Pick<Hop, 'outcome' | 'undecidedBecause' | 'because'> {
  return {
    outcome: outcome as Hop['outcome'],
    undecidedBecause,
    because: because.map((reason) => reasonOf(reason, paths)),
  };
}

export function reasonOf({ object, field, effect }: TracedReason, paths: ConstructPaths): Reason {
  const { cluster, group, kind, namespace, name } = object;
  return { cluster, group, kind, namespace, name, field, effect, constructPath: paths.of(object) };
}
