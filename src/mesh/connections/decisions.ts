import { Audience } from './audience';
import { Audiences } from './audiences';
import { Call } from './call';
import { ClassSet } from './class-set';
import { ClientClass, isMember } from './client-class';
import { Decider } from './decider';
import { concerns, Leg } from './leg';
import { Workload } from '../workloads/workload';

/** What is decided about a call for clients that are alike. */
export interface Decision {
  readonly call: Call;
  readonly classes: ClassSet;
  readonly legs: readonly Leg[];
}

/** One way that calls take, with who makes them. */
export interface DecidedLeg {
  readonly decision: Decision;
  readonly leg: Leg;
}

/** Which of the connections that decisions are about count. */
export interface Counting {
  /** How many of those that go a way. */
  count(decision: Decision, leg: Leg): number;
  /** The clients that make them, as classes or parts of classes. */
  classesOf(decision: Decision, leg: Leg): Iterable<ClientClass>;
}

/** All decisions of a mesh, each made when it is asked for, and remembered; all their connections count. */
export class Decisions implements Counting {
  /** How many classes of clients there are. */
  readonly classes: number;

  private readonly byCall = new Map<Call, readonly Decision[]>();
  private readonly classByWorkload: ReadonlyMap<Workload, ClientClass>;

  constructor(
    readonly calls: readonly Call[], classes: readonly ClientClass[],
    private readonly audiences: Audiences, private readonly decider: Decider,
  ) {
    this.classes = classes.length;
    this.classByWorkload = new Map(classes.flatMap((one) => one.workloads.map((workload) => [workload, one])));
  }

  /** The clients that a workload is decided with. */
  classOf(client: Workload): ClientClass {
    return this.classByWorkload.get(client)!;
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
  count({ classes }: Decision, leg: Leg): number {
    return this.countAmong(leg, classes.clients, (client) => classes.has(this.classOf(client)));
  }

  /** The same of the clients of one class, or of a part of one. */
  countOfClass(one: ClientClass, leg: Leg): number {
    return this.countAmong(leg, one.workloads.length, (client) => isMember(client, one));
  }

  /** The same of some clients of a decision. */
  countAmong(leg: Leg, clients: number, has: (client: Workload) => boolean): number {
    const { endpoint, except, only } = leg;
    const isIn = (workload: Workload | undefined): boolean => workload !== undefined && has(workload);
    if (only) return Number(isIn(only) && concerns(leg, only));
    return clients - Number(isIn(endpoint?.workload)) - Number(except !== endpoint?.workload && isIn(except));
  }

  classesOf({ classes }: Decision): Iterable<ClientClass> {
    return classes;
  }

  private decide(call: Call, { one, classes }: Audience): Decision {
    return { call, classes, legs: this.decider.decide(one, call) };
  }
}

/** The clients that a decision is about. */
export function clientsOf({ classes }: Decision): readonly Workload[] {
  return [...classes].flatMap(({ workloads }) => workloads);
}
