import { ClientCall, ClientCalls, verdictOf } from './client-calls';
import { ChangeSide, ConnectionChange, connectionChanges, outcomeOf } from './connection-changes';
import { JointClient } from './joint-clients';
import { applied, ObjectChange, objectChanges, objectOf, reverted } from './object-changes';
import { AcceptanceChange, acceptanceChanges, IdentityChange, identityChanges } from './server-changes';
import { Outcome } from '../calls/outcome';
import { lastHop } from '../calls/path';
import { Inventory } from '../inventory/inventory';
import { compareNames, compareTexts, idKey, ObjectId } from '../inventory/object';
import { Mesh } from '../mesh';
import { reasonsOf } from '../reasons/reasons';
import { ownerOf } from '../services/endpoint';

/**
 * How connections changed: `changed` come to something else, `gained` are new between a client and a server that were
 * there, and by a call that was, `lost` are no more although these are; of `added` and `removed` ones one of the three is new, or gone.
 */
export type ChangeKind = 'changed' | 'gained' | 'lost' | 'added' | 'removed';

/** Connections that changed alike, by the same cause. */
export interface ChangeGroup {
  readonly kind: ChangeKind;
  /** What they came to; undefined: they weren't there. */
  readonly from?: Outcome;
  readonly to?: Outcome;
  /** The changed objects of which each, taken back, makes the witness come to something else, or all that may have to do with it if none does alone. */
  readonly causes: readonly ObjectChange[];
  /** How many connections, each of a client and a call to a server. */
  readonly count: number;
  readonly changes: readonly ConnectionChange[];
  /** The first of the changes, and the first of its clients. */
  readonly witness: Witness;
}

/** One client's connection that changed. */
export interface Witness {
  readonly change: ConnectionChange;
  readonly client: JointClient;
}

/** What a change of manifests does to a mesh. */
export interface MeshDiff {
  readonly before: Mesh;
  readonly after: Mesh;
  readonly objects: readonly ObjectChange[];
  /** The worst first. */
  readonly groups: readonly ChangeGroup[];
  readonly unchanged: number;
  readonly acceptances: readonly AcceptanceChange[];
  readonly identities: readonly IdentityChange[];
  /** Changed objects without which everything would come to the same; undefined: there are too many to try each. */
  readonly withoutEffect?: readonly ObjectChange[];
}

/** How many changed objects are taken back one by one, each of which makes a mesh. */
const MOST_TRIED = 30;

/**
 * Compares a mesh with what other manifests make of it.
 *
 * @param manifests all objects of the other state; those that the mesh doesn't have come to it as its youngest
 */
export function diffOf(before: Mesh, manifests: Iterable<unknown>): MeshDiff {
  const objects = objectChanges(before.objects, Inventory.of(manifests, before.objects.readBy));
  return new Comparison(before, objects).diff();
}

class Comparison {
  private readonly after: Mesh;
  private readonly byId: ReadonlyMap<string, ObjectChange>;
  private readonly tried = new Map<ObjectChange, Mesh>();
  private readonly calls = new Map<Mesh, ClientCalls>();
  private readonly servers = new Map<Mesh, ReadonlySet<string>>();

  constructor(private readonly before: Mesh, private readonly objects: readonly ObjectChange[]) {
    this.after = before.with(...objects.map(applied));
    this.byId = new Map(objects.map((change) => [idKey(objectOf(change)), change]));
  }

  diff(): MeshDiff {
    const { before, after, objects } = this;
    const { changes, unchanged } = connectionChanges(before, after);
    const groups = this.groups(changes);
    const [acceptances, identities] = [acceptanceChanges(before, after), identityChanges(before, after)];
    return { before, after, objects, groups, unchanged, acceptances, identities, withoutEffect: this.withoutEffect(groups) };
  }

  private groups(changes: readonly ConnectionChange[]): readonly ChangeGroup[] {
    const byNamed = new Map<string, { readonly candidates: readonly ObjectChange[]; readonly changes: ConnectionChange[] }>();
    for (const change of changes) {
      const candidates = this.candidatesOf(change);
      const key = [this.kindOf(change), outcomeIn(change.before), outcomeIn(change.after), ...candidates.map((one) => idKey(objectOf(one)))].join('\n');
      const known = byNamed.get(key);
      if (known) known.changes.push(change);
      else byNamed.set(key, { candidates, changes: [change] });
    }
    const groups = new Map<string, ChangeGroup>();
    for (const { candidates, changes: alike } of byNamed.values()) {
      const group = this.groupOf(alike, (witness) => this.causesOf(witness, candidates));
      const key = [group.kind, group.from, group.to, ...group.causes.map((one) => idKey(objectOf(one)))].join('\n');
      const same = groups.get(key);
      groups.set(key, same ? this.groupOf([...same.changes, ...group.changes], () => group.causes) : group);
    }
    return [...groups].sort(([key, one], [other, another]) => rankOf(one) - rankOf(another) || another.count - one.count || compareTexts(key, other))
      .map(([, group]) => group);
  }

