import { Audience } from './audience';
import { Audiences } from './audiences';
import { Call } from './call';
import { Decider } from './decider';
import { concerns, Hop, Path, selfOf } from './path';
import { Sender, isMember } from './sender';
import { SenderSet } from './sender-set';
import { Workload } from '../workloads/workload';

/** What is decided about a call for clients that are alike. */
export interface Decision {
  readonly call: Call;
  readonly senders: SenderSet;
  readonly paths: readonly Path[];
}

/** One path that calls take, with who makes them. */
export interface DecidedPath {
  readonly decision: Decision;
  readonly path: Path;
}

/** One hop of it. */
export interface DecidedHop extends DecidedPath {
  readonly hop: Hop;
}

/** Which of the connections that decisions are about count. */
export interface Counting {
  /** How many of those that go a way. */
  count(decision: Decision, path: Path): number;
  /** The clients that make them, as senders or parts of senders. */
  sendersOf(decision: Decision, path: Path): Iterable<Sender>;
}

/** All decisions of a mesh, each made when it is asked for, and remembered; all their connections count. */
export class Decisions implements Counting {
  /** How many senders of clients there are. */
  readonly senders: number;

  private readonly byCall = new Map<Call, readonly Decision[]>();
  private readonly senderByWorkload: ReadonlyMap<Workload, Sender>;

  constructor(
    readonly calls: readonly Call[], senders: readonly Sender[],
    private readonly audiences: Audiences, private readonly decider: Decider,
  ) {
    this.senders = senders.length;
    this.senderByWorkload = new Map(senders.flatMap((one) => one.workloads.map((workload) => [workload, one])));
  }

  /** The clients that a workload is decided with. */
  senderOf(client: Workload): Sender {
    return this.senderByWorkload.get(client)!;
  }

  of(call: Call): readonly Decision[] {
    let known = this.byCall.get(call);
    if (!known) this.byCall.set(call, known = this.audiences.of(call).map((audience) => this.decide(call, audience)));
    return known;
  }

  * all(): Generator<Decision> {
    for (const call of this.calls) yield* this.of(call);
  }

  /** How many connections go a way: one for each client, without those that call themselves, or call themselves another way. */
  count({ senders }: Decision, path: Path): number {
    return this.countAmong(path, senders.clients, (client) => senders.has(this.senderOf(client)));
  }

  /** The same of the clients of one class, or of a part of one. */
  countOfSender(one: Sender, path: Path): number {
    return this.countAmong(path, one.workloads.length, (client) => isMember(client, one));
  }

  /** The same of some clients of a decision. */
  countAmong(path: Path, clients: number, has: (client: Workload) => boolean): number {
    const { except, only } = path;
    const self = selfOf(path);
    const isIn = (workload: Workload | undefined): boolean => workload !== undefined && has(workload);
    if (only) return Number(isIn(only) && concerns(path, only));
    return clients - Number(isIn(self)) - Number(except !== self && isIn(except));
  }

  sendersOf({ senders }: Decision): Iterable<Sender> {
    return senders;
  }

  private decide(call: Call, { one, senders }: Audience): Decision {
    return { call, senders, paths: this.decider.decide(one, call) };
  }
}

/** The clients that a decision is about. */
export function clientsOf({ senders }: Decision): readonly Workload[] {
  return [...senders].flatMap(({ workloads }) => workloads);
}
