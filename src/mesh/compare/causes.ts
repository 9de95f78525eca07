import { ClientCall, ClientCalls, outcomesKey } from './client-calls';
import { ChangedConnections, connectionChanges } from './connection-changes';
import { JointClient } from './joint-clients';
import { inventoryChange, ComparedObject, objectOf, reverted } from './object-changes';
import { isRead } from './read-fields';
import { AcceptanceChange, acceptanceChanges, identityChanges } from './server-changes';
import { InventoryChange } from '../inventory/inventory';
import { isOf, KIND } from '../inventory/kinds';
import { idKey, MeshObject, ObjectId } from '../inventory/object';
import { Mesh } from '../mesh';
import { reasonsOf } from '../reasons/reasons';
import { endpointOwner } from '../services/endpoint';

/** One client's connection that changed. */
export interface Witness {
  readonly change: ChangedConnections;
  readonly client: JointClient;
}

/** A connection that changed, and the changed objects that may be involved. */
export interface WitnessedChange {
  readonly witness: Witness;
  readonly candidates: readonly ComparedObject[];
}

/** The limits on meshes built to try changes: fewer if they have many objects, since each takes longer. */
const [MOST_TRIED, FEWEST_TRIED, OBJECTS_TRIED] = [30, 8, 150_000];

/** Finds the changed objects that cause a difference between two states of a mesh. */
export class Causes {
  private readonly byId: ReadonlyMap<string, ComparedObject>;
  private readonly callsBefore: ClientCalls;
  private readonly callsAfter: ClientCalls;
  private readonly mostTried: number;
  private objectsAfter?: ReadonlyMap<string, MeshObject>;

  constructor(private readonly before: Mesh, private readonly after: Mesh, private readonly objects: readonly ComparedObject[]) {
    this.byId = new Map(objects.map((change) => [idKey(objectOf(change)), change]));
    [this.callsBefore, this.callsAfter] = [new ClientCalls(before), new ClientCalls(after)];
    const size = [...after.objects.all()].length;
    this.mostTried = Math.max(FEWEST_TRIED, Math.min(MOST_TRIED, Math.floor(OBJECTS_TRIED / Math.max(size, 1))));
  }

  /** The changed objects that take part in a connection, or decide it, before or after. */
  candidatesOf(change: ChangedConnections): readonly ComparedObject[] {
    const [client] = change.clients;
    const called = [this.callsBefore, this.callsAfter].map((calls) => calls.of((client.after ?? client.before)!, change));
    return this.changesOf(called.flatMap(involved));
  }

  /**
   * The changed objects that may cause a change of a port's mode: the policies that decide, or the objects that give the server its proxy.
   */
  ofAcceptance({ before, after, from, to, policies }: AcceptanceChange): readonly ComparedObject[] {
    const ofProxies = this.changesOf([before, after].flatMap(({ object, podSource }) => [object, podSource.object]));
    const namespaces = this.objects.filter((change) => isOf(objectOf(change), KIND.Namespace) && objectOf(change).name === after.namespace);
    const byProxy = [...ofProxies, ...namespaces];
    const byPolicy = this.changesOf(policies);
    const isOfProxy = [from, to].some((mode) => mode === 'NO_PROXY' || mode === 'UNKNOWN');
    const [first, second] = isOfProxy ? [byProxy, byPolicy] : [byPolicy, byProxy];
    return first.length > 0 ? first : second;
  }

  /**
   * For each change, the candidates whose revert undoes it. If reverting any single one
   * doesn't, because others take its place, the candidates that cause it alone.
   */
  of(changes: readonly WitnessedChange[]): readonly (readonly ComparedObject[])[] {
    const { objects, before, after, callsBefore, callsAfter, mostTried } = this;
    const named = changes.map(({ candidates }) => (candidates.length > 0 ? candidates : objects));
    if (objects.length === 1) return named;
    const tried = objects.filter((change) => named.some((some) => some.includes(change))).slice(0, mostTried);
    const isTried = named.map((some) => some.every((change) => tried.includes(change)));
    const isNamed = (change: ComparedObject, index: number): boolean => isTried[index] && named[index].includes(change);
    const needed = this.differing(changes, callsAfter, tried, isNamed, (change) => after.with(this.back(change)));
    if (objects.length > mostTried) return needed.map((some, index) => (some.length > 0 ? some : named[index]));
    const isOpen = (_: ComparedObject, index: number): boolean => isTried[index] && needed[index].length === 0;
    const enough = this.differing(changes, callsBefore, objects, isOpen, (change) => before.with(inventoryChange(change)));
    return named.map((some, index) => [needed[index], enough[index], some].find(({ length }) => length > 0)!);
  }

