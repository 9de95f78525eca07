import { SentTls, TlsReason } from './transport';
import { FieldPath } from '../../findings/finding';
import { IstiodChange } from '../config/istiods';
import { Hiding } from '../control-planes/hiding';
import { FieldRef } from '../inventory/field-ref';
import { MeshObject, ObjectId } from '../inventory/object';
import { RulePart } from '../policies/destination-rule';
import { EnforcedMode, PolicyLevel } from '../policies/peer-authentication';
import { CallKind } from '../routes/route';
import { Obstacle } from '../workloads/interception';

/** A step towards an outcome: the object and field that decide, and how. Only facts; `render.ts` turns them into text. */
export type Reason = DepartureReason | RouteReason | TlsReasons | ServerReason | UnmodelledReason;

/** Why a call bypasses the destination's rules, or is blocked. */
type DepartureReason =
  | InjectionReason
  | InterceptionReason
  /** The client's proxy doesn't know a service. */
  | { readonly kind: 'hidden'; readonly at: FieldRef; readonly by: Exclude<Hiding, 'nothing'>; readonly host: string }
  /** The client's proxy knows the service, but the port is the proxy's own, or no listener of the service accepts the call. */
  | {
    readonly kind: 'no-listener'; readonly at: FieldRef; readonly by: 'own-port' | 'nothing'; readonly host: string; readonly port: number;
  }
  /** Unknown destinations are blocked. */
  | { readonly kind: 'forbidden'; readonly at: FieldRef };

/** Whether a workload has a proxy, and which. */
export interface InjectionReason {
  readonly kind: 'injection';
  readonly at: FieldRef;
  readonly because: string;
}

/** Why a port isn't handled by a workload's sidecar, or not as usual. */
export interface InterceptionReason extends Obstacle {
  readonly kind: 'interception';
  readonly at: FieldRef;
  readonly port: number;
}

/** The destination of the call, and why it fails there. */
type RouteReason =
  | {
    readonly kind: 'routed';
    readonly at: FieldRef;
    readonly host: string;
    readonly port: number;
    readonly subset?: string;
    readonly mirrored: boolean;
  }
  /** A service doesn't have the host and port that the call is sent to. */
  | { readonly kind: 'destination'; readonly at: FieldRef; readonly host: string; readonly port: number }
  | { readonly kind: 'subset'; readonly at: FieldRef; readonly subset: string; readonly lacks: 'definition' | 'servers' }
  /** A service has no servers, or others than the client requires. */
  | { readonly kind: 'servers'; readonly at: FieldRef; readonly has: 'none' | 'others' };

/** The TLS that the client's proxy sends, and what sets it. */
type TlsReasons =
  | TlsSettingsReason
  | AutoMtlsReason
  /** A rule requires another name than the server's certificate contains. */
  | { readonly kind: 'identity'; readonly at: FieldRef; readonly part: RulePart }
  | { readonly kind: 'proxy-protocol'; readonly at: FieldRef; readonly part: RulePart };

interface TlsSettingsReason {
  readonly kind: 'tls-settings';
  readonly at: FieldRef;
  readonly part: RulePart;
  /** The TLS that the proxy adds to the application's traffic. */
  readonly sends: SentTls;
  readonly speaks?: CallKind;
  /** Whether istiod drops the settings. */
  readonly ignored: boolean;
}

/** Auto mTLS sends plaintext. */
interface AutoMtlsReason {
  readonly kind: 'auto-mtls';
  readonly at: FieldRef;
  /** The part of a DestinationRule, if one decides. */
  readonly part?: RulePart;
  readonly because: Extract<TlsReason, 'endpoint-without-tls' | 'external' | 'not-all-endpoints' | 'auto-mtls-off' | 'policy-disables'>;
  readonly speaks?: CallKind;
}

/** What the server does with the call. */
type ServerReason =
  | {
    readonly kind: 'peer-authentication';
    readonly at: FieldRef;
    readonly mode: EnforcedMode['mode'];
    readonly level: PolicyLevel;
    readonly port: number;
  }
  /** The server's proxy expects HTTP. */
  | { readonly kind: 'protocol'; readonly at: FieldRef; readonly by: 'service' | 'sidecar' }
  /** The server isn't a workload; says whether a proxy is in front of it. */
  | ({ readonly kind: 'machine'; readonly at: FieldRef } & Obstacle);

/** An object or a setting whose effect isn't modelled, which leaves the call undecided. */
type UnmodelledReason =
  /** A route of the Gateway API. */
  | { readonly kind: 'gateway-api'; readonly at: FieldRef }
  /** A policy of the Gateway API. */
  | { readonly kind: 'backend-policy'; readonly at: FieldRef }
  /** An EnvoyFilter. */
  | { readonly kind: 'patched'; readonly at: FieldRef; readonly proxyOf: 'client' | 'server' }
  /** A filter before the router, which may change what a route depends on. */
  | { readonly kind: 'request-filter'; readonly at: FieldRef; readonly route: MeshObject }
  /** A mesh config that istiod can't read. */
  | { readonly kind: 'unreadable-mesh-config'; readonly at: FieldRef }
  /**
   * The network of `of` differs, or may differ, from the other side's; without a name it is one of several. `another`: that
   * of something else, which shows that there may be several.
   */
  | { readonly kind: 'network'; readonly at: FieldRef; readonly of: 'client' | 'server' | 'another'; readonly name?: string }
  | IstiodReason;

/** A flag or the version of an istiod, whose Deployment the manifests may lack. */
export interface IstiodReason {
  readonly kind: 'istiod';
  readonly at: { readonly object: ObjectId; readonly field: FieldPath };
  readonly change: IstiodChange;
}

/** A reason at an object's field; empty without an object. */
export function located(object: MeshObject | undefined, field: FieldPath, make: (at: FieldRef) => Reason): readonly Reason[] {
  return object ? [make({ object, field })] : [];
}
