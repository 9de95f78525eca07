import { changedObjectOf, MtlsChangedObject, MtlsWorkloadName } from './mtls-diff';
import { ConnectionOutcome } from './mtls-hop';
import type { ReportedWitness } from '../changes/plan-report';

/** What fares worse on the way, or may, and which proxies have which changes then. */
export interface MtlsPlanWitness {
  /**
   * `call`: a call that fares worse than before and after, or may; `port`: a port that takes more plaintext, or may; `too-many`: more
   * changes touch the same calls than can be looked at.
   */
  readonly kind: string;
  /**
   * The client.
   *
   * @default - no call fares worse
   */
  readonly client?: MtlsWorkloadName;
  /**
   * The host and port that the client calls.
   *
   * @default - no call fares worse
   */
  readonly calls?: string;
  /**
   * The server.
   *
   * @default - nobody, or nobody known, takes the call
   */
  readonly server?: MtlsWorkloadName;
  /**
   * The server's port.
   *
   * @default - one that no manifest names
   */
  readonly serverPort?: number;
  /**
   * What comes of the call.
   *
   * @default - no call fares worse
   */
  readonly outcome?: ConnectionOutcome;
  /**
   * What the server's port takes: `STRICT`, `PERMISSIVE`, `DISABLE`, `NO_PROXY` or `UNKNOWN`.
   *
   * @default - no port takes more
   */
  readonly mode?: string;
  /** The changes that the client's proxy has already. */
  readonly clientHas: MtlsChangedObject[];
  /** Those that it hasn't yet. */
  readonly clientLacks: MtlsChangedObject[];
  /** The changes that the server's proxy has already. */
  readonly serverHas: MtlsChangedObject[];
  /** Those that it hasn't yet; of `too-many` all that touch the same calls. */
  readonly serverLacks: MtlsChangedObject[];
}

export function planWitnessOf({ kind, client, calls, server, outcome, mode, ...changes }: ReportedWitness): MtlsPlanWitness {
  return {
    kind,
    client: client && { ...client },
    calls,
    server: server && { kind: server.kind, namespace: server.namespace, name: server.name },
    serverPort: server?.port,
    outcome: outcome as ConnectionOutcome | undefined,
    mode,
    clientHas: changes.clientHas.map(changedObjectOf),
    clientLacks: changes.clientLacks.map(changedObjectOf),
    serverHas: changes.serverHas.map(changedObjectOf),
    serverLacks: changes.serverLacks.map(changedObjectOf),
  };
}
