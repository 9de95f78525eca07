import { Clients } from './clients';
import { Found } from './mesh-finding';
import { sentText } from './modes';
import { Place } from './place';
import { others } from './workloads-text';
import { ClientClass } from '../mesh/connections/client-class';
import { DecidedLeg } from '../mesh/connections/decisions';
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
  static grouped<K>(mesh: Mesh, legs: Iterable<DecidedLeg>, keyOf: (leg: DecidedLeg) => K | undefined): ReadonlyMap<K, Calls> {
    const groups = new Map<K, Calls>();
    for (const leg of legs) {
      const { classes } = leg.decision;
      Calls.join(mesh, groups, keyOf(leg), leg, mesh.decisions.count(leg.decision, leg.leg), classes);
    }
    return groups;
  }

  /** The same, where clients of one decision may be in several groups, by what they are configured with. */
  static groupedByClass<K>(
    mesh: Mesh, legs: Iterable<DecidedLeg>, keyOf: (leg: DecidedLeg, client: ClientClass) => K | undefined,
  ): ReadonlyMap<K, Calls> {
    const groups = new Map<K, Calls>();
    for (const leg of legs) {
      for (const one of leg.decision.classes) Calls.join(mesh, groups, keyOf(leg, one), leg, mesh.decisions.countOfClass(one, leg.leg), [one]);
    }
    return groups;
  }

  private static join<K>(
    mesh: Mesh, groups: Map<K, Calls>, key: K | undefined, leg: DecidedLeg, connections: number, classes: Iterable<ClientClass>,
  ): void {
    if (key === undefined || connections === 0) return;
    let calls = groups.get(key);
    if (!calls) groups.set(key, calls = new Calls(mesh, leg));
    calls.connections += connections;
    calls.called.add(`${leg.decision.call.host}:${leg.decision.call.port}`);
    calls.kinds.add(leg.leg.kind);
    calls.clients.add(leg.leg, classes, connections);
  }

  connections = 0;

  private readonly clients: Clients;
  private readonly called = new Set<string>();
  private readonly kinds = new Set<CallKind | undefined>();

  private constructor(mesh: Mesh, /** The first way. */ readonly first: DecidedLeg) {
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
