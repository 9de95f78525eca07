// What the referee of connections says of a mesh: the JSON of internal/connections/words.go.
import type { Connection } from '../../src/mesh/calls/connections';
import type { ObjectName } from '../../src/mesh/inventory/object';
import type { ServerMode } from '../../src/mesh/policies/peer-authentication';

/** A connection by istiod's configuration, in the words of the model. */
export type RefereeConnection = Pick<Connection, 'client' | 'requested' | 'service' | 'server' | 'clientTls' | 'serverMode' | 'outcome'>;

export interface UnjudgedConnection extends RefereeConnection {
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
  /** Why there is no verdict. */
  readonly error?: string;
}

export type Call = Pick<Connection, 'client' | 'requested'>;
