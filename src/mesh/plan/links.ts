import { InboundRequest } from '../dataplane/data-plane';
import { flightOf } from '../dataplane/receivers';
import { idKey } from '../inventory/object';
import { Mesh } from '../mesh';
import { Call } from '../model/call';
import { Hop, Target } from '../model/hop';
import { departureOf, destinationOf, kindsOf, losesCopies, Path, selfOf, serverKey, serverOf, transportOf } from '../model/path';
import { Flight } from '../model/receiver';
import { Outcome } from '../model/transport';
import { Endpoint } from '../services/endpoint';
import { Workload } from '../workloads/workload';

/** What one proxy or application sends for a call, independent of the receiver's state. Plain data, so that its mesh can be freed. */
export interface Link {
  /** The server's id or the address: the same in every state of the mesh. */
  readonly place: string;
  /** The key of the receiver; undefined if the outcome doesn't depend on one. */
  readonly receiver?: string;
  readonly server?: Workload;
  readonly flight: Flight;
  /** The outcome, if it doesn't depend on a receiver. */
  readonly outcome: Outcome;
  /** Whether the path has more forwarding proxies than are examined: each of them may be in a state of its own. */
  readonly isUnexamined?: boolean;
}

/** The first link of a path. The following links depend on the state of the proxy that forwards the call. */
export interface PathHalf extends Link {
  /** What arrives at a forwarding proxy, by its key in a record's `onward`; undefined if the path ends at the server. */
  readonly arrival?: string;
  readonly self?: Workload;
  readonly only?: Workload;
  readonly except?: Workload;
}

/** A link on which a proxy forwards a call. */
export interface OnwardLink extends Link {
  readonly sender: Workload;
  readonly host: string;
  readonly port: number;
}

/** What some clients send for a call: the same object in all states with the same content. */
export type ClientHalf = readonly PathHalf[];

/** Splits paths into links: the client's, and those of forwarding proxies, which depend on the proxies' own state. */
export class Links {
  private readonly halves = new Map<string, ClientHalf>();
  private readonly arrivals = new Map<string, { readonly arrival: InboundRequest; readonly call: string }>();
  private readonly onward = new Map<string, readonly OnwardLink[]>();
  private readonly numbers = new Map<object, number>();

  /** Records which calls arrive at forwarding proxies: each state has its own links for them. */
  learn(path: Path, call: Call, mesh: Mesh): void {
    for (const arrival of arrivalsOf(path, call, mesh)) this.arrivals.set(this.arrivalKey(arrival, call), { arrival, call: call.key });
  }

  /** What the clients of a decision send. */
  halfOf(paths: readonly Path[], call: Call, mesh: Mesh): ClientHalf {
    // Lost copies of requests fail no call.
    const all = paths.filter((path) => !losesCopies(path)).flatMap((path) => this.pathHalves(path, call, mesh));
    // Paths that diverge only after a forwarding proxy have the same first link.
    const byKey = new Map(all.map((path) => [this.keyOf(path), path]));
    const [half, key] = [[...byKey.values()], [...byKey.keys()].join('\n')];
    const known = this.halves.get(key);
    if (!known) this.halves.set(key, half);
    return known ?? half;
  }

  /** One for each protocol of the application. */
  private pathHalves(path: Path, call: Call, mesh: Mesh): readonly PathHalf[] {
    const departure = departureOf(path);
    const link = this.linkOf(departure, mesh);
    const isUnexamined = path.hops.length > 2 || (path.hops.length > 1 && link.receiver === undefined);
    const whole = isUnexamined ? { ...link, ...endOf(path), receiver: undefined, isUnexamined } : link;
    const half = { ...whole, outcome: transportOf(path).outcome, self: selfOf(path), only: path.only, except: path.except };
    if (half.receiver === undefined) return [half];
    const arrivals = arrivalsOf(path, call, mesh);
    return kindsOf(path).map((kind, index) => {
      const arrival = arrivals[index] && this.arrivalKey(arrivals[index], call);
      return { ...half, arrival, flight: { ...half.flight, kind } };
    });
  }

  private linkOf(hop: Hop, { dataPlanes }: Mesh): Link {
    const { sent, target, received: { endpoint }, outcome } = hop;
    const isJudged = dependsOnServer(hop);
    const refusal = isJudged ? dataPlanes.receivers.refusalOf(sent.demands, endpoint!) : undefined;
    return {
      place: placeOf(endpoint, target),
      receiver: isJudged ? this.keyOfReceiver(endpoint!) : undefined,
      server: endpoint?.workload,
      flight: flightOf(sent, isJudged ? sent.kind! : 'tcp', refusal),
      outcome,
    };
  }

