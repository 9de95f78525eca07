import { CaObjects } from './ca-objects';
import { Kind, READ_KINDS } from './kinds';
import { byAge, Cluster, MeshObject, readObject, YOUNGEST, idKey } from './object';
import { Owners } from './owners';
import { groupKind, WorkloadKinds } from '../../manifests/kinds';
import { isMapping, Mapping, mapping, text } from '../../manifests/mapping';

/** A manifest of an object that a later one replaces. */
interface Replaced {
  readonly object: MeshObject;
  readonly by: MeshObject;
}

/** How objects are read. */
interface InventoryOptions extends Cluster {
  /** The kinds that run pods. */
  readonly workloadKinds?: WorkloadKinds;
}

/** A change of an inventory. */
export type InventoryChange =
  /** A manifest to apply: it replaces the object with its id and keeps its age. A new one is younger than all that have an age. */
  | {
    readonly apply: unknown;
    /** What it replaces; by default, the object with its id. */
    readonly replaces?: MeshObject;
    /** When a new one was created, in milliseconds since 1970, or `YOUNGEST`; by default, as the manifest says. */
    readonly created?: number;
  }
  | { readonly delete: MeshObject };

/** The objects of a mesh: an immutable set, from which a change makes another one. Unchanged parts are shared. */
export class Inventory {
  /** @param manifests objects from a YAML parser or an app; a `List` counts as its items */
  static of(manifests: Iterable<unknown>, options: InventoryOptions = {}): Inventory {
    return new Inventory(new Map(), [], Owners.NONE, CaObjects.NONE, new Map(), options).applying(manifests);
  }

  private constructor(
    /** Each kind, by name and group, in istiod's order of preference. */
    private readonly byKind: ReadonlyMap<string, readonly MeshObject[]>,
    /** Manifests left out because a later one of the same object replaces them; in the order of the manifests. */
    readonly replaced: readonly Replaced[],
    /** Which objects create which, including those of kinds that aren't read. */
    readonly owners: Owners,
    /** What provides istiod's CA; none of it is among the others. */
    readonly caObjects: CaObjects,
    /** Objects that decide nothing about connections, by id; without those that may hold a private key. */
    readonly unread: ReadonlyMap<string, MeshObject>,
    private readonly options: InventoryOptions,
  ) {}

  /** The same with manifests applied, in order. */
  applying(manifests: Iterable<unknown>): Inventory {
    return this.with(Array.from(objectsIn(manifests), (apply) => ({ apply })));
  }

  /** The inventory after some changes. */
  with(changes: readonly InventoryChange[]): Inventory {
    const next = new NextInventory(this.byKind, this.unread, this.options);
    const sources: Mapping[] = [];
    for (const change of changes) {
      next.make(change);
      if ('apply' in change && isMapping(change.apply)) sources.push(change.apply);
    }
    const replaced = next.deleted.size === 0 ? this.replaced : this.replaced.filter(({ by }) => !next.deleted.has(by));
    return new Inventory(
      next.inOrder(), [...replaced, ...next.replaced], this.owners.with(sources), this.caObjects.with(sources, this.options),
      next.unread, this.options,
    );
  }

  of(kind: Kind): readonly MeshObject[] {
    return this.byKind.get(groupKind(kind)) ?? [];
  }

  /** Every object, kind by kind. */
  * all(): Generator<MeshObject> {
    for (const kind of [...this.byKind.keys()].sort()) yield* this.byKind.get(kind)!;
  }

  /** The kinds of which there are objects. */
  get kinds(): readonly Kind[] {
    return [...this.byKind.values()].flatMap(([first]) => first ?? []);
  }

  /** How its objects were read. */
  get readBy(): InventoryOptions {
    return this.options;
  }

  /** The kinds that run pods. */
  get workloadKinds(): WorkloadKinds {
    return this.options.workloadKinds ?? WorkloadKinds.BUILT_IN;
  }
}

