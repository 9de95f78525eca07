import { SenderClasses } from './sender-classes';
import { Decision } from '../calls/decisions';
import { grouped } from '../collections';
import { Flight, flightOf, Receiver, transportBetween } from '../dataplane/inbound';
import { idKey } from '../inventory/object';
import { Mesh } from '../mesh';
import { departureOf, destinationOf, kindsOf, losesCopies, Path, selfOf, serverKey, serverOf, transportOf } from '../model/path';
import { Outcome } from '../model/transport';
import { ANY_OTHER } from '../queries/named-ports';
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
  readonly flight: Flight;
  /** The outcome, if it doesn't depend on a receiver. */
  readonly outcome: Outcome;
  /** Whether proxies in between pass the call on: each may be in a state of its own, which isn't examined. */
  readonly isForwarded?: boolean;
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
  /** What others send, by their class. */
  readonly byClass: ReadonlyMap<number, ClientHalf>;
  /** What senders send that are decided apart from their class, by their numbers. */
  readonly apart: ReadonlyMap<number, ClientHalf>;
  /** The clients that some path names. */
  readonly named: ReadonlySet<Workload>;
}

/** For a call that a state doesn't have. */
export const NOT_CALLED: CallRecord = {
  usual: [{ place: '', flight: { tls: 'UNKNOWN', kind: 'tcp' }, outcome: 'undecided' }],
  byClass: new Map(),
  apart: new Map(),
  named: new Set(),
};

/** For clients for whom no call is decided. */
const NO_CLASS = -1;

/** One state of a mesh: what its clients send, and the outcomes at its servers. */
export interface StateRecord {
  readonly number: number;
  /** The servers' workloads. */
  readonly running: ReadonlySet<Workload>;
  /** The number of a client's sender. */
  readonly senderOf: ReadonlyMap<Workload, number>;
  /** The class of a client's sender, within this state. */
  readonly classOf: ReadonlyMap<Workload, number>;
  /** The clients of a sender, by its number. */
  readonly clientsOf: ReadonlyMap<number, readonly Workload[]>;
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
          for (const { received: { endpoint } } of path.hops) {
            if (endpoint?.workload) this.ports.get(idKey(endpoint.workload))?.add(endpoint.port);
          }
        }
      }
    }
  }

  record(mesh: Mesh): StateRecord {
    const calls = mesh.decisions.calls.filter(({ host }) => this.isTouched(host));
    const classes = new SenderClasses(calls.flatMap((call) => mesh.decisions.of(call).map(({ senders }) => senders)));
    const senders = this.clients.map((workload) => [workload, mesh.decisions.senderOf(workload)] as const);
    const senderOf = new Map(senders.map(([workload, { one }]) => [workload, this.numberOf(one)]));
    return {
      number: this.recorded++,
      running: new Set(mesh.workloads),
      senderOf,
      classOf: new Map(senders.map(([workload, one]) => [workload, classes.of(one) ?? NO_CLASS])),
      clientsOf: grouped(this.clients, (workload) => senderOf.get(workload)!),
      calls: new Map(calls.flatMap((call) => {
        const record = this.ofCall(mesh.decisions.of(call), classes, mesh);
        return record ? [[call.key, record] as const] : [];
      })),
      receivers: this.receiversOf(mesh),
    };
  }

  /** Undefined: without workloads, there are services but no clients. */
  private ofCall(all: readonly Decision[], classes: SenderClasses, mesh: Mesh): CallRecord | undefined {
    if (all.length === 0) return undefined;
    const decisions = all.map(({ senders, paths }) => ({ senders, half: this.halfOf(paths, mesh) }));
    const { half: usual } = decisions.reduce((most, one) => (one.senders.clients > most.senders.clients ? one : most));
    const [byClass, apart] = [new Map<number, ClientHalf>(), new Map<number, ClientHalf>()];
    for (const { senders, half } of decisions) if (half !== usual) byClass.set(classes.ofSet(senders), half);
    for (const { senders, half } of decisions) {
      for (const one of classes.others(senders)) if (half !== (byClass.get(classes.of(one)!) ?? usual)) apart.set(this.numberOf(one.one), half);
    }
    return { usual, byClass, apart, named: new Set(all.flatMap(({ paths }) => paths.flatMap(namedBy))) };
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
    const { sent } = departureOf(path);
    const [{ endpoint }, target] = [serverOf(path), destinationOf(path)];
    const isJudged = dependsOnServer(path);
    const refusal = isJudged ? dataPlanes.inbound.refusalOf(sent.demand, endpoint!) : undefined;
    const half = {
      place: endpoint ? placeOf(endpoint) : `${target.host}:${target.port}`,
      receiver: isJudged ? this.keyOfReceiver(endpoint!) : undefined,
      server: endpoint?.workload,
      outcome: transportOf(path).outcome,
      isForwarded: path.hops.length > 1,
      self: selfOf(path),
      only: path.only,
      except: path.except,
    };
    const kinds = isJudged ? kindsOf(path) : ['tcp' as const];
    return kinds.map((kind) => ({ ...half, flight: flightOf(sent, kind, refusal) }));
  }

  private keyOf({ place, receiver, server, flight, outcome, isForwarded, self, only, except }: PathHalf): string {
    const { tls, kind, sendsHeader, refusal } = flight;
    const named = [server, self, only, except].map((workload) => (workload ? this.numberOf(workload) : ''));
    return [place, receiver, receiver === undefined ? outcome : '', isForwarded, tls, kind, sendsHeader, refusal, ...named].join('|');
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
export function outcomeAt({ flight }: PathHalf, receiver: Receiver): Outcome {
  return transportBetween(flight, receiver).outcome;
}

/** What a client sends for a call in a state. */
export function halfIn({ usual, byClass, apart }: CallRecord, { senderOf, classOf }: StateRecord, client: Workload): ClientHalf {
  return apart.get(senderOf.get(client)!) ?? byClass.get(classOf.get(client)!) ?? usual;
}

/** What clients of a class send that aren't apart. */
export function halfOfClass({ usual, byClass }: CallRecord, number: number): ClientHalf {
  return byClass.get(number) ?? usual;
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
function dependsOnServer({ hops }: Path): boolean {
  const [{ received: { endpoint, server }, travel, sent: { tls } }] = hops;
  const isKnown = travel !== 'blocked' && tls !== 'UNKNOWN';
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
