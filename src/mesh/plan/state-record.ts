import { ANY_OTHER } from '../calls/named-ports';
import { Outcome } from '../calls/outcome';
import { Hop, kindsOf, lastHop, losesCopies, Path, selfOf, serverKey, transportOf } from '../calls/path';
import { callKey } from '../compare/connection-changes';
import { Receiver, Sending, sendingOf, transportBetween } from '../dataplane/inbound';
import { idKey } from '../inventory/object';
import { Mesh } from '../mesh';
import { Endpoint } from '../services/endpoint';
import { connectable } from '../services/service';
import { Workload } from '../workloads/workload';

/** What a client sends on one path of a call, whoever receives it: plain data, so that its mesh needn't be kept. */
export interface PathHalf {
  /** The same in every state of the mesh: the server's id, or the address. */
  readonly place: string;
  /** The key of the receiver; undefined: the outcome doesn't depend on one. */
  readonly receiver?: string;
  readonly server?: Workload;
  readonly sending: Sending;
  /** The outcome, if it doesn't depend on a receiver. */
  readonly outcome: Outcome;
  readonly self?: Workload;
  readonly only?: Workload;
  readonly except?: Workload;
}

/** What some clients send for a call: the same object in all states with the same content. */
export type ClientHalf = readonly PathHalf[];

/** What a state decides about a call. */
export interface CallRecord {
  /** What most clients send. */
  readonly usual: ClientHalf;
  /** What others send, by their sender's number. */
  readonly others: ReadonlyMap<number, ClientHalf>;
  /** The clients that some path names. */
  readonly named: ReadonlySet<Workload>;
}

/** For a call that a state doesn't have. */
export const NOT_CALLED: CallRecord = {
  usual: [{ place: '', sending: { clientTls: 'UNKNOWN', kind: 'tcp' }, outcome: 'undecided' }], others: new Map(), named: new Set(),
};

/** One state of a mesh: what its clients send, and the outcomes at its servers. */
export interface StateRecord {
  readonly number: number;
  /** The servers' workloads. */
  readonly running: ReadonlySet<Workload>;
  /** The number of a client's sender. */
  readonly senderOf: ReadonlyMap<Workload, number>;
  /** By host and port. */
  readonly calls: ReadonlyMap<string, CallRecord>;
  readonly receivers: ReadonlyMap<string, Receiver>;
}

/** Creates records of states of one mesh. */
export class Recorder {
  private readonly halves = new Map<string, ClientHalf>();
  private readonly receivers = new Map<string, Receiver>();
  private readonly numbers = new Map<object, number>();
  private recorded = 0;

  /**
   * @param clients whose calls to record, whether or not their pods serve
   * @param isTouched whether to record calls to a host
   * @param ports those that some state names, by the workload's id
   */
  constructor(
    private readonly clients: readonly Workload[], private readonly isTouched: (host: string) => boolean,
    private readonly ports: ReadonlyMap<string, Set<number>>,
  ) {}

  /** Collects the ports that calls of a state reach, including unnamed ones: every record contains their receivers. */
  learnPorts({ decisions }: Mesh): void {
    for (const call of decisions.calls) {
      if (!this.isTouched(call.host)) continue;
      for (const { paths } of decisions.of(call)) {
        for (const path of paths) {
          const { workload, port } = lastHop(path).endpoint ?? {};
          if (workload) this.ports.get(idKey(workload))?.add(port!);
        }
      }
    }
  }

  record(mesh: Mesh): StateRecord {
    const senders = new Map(this.clients.map((workload) => [workload, this.numberOf(mesh.decisions.senderOf(workload).one)]));
    const calls = new Map<string, CallRecord>();
    for (const call of mesh.decisions.calls) {
      if (!this.isTouched(call.host)) continue;
      const decisions = mesh.decisions.of(call).map(({ senders: makers, paths }) => ({ makers, paths, half: this.halfOf(paths, mesh) }));
      // Without workloads, there are services but no clients.
      if (decisions.length === 0) continue;
      const most = decisions.reduce((usual, one) => (one.makers.clients > usual.makers.clients ? one : usual));
      const others = decisions.filter(({ half }) => half !== most.half)
        .flatMap(({ makers, half }) => Array.from(makers, ({ one }) => [this.numberOf(one), half] as const));
      const named = new Set(decisions.flatMap(({ paths }) => paths.flatMap(namedBy)));
      calls.set(callKey(call), { usual: most.half, others: new Map(others), named });
    }
    return { number: this.recorded++, running: new Set(mesh.workloads), senderOf: senders, calls, receivers: this.receiversOf(mesh) };
  }

  /** The key of the receiver at a workload's port. */
  receiverKey(server: object, port: number): string {
    return `${this.numberOf(server)}:${port}`;
  }

  private halfOf(paths: readonly Path[], mesh: Mesh): ClientHalf {
    // Where copies of requests are lost, no call fails.
    const half = paths.filter((path) => !losesCopies(path)).flatMap((path) => this.pathHalves(path, mesh));
    const key = half.map((path) => this.keyOf(path)).join('\n');
    const known = this.halves.get(key);
    if (!known) this.halves.set(key, half);
    return known ?? half;
  }

