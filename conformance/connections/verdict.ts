// What the referee of connections says of a mesh: the JSON of internal/connections/words.go.
import type { Connection } from '../../src/mesh/calls/connections';
import type { ObjectName } from '../../src/mesh/inventory/object';
import type { ServerMode } from '../../src/mesh/policies/peer-authentication';

/** A connection by istiod's configuration, in the words of the model. */
export type RefereeConnection = Pick<Connection, 'client' | 'requested' | 'service' | 'server' | 'clientTls' | 'serverMode' | 'outcome'> & {
  /** What of the proxies' configuration takes it, for each kind of call and each address of the host. */
  readonly configs?: readonly RefereeConfig[];
};

/** Names of istiod's configuration that take a call, and both halves of the TLS. */
export interface RefereeConfig {
  readonly kind: string;
  /** The address that was called. */
  readonly address: string;
  readonly listener?: string;
  readonly route?: string;
  readonly cluster?: string;
  readonly client?: RefereeHandshake;
  readonly inbound?: { readonly filterChain?: string; readonly cluster?: string; readonly tls?: RefereeHandshake; readonly refused?: string };
}

interface RefereeHandshake {
  readonly sni?: string;
  /** Whether it is the request's own. */
  readonly autoSni?: boolean;
  readonly alpn?: readonly string[];
  /** What the listener's filter makes an HTTP request's connection offer in its place. */
  readonly httpAlpn?: readonly string[];
  readonly names?: readonly string[];
  readonly min: string;
  readonly max: string;
}

interface UnjudgedConnection extends RefereeConnection {
  readonly why: string;
}

/** The mode of one port of one workload. */
export interface PortMode extends ObjectName {
  readonly port: number;
  readonly mode: ServerMode;
}

export interface RefusedObject extends ObjectName {
  readonly why: string;
}

export interface MeshVerdict {
  readonly serverModes: readonly PortMode[];
  readonly connections: readonly RefereeConnection[];
  /** What the referee can't judge, as far as it can tell. */
  readonly unjudged: readonly UnjudgedConnection[];
  /** Objects that the API server or istiod's webhook refused. */
  readonly refused: readonly RefusedObject[];
  /** The same of the state that the servers are configured by, where it is another. */
  readonly serversRefused?: readonly RefusedObject[];
  /** Why istiod can't read the mesh config: judged is one that starts with the defaults. */
  readonly meshConfigError?: string;
  /** The verdict on a running istiod, which keeps the last mesh config that it could read: `LAST_CONFIG`. */
  readonly last?: MeshVerdict;
  /** Why there is no verdict. */
  readonly error?: string;
}

export type Call = Pick<Connection, 'client' | 'requested'>;
