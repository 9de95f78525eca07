import { OutboundListener } from './sidecar/outbound-listeners';
import { RouteMatch } from './sidecar/route-match';
import { ControlPlane } from '../control-planes/control-plane';
import { Call } from '../model/call';
import { Hop } from '../model/hop';
import { Path } from '../model/path';
import { Receiver } from '../model/receiver';
import { OtherSender, Sender, SidecarSender } from '../model/sender';
import { CallKind } from '../routes/route';
import { Address } from '../services/addresses';
import { podsKey, Workload } from '../workloads/workload';

/**
 * What a kind of proxy does with calls, as a client's, as a server's, and in between. One table has every kind. Properties, since the
 * parameters of methods are compared loosely: a data plane for sidecars would pass for one of any sender.
 */
export interface DataPlane<S extends Sender = OtherSender> {
  /** Workloads with equal keys send alike. */
  readonly senderKey: (workload: Workload) => string;
  /** The ways that a call to one address can take from its client. */
  readonly originate: (sender: S, call: Call, address: Address) => readonly Path[];
  /** What receives connections on a workload's port. */
  readonly accept: (workload: Workload, port: number) => Receiver;
  /**
   * Where a proxy forwards what it receives; undefined: calls end there. It doesn't know the client, so the decision is made once
   * for all clients.
   */
  readonly forward?: (arrival: InboundRequest) => readonly Hop[];
}

/** What sidecars do. */
export interface SidecarDataPlane extends DataPlane<SidecarSender> {
  /** The istiod that configures where workloads send calls. */
  readonly planeOf: (workload: Workload) => ControlPlane;
  /** The ways of a call as the client's proxy handles them. */
  readonly outboundMatches: (sender: SidecarSender, client: Workload, call: Call, address: Address) => readonly OutboundMatch[];
}

/** One way in which a call leaves its client's proxy. */
export interface OutboundMatch {
  /** The application's protocol. */
  readonly kind: CallKind;
  /** Where the call's host leads. */
  readonly address: Address;
  /** The listener that handles it. */
  readonly listener: OutboundListener;
  readonly match: RouteMatch;
  readonly hops: readonly Hop[];
}

/** A call at a proxy that isn't its destination. */
export interface InboundRequest {
  readonly proxy: Workload;
  /** The proxy's port that receives it. */
  readonly port: number;
  /** The requested host. */
  readonly authority: string;
  readonly kind: CallKind;
}

/** A key that differs for different arrivals. */
export function inboundRequestKey({ proxy, port, authority, kind }: InboundRequest): string {
  return JSON.stringify([podsKey(proxy), port, authority, kind]);
}
