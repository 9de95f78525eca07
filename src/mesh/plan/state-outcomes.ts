import { ClientHalf, hasReceiver, Link, Links, OnwardLink, PathHalf } from './links';
import { SenderClasses } from './sender-classes';
import { Decision } from '../calls/decisions';
import { grouped } from '../collections';
import { take } from '../dataplane/receivers';
import { idKey } from '../inventory/object';
import { Mesh } from '../mesh';
import { Call } from '../model/call';
import { Path, selfOf } from '../model/path';
import { Receiver } from '../model/receiver';
import { Outcome } from '../model/transport';
import { ANY_OTHER } from '../queries/named-ports';
import { Endpoint } from '../services/endpoint';
import { connectable } from '../services/service';
import { Workload } from '../workloads/workload';

/** What clients send for a call in one state. */
export interface CallOutcomes {
  /** What most clients send. */
  readonly usual: ClientHalf;
  /** What the other clients send, by their class. */
  readonly byClass: ReadonlyMap<number, ClientHalf>;
  /** What senders send that are decided apart from their class, by the sender's number. */
  readonly apart: ReadonlyMap<number, ClientHalf>;
  /** The clients that some path names. */
  readonly named: ReadonlySet<Workload>;
}

/** The outcomes of a call that a state doesn't have. */
export const NOT_CALLED: CallOutcomes = {
  usual: [{ place: '', flight: { tls: 'UNKNOWN', kind: 'tcp' }, outcome: 'undecided' }],
  byClass: new Map(),
  apart: new Map(),
  named: new Set(),
};

/** The class of clients without any decided call. */
const NO_CLASS = -1;

/** One state of a mesh: what its clients send, and the outcomes at its servers. */
export interface StateOutcomes {
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
  readonly calls: ReadonlyMap<string, CallOutcomes>;
  readonly receivers: ReadonlyMap<string, Receiver>;
  /** The links of forwarding proxies for what arrives at them before or after the whole change. States with equal links share the array. */
  readonly onward: ReadonlyMap<string, readonly OnwardLink[]>;
}

/** Senders that a call treats alike; without paths, they don't make it. */
type DecidedSenders = Pick<Decision, 'senders' | 'paths'>;

function decisionsOn(call: Call, { decisions }: Mesh): readonly DecidedSenders[] {
  return [...decisions.of(call), ...decisions.othersOf(call).map((senders) => ({ senders, paths: [] }))];
}

/** Records the outcomes in states of one mesh. */
export class Recorder {
  readonly links = new Links();
  private readonly receivers = new Map<string, Receiver>();
  private recorded = 0;

  /**
   * @param clients whose calls are recorded, whether or not their pods are servers too
   * @param isTouched whether to record calls to a host
   * @param ports named in some state, by the workload's id
   */
  constructor(
    private readonly clients: readonly Workload[], private readonly isTouched: (host: string) => boolean,
    private readonly ports: ReadonlyMap<string, Set<number>>,
  ) {}

  /**
   * Collects the ports that a state's calls reach, including unnamed ones, and the calls that arrive at
   * forwarding proxies. Each record then contains the receivers of these ports and the links for these calls.
   */
  learn(mesh: Mesh): void {
    for (const call of mesh.decisions.calls) {
      if (!this.isTouched(call.host)) continue;
      for (const { paths } of mesh.decisions.of(call)) {
        for (const path of paths) {
          this.links.learn(path, call, mesh);
          for (const { received: { endpoint } } of path.hops) {
            if (endpoint?.workload) this.ports.get(idKey(endpoint.workload))?.add(endpoint.port);
          }
        }
      }
    }
  }

  record(mesh: Mesh): StateOutcomes {
    const touched = mesh.decisions.calls.filter(({ host }) => this.isTouched(host));
    const calls = touched.map((call) => ({ call, decisions: decisionsOn(call, mesh) }));
    const classes = new SenderClasses(calls.flatMap(({ decisions }) => decisions.map(({ senders }) => senders)));
    const senders = this.clients.map((workload) => [workload, mesh.decisions.senderOf(workload)] as const);
    const senderOf = new Map(senders.map(([workload, { members: [one] }]) => [workload, this.links.numberOf(one)]));
    return {
      number: this.recorded++,
      running: new Set(mesh.workloads),
      senderOf,
      classOf: new Map(senders.map(([workload, one]) => [workload, classes.of(one) ?? NO_CLASS])),
      clientsOf: grouped(this.clients, (workload) => senderOf.get(workload)!),
      calls: new Map(calls.flatMap(({ call, decisions }) => {
        const record = this.ofCall(call, decisions, classes, mesh);
        return record ? [[call.key, record] as const] : [];
      })),
      receivers: this.receiversOf(mesh),
      onward: this.links.onwardOf(mesh, touched),
    };
  }