  /** One for each protocol of the application. */
  private pathHalves(path: Path, { dataPlanes }: Mesh): readonly PathHalf[] {
    const hop = lastHop(path);
    const { endpoint, target } = hop;
    const isJudged = dependsOnServer(path, hop);
    const refusal = isJudged ? dataPlanes.inbound.refusalOf({ demand: hop.demand, endpoint: endpoint! }) : undefined;
    const half = {
      place: endpoint ? placeOf(endpoint) : `${target.host}:${target.port}`,
      receiver: isJudged ? this.keyOfReceiver(endpoint!) : undefined,
      server: endpoint?.workload,
      outcome: transportOf(path).outcome,
      self: selfOf(path),
      only: path.only,
      except: path.except,
    };
    const kinds = isJudged ? kindsOf(path) : ['tcp' as const];
    return kinds.map((kind) => ({ ...half, sending: sendingOf({ ...hop, kind }, refusal) }));
  }

  private keyOf({ place, receiver, server, sending: { clientTls, kind, sendsHeader, refusal }, outcome, self, only, except }: PathHalf): string {
    const named = [server, self, only, except].map((workload) => (workload ? this.numberOf(workload) : ''));
    return [place, receiver, receiver === undefined ? outcome : '', clientTls, kind, sendsHeader, refusal, ...named].join('|');
  }

  private keyOfReceiver(endpoint: Endpoint): string {
    return this.receiverKey((endpoint.workload ?? endpoint.machine)!, endpoint.port);
  }

  private receiversOf(mesh: Mesh): ReadonlyMap<string, Receiver> {
    const receivers = new Map<string, Receiver>();
    const { inbound } = mesh.dataPlanes;
    const add = (endpoint: Endpoint): void => {
      if (!hasReceiver(endpoint)) return;
      const key = this.keyOfReceiver(endpoint);
      if (!receivers.has(key)) receivers.set(key, this.shared(received(mesh, endpoint, inbound.receiverAt(endpoint))));
    };
    for (const workload of mesh.workloads) {
      const { namespace, labels } = workload;
      for (const port of [ANY_OTHER, ...this.ports.get(idKey(workload)) ?? []]) add({ workload, port, namespace, labels, tlsMode: '' });
    }
    for (const service of mesh.registry.services) {
      for (const port of connectable(service)) mesh.registry.endpointsOf(service, port).forEach(add);
    }
    return receivers;
  }

  /** The same object for receivers with the same outcomes for everything. */
  private shared(receiver: Receiver): Receiver {
    const { server: { mode, protocol }, undecidedBecause, filteredBecause } = receiver;
    const key = [mode, protocol.protocol, ...protocol.others ?? [], undecidedBecause, filteredBecause].join('|');
    const known = this.receivers.get(key);
    if (!known) this.receivers.set(key, receiver);
    return known ?? receiver;
  }

  /** The same number for the same object, such as a half. */
  numberOf(object: object): number {
    let number = this.numbers.get(object);
    if (number === undefined) this.numbers.set(object, number = this.numbers.size);
    return number;
  }
}

/** The outcome of a client's half at a receiver. */
export function outcomeAt({ sending }: PathHalf, receiver: Receiver): Outcome {
  return transportBetween(sending, receiver).outcome;
}

/** The half for a client. */
export function halfOfClient(half: ClientHalf, client: Workload): ClientHalf {
  const isIn = ({ self, only, except }: PathHalf): boolean => self !== client && except !== client && (only === undefined || only === client);
  return half.every(isIn) ? half : half.filter(isIn);
}

/** The half for clients that no path names. */
export function generalHalf(half: ClientHalf): ClientHalf {
  return half.every(({ only }) => only === undefined) ? half : half.filter(({ only }) => only === undefined);
}

/** Whether the outcome of a path depends on its server: the call isn't blocked, and what is sent is known. */
function dependsOnServer({ hops }: Path, { endpoint, server, travel, clientTls }: Hop): boolean {
  const isKnown = travel !== 'blocked' && clientTls !== 'UNKNOWN';
  return hops.length === 1 && endpoint !== undefined && hasReceiver(endpoint) && server !== undefined && isKnown;
}

/** Whether policies may apply to a server; a bare address has no proxy in any state. */
function hasReceiver({ workload, machine }: Endpoint): boolean {
  return workload !== undefined || machine !== undefined;
}

/** The receiver, undecided if an object that isn't modelled is involved. */
function received({ doubts }: Mesh, endpoint: Endpoint, receiver: Receiver): Receiver {
  const doubt = doubts.ofPort(endpoint, receiver.server);
  if (doubt) return { server: receiver.server, undecidedBecause: doubt.because };
  const filter = doubts.ofFilter(endpoint, receiver.server);
  return filter ? { ...receiver, filteredBecause: filter.because } : receiver;
}

/** The server without its port, which a Service may map differently. */
function placeOf(endpoint: Endpoint): string {
  return endpoint.workload ? idKey(endpoint.workload) : serverKey(endpoint);
}

function namedBy({ hops, only, except }: Path): readonly Workload[] {
  const self = selfOf({ hops });
  return [self, only, except].filter((workload) => workload !== undefined);
}
