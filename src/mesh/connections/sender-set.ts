import { Sender } from './sender';

const NONE: ReadonlySet<Sender> = new Set();

/** Classes of clients; a large set without some of its members costs no more than those do. */
export class SenderSet implements Iterable<Sender> {
  static of(senders: Iterable<Sender>): SenderSet {
    const all = new Set(senders);
    return new SenderSet(all, NONE, clientsIn(all));
  }

  private constructor(
    /** Larger sets have it in common; `left` are those of it that this one is without. */
    readonly all: ReadonlySet<Sender>, readonly left: ReadonlySet<Sender>,
    /** How many clients there are in all. */
    readonly clients: number,
  ) {}

  /** The set without some senders, of which each must be in it. */
  without(left: ReadonlySet<Sender>): SenderSet {
    return new SenderSet(this.all, left, this.clients - clientsIn(left));
  }

  has(one: Sender): boolean {
    return this.all.has(one) && !this.left.has(one);
  }

  /** Any of the senders; undefined if there is none. */
  get one(): Sender | undefined {
    for (const one of this.all) if (!this.left.has(one)) return one;
    return undefined;
  }

  * [Symbol.iterator](): Generator<Sender> {
    for (const one of this.all) if (!this.left.has(one)) yield one;
  }
}

function clientsIn(senders: Iterable<Sender>): number {
  let clients = 0;
  for (const { workloads } of senders) clients += workloads.length;
  return clients;
}
