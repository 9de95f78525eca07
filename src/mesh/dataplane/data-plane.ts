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
 * How a kind of proxy handles calls: as the client's, as the server's, and in between. `dataPlaneTable` has
 * one for each kind. Functions are properties rather than methods, whose parameters TypeScript compares
 * bivariantly: a data plane for sidecars would be accepted for any sender.
 */
export interface DataPlane<S extends Sender = OtherSender> {
  /** Workloads with equal keys send in the same way. */
  readonly senderKey: (workload: Workload) => string;
  /** The paths of a call to one address from its client. */
  readonly originate: (sender: S, call: Call, address: Address) => readonly Path[];
  /** What receives connections on a workload's port. */
  readonly accept: (workload: Workload, port: number) => Receiver;
  /**
   * Where a proxy forwards what it receives; undefined if calls end there. It
   * doesn't depend on the client, so it is computed once for all clients.
   */
  readonly forward?: (arrival: InboundRequest) => readonly Hop[];
}

/** The data plane of sidecars. */
export interface SidecarDataPlane extends DataPlane<SidecarSender> {
  /** The istiod that configures a workload's sidecar. */
  readonly planeOf: (workload: Workload) => ControlPlane;
  /** How the client's proxy matches a call. */
  readonly outboundMatches: (sender: SidecarSender, client: Workload, call: Call, address: Address) => readonly OutboundMatch[];
}

/** One match of a call as it leaves its client's proxy. */
export interface OutboundMatch {
  /** The application's protocol. */
  readonly kind: CallKind;
  /** The address that the call's host leads to. */
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

/** A key that differs for different requests. */
export function inboundRequestKey({ proxy, port, authority, kind }: InboundRequest): string {
  return JSON.stringify([podsKey(proxy), port, authority, kind]);
}
