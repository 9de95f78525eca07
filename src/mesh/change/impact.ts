import { ClientPart, ClientParts } from './client-parts';
import { Participation } from './participation';
import { Call } from '../connections/call';
import { ClientClass } from '../connections/client-class';
import { Counting, DecidedLeg, Decision } from '../connections/decisions';
import { Leg, resultKey } from '../connections/leg';
import { Mesh } from '../mesh';
import { Workload } from '../workloads/workload';

/** Which connections of a changed mesh count: those that the change's own objects take part in, and those that come to something else. */
export class Impact implements Counting {
  private readonly participation: Participation;
  private readonly parts: ClientParts;
  private readonly formerCalls: ReadonlyMap<string, Call>;
  private readonly formerKeys = new Map<Decision, ReadonlySet<string>>();
  private readonly changed = new Map<Leg, boolean>();
  /** The classes of which the decision alone doesn't tell whether they are concerned. */
  private readonly single: readonly ClientClass[];

  /** @param isOwn whether an object is the change's own */
  constructor(private readonly before: Mesh, private readonly after: Mesh, isOwn: (source: object) => boolean) {
    this.participation = new Participation(after, isOwn);
    this.parts = new ClientParts(before, after, isOwn);
    this.formerCalls = new Map(before.decisions.calls.map((call) => [callKey(call), call]));
    this.single = [...this.parts.classes].filter((one) =>
      this.participation.decidesDeparture(one) || this.parts.ofClass(one).some((part) => !part.before));
  }

  /** Whether a client's way is one of them. */
  holds(client: Workload, decided: DecidedLeg): boolean {
    return this.concerns(this.parts.of(client), decided);
  }

  count(decision: Decision, leg: Leg): number {
    const { decisions } = this.after;
    if (this.participation.in(decision, leg)) return decisions.count(decision, leg);
    let clients = 0;
    for (const { workloads } of this.classesOf(decision, leg)) clients += workloads.length;
    const isIn = (client: Workload): boolean => decision.classes.has(decisions.classOf(client)) && this.holds(client, { decision, leg });
    return decisions.countAmong(leg, clients, isIn);
  }

  * classesOf(decision: Decision, leg: Leg): Generator<ClientClass> {
    for (const one of this.candidates(decision, leg)) {
      for (const part of this.parts.ofClass(one)) if (this.concerns(part, { decision, leg })) yield part;
    }
  }

  /** Most ways are what they were for whoever goes them: then few classes are left to ask about. */
  private candidates(decision: Decision, leg: Leg): Iterable<ClientClass> {
    const { call, classes } = decision;
    const isAny = this.participation.in(decision, leg) || this.isChanged(call, leg);
    return isAny ? classes : this.single.filter((one) => classes.has(one));
  }

  private concerns(part: ClientPart, { decision, leg }: DecidedLeg): boolean {
    const { call } = decision;
    return part.before === undefined
      || this.participation.in(decision, leg)
      || (this.isChanged(call, leg) && this.isChangedFor(part.before, call, leg))
      || this.participation.inDeparture(part, call, leg);
  }

  /** Whether a way is none that the call took before, for some of its clients. */
  private isChanged(call: Call, leg: Leg): boolean {
    let changed = this.changed.get(leg);
    if (changed === undefined) {
      const [key, former] = [resultKey(leg), this.formerDecisions(call)];
      this.changed.set(leg, changed = former.length === 0 || former.some((decision) => !this.keysOf(decision).has(key)));
    }
    return changed;
  }

  private isChangedFor(before: ClientClass, call: Call, leg: Leg): boolean {
    const former = this.formerDecisions(call).find(({ classes }) => classes.has(before));
    return former === undefined || !this.keysOf(former).has(resultKey(leg));
  }

  private formerDecisions(call: Call): readonly Decision[] {
    const former = this.formerCalls.get(callKey(call));
    return former ? this.before.decisions.of(former) : [];
  }

  private keysOf(decision: Decision): ReadonlySet<string> {
    let keys = this.formerKeys.get(decision);
    if (!keys) this.formerKeys.set(decision, keys = new Set(decision.legs.map(resultKey)));
    return keys;
  }
}

function callKey({ host, port }: Call): string {
  return `${host}:${port}`;
}
