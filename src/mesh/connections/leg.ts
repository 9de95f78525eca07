import { Transport, worst } from './outcome';
import { Reason } from './reason';
import { ClientTls, TlsReason } from '../client/client-tls';
import { Subset } from '../client/destination-rule';
import { MergedRule } from '../client/merged-rule';
import { CallKind, Route } from '../routes/route';
import { ServerPort } from '../server/server-port';
import { Endpoint, ownerOf } from '../services/endpoint';
import { Service } from '../services/service';
import { Workload } from '../workloads/workload';

// A way that a call can take is a list of hops, each from one proxy to the next. Today it is one hop, from the
// client straight to its server, and the leg is that hop. A way through a waypoint or a gateway would be the leg
// of its last hop, with those before it: `{ …last hop, before: [{ …hop to the waypoint }] }`. Whoever asks about
// the whole way asks `hopsOf` and `transportOf`.

/** How a call travels: through a service's rules, to the address called, blocked on the way, or without any proxy. */
export type Travel = 'service' | 'address' | 'blocked' | 'direct';

/** What one side sends and the next one takes. */
export interface Hop extends Transport {
  readonly travel: Travel;
  readonly target: Target;
  /** Undefined: the manifests hold no server. */
  readonly endpoint?: Endpoint;
  readonly clientTls: ClientTls;
  /** How the application talks, where it reaches a server. */
  readonly kind?: CallKind;
  readonly tlsReason: TlsReason;
  readonly server?: ServerPort;
  /** The rule that holds for the destination, whether or not it says anything about TLS. */
  readonly rule?: MergedRule;
  readonly subset?: Subset;
  /** The route that sent the call here. */
  readonly route?: Route;
  /** What keeps it undecided, where an object does that isn't modelled. */
  readonly unmodelled?: Reason;
}

/** One way that a call can take, to one server: what a connection says, whoever of its clients makes it. */
export interface Leg extends Hop {
  /** The hops before the last, the client's first; undefined: there is but one. */
  readonly before?: readonly Hop[];
  /** The one client that doesn't go this way, since it calls itself, or the only one that does. */
  readonly except?: Workload;
  readonly only?: Workload;
}

/** The service, port and subset that a call is sent to. */
export interface Target {
  readonly service?: Service;
  readonly host: string;
  readonly port: number;
  readonly subset?: string;
  /** Whether a route sends copies of requests there. */
  readonly mirrored?: boolean;
}

/** All hops of a way, from the client to the server. */
export function hopsOf(leg: Leg): readonly Hop[] {
  return leg.before ? [...leg.before, leg] : [leg];
}

/** What comes of the whole way. */
export function transportOf(leg: Leg): Transport {
  return leg.before ? worst(hopsOf(leg)) : leg;
}

/** A text that differs for legs that differ. */
export function legKey(leg: Leg): string {
  return keyOf(leg, hopKey);
}

/** A text that differs for legs that lead elsewhere or come to something else. */
export function resultKey(leg: Leg): string {
  return keyOf(leg, hopResult);
}

function keyOf(leg: Leg, ofHop: (hop: Hop) => string): string {
  const { only } = leg;
  const client = only ? `${only.kind}/${only.namespace}/${only.name}` : '';
  return `${client}|${leg.before ? hopsOf(leg).map(ofHop).join('>') : ofHop(leg)}`;
}

/** Whether a client's call can go this way: one to itself is no connection. */
export function concerns({ endpoint, except, only }: Leg, client: Workload): boolean {
  return endpoint?.workload !== client && except !== client && (only === undefined || only === client);
}

/** One leg for two that say the same: it excepts a client only if both do. */
export function unified(leg: Leg, same: Leg): Leg {
  return leg.except === same.except ? leg : { ...leg, except: undefined };
}

function hopKey(hop: Hop): string {
  return `${hop.travel === 'service' || hop.travel === 'direct' ? 'on' : hop.travel}|${hopResult(hop)}`;
}

function hopResult({ target, endpoint, clientTls, outcome, undecidedBecause }: Hop): string {
  return [target.host, target.port, target.subset ?? '', serverKey(endpoint), clientTls, outcome, undecidedBecause ?? ''].join('|');
}

/** Names a server and its port. */
export function serverKey(endpoint: Endpoint | undefined): string {
  if (!endpoint) return '';
  const owner = ownerOf(endpoint);
  return owner ? `${owner.kind}/${owner.namespace}/${owner.name}:${endpoint.port}` : `${endpoint.machine?.address ?? endpoint.address}:${endpoint.port}`;
}
