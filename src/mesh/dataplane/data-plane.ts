import { OutboundListener } from './outbound-listeners';
import { OutboundRoute } from './outbound-routes';
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
  /** The same ways, each as the client's proxy takes it; undefined: no proxy of its own takes calls, or none that is modelled. */
  departures?(sender: Sender, client: Workload, call: Call, address: Address): readonly Departure[];
  /** What takes connections on a workload's port. */
  accept(workload: Workload, port: number): ServerPort;
  /**
   * Where a proxy sends on what comes to it; undefined: calls end there. It is told nothing of the client, so it is decided once for
   * all clients.
   */
  forward?(arrival: Arrival): readonly Hop[];
}

/** One way in which a call leaves its client's proxy. */
export interface Departure {
  /** How the application talks. */
  readonly kind: CallKind;
  /** Where the call's host leads. */
  readonly address: Address;
  /** The listener that it meets. */
  readonly listener: OutboundListener;
  readonly way: OutboundRoute;
  readonly hops: readonly Hop[];
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
