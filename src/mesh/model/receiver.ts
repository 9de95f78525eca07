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
  /** The service that names the protocol, or the Sidecar with an ingress listener for the port; without either, the proxy detects it. */
  readonly service?: Service;
  readonly sidecar?: MeshObject;
  /** The port or the listener that names it. */
  readonly at?: FieldRef;
  /**
   * Further possible protocols: if two ports of one ServiceEntry lead here, or the server has several listings, istiod may use any;
   * which one it is may also depend on WorkloadEntries.
   */
  readonly others?: readonly Protocol[];
  /**
   * Whether istiod may not count this service, or any other: if the server is listed at several ports for the service's port, istiod
   * picks one at random; or if it depends on WorkloadEntries whether any service counts.
   */
  readonly isByChance?: boolean;
  /** Set if the protocol applies only if istiod takes the pod for this object: the pod itself, or a WorkloadEntry at its address. */
  readonly servedAs?: MeshObject;
  /** The WorkloadEntries at the pod's address that set the protocol if istiod reads them, which depends on unknown labels. */
  readonly dependsOn?: readonly MeshObject[];
  /** Whether one of the protocols is Redis, for which some istiods add a Redis filter. */
  readonly redis?: boolean;
}

/**
 * What receives connections on a server's port. It has an obstacle if no proxy intercepts the port or
 * if its mode is unknown. Plain data, so that the receivers of two states can be compared.
 */
export type Receiver = Enforcement & (Obstacle | { readonly [K in keyof Obstacle]?: undefined });

interface Enforcement {
  readonly mode: ServerMode;
  /** The field that decides the mode; undefined if no object sets it, or if only a service lists the address. */
  readonly by?: FieldRef;
  /** The mode that policies require, even if no proxy enforces it. */
  readonly enforced?: EnforcedMode;
  readonly protocol: InboundProtocol;
  /** Set if its handling of connections is undecided, whatever its mode. */
  readonly undecidedBecause?: UndecidedReason;
  /** Set if a filter that isn't modelled handles the traffic that it accepts. */
  readonly filteredBecause?: UndecidedReason;
}

/** The parts of what is sent that matter to the receiver. */
export interface Flight {
  readonly tls: SentTls;
  readonly kind: CallKind;
  /** Whether a PROXY protocol header comes first. */
  readonly sendsHeader?: boolean;
  /** The failure if the server's certificate lacks the names that the client requires. */
  readonly refusal?: BrokenReason;
}

/** Decides the outcome from the receiver and what is sent alone, so that any state of a client can meet any state of a server. */
export type Take = (receiver: Receiver, flight: Flight) => Transport;

/** A port whose proxy is unknown, or handles its connections in an unknown way. */
export const NOT_KNOWN = { mode: 'UNKNOWN', undecidedBecause: 'server-proxy-unknown' } as const;
export const NOT_MODELLED = { mode: 'UNKNOWN', undecidedBecause: 'server-proxy-not-modelled' } as const;

/** The mode and protocol that policies and services declare for a port, whether or not a proxy enforces them. */
export type DeclaredReceiver = Required<Pick<Receiver, 'enforced'>> & Pick<Receiver, 'protocol'>;
