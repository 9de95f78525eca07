import { CallKind } from '../routes/route';
import { Service } from '../services/service';

/** A host and port that a client may request. */
export interface Call {
  /** The same for this call in every state of a mesh, and different for all other calls. */
  readonly key: string;
  readonly host: string;
  readonly port: number;
  /** The services of that host with that port, the preferred first. */
  readonly services: readonly Service[];
  /** `services`, and all others that may receive the call because they listen at the address of the host. */
  readonly neighbours: readonly Service[];
  /** Whether several objects define one of these hosts, and it is uncertain which one istiod prefers. */
  readonly ambiguous: boolean;
  /** The protocols that applications may use there. */
  readonly kinds: readonly CallKind[];
}

/** The key of a call that workloads make. */
export function callKey({ host, port }: Pick<Call, 'host' | 'port'>): string {
  return `${host}:${port}`;
}
