import { MtlsObject } from './mtls-hop';
import type { ExplainedServer } from '../explain/server';

/** What of the server's proxy takes a call. */
export interface MtlsInboundNames {
  /** How the application talks: `http`, `tcp` or `tls`. */
  readonly kind: string;
  /** The filter chain of the listener `virtualInbound`. */
  readonly filterChain: string;
  /** The cluster, such as `inbound|9080||`. */
  readonly cluster: string;
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

/** What takes a call at its server. */
export interface MtlsExplainedServer {
  /**
   * The workload.
   *
   * @default - a bare address, of which the manifests hold no object
   */
  readonly object?: MtlsObject;
  /**
   * Its address.
   *
   * @default - no manifest says it
   */
  readonly address?: string;
  /**
   * The port that it listens on. `MtlsAnalysis` always sets it.
   *
   * @default - not told
   */
  readonly port?: number;
  /**
   * What it takes: `STRICT`, `PERMISSIVE`, `DISABLE`, `NO_PROXY` or `UNKNOWN`. `MtlsAnalysis` always sets it.
   *
   * @default - not told
   */
  readonly mode?: string;
  /**
   * What keeps its proxy from the port, or its mode from being known, in a word that docs/explain.md lists.
   *
   * @default - nothing
   */
  readonly obstacle?: string;
  /**
   * Where its mode comes from: `port`, `workload`, `namespace`, `mesh` or `default`.
   *
   * @default - no proxy enforces one
   */
  readonly level?: string;
  /**
   * The AuthorizationPolicies that its proxy enforces, but for those that only log; whether they allow the call isn't decided.
   *
   * @default - none
   */
  readonly authorizationPolicies?: MtlsObject[];
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

export function serverOf({ object, policies, authorizationPolicies, inbound, versions, ...others }: ExplainedServer): MtlsExplainedServer {
  return {
    ...others,
    object: object ?? undefined,
    policies: [...policies],
    authorizationPolicies: authorizationPolicies && [...authorizationPolicies],
    inbound: [...inbound],
    versions: [...versions ?? []],
  };
}
