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

/** How a call travels: through a service's rules, to the requested address, blocked by the proxy, or without any proxy. */
export type Travel = 'service' | 'address' | 'blocked' | 'direct';

/** What one proxy or application sends, and what receives it. */
export interface Hop extends Transport {
  /** The sender: the client on the first hop, a gateway after that. Any one of the senders that are decided together. */
  readonly sender: Sender;
  readonly travel: Travel;
  readonly target: Target;
  /** Shared by the hops to all servers that get the same. */
  readonly sent: Sent;
  readonly received: Received;
  /** Whether the client's proxy sends the call on to the address that was called. */
  readonly keepsAddress?: boolean;
  /** The merged rules that apply to the destination, whether or not they set TLS: `sent.settings` says which of them does. */
  readonly rule?: MergedRule;
  readonly subset?: RuleSubset;
  /** The route that sent the call here. */
  readonly route?: Route;
  /** The object that keeps it undecided, if one does that isn't modelled. */
  readonly unmodelled?: Reason;
}

/** What a hop's sender sends, and the field that decides it. */
export interface Sent {
  readonly tls: SentTls;
  readonly reason: TlsReason;
  /** Undefined: nothing that is written decides it, or the sender has no proxy for the call. */
  readonly by?: FieldRef;
  /** The settings of a DestinationRule that decide it, whether or not they take effect as written. */
  readonly settings?: TlsSettings;
  /** The application's protocol; undefined where the call goes astray whatever it is. */
  readonly kind?: CallKind;
  /** The names of which the client requires one, if it sends the mesh's TLS. */
  readonly demands?: Demand;
  /** What makes the client send a PROXY protocol header first. */
  readonly headerBy?: RuleField;
}

/** What receives a hop's call, and the field that decides how. */
export interface Received {
  /** Undefined: the manifests contain no server. */
  readonly endpoint?: Endpoint;
  /** Undefined: no server, or none of several that may be there. */
  readonly receiver?: Receiver;
  /**
   * The field that decides the server's mode: its own, or for a bare address the service that
   * lists it; undefined: nothing that is written does.
   */
  readonly by?: FieldRef;
}

/** Nothing that the manifests contain receives the call. */
export const NOT_RECEIVED: Received = Object.freeze({});

/** Sent by nothing that could encrypt. */
export const UNENCRYPTED: Sent = Object.freeze({ tls: 'PLAINTEXT', reason: 'no-sidecar' });
/** It isn't known what is sent. */
export const UNKNOWN_TLS: Sent = Object.freeze({ tls: 'UNKNOWN', reason: 'no-sidecar' });

/** The names of which a client requires one; an empty set requires nothing. */
export interface Demand {
  readonly names: Pick<ServerNames, 'has' | 'size'>;
  /** The consequence if the server has none of them. */
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
  /** Where a route says so; undefined: no route does. */
  readonly at?: FieldRef;
}

/** A call whose server isn't known. */
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

/** The hop, if its outcome isn't known. */
export function undecided(hop: Hop, undecidedBecause: UndecidedReason): Hop {
  return { ...hop, sent: { ...hop.sent, tls: 'UNKNOWN' }, outcome: 'undecided', undecidedBecause, brokenBecause: undefined };
}