  /** Changed objects without effect, whether reverted alone or together; undefined if there are too many to try. */
  withoutEffect(objects: readonly ComparedObject[]): readonly ComparedObject[] | undefined {
    // Fields that the model doesn't read have no effect.
    const [read, unread] = [objects.filter((change) => this.isRead(change)), objects.filter((change) => !this.isRead(change))];
    if (read.length > this.mostTried) return undefined;
    const found = this.independent(read.filter((change) => this.hasNoEffect([change])), this.mostTried - read.length);
    return found && objects.filter((change) => unread.includes(change) || found.has(change));
  }

  /** Removes objects that have no effect alone, but do together with another one; undefined if that takes too many trials. */
  private independent(objects: readonly ComparedObject[], trials: number): ReadonlySet<ComparedObject> | undefined {
    let left = trials;
    const found = new Set<ComparedObject>();
    const isHarmless = (some: readonly ComparedObject[]): boolean => some.length < 2 || (left-- > 0 && this.hasNoEffect(some));
    const add = (some: readonly ComparedObject[]): void => {
      if (left < 0) return;
      if (isHarmless([...found, ...some])) {
        some.forEach((change) => found.add(change));
      } else if (some.length > 1) {
        const half = Math.ceil(some.length / 2);
        add(some.slice(0, half));
        add(some.slice(half));
      } else {
        for (const other of [...found]) if (!isHarmless([other, ...some])) found.delete(other);
      }
    };
    add(objects);
    return left < 0 ? undefined : found;
  }

  private isRead(change: ComparedObject): boolean {
    return isRead(change, this.before, this.after);
  }

  private hasNoEffect(objects: readonly ComparedObject[]): boolean {
    const mesh = this.after.with(...objects.map((change) => this.back(change)));
    return connectionChanges(mesh, this.after).changes.length === 0
      && acceptanceChanges(mesh, this.after).length === 0 && identityChanges(mesh, this.after).length === 0;
  }

  /** For each change, the objects that change the outcome of its example, each tried in a mesh of its own. */
  private differing(
    changes: readonly WitnessedChange[], calls: ClientCalls, objects: readonly ComparedObject[],
    isAsked: (object: ComparedObject, index: number) => boolean, meshFor: (object: ComparedObject) => Mesh,
  ): readonly (readonly ComparedObject[])[] {
    const found = changes.map((): ComparedObject[] => []);
    for (const object of objects) {
      const asked = changes.map((_, index) => index).filter((index) => isAsked(object, index));
      if (asked.length === 0) continue;
      const others = new ClientCalls(meshFor(object));
      for (const index of asked) {
        const { witness } = changes[index];
        if (verdictIn(others, witness) !== verdictIn(calls, witness)) found[index].push(object);
      }
    }
    return found;
  }

  private back(change: ComparedObject): InventoryChange {
    const { objects } = this.after;
    this.objectsAfter ??= new Map([...objects.all(), ...objects.unread.values()].map((object) => [idKey(object), object]));
    return reverted(change, change.after && this.objectsAfter.get(idKey(objectOf(change))));
  }

  private changesOf(objects: readonly ObjectId[]): readonly ComparedObject[] {
    const found = new Set(objects.flatMap((object) => this.byId.get(idKey(object)) ?? []));
    return found.size < 2 ? [...found] : this.objects.filter((one) => found.has(one));
  }
}

function verdictIn(calls: ClientCalls, { change: { host, port }, client }: Witness): string {
  return outcomesKey(calls.of((client.after ?? client.before)!, { host, port }));
}

/** The objects that decide a call or take part in it. */
function involved(called: ClientCall | undefined): readonly ObjectId[] {
  if (!called) return [];
  const { client, call, sender, paths } = called;
  const ofPaths = paths.flatMap((path) => {
    const servers =
      path.hops.flatMap(({ received: { endpoint } }) => [endpoint && endpointOwner(endpoint)?.object, endpoint?.workload?.podSource.object])
        .filter((object) => object !== undefined);
    return [...servers, ...reasonsOf(path, { client, one: sender, call }).map(({ at }) => at.object)];
  });
  return [client.object, client.podSource.object, ...call.services.map(({ object }) => object), ...ofPaths];
}
