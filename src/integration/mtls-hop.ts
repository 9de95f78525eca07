import type { TracedHop, TracedReason, TracedTransport } from '../mesh/calls/traced-connection';

/** An object of the manifests, told apart from all others of the mesh. */
export interface MtlsObject {
  /**
   * Its cluster.
   *
   * @default - the mesh is one cluster
   */
  readonly cluster?: string;
  /** API group of its kind, such as `apps`; empty for Kubernetes' core. */
  readonly group: string;
  /** Its kind. */
  readonly kind: string;
  /** Its namespace; empty for an object that is in none. */
  readonly namespace: string;
  /** Its name. */
  readonly name: string;
}

/** An object that decides a connection, and how. */
export interface MtlsReason {
  /**
   * Cluster of the object.
   *
   * @default - the mesh is one cluster
   */
  readonly cluster?: string;
  /**
   * API group of the object's kind; empty for Kubernetes' core. `MtlsAnalysis` always sets it.
   *
   * @default - not told
   */
  readonly group?: string;
  /** Kind of the object. */
  readonly kind: string;
  /** Its namespace. */
  readonly namespace: string;
  /** Its name. */
  readonly name: string;
  /** The field that decides, such as `spec.mtls.mode`; `proxy` for what stands before a workload. */
  readonly field: string;
  /** What it does. */
  readonly effect: string;
}

/** Where a call from outside enters the mesh. */
export interface MtlsEntrance {
  /** The gateway or Service that takes it. */
  readonly object: MtlsObject;
  /** The port there. */
  readonly port: number;
  /**
   * The host that is asked for there.
   *
   * @default - any
   */
  readonly host?: string;
}

/** The caller. */
export interface MtlsCaller {
  /** `workload`, the only one that is told yet; `gateway`, one that sends on what it takes; `outside`, one that is no part of the mesh. */
  readonly kind: string;
  /**
   * The workload, also a gateway's.
   *
   * @default - a caller from outside, which is no object
   */
  readonly object?: MtlsObject;
  /**
   * Where its calls enter the mesh.
   *
   * @default - the caller is in the mesh
   */
  readonly enters?: MtlsEntrance;
}

/** Whether the server's side understands the protocol that the application speaks, and which objects decide it. */
export interface MtlsReachability {
  /** `yes`, `no` or `undecided`. */
  readonly reaches: string;
  /** The objects that decide, from the client to the server. */
  readonly because: MtlsReason[];
}

/** Which requests AuthorizationPolicies let pass, and which objects decide it. */
export interface MtlsAuthorization {
  /** `all`, `some`, `none` or `undecided`. */
  readonly passes: string;
  /** The objects that decide, from the client to the server. */
  readonly because: MtlsReason[];
}

/** A part of a connection, from one proxy to the next. */
export interface MtlsHop {
  /**
   * Whose proxy sends: the client on the first hop, then the server of the hop before.
   *
   * @default - no object does
   */
  readonly sender?: MtlsObject;
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
   * The Service or ServiceEntry that has the host.
   *
   * @default - no service has it
   */
  readonly service?: MtlsObject;
  /**
   * What takes the call.
   *
   * @default - an external host, or a service without servers in the manifests
   */
  readonly server?: MtlsObject;
  /**
   * The port that the server listens on, its container's.
   *
   * @default - as for `server`
   */
  readonly serverPort?: number;
  /** What the sender sends: `ISTIO_MUTUAL`, `MUTUAL`, `SIMPLE`, `PLAINTEXT` or `UNKNOWN`. */
  readonly clientTls: string;
  /** What the server takes: `STRICT`, `PERMISSIVE`, `DISABLE`, `NO_PROXY` (nothing intercepts the port) or `UNKNOWN`. */
  readonly serverMode: string;
  /** What comes of the hop. */
  readonly outcome: ConnectionOutcome;
  /**
   * Why it isn't decided: one of the reasons that docs/analysis.md lists, such as `no-endpoints`.
   *
   * @default - it is decided
   */
  readonly undecidedBecause?: string;
  /** The objects that decide, from the sender to the server. */
  readonly because: MtlsReason[];
  /**
   * Whether the server's side of the hop understands the application's protocol.
   *
   * @default - not decided yet
   */
  readonly protocol?: MtlsReachability;
  /**
   * Which requests the server of the hop lets pass.
   *
   * @default - not decided yet
   */
  readonly authorization?: MtlsAuthorization;
}

/** What comes of a connection. */
export enum ConnectionOutcome {
  /** Mutual TLS between the proxies, with the mesh's certificates. */
  MTLS = 'mtls',
  /** TLS that isn't the mesh's: a rule's or the application's own. The application ends it, if it speaks TLS. */
  TLS = 'tls',
  /** Readable and forgeable on the way. */
  PLAINTEXT = 'plaintext',
  /** Cannot be made. */
  BROKEN = 'broken',
  /** Not known from the manifests, or not modelled yet. */
  UNDECIDED = 'undecided',
}

export function hopOf({ sender, destination, server, clientTls, serverMode, transport }: TracedHop): MtlsHop {
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
    ...transportOf(transport),
  };
}

export function transportOf({ outcome, undecidedBecause, because }: TracedTransport): Pick<MtlsHop, 'outcome' | 'undecidedBecause' | 'because'> {
  return {
    outcome: outcome as MtlsHop['outcome'],
    undecidedBecause,
    because: because.map(reasonOf),
  };
}

function reasonOf({ object: { cluster, group, kind, namespace, name }, field, effect }: TracedReason): MtlsReason {
  return { cluster, group, kind, namespace, name, field, effect };
}
