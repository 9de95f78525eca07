import { Call } from './call';
import { BrokenReason, Transport, UndecidedReason, worst } from './outcome';
import { Sender } from './sender';
import { ClientTls, TlsReason } from '../dataplane/client-tls';
import { ServerPort } from '../dataplane/server-port';
import { FieldRef } from '../inventory/field-ref';
import { idKey } from '../inventory/object';
import { RuleField, Subset, TlsSettings } from '../policies/destination-rule';
import { MergedRule } from '../policies/destination-rules';
import { Reason } from '../reasons/reason';
import { CallKind, Route } from '../routes/route';
import { Endpoint, ownerOf } from '../services/endpoint';
import { ServerNames } from '../services/server-names';
import { isHeadless, Service } from '../services/service';
import { podsKey, Workload } from '../workloads/workload';

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
  readonly subset?: Subset;
  /** The route that sent the call here. */
  readonly route?: Route;
  /** The object that keeps it undecided, if one does that isn't modelled. */
  readonly unmodelled?: Reason;
}

/** What a hop's sender sends, and the field that decides it. */
export interface Sent {
  readonly tls: ClientTls;
  readonly reason: TlsReason;
  /** Undefined: nothing that is written decides it, or the sender has no proxy for the call. */
  readonly by?: FieldRef;
  /** The settings of a DestinationRule that decide it, whether or not they take effect as written. */
  readonly settings?: TlsSettings;
  /** The application's protocol; undefined where the call goes astray whatever it is. */
  readonly kind?: CallKind;
  /** The names of which the client requires one, if it sends the mesh's TLS. */
  readonly demand?: Demand;
  /** What makes the client send a PROXY protocol header first. */
  readonly headerBy?: RuleField;
}

