import { MtlsObject } from './mtls-hop';
import type { ExplainedServer } from '../explain/server';

/** The parts of the server's proxy that handle a call. */
export interface MtlsInboundNames {
  /** What the application speaks: `http`, `tcp` or `tls`. */
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
  /** The level at which it applies: `port`, `workload`, `namespace` or `mesh`. */
  readonly level: string;
  /** The mode that it sets at that level; `UNSET` inherits. */
  readonly mode: string;
  /** Whether it applies: `decides`, or why it doesn't, as one of the words that docs/explain.md lists. */
  readonly verdict: string;
}

/** The server's side of a call. */
export interface MtlsExplainedServer {
  /**
   * The workload.
   *
   * @default - an address without an object in the manifests
   */
  readonly object?: MtlsObject;
  /**
   * Its address.
   *
   * @default - not in the manifests
   */
  readonly address?: string;
  /**
   * The port that it listens on. `MtlsAnalysis` always sets it.
   *
   * @default - not set
   */
  readonly port?: number;
  /**
   * What it accepts: `STRICT`, `PERMISSIVE`, `DISABLE`, `NO_PROXY` or `UNKNOWN`. `MtlsAnalysis` always sets it.
   *
   * @default - not set
   */
  readonly mode?: string;
  /**
   * Why its proxy doesn't intercept the port, or why its mode is unknown, as one of the words that docs/explain.md lists.
   *
   * @default - its proxy intercepts the port, and the mode is known
   */
  readonly obstacle?: string;
  /**
   * The level that sets its mode: `port`, `workload`, `namespace`, `mesh` or `default`.
   *
   * @default - no proxy enforces one
   */
  readonly level?: string;
  /**
   * The AuthorizationPolicies that its proxy enforces, except those that only log. Whether they allow the call isn't decided.
   *
   * @default - none
   */
  readonly authorizationPolicies?: MtlsObject[];
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
