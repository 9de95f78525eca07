import { Sender, SenderSet } from '../model/sender';

/**
 * Senders that most calls of a state decide together, by numbers. The partition of clients keeps one set of senders for all calls and
 * tells for each call who of it is left out, so that calls needn't be examined sender by sender. A sender may be in the shared sets of
 * several calls: the first one counts, and where another one has it, it is apart.
 */
export class SenderClasses {
  private readonly numbers = new Map<object, number>();
  private readonly bySender = new Map<Sender, number>();
  private readonly strays = new Map<object, readonly Sender[]>();

  /** @param sets those of all decisions: a class that is found later would change who is in the first */
  constructor(sets: readonly SenderSet[]) {
    for (const { all } of sets) if (all.size > 1) this.add(all, all);
    for (const { all } of sets) if (all.size === 1) this.add(baseOf(all), all);
  }

  /** The class of a sender; undefined: no call is decided for it. */
  of(one: Sender): number | undefined {
    return this.bySender.get(one);
  }

  /** The class that a set consists of, with what is left out of it. */
  ofSet({ all }: SenderSet): number {
    return this.numbers.get(baseOf(all))!;
  }

  /** Those of a set that are of another class. */
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

/** What a set has in common with others: of a single sender, that sender, since each call may make a set of it anew. */
function baseOf(all: ReadonlySet<Sender>): object {
  if (all.size !== 1) return all;
  const [one] = all;
  return one;
}
