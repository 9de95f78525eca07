import { ClientClass } from './client-class';

const NONE: ReadonlySet<ClientClass> = new Set();

/** Classes of clients; a large set without some of its members costs no more than those do. */
export class ClassSet implements Iterable<ClientClass> {
  static of(classes: Iterable<ClientClass>): ClassSet {
    const all = new Set(classes);
    return new ClassSet(all, NONE, clientsIn(all));
  }

  private constructor(
    /** Larger sets have it in common; `left` are those of it that this one is without. */
    readonly all: ReadonlySet<ClientClass>, readonly left: ReadonlySet<ClientClass>,
    /** How many clients there are in all. */
    readonly clients: number,
  ) {}

  /** The set without some classes, of which each must be in it. */
  without(left: ReadonlySet<ClientClass>): ClassSet {
    return new ClassSet(this.all, left, this.clients - clientsIn(left));
  }

  has(one: ClientClass): boolean {
    return this.all.has(one) && !this.left.has(one);
  }

  /** Any of the classes; undefined if there is none. */
  get one(): ClientClass | undefined {
    for (const one of this.all) if (!this.left.has(one)) return one;
    return undefined;
  }

  * [Symbol.iterator](): Generator<ClientClass> {
    for (const one of this.all) if (!this.left.has(one)) yield one;
  }
}

function clientsIn(classes: Iterable<ClientClass>): number {
  let clients = 0;
  for (const { workloads } of classes) clients += workloads.length;
  return clients;
}
