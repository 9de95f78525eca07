import { OutboundListener } from './sidecar/outbound-listeners';
import { OutboundRoute } from './sidecar/outbound-routes';
import { ControlPlane } from '../control-planes/control-plane';
import { idKey } from '../inventory/object';
import { Call } from '../model/call';
import { Hop } from '../model/hop';
import { Path } from '../model/path';
import { ServerPort } from '../model/receiver';
import { Sender } from '../model/sender';
import { CallKind } from '../routes/route';
import { Address } from '../services/addresses';
import { Workload } from '../workloads/workload';

/** What a kind of proxy does with calls, as a client's, as a server's, and in between. One table has every kind. */
export interface DataPlane {
  /** Workloads with equal keys send alike. */
  senderKey(workload: Workload): string;
  /** The istiod that configures where workloads send calls; undefined: none. */
  planeOf?(workload: Workload): ControlPlane;
  /** The ways that a call to one address can take from its client. */
  originate(sender: Sender, call: Call, address: Address): readonly Path[];
  /** The same ways as the client's proxy handles them; undefined: no proxy of its own handles calls, or none that is modelled. */
  departures?(sender: Sender, client: Workload, call: Call, address: Address): readonly Departure[];
  /** What receives connections on a workload's port. */
  accept(workload: Workload, port: number): ServerPort;
  /**
   * Where a proxy forwards what it receives; undefined: calls end there. It doesn't know the client, so the decision is made once
   * for all clients.
   */
  forward?(arrival: Arrival): readonly Hop[];
}

/** One way in which a call leaves its client's proxy. */
export interface Departure {
  /** The application's protocol. */
  readonly kind: CallKind;
  /** Where the call's host leads. */
  readonly address: Address;
  /** The listener that handles it. */
  readonly listener: OutboundListener;
  readonly way: OutboundRoute;
  readonly hops: readonly Hop[];
}

/** A call at a proxy that isn't its destination. */
export interface Arrival {
  readonly proxy: Workload;
  /** The proxy's port that receives it. */
  readonly port: number;
  /** The requested host. */
  readonly authority: string;
  readonly kind: CallKind;
}

/** A key that differs for different arrivals. */
export function arrivalKey({ proxy, port, authority, kind }: Arrival): string {
  return JSON.stringify([idKey(proxy), port, authority, kind]);
}
