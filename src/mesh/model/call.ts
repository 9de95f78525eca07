import { CallKind } from '../routes/route';
import { Service } from '../services/service';

/** A host and port that a client may request. */
export interface Call {
  /** Equal for the same call in every state of a mesh, and for no other one. */
  readonly key: string;
  readonly host: string;
  readonly port: number;
  /** The services of that host with that port, the preferred first. */
  readonly services: readonly Service[];
  /** Those services and all others that may receive the call because they listen where the host leads. */
  readonly neighbours: readonly Service[];
  /** Whether several objects define any of these hosts for istiod, and it isn't certain which one comes first. */
  readonly ambiguous: boolean;
  /** The protocols that applications may use there. */
  readonly kinds: readonly CallKind[];
}

/** The key of a call that workloads make. */
export function callKey({ host, port }: Pick<Call, 'host' | 'port'>): string {
  return `${host}:${port}`;
}