  private groupOf(changes: readonly ConnectionChange[], causesOf: (witness: Witness) => readonly ObjectChange[]): ChangeGroup {
    const [change] = changes;
    const witness = { change, client: firstOf(change.clients) };
    return {
      kind: this.kindOf(change),
      from: outcomeIn(change.before),
      to: outcomeIn(change.after),
      causes: causesOf(witness),
      count: changes.reduce((sum, { clients }) => sum + clients.length, 0),
      changes,
      witness,
    };
  }

  private kindOf({ clients: [client], before, after, isCalledBefore, isCalledAfter }: ConnectionChange): ChangeKind {
    if (!client.before || !isCalledBefore || !this.hasServerOf(after, this.before)) return 'added';
    if (!client.after || !isCalledAfter || !this.hasServerOf(before, this.after)) return 'removed';
    if (before && after) return 'changed';
    return after ? 'gained' : 'lost';
  }

  /** Whether a state has the server that a connection of another state gets to, if it gets to one. */
  private hasServerOf(side: ChangeSide | undefined, mesh: Mesh): boolean {
    const endpoint = side && lastHop(side.path).endpoint;
    const server = endpoint && ownerOf(endpoint);
    return server === undefined || known(this.servers, mesh, () => new Set([...mesh.workloads, ...mesh.objects.of('WorkloadEntry')].map(idKey))).has(idKey(server));
  }

  private callsIn(mesh: Mesh): ClientCalls {
    return known(this.calls, mesh, () => new ClientCalls(mesh));
  }

  /** The changed objects that decide a connection before or after, or take part in it. */
  private candidatesOf(change: ConnectionChange): readonly ObjectChange[] {
    const [client] = change.clients;
    const objects = [this.before, this.after].flatMap((mesh) => involved(this.callsIn(mesh).of((client.after ?? client.before)!, change)));
    const found = new Set([...objects].flatMap((object) => this.byId.get(idKey(object)) ?? []));
    return this.objects.filter((one) => found.has(one));
  }

  /** Those of the named objects that matter, found by taking each back; where others would step in, each that is enough by itself. */
  private causesOf(witness: Witness, candidates: readonly ObjectChange[]): readonly ObjectChange[] {
    const { objects, before, after } = this;
    const named = candidates.length > 0 ? candidates : objects;
    if (objects.length === 1 || named.length > MOST_TRIED) return named;
    const now = this.verdictIn(after, witness);
    const needed = named.filter((change) => this.verdictIn(this.without(change), witness) !== now);
    if (needed.length > 0) return needed;
    if (objects.length > MOST_TRIED) return named;
    const then = this.verdictIn(before, witness);
    const enough = objects.filter((change) => this.verdictIn(before.with(applied(change)), witness) !== then);
    return enough.length > 0 ? enough : named;
  }

  private verdictIn(mesh: Mesh, { change: { host, port }, client }: Witness): string {
    return verdictOf(this.callsIn(mesh).of((client.after ?? client.before)!, { host, port }));
  }

  /** The mesh after all changes but one. */
  private without(change: ObjectChange): Mesh {
    let mesh = this.tried.get(change);
    if (!mesh) {
      const id = idKey(objectOf(change));
      const object = change.after && [...this.after.objects.all()].find((one) => idKey(one) === id);
      this.tried.set(change, mesh = this.after.with(reverted(change, object)));
    }
    return mesh;
  }

  private withoutEffect(groups: readonly ChangeGroup[]): readonly ObjectChange[] | undefined {
    const causes = new Set(groups.flatMap((group) => group.causes));
    const others = this.objects.filter((change) => !causes.has(change));
    if (others.length > MOST_TRIED) return undefined;
    return others.filter((change) => {
      const mesh = this.without(change);
      return connectionChanges(mesh, this.after).changes.length === 0
        && acceptanceChanges(mesh, this.after).length === 0 && identityChanges(mesh, this.after).length === 0;
    });
  }
}

function known<K, V>(values: Map<K, V>, key: K, make: () => V): V {
  let value = values.get(key);
  if (value === undefined) values.set(key, value = make());
  return value;
}

function firstOf(clients: readonly JointClient[]): JointClient {
  return clients.reduce((first, one) => (compareNames((one.after ?? one.before)!, (first.after ?? first.before)!) < 0 ? one : first));
}

function outcomeIn(side: ChangeSide | undefined): Outcome | undefined {
  return side && outcomeOf(side.path);
}

/** What fails first: what breaks, then what loses its encryption, then what nobody knows any more. */
function rankOf({ kind, to }: ChangeGroup): number {
  if (kind === 'added' || kind === 'removed') return 10;
  return to === undefined ? 4 : ['broken', 'plaintext', 'undecided', 'tls', 'mtls'].indexOf(to) + Number(to === 'tls' || to === 'mtls') * 2;
}

/** The objects that decide what comes of a call, and those that are in it. */
function involved(called: ClientCall | undefined): readonly ObjectId[] {
  if (!called) return [];
  const { client, call, sender, paths } = called;
  const ofPaths = paths.flatMap((path) => {
    const { endpoint } = lastHop(path);
    const servers = [endpoint && ownerOf(endpoint)?.object, endpoint?.workload?.podSource.object].filter((object) => object !== undefined);
    return [...servers, ...reasonsOf(path, { client, one: sender, call }).map(({ at }) => at.object)];
  });
  return [client.object, client.podSource.object, ...call.services.map(({ object }) => object), ...ofPaths];
}
