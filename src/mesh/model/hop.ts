import { Call } from './call';
import { Reason } from './reason';
import { Receiver } from './receiver';
import { Sender } from './sender';
import { BrokenReason, SentTls, TlsReason, Transport, UndecidedReason } from './transport';
import { FieldRef } from '../inventory/field-ref';
import { RuleField, RuleSubset, TlsSettings } from '../policies/destination-rule';
import { MergedRule } from '../policies/destination-rules';
import { CallKind, Route } from '../routes/route';
import { Endpoint } from '../services/endpoint';
import { ServerNames } from '../services/server-names';
import { Service } from '../services/service';

/** How a call travels: by a service's routes and cluster, to the requested address, blocked by the proxy, or without any proxy. */
export type Travel = 'service' | 'address' | 'blocked' | 'direct';

/** A part of a path: what one proxy or application sends, and what receives it. */
export interface Hop extends Transport {
  /** The sender: the client on the first hop, a gateway on later ones. If several senders are decided together, any of them. */
  readonly sender: Sender;
  readonly travel: Travel;
  readonly target: Target;
  /** The same object in the hops to all servers that get the same. */
  readonly sent: Sent;
  readonly received: Received;
  /** Whether the client's proxy keeps the requested address (ORIGINAL_DST). */
  readonly keepsAddress?: boolean;
  /** Whether the server itself declares to make the call, so that its pods call each other. */
  readonly isDeclaredByServer?: boolean;
  /** The merged rules that apply to the destination, whether or not they set TLS: `sent.settings` says which of them does. */
  readonly rule?: MergedRule;
  readonly subset?: RuleSubset;
  /** The route that sent the call here. */
  readonly route?: Route;
  /** The unmodelled object that leaves the hop undecided, if there is one. */
  readonly unmodelled?: Reason;
}

/** What a hop's sender sends, and the field that decides it. */
export interface Sent {
  readonly tls: SentTls;
  readonly reason: TlsReason;
  /** Undefined if no object sets it, or if the sender has no proxy for the call. */
  readonly by?: FieldRef;
  /** The settings of the DestinationRule that decides, even if they don't take effect as written. */
  readonly settings?: TlsSettings;
  /** The application's protocol; undefined if the call fails with any. */
  readonly kind?: CallKind;
  /** The names of which the server's certificate must have one, if the client sends the mesh's TLS. */
  readonly demands?: Demand;
  /** The field that makes the client send a PROXY protocol header first. */
  readonly headerBy?: RuleField;
}

/** What receives a hop's call, and the field that decides how. */
export interface Received {
  /** Undefined if the manifests contain no server. */
  readonly endpoint?: Endpoint;
  /** Undefined if there is no server, or if it is uncertain which of several it is. */
  readonly receiver?: Receiver;
  /** The field that decides the server's mode; for a bare address, the service that lists it. Undefined if no object sets it. */
  readonly by?: FieldRef;
}

/** The manifests contain no receiver for the call. */
export const NOT_RECEIVED: Received = Object.freeze({});

/** What an application without a proxy sends. */
export const UNENCRYPTED: Sent = Object.freeze({ tls: 'PLAINTEXT', reason: 'no-sidecar' });
/** What is sent isn't known. */
export const UNKNOWN_TLS: Sent = Object.freeze({ tls: 'UNKNOWN', reason: 'no-sidecar' });

/** The names of which the server's certificate must have one; an empty set accepts any. */
export interface Demand {
  readonly names: Pick<ServerNames, 'has' | 'size'>;
  /** The outcome if the server has none of them. */
  readonly orElse: Extract<BrokenReason, 'wrong-identity' | 'other-servers'>;
}

/** The service, port and subset that a call is sent to. */
export interface Target {
  readonly service?: Service;
  readonly host: string;
  readonly port: number;
  readonly subset?: string;
  /** Whether a route sends copies of requests there. */
  readonly mirrored?: boolean;
  /** The route's field; undefined if no route sent the call here. */
  readonly at?: FieldRef;
}

/** A call without a known server. */
export function unserved(sender: Sender, { services: [service], host, port }: Pick<Call, 'services' | 'host' | 'port'>): Hop {
  return {
    sender,
    travel: 'service',
    target: { service, host, port },
    sent: UNKNOWN_TLS,
    received: NOT_RECEIVED,
    outcome: 'undecided',
    undecidedBecause: 'no-endpoints',
  };
}

/** The hop, undecided for a reason. */
export function undecided(hop: Hop, undecidedBecause: UndecidedReason): Hop {
  return { ...hop, sent: { ...hop.sent, tls: 'UNKNOWN' }, outcome: 'undecided', undecidedBecause, brokenBecause: undefined };
}
