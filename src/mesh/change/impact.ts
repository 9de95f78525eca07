import { ClientPart, ClientParts } from './client-parts';
import { FormerWays } from './former-ways';
import { Participation } from './participation';
import { ClientClass } from '../connections/client-class';
import { Counting, DecidedLeg, Decision } from '../connections/decisions';
import { Leg } from '../connections/leg';
import { Mesh } from '../mesh';
import { Workload } from '../workloads/workload';

/** What a change is compared with, where its own objects don't say by themselves that a connection counts. */
interface Comparison {
  readonly parts: ClientParts;
  readonly former: FormerWays;
  /** The classes of which the decision alone doesn't tell whether they are concerned. */
  readonly single: readonly ClientClass[];
}

/** Which connections of a changed mesh count: those that the change's own objects take part in, and those that come to something else. */
export class Impact implements Counting {
  private readonly participation: Participation;
  private known?: Comparison;

  /**
   * @param beforeOf asked only if there is anything to compare
   * @param isOwn whether an object is the change's own
   */
  constructor(private readonly after: Mesh, private readonly beforeOf: () => Mesh, private readonly isOwn: (source: object) => boolean) {
    this.participation = new Participation(after, isOwn);
  }

  /** Whether a client's way is one of them. */
  holds(client: Workload, decided: DecidedLeg): boolean {
    return this.concerns(this.comparison.parts.of(client), decided);
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
    if (this.participation.in(decision, leg)) return yield* decision.classes;
    const { parts, former, single } = this.comparison;
    const { call, classes } = decision;
    // Most ways are what they were for whoever goes them: then few classes are left to ask about.
    const candidates = former.lack(call, leg) ? classes : single.filter((one) => classes.has(one));
    for (const one of candidates) {
      for (const part of parts.ofClass(one)) if (this.concerns(part, { decision, leg })) yield part;
    }
  }

  private concerns(part: ClientPart, { decision, leg }: DecidedLeg): boolean {
    const { former } = this.comparison;
    const { call } = decision;
    return part.before === undefined
      || this.participation.in(decision, leg)
      || (former.lack(call, leg) && former.lackFor(part.before, call, leg))
      || this.participation.inDeparture(part, call, leg);
  }

  private get comparison(): Comparison {
    return this.known ??= this.compare(this.beforeOf());
  }

  private compare(before: Mesh): Comparison {
    const parts = new ClientParts(before, this.after, this.isOwn);
    const isSingle = (one: ClientClass): boolean => this.participation.decidesDeparture(one) || parts.ofClass(one).some((part) => !part.before);
    return { parts, former: new FormerWays(before.decisions), single: [...parts.classes].filter(isSingle) };
  }
}