/** An inventory during changes. Kinds that none of them concerns stay as they are. */
class NextInventory {
  readonly replaced: Replaced[] = [];
  readonly deleted = new Set<MeshObject>();
  private readonly tables = new Map<string, Map<unknown, MeshObject>>();
  /** What was applied, with what it replaced in the previous inventory. */
  private readonly arrived = new Map<MeshObject, MeshObject | undefined>();
  /** Whether any object has a creation time. */
  private readonly isTimed: boolean;
  private changedUnread?: Map<string, MeshObject>;

  constructor(
    private readonly former: ReadonlyMap<string, readonly MeshObject[]>, private readonly formerUnread: ReadonlyMap<string, MeshObject>,
    private readonly options: InventoryOptions,
  ) {
    this.isTimed = [...former.values()].some((objects) => objects.some(({ created }) => created !== undefined));
  }

  get unread(): ReadonlyMap<string, MeshObject> {
    return this.changedUnread ?? this.formerUnread;
  }

  make(change: InventoryChange): void {
    if ('delete' in change) this.delete(change.delete);
    else this.apply(change);
  }

  inOrder(): ReadonlyMap<string, readonly MeshObject[]> {
    return new Map([...this.former, ...[...this.tables].map(([type, table]) => [type, [...table.values()].sort(byAge)] as const)]);
  }

  private apply({ apply: source, replaces, created }: Extract<InventoryChange, { apply: unknown }>): void {
    const read = readObject(source, this.options);
    if (!read) return;
    if (!this.isRead(read, source as Mapping)) {
      if (!mayHoldKey(read)) this.ownUnread.set(idKey(read), read);
      return;
    }
    const table = this.tableOf(groupKind(read));
    const key = keyOf(read);
    const same = table.get(key);
    const hasArrived = same !== undefined && this.arrived.has(same);
    const earlier = replaces ?? (hasArrived ? this.arrived.get(same) : same);
    if (replaces) this.delete(replaces);
    const age = created ?? this.ageOf(read, earlier);
    const object = age === read.created ? read : { ...read, created: age };
    if (hasArrived) this.replaced.push({ object: same, by: object });
    table.set(key, object);
    this.arrived.set(object, earlier);
  }

  private delete(object: MeshObject): void {
    if (this.isRead(object, object.source as Mapping)) this.tableOf(groupKind(object)).delete(keyOf(object));
    else this.ownUnread.delete(idKey(object));
    this.deleted.add(object);
  }

  /** As old as the object that it replaces, or the youngest, if objects have times. */
  private ageOf({ created }: MeshObject, earlier: MeshObject | undefined): number | undefined {
    return created ?? (this.isTimed ? (earlier ? earlier.created : YOUNGEST) : undefined);
  }

  private isRead(object: MeshObject, source: Mapping): boolean {
    const { workloadKinds = WorkloadKinds.BUILT_IN } = this.options;
    return READ_KINDS.has(object) || workloadKinds.of(source) !== undefined;
  }

  private get ownUnread(): Map<string, MeshObject> {
    return this.changedUnread ??= new Map(this.formerUnread);
  }

  private tableOf(type: string): Map<unknown, MeshObject> {
    let table = this.tables.get(type);
    if (!table) this.tables.set(type, table = new Map((this.former.get(type) ?? []).map((object) => [keyOf(object), object])));
    return table;
  }
}

/** Manifests without the lists around them. */
function* objectsIn(manifests: Iterable<unknown>): Generator<Mapping> {
  for (const source of manifests) {
    if (!isMapping(source)) continue;
    if (Array.isArray(source.items) && text(source.kind)?.endsWith('List')) yield* objectsIn(source.items);
    else yield source;
  }
}

/** A key for an object: every object whose name the API server generates (`generateName`) has its own. */
function keyOf(object: MeshObject): unknown {
  return text(mapping((object.source as { metadata?: unknown }).metadata).name) === undefined ? object.source : idKey(object);
}

/** Whether an object of its kind may hold a private key. */
function mayHoldKey({ kind }: MeshObject): boolean {
  return /Secret$/.test(kind);
}
