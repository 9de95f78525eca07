// What the runner of meshes says of one: the JSON of internal/dataplane.
import type { Symptoms } from './symptoms';
import type { ObjectName } from '../../src/mesh/inventory/object';
import type { CallKind } from '../../src/mesh/routes/route';
import type { RefusedObject } from '../connections/verdict';

export interface SeenServer extends ObjectName {
  readonly port: number;
}

/** What a connection carries, by its first bytes; silence: nothing. */
export type Wire = 'plaintext' | 'tls' | 'mtls' | 'silence';

/** A connection that left the client's pod; its server is null outside the mesh. */
export interface SeenFlow {
  readonly server: SeenServer | null;
  readonly wire: Wire;
  readonly proxyHeader?: boolean;
  readonly refused?: boolean;
}

/** A call that was made. */
export interface SeenCall {
  readonly client: ObjectName;
  readonly requested: { readonly host: string; readonly port: number };
  readonly kind: CallKind;
  /** What the server's application said; without a name it is outside the mesh. */
  readonly arrived?: SeenServer & { readonly encrypted?: number; readonly clientCertificate?: boolean };
  /** Whether it arrived at the pod that made it. */
  readonly returned?: boolean;
  /** What the client's application was told, where the call has failed. */
  readonly failed?: string;
  readonly flows: readonly SeenFlow[];
}

/** A call of those made before, by its place among them, made again. */
export type SeenAgain = SeenCall & { readonly of: number };

/** What was seen while a change reached the proxies of a mesh one after the other. */
export interface SeenConvergence {
  readonly before: readonly SeenCall[];
  /** Calls while proxies took what was pushed to them, and when they had it. */
  readonly steps: readonly SeenTurns[];
  /** Those that sidecars have made on the connections that they keep. */
  readonly handshakes: number;
}

export interface SeenTurns {
  readonly during: readonly SeenAgain[];
  readonly then: readonly SeenAgain[];
  /** How many of the connections that stay open have answered then, and what became of those that no longer do. */
  readonly kept: number;
  readonly lost?: readonly { readonly client: ObjectName; readonly requested: SeenCall['requested']; readonly failed: string }[];
  /** What proxies have logged of the calls of `then`: by namespace and name of their workload, each line with how often. */
  readonly logged?: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface RunReport {
  readonly id: string;
  readonly calls: readonly SeenCall[];
  /** Workloads whose proxies couldn't be run. */
  readonly notRun: readonly (ObjectName & { readonly why: string })[];
  /** Calls that weren't made, by the reason. */
  readonly skipped: Readonly<Record<string, number>>;
  readonly refused: readonly RefusedObject[];
  readonly symptoms?: readonly Symptoms[];
  readonly convergence?: SeenConvergence;
  readonly error?: string;
}
