import { ServerPort } from './server-port';
import { Call } from '../calls/call';
import { Hop, Path } from '../calls/path';
import { Sender } from '../calls/sender';
import { ControlPlane } from '../control-plane';
import { idKey } from '../inventory/object';
import { CallKind } from '../routes/route';
import { Address } from '../services/addresses';
import { Workload } from '../workloads/workload';

/** What a kind of proxy does with calls, as a client's, as a server's, and between them. One table says it of every kind. */
export interface DataPlane {
  /** Workloads of equal keys send alike. */
  senderKey(workload: Workload): string;
  /** The istiod that says where workloads send calls; undefined: none says so. */
  planeOf?(workload: Workload): ControlPlane;
  /** The ways that a call to one address can take from its client. */
  originate(sender: Sender, call: Call, address: Address): readonly Path[];
  /** What takes connections on a workload's port. */
  accept(workload: Workload, port: number): ServerPort;
  /**
   * Where a proxy sends on what comes to it; undefined: calls end there. It is told nothing of the client, so it is decided once for
   * all clients.
   */
  forward?(arrival: Arrival): readonly Hop[];
}

/** A call at a proxy that isn't its destination. */
export interface Arrival {
  readonly proxy: Workload;
  /** The port of the proxy's that takes it. */
  readonly port: number;
  /** The host that is asked for there. */
  readonly authority: string;
  readonly kind: CallKind;
}

/** A text that differs for arrivals that differ. */
export function arrivalKey({ proxy, port, authority, kind }: Arrival): string {
  return JSON.stringify([idKey(proxy), port, authority, kind]);
}
