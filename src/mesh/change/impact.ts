import { ClientPart, ClientParts } from './client-parts';
import { FormerWays } from './former-ways';
import { Participation } from './participation';
import { Counting, DecidedPath, Decision } from '../connections/decisions';
import { Path } from '../connections/path';
import { Sender } from '../connections/sender';
import { Mesh } from '../mesh';
import { Workload } from '../workloads/workload';

/** What a change is compared with, where its own objects don't say by themselves that a connection counts. */
interface Comparison {
  readonly parts: ClientParts;
  readonly former: FormerWays;
  /** The senders of which the decision alone doesn't tell whether they are concerned. */
  readonly single: readonly Sender[];
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
  holds(client: Workload, decided: DecidedPath): boolean {
    return this.concerns(this.comparison.parts.of(client), decided);
  }

  count(decision: Decision, path: Path): number {
    const { decisions } = this.after;
    if (this.participation.in(decision, path)) return decisions.count(decision, path);
    let clients = 0;
    for (const { workloads } of this.sendersOf(decision, path)) clients += workloads.length;
    const isIn = (client: Workload): boolean => decision.senders.has(decisions.senderOf(client)) && this.holds(client, { decision, path });
    return decisions.countAmong(path, clients, isIn);
  }

  * sendersOf(decision: Decision, path: Path): Generator<Sender> {
    if (this.participation.in(decision, path)) return yield* decision.senders;
    const { parts, former, single } = this.comparison;
    const { call, senders } = decision;
    // Most ways are what they were for whoever goes them: then few senders are left to ask about.
    const candidates = former.lack(call, path) ? senders : single.filter((one) => senders.has(one));
    for (const one of candidates) {
      for (const part of parts.ofSender(one)) if (this.concerns(part, { decision, path })) yield part;
    }
  }

  private concerns(part: ClientPart, { decision, path }: DecidedPath): boolean {
    const { former } = this.comparison;
    const { call } = decision;
    return part.before === undefined
      || this.participation.in(decision, path)
      || (former.lack(call, path) && former.lackFor(part.before, call, path))
      || this.participation.inDeparture(part, call, path);
  }

  private get comparison(): Comparison {
    return this.known ??= this.compare(this.beforeOf());
  }

  private compare(before: Mesh): Comparison {
    const parts = new ClientParts(before, this.after, this.isOwn);
    const isSingle = (one: Sender): boolean => this.participation.decidesDeparture(one) || parts.ofSender(one).some((part) => !part.before);
    return { parts, former: new FormerWays(before.decisions), single: [...parts.senders].filter(isSingle) };
  }
}
