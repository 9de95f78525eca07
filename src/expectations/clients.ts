import { addTo } from '../mesh/collections';
import { Mesh } from '../mesh/mesh';
import { Sender, SenderSet } from '../mesh/model/sender';
import { Workload } from '../mesh/workloads/workload';

/** A set of clients, counted without looking at each if it has all of them. */
export interface ClientSet {
  has(client: Workload): boolean;
  /** How many of them are among some senders. */
  countIn(senders: SenderSet): number;
  /** Those of them that are among some senders. */
  in(senders: SenderSet): Iterable<Workload>;
}

/** Every client of the mesh. */
export const EVERYBODY: ClientSet = {
  has: () => true,
  countIn: ({ clients }) => clients,
  * in(senders) {
    for (const { members: workloads } of senders) yield* workloads;
  },
};

/** Some clients. */
export class SomeClients implements ClientSet {
  /** If they are all clients of the mesh, returns EVERYBODY, which is cheap to count. */
  static of(clients: readonly Workload[], { decisions, callers }: Mesh): ClientSet {
    return clients.length === callers.length ? EVERYBODY : new SomeClients(clients, (client) => decisions.senderOf(client));
  }

  private readonly clients: ReadonlySet<Workload>;
  private readonly bySender = new Map<Sender, Workload[]>();

  private constructor(clients: readonly Workload[], senderOf: (client: Workload) => Sender) {
    this.clients = new Set(clients);
    for (const client of this.clients) addTo(this.bySender, senderOf(client), client);
  }

  has(client: Workload): boolean {
    return this.clients.has(client);
  }

  countIn(senders: SenderSet): number {
    let count = 0;
    for (const clients of this.listsIn(senders)) count += clients.length;
    return count;
  }

  * in(senders: SenderSet): Generator<Workload> {
    for (const clients of this.listsIn(senders)) yield* clients;
  }

  /** Iterates over whichever is smaller. */
  private* listsIn(senders: SenderSet): Generator<readonly Workload[]> {
    if (senders.all.size < this.bySender.size) {
      for (const one of senders) yield this.bySender.get(one) ?? [];
    } else {
      for (const [one, clients] of this.bySender) if (senders.has(one)) yield clients;
    }
  }
}

/** Clients without some others, each of which must be one of them. */
export class ClientsWithout implements ClientSet {
  constructor(private readonly all: ClientSet, private readonly left: ClientSet) {}

  has(client: Workload): boolean {
    return this.all.has(client) && !this.left.has(client);
  }

  countIn(senders: SenderSet): number {
    return this.all.countIn(senders) - this.left.countIn(senders);
  }

  * in(senders: SenderSet): Generator<Workload> {
    for (const client of this.all.in(senders)) if (!this.left.has(client)) yield client;
  }
}