  /** The links of forwarding proxies in a state. Calls that arrive only in other states are missing. */
  onwardOf(mesh: Mesh, calls: readonly Call[]): ReadonlyMap<string, readonly OnwardLink[]> {
    const all = new Map<string, readonly OnwardLink[]>();
    if (this.arrivals.size === 0) return all;
    const [byKey, running] = [new Map(calls.map((call) => [call.key, call])), new Set(mesh.workloads)];
    for (const [key, { arrival, call }] of this.arrivals) {
      const own = byKey.get(call);
      if (!own || !running.has(arrival.proxy)) continue;
      const links = mesh.decisions.forwarded(arrival, own)!.map((hop) => this.onwardLink(hop, arrival, mesh));
      const content = links.map((link) => `${this.keyOf(link)}|${this.numberOf(link.sender)}|${link.host}:${link.port}`).join('\n');
      const known = this.onward.get(content);
      if (!known) this.onward.set(content, links);
      all.set(key, known ?? links);
    }
    return all;
  }

  private onwardLink(hop: Hop, { proxy }: InboundRequest, mesh: Mesh): OnwardLink {
    const { target: { host, port }, received: { endpoint } } = hop;
    const isUnexamined = endpoint?.workload !== undefined && mesh.dataPlanes.forwarderAt(endpoint.workload) !== undefined;
    return { ...this.linkOf(hop, mesh), isUnexamined, sender: proxy, host, port };
  }

  /** The key of an arrival; equal for the pods of two versions of a proxy. */
  private arrivalKey({ proxy, port, kind }: InboundRequest, call: Call): string {
    return `${this.numberOf(proxy)}:${port} ${kind} ${call.key}`;
  }

  private keyOf({ place, receiver, server, flight, outcome, isUnexamined, arrival, self, only, except }: PathHalf): string {
    const { tls, kind, sendsHeader, refusal } = flight;
    const named = [server, self, only, except].map((workload) => (workload ? this.numberOf(workload) : ''));
    return [place, receiver, receiver === undefined ? outcome : '', isUnexamined, arrival, tls, kind, sendsHeader, refusal,
      ...named].join('|');
  }

  /** The key of the receiver at an endpoint. */
  keyOfReceiver(endpoint: Endpoint): string {
    return this.receiverKey((endpoint.workload ?? endpoint.machine)!, endpoint.port);
  }

  /** The key of the receiver at a workload's port. */
  receiverKey(server: object, port: number): string {
    return `${this.numberOf(server)}:${port}`;
  }

  /** A number that identifies an object, such as a half. */
  numberOf(object: object): number {
    let number = this.numbers.get(object);
    if (number === undefined) this.numbers.set(object, number = this.numbers.size);
    return number;
  }
}

/** Whether the outcome of a hop depends on its server: the call isn't blocked, and what is sent is known. */
function dependsOnServer({ received: { endpoint, receiver }, travel, sent: { tls, kind } }: Hop): boolean {
  const isKnown = travel !== 'blocked' && tls !== 'UNKNOWN' && kind !== undefined;
  return endpoint !== undefined && hasReceiver(endpoint) && receiver !== undefined && isKnown;
}

/** What arrives at a forwarding proxy from the client, for each protocol of the application; empty if the path ends at its first server. */
function arrivalsOf(path: Path, { host: authority }: Call, { dataPlanes }: Mesh): readonly InboundRequest[] {
  const { received: { endpoint } } = departureOf(path);
  const proxy = endpoint?.workload;
  return proxy && dataPlanes.forwarderAt(proxy) ? kindsOf(path).map((kind) => ({ proxy, port: endpoint.port, authority, kind })) : [];
}

/** Whether policies may apply to a server; a bare address has no proxy in any state. */
export function hasReceiver({ workload, machine }: Endpoint): boolean {
  return workload !== undefined || machine !== undefined;
}

/** The end of a path with more links than are examined. */
function endOf(path: Path): Pick<Link, 'place' | 'server'> {
  const { endpoint } = serverOf(path);
  return { place: placeOf(endpoint, destinationOf(path)), server: endpoint?.workload };
}

/** The server without its port, which a Service may map differently. */
function placeOf(endpoint: Endpoint | undefined, { host, port }: Target): string {
  if (!endpoint) return `${host}:${port}`;
  return endpoint.workload ? idKey(endpoint.workload) : serverKey(endpoint);
}
