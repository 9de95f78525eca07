import { analysisModules } from './app-mesh';
import { changedObjectOf, MtlsChangedObject } from './mtls-changed-object';
import { MtlsWorkloadName } from './mtls-diff';
import { ConnectionOutcome } from './mtls-hop';
import type { ReportedWitness } from '../changes/plan-report';

/** A call or port that is worse during a change, or may be, and the changes that its proxies have by then. */
export interface MtlsPlanWitness {
  /**
   * `call`: a call that is worse than before and after, or may be; `port`: a port that accepts plaintext and doesn't before or
   * after, or may; `undecided`: connections that changes may concern are undecided, so that nothing is proven about them; `too-many`: more changes affect the same calls than can be analyzed.
   */
  readonly kind: string;
  /**
   * The client.
   *
   * @default - the witness isn't a call
   */
  readonly client?: MtlsWorkloadName;
  /**
   * The host and port that the client calls.
   *
   * @default - the witness isn't a call
   */
  readonly calls?: string;
  /**
   * The server.
   *
   * @default - no server, or none that is known
   */
  readonly server?: MtlsWorkloadName;
  /**
   * The server's port.
   *
   * @default - not in the manifests
   */
  readonly serverPort?: number;
  /**
   * The outcome of the call.
   *
   * @default - the witness isn't a call
   */
  readonly outcome?: ConnectionOutcome;
  /**
   * What the server's port accepts: `STRICT`, `PERMISSIVE`, `DISABLE`, `NO_PROXY` or `UNKNOWN`.
   *
   * @default - the witness isn't a port
   */
  readonly mode?: string;
  /**
   * How many connections are undecided.
   *
   * @default - the witness isn't undecided
   */
  readonly connections?: number;
  /**
   * How many workloads accept something unknown.
   *
   * @default - the witness isn't undecided
   */
  readonly servers?: number;
  /**
   * What they wait for, one sentence each, with their number.
   *
   * @default - the witness isn't undecided
   */
  readonly waitsFor?: string[];
  /** The changes that the client's proxy already has. */
  readonly clientHas: MtlsChangedObject[];
  /** The changes that it doesn't have yet. */
  readonly clientLacks: MtlsChangedObject[];
  /** The changes that the server's proxy already has. */
  readonly serverHas: MtlsChangedObject[];
  /** The changes that it doesn't have yet; for `too-many`, all that affect the same calls; for `undecided`, all that may concern the connections. */
  readonly serverLacks: MtlsChangedObject[];
}

export function planWitnessOf(witness: ReportedWitness): MtlsPlanWitness {
  const { kind, client, calls, server, outcome, mode, connections, servers, facts, ...changes } = witness;
  const { waitingText } = analysisModules();
  return {
    kind,
    client: client && { ...client },
    calls,
    server: server && { kind: server.kind, namespace: server.namespace, name: server.name },
    serverPort: server?.port,
    outcome: outcome as ConnectionOutcome | undefined,
    mode,
    connections,
    servers,
    waitsFor: facts?.map((fact) => `${fact.connections} ${waitingText(fact)}`),
    clientHas: changes.clientHas.map(changedObjectOf),
    clientLacks: changes.clientLacks.map(changedObjectOf),
    serverHas: changes.serverHas.map(changedObjectOf),
    serverLacks: changes.serverLacks.map(changedObjectOf),
  };
}