/** What receives a hop's call, and the field that decides how. */
export interface Received {
  /** Undefined: the manifests contain no server. */
  readonly endpoint?: Endpoint;
  /** Undefined: no server, or none of several that may be there. */
  readonly server?: ServerPort;
  /** The field that decides the server's mode: its own, or for a bare address the service that lists it; undefined: nothing that is written does. */
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

/** One path that a call can take, from the client to a server: the content of a connection, whichever client makes it. */
export interface Path {
  /** From the client's hop to the one that ends at the server. */
  readonly hops: readonly [Hop, ...Hop[]];
  /** The one client that doesn't take it because it calls itself, or the only one that does. */
  readonly except?: Workload;
  readonly only?: Workload;
  /** The other protocols with the same outcome: in another state of the server, it may differ. */
  readonly otherKinds?: readonly CallKind[];
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

/** A path straight to the server. */
export function straight(hop: Hop): Path {
  return { hops: [hop] };
}

/** A call whose server isn't known. */
export function unserved(sender: Sender, { services: [service], host, port }: Pick<Call, 'services' | 'host' | 'port'>): Hop {
  return {
    sender, travel: 'service', target: { service, host, port }, sent: UNKNOWN_TLS, received: NOT_RECEIVED, outcome: 'undecided', undecidedBecause: 'no-endpoints',
  };
}

/** The hop, if its outcome isn't known. */
export function undecided(hop: Hop, undecidedBecause: UndecidedReason): Hop {
  return { ...hop, sent: { ...hop.sent, tls: 'UNKNOWN' }, outcome: 'undecided', undecidedBecause, brokenBecause: undefined };
}

/** The hop that ends at the server. */
export function lastHop({ hops }: Path): Hop {
  return hops[hops.length - 1];
}

/** The path with another last hop. */
export function withLast(path: Path, hop: Hop): Path {
  const [first, ...others] = path.hops;
  return { ...path, hops: others.length === 0 ? [hop] : [first, ...others.slice(0, -1), hop] };
}

/** The outcome of the whole path: the transport of its worst hop. */
export function transportOf({ hops }: Path): Transport {
  return hops.length === 1 ? hops[0] : worst(hops);
}

/** A key that differs for different paths. */
export function pathKey(path: Path): string {
  return keyOf(path, hopKey);
}

/** A key that differs for paths with different destinations or outcomes. */
export function resultKey(path: Path): string {
  return keyOf(path, hopResult);
}

function keyOf({ hops, only }: Path, ofHop: (hop: Hop) => string): string {
  const client = only ? podsKey(only) : '';
  return `${client}|${hops.map(ofHop).join('>')}`;
}

/** The workload that a call reaches without a gateway in between. */
export function directServer({ hops }: Pick<Path, 'hops'>): Workload | undefined {
  return hops.length === 1 ? hops[0].received.endpoint?.workload : undefined;
}

/**
 * The client that would call itself by this path, which is no connection: through a gateway, a workload may call itself, and one
 * with several pods may call another of them. Where a listener isn't clear, its own call may also go to somebody else.
 */
export function selfOf(path: Pick<Path, 'hops' | 'only'>): Workload | undefined {
  const server = directServer(path);
  return server && (callsPeers(server, path) || path.hops[0].undecidedBecause === 'own-listener') ? undefined : server;
}

/**
 * Whether a workload's pods call each other by a path: those of a StatefulSet do by any service, others by headless ones, which
 * are made to find single pods. Any pod may also be sent to itself, which is left out, as is what it sends to its own address.
 */
function callsPeers({ hasPeers, kind }: Workload, { hops: [{ travel, target: { service }, keepsAddress }], only }: Pick<Path, 'hops' | 'only'>): boolean {
  if (!hasPeers || (only && (travel !== 'service' || keepsAddress))) return false;
  return kind === 'StatefulSet' || (service !== undefined && isHeadless(service));
}

/** Whether a client's call can take a path. */
export function concerns(path: Path, client: Workload): boolean {
  const { except, only } = path;
  return selfOf(path) !== client && except !== client && (only === undefined || only === client);
}

/** Whether only copies of requests take a path. */
export function isCopy({ hops }: Path): boolean {
  return hops.some(({ target: { mirrored } }) => mirrored);
}

/** Whether a path loses copies of requests, which don't arrive: nobody waits for their answers, so no call fails. */
export function losesCopies(path: Path): boolean {
  return transportOf(path).outcome === 'broken' && isCopy(path);
}

/** Merges two equal paths: the result excludes a client only if both do, and is of copies only if both are. */
export function unified(one: Path, other: Path): Path {
  const [path, same] = isCopy(one) && !isCopy(other) ? [other, one] : [one, other];
  const own = lastHop(path).sent.kind;
  const otherKinds = [...kindsOf(path), ...kindsOf(same)].filter((kind, index, all) => kind !== own && all.indexOf(kind) === index);
  const merged = otherKinds.length === (path.otherKinds?.length ?? 0) ? path : { ...path, otherKinds };
  return merged.except === same.except ? merged : { ...merged, except: undefined };
}

/** The protocols that the application may use on a path; empty if none is told of. */
export function kindsOf(path: Path): readonly CallKind[] {
  const { sent: { kind } } = lastHop(path);
  return kind === undefined ? [] : [kind, ...path.otherKinds ?? []];
}

function hopKey(hop: Hop): string {
  return `${hop.travel === 'service' || hop.travel === 'direct' ? 'on' : hop.travel}|${hopResult(hop)}`;
}

function hopResult({ target, received: { endpoint }, sent: { tls }, outcome, undecidedBecause }: Hop): string {
  return [target.host, target.port, target.subset ?? '', serverKey(endpoint), tls, outcome, undecidedBecause ?? ''].join('|');
}

/** A key for a server and its port. */
export function serverKey(endpoint: Endpoint | undefined): string {
  if (!endpoint) return '';
  if (endpoint.workload) return `${podsKey(endpoint.workload)}:${endpoint.port}`;
  const owner = ownerOf(endpoint);
  return owner ? `${idKey(owner)}:${endpoint.port}` : `${endpoint.machine?.address ?? endpoint.address}:${endpoint.port}`;
}
