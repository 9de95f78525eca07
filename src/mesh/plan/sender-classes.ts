import { Sender, SenderSet } from '../model/sender';

/**
 * Numbered classes of senders that most calls of a state treat alike. The client partition has sets that all calls
 * share, and excludes some senders for each call, so calls needn't be examined sender by sender. A sender may be in
 * the shared sets of several calls: the first set is its class, and a call with another set lists it apart.
 */
export class SenderClasses {
  private readonly numbers = new Map<object, number>();
  private readonly bySender = new Map<Sender, number>();
  private readonly strays = new Map<object, readonly Sender[]>();

  /** @param sets the sets of all decisions: a class added later would change the members of earlier ones */
  constructor(sets: readonly SenderSet[]) {
    for (const { all } of sets) if (all.size > 1) this.add(all, all);
    for (const { all } of sets) if (all.size === 1) this.add(baseOf(all), all);
  }

  /** The class of a sender; undefined if no call is decided for it. */
  of(one: Sender): number | undefined {
    return this.bySender.get(one);
  }

  /** The class of a set, regardless of the senders that it excludes. */
  ofSet({ all }: SenderSet): number {
    return this.numbers.get(baseOf(all))!;
  }

  /** The members of a set that belong to another class. */
  * others(set: SenderSet): Generator<Sender> {
    const base = baseOf(set.all);
    let strays = this.strays.get(base);
    if (!strays) {
      const number = this.numbers.get(base);
      this.strays.set(base, strays = [...set.all].filter((one) => this.bySender.get(one) !== number));
    }
    for (const one of strays) if (set.has(one)) yield one;
  }

  private add(base: object, senders: ReadonlySet<Sender>): void {
    if (this.numbers.has(base)) return;
    const number = this.numbers.size;
    this.numbers.set(base, number);
    for (const one of senders) if (!this.bySender.has(one)) this.bySender.set(one, number);
  }
}

/** The identity of a set's class. For a single sender that is the sender, since each call may create its own set of it. */
function baseOf(all: ReadonlySet<Sender>): object {
  if (all.size !== 1) return all;
  const [one] = all;
  return one;
}
