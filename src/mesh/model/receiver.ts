import { BrokenReason, SentTls, Transport, UndecidedReason } from './transport';
import { FieldRef } from '../inventory/field-ref';
import { MeshObject } from '../inventory/object';
import { EnforcedMode, ServerMode } from '../policies/peer-authentication';
import { CallKind } from '../routes/route';
import { Protocol, Service } from '../services/service';
import { Obstacle } from '../workloads/interception';

/** The protocol of a workload's port, and what sets it. */
export interface InboundProtocol {
  readonly protocol: Protocol;
  /** The service that names the protocol, or the Sidecar whose `ingress` does; neither: it is detected. */
  readonly service?: Service;
  readonly sidecar?: MeshObject;
  /** The port or the listener that names it. */
  readonly at?: FieldRef;
  /** Other protocols that it may have: of two ports of one ServiceEntry that lead here, istiod may use either, and of
   * several listings of the server any. */
  readonly others?: readonly Protocol[];
  /** Whether istiod may not count it: of several ports at which the service's port is listed for the server, it takes one, by chance. */
  readonly isByChance?: boolean;
  /** The WorkloadEntry with the pod's address, and whether it must be read or must not be. */
  readonly standingIn?: { readonly object: MeshObject; readonly isRead: boolean };
  /** Whether it is Redis, or one of the others is: an istiod may have a filter take it that knows no other protocol. */
  readonly redis?: boolean;
}

/**
 * What receives a connection on one port of one server; with an obstacle if nothing intercepts the port, or its mode isn't known. It is
 * data, so that what two states of a mesh have at one port can be compared.
 */
export type Receiver = Enforcement & (Obstacle | { readonly [K in keyof Obstacle]?: undefined });

interface Enforcement {
  readonly mode: ServerMode;
  /** The field that decides the mode; undefined: nothing that is written does, or only the service that lists an address. */
  readonly by?: FieldRef;
  /** What the policies require, even if no proxy enforces it. */
  readonly enforced?: EnforcedMode;
  readonly protocol: InboundProtocol;
  /** Why its handling of connections isn't known, whatever its mode. */
  readonly undecidedBecause?: UndecidedReason;
  /** Set if a filter that isn't modelled handles the traffic that it accepts. */
  readonly filteredBecause?: UndecidedReason;
}

/** What is sent, as far as it matters to the receiver. */
export interface Flight {
  readonly tls: SentTls;
  readonly kind: CallKind;
  /** Whether a PROXY protocol header comes first. */
  readonly sendsHeader?: boolean;
  /** What breaks the mesh's TLS if the server has another name than the client requires. */
  readonly refusal?: BrokenReason;
}

/** What a receiver does with what is sent: of nothing else, so that a client's state and a server's can be any two. */
export type Take = (receiver: Receiver, flight: Flight) => Transport;

/** Ports for which it isn't known whether or how a proxy handles their connections. */
export const NOT_KNOWN = { mode: 'UNKNOWN', undecidedBecause: 'server-proxy-unknown' } as const;
export const NOT_MODELLED = { mode: 'UNKNOWN', undecidedBecause: 'server-proxy-not-modelled' } as const;

/** What policies and services require on a port, whether or not anything enforces it. */
export type DeclaredReceiver = Required<Pick<Receiver, 'enforced'>> & Pick<Receiver, 'protocol'>;
