import { Clients } from './clients';
import { Place } from './fields';
import { Found } from './mesh-finding';
import { others, sentText } from './texts';
import { DecidedHop } from '../mesh/connections/decisions';
import { Sender } from '../mesh/connections/sender';
import { Mesh } from '../mesh/mesh';
import { objectText } from '../mesh/objects/mesh-object';
import { CallKind } from '../mesh/routes/route';

/** A finding for each place at which it is decided what becomes of calls, with what is told of those. */
export function* foundAtPlaces(groups: ReadonlyMap<Place, Calls>, tell: (calls: Calls, place: Place) => Partial<Place> & Pick<Found, 'because'>): Generator<Found> {
  for (const [place, calls] of groups) yield { ...place, ...tell(calls, place), connections: calls.connections };
}

/** Connections that one finding is about: how many, and of whom. */
export class Calls {
  /** Those of equal keys together, in the order of their first. */
  static grouped<K>(mesh: Mesh, all: Iterable<DecidedHop>, keyOf: (decided: DecidedHop) => K | undefined): ReadonlyMap<K, Calls> {
    const groups = new Map<K, Calls>();
    for (const decided of all) {
      const { decision, path } = decided;
      Calls.join(mesh, groups, keyOf(decided), decided, mesh.decisions.count(decision, path), decision.senders);
    }
    return groups;
  }

  /** The same of hops that leave a client, where clients of one decision may be in several groups, by what they are configured with. */
  static groupedBySender<K>(
    mesh: Mesh, all: Iterable<DecidedHop>, keyOf: (decided: DecidedHop, client: Sender) => K | undefined,
  ): ReadonlyMap<K, Calls> {
    const groups = new Map<K, Calls>();
    for (const decided of all) {
      const { decision, path } = decided;
      for (const one of decision.senders) Calls.join(mesh, groups, keyOf(decided, one), decided, mesh.decisions.countOfSender(one, path), [one]);
    }
    return groups;
  }

  private static join<K>(
    mesh: Mesh, groups: Map<K, Calls>, key: K | undefined, decided: DecidedHop, connections: number, senders: Iterable<Sender>,
  ): void {
    if (key === undefined || connections === 0) return;
    let calls = groups.get(key);
    if (!calls) groups.set(key, calls = new Calls(mesh, decided));
    const { decision: { call: { host, port } }, path, hop } = decided;
    calls.connections += connections;
    calls.called.add(`${host}:${port}`);
    calls.kinds.add(hop.kind);
    calls.clients.add(path, senders, connections);
  }

  connections = 0;

  private readonly clients: Clients;
  private readonly called = new Set<string>();
  private readonly kinds = new Set<CallKind | undefined>();

  private constructor(mesh: Mesh, /** The first hop that any of them takes. */ readonly first: DecidedHop) {
    this.clients = new Clients(mesh);
  }

  /** How they are sent where nothing on the client's side encrypts. */
  get sent(): string {
    return sentText(...this.kinds);
  }

  /** `calls of Deployment shop/web and 3 other workloads to ratings.shop.svc.cluster.local:80 and 2 other service ports`. */
  toString(): string {
    const [called] = this.called;
    const clients = `${objectText(this.clients.first!)}${others(this.clients.count, 'workload')}`;
    return `calls of ${clients} to ${called}${others(this.called.size, 'service port')}`;
  }
}