  /** Undefined if a call has no client, as in a mesh without workloads. */
  private ofCall(call: Call, all: readonly DecidedSenders[], classes: SenderClasses, mesh: Mesh): CallOutcomes | undefined {
    if (all.length === 0) return undefined;
    const decisions = all.map(({ senders, paths }) => ({ senders, half: this.links.halfOf(paths, call, mesh) }));
    const { half: usual } = decisions.reduce((most, one) => (one.senders.clients > most.senders.clients ? one : most));
    const [byClass, apart] = [new Map<number, ClientHalf>(), new Map<number, ClientHalf>()];
    for (const { senders, half } of decisions) if (half !== usual) byClass.set(classes.ofSet(senders), half);
    for (const { senders, half } of decisions) {
      for (const one of classes.others(senders)) {
        if (half !== (byClass.get(classes.of(one)!) ?? usual)) apart.set(this.links.numberOf(one.members[0]), half);
      }
    }
    return { usual, byClass, apart, named: new Set(all.flatMap(({ paths }) => paths.flatMap(namedBy))) };
  }

  private receiversOf(mesh: Mesh): ReadonlyMap<string, Receiver> {
    const receivers = new Map<string, Receiver>();
    const { receivers: inbound } = mesh.dataPlanes;
    const add = (endpoint: Endpoint): void => {
      if (!hasReceiver(endpoint)) return;
      const key = this.links.keyOfReceiver(endpoint);
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

  /** Shares one object among receivers with equal outcomes. */
  private shared(receiver: Receiver): Receiver {
    const { mode, protocol, undecidedBecause, filteredBecause } = receiver;
    const key = [mode, protocol.protocol, ...protocol.others ?? [], undecidedBecause, filteredBecause].join('|');
    const known = this.receivers.get(key);
    if (!known) this.receivers.set(key, receiver);
    return known ?? receiver;
  }
}

/** The outcome of a client's half at a receiver. */
export function outcomeAt({ flight }: Link, receiver: Receiver): Outcome {
  return take(receiver, flight).outcome;
}

/** What a client sends for a call in a state. */
export function halfIn({ usual, byClass, apart }: CallOutcomes, { senderOf, classOf }: StateOutcomes, client: Workload): ClientHalf {
  return apart.get(senderOf.get(client)!) ?? byClass.get(classOf.get(client)!) ?? usual;
}

/** What clients of a class send, except those decided apart. */
export function halfOfClass({ usual, byClass }: CallOutcomes, number: number): ClientHalf {
  return byClass.get(number) ?? usual;
}

/** The half for a client. */
export function halfOfClient(half: ClientHalf, client: Workload): ClientHalf {
  const isIn = ({ self, only, except }: PathHalf): boolean => (
    self !== client && except !== client && (only === undefined || only === client));
  return half.every(isIn) ? half : half.filter(isIn);
}

/** The half for clients that no path names. */
export function generalHalf(half: ClientHalf): ClientHalf {
  return half.every(({ only }) => only === undefined) ? half : half.filter(({ only }) => only === undefined);
}

/** The receiver, undecided if an object that isn't modelled is involved. */
function received({ doubts }: Mesh, endpoint: Endpoint, receiver: Receiver): Receiver {
  const doubt = doubts.ofPort(endpoint, receiver);
  if (doubt) return { ...receiver, undecidedBecause: doubt.because };
  const filter = doubts.ofFilter(endpoint, receiver);
  return filter ? { ...receiver, filteredBecause: filter.because } : receiver;
}

function namedBy({ hops, only, except }: Path): readonly Workload[] {
  const self = selfOf({ hops });
  return [self, only, except].filter((workload) => workload !== undefined);
}
