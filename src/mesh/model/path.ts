import { Hop, Received, Target } from './hop';
import { Transport, worst } from './transport';
import { STATEFUL_SETS } from '../inventory/kinds';
import { idKey } from '../inventory/object';
import { CallKind } from '../routes/route';
import { Endpoint, endpointOwner } from '../services/endpoint';
import { isHeadless } from '../services/service';
import { podsKey, Workload } from '../workloads/workload';

/** One path that a call can take, from the client to a server: the content of a connection, whichever client makes it. */
export interface Path {
  /** From the client's hop to the one that ends at the server. */
  readonly hops: readonly [Hop, ...Hop[]];
  /** `except`: the client that doesn't take the path, because it would call itself. `only`: the only client that takes it. */
  readonly except?: Workload;
  readonly only?: Workload;
  /** The other protocols with the same outcome; with another state of the server, their outcomes may differ. */
  readonly otherKinds?: readonly CallKind[];
}

/** A path straight to the server. */
export function straight(hop: Hop): Path {
  return { hops: [hop] };
}

/** The client's own hop. */
export function departureOf({ hops }: Path): Hop {
  return hops[0];
}

/** The receiver at the end of the path. */
export function serverOf({ hops }: Path): Received {
  return hops[hops.length - 1].received;
}

/** The destination of the last hop. */
export function destinationOf({ hops }: Path): Target {
  return hops[hops.length - 1].target;
}

/** The hop with the path's outcome: the first that is broken, or else the first of the worst. */
export function decisiveHop({ hops }: Path): Hop {
  return hops.length === 1 ? hops[0] : worst(hops);
}

/** The path with another last hop. */
export function withLast(path: Path, hop: Hop): Path {
  const [first, ...others] = path.hops;
  return { ...path, hops: others.length === 0 ? [hop] : [first, ...others.slice(0, -1), hop] };
}

/** The outcome of the whole path: the transport of its worst hop. */
export function transportOf(path: Path): Transport {
  return decisiveHop(path);
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
 * The client that would call itself by this path, which isn't a connection. Through a gateway a
 * workload may call itself, and a workload with several pods may call another of its pods. If it is
 * uncertain which listener handles the call, a client's own call may also go elsewhere.
 */
export function selfOf(path: Pick<Path, 'hops' | 'only'>): Workload | undefined {
  const server = directServer(path);
  return server && (callsPeers(server, path) || path.hops[0].undecidedBecause === 'own-listener') ? undefined : server;
}

/**
 * Whether a workload's pods call each other by a path: pods of a StatefulSet by any service, other pods by a headless
 * one, whose purpose is to find single pods, and by calls that they declare. A pod's calls to itself, or to its own
 * address, don't count.
 */
function callsPeers(
  workload: Workload, { hops: [{ travel, target: { service }, keepsAddress, isDeclaredByServer }], only }: Pick<Path, 'hops' | 'only'>,
): boolean {
  if (only && (travel !== 'service' || keepsAddress)) return false;
  if (isDeclaredByServer) return true;
  if (!workload.hasPeers) return false;
  return STATEFUL_SETS.has(workload) || (service !== undefined && isHeadless(service));
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

/** Whether the path only loses mirrored copies of requests: no client waits for their answers, so no call fails. */
export function losesCopies(path: Path): boolean {
  return transportOf(path).outcome === 'broken' && isCopy(path);
}

/** Merges two equal paths: the result excludes a client only if both do, and mirrors only if both do. */
export function unified(one: Path, other: Path): Path {
  const [path, same] = isCopy(one) && !isCopy(other) ? [other, one] : [one, other];
  const own = departureOf(path).sent.kind;
  const otherKinds = [...kindsOf(path), ...kindsOf(same)].filter((kind, index, all) => kind !== own && all.indexOf(kind) === index);
  const merged = otherKinds.length === (path.otherKinds?.length ?? 0) ? path : { ...path, otherKinds };
  return merged.except === same.except ? merged : { ...merged, except: undefined };
}

/** The protocols that the application may use on a path; empty if unknown. */
export function kindsOf(path: Path): readonly CallKind[] {
  const { sent: { kind } } = departureOf(path);
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
  const owner = endpointOwner(endpoint);
  return owner ? `${idKey(owner)}:${endpoint.port}` : `${endpoint.machine?.address ?? endpoint.address}:${endpoint.port}`;
}
