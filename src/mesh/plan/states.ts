import { AffectedCallsIndex } from './affected-calls';
import { ChangeUnit } from './change-unit';
import { Recorder, StateOutcomes } from './state-outcomes';
import { InventoryChange } from '../inventory/inventory';
import { compareNames, idKey } from '../inventory/object';
import { Mesh } from '../mesh';
import { portsIn } from '../queries/named-ports';
import { Workload } from '../workloads/workload';

/** The versions of a unit that exist at the same time: one, or two while pods are being replaced. */
export type Presence = readonly number[];

/** The present versions of each unit, by the unit's index. */
export type State = readonly Presence[];

/** The most states that are examined: fewer in meshes with many objects, since each state takes longer. */
const [MOST_STATES, FEWEST_STATES, OBJECTS] = [2_000, 24, 500_000];

/** The states that a mesh goes through while units change, each recorded once. */
export class States {
  private readonly recorder: Recorder;
  private readonly known = new Map<string, StateOutcomes>();
  /** Units that are examined together have different colours. */
  readonly colours: readonly number[];
  private readonly ends: ReadonlyMap<string, StateOutcomes>;
  private readonly most: number;
  private readonly unchanged: readonly Workload[];
  private readonly clients: readonly Workload[];

  /** @param sets units that are examined together for reasons other than the calls they affect */
  constructor(
    private readonly before: Mesh, after: Mesh, private readonly units: readonly ChangeUnit[],
    areas: AffectedCallsIndex, sets: readonly (readonly number[])[],
  ) {
    this.colours = areas.colours(sets);
    const size = [...before.objects.all()].length;
    this.most = Math.max(FEWEST_STATES, Math.min(MOST_STATES, Math.floor(OBJECTS / Math.max(size, 1))));
    const changing = new Set(units.flatMap(({ versions }) => versions.flatMap(({ pods }) => (pods ? [idKey(pods)] : []))));
    this.unchanged = before.workloads.filter((workload) => !changing.has(idKey(workload)));
    this.clients = [...this.unchanged, ...units.flatMap(({ versions }) => versions.flatMap(({ pods }) => pods ?? []))].sort(compareNames);
    this.recorder = new Recorder(this.clients, (host) => areas.of(host) !== undefined, portsIn([before, after]));
    const all = [...units.keys()];
    const ends = [units.map(() => [0]), units.map(({ goal }) => [goal])].map((state) => ({ state, mesh: this.mesh(state) }));
    for (const { mesh } of ends) this.recorder.learn(mesh);
    for (const { state, mesh } of ends) this.known.set(this.keyOfState(all, state), this.recorder.record(mesh));
    this.ends = new Map(this.known);
  }

  /** Drops all recorded states except those before and after the change: they take most of a plan's memory. */
  forget(): void {
    this.known.clear();
    for (const [key, record] of this.ends) this.known.set(key, record);
  }

  /** The key of the receiver at a workload's port. */
  receiverKey(server: Workload, port: number): string {
    return this.recorder.links.receiverKey(server, port);
  }

  /** A key that is equal for the same objects, such as halves. */
  keyOf(objects: readonly object[]): string {
    return objects.map((object) => this.recorder.links.numberOf(object)).join(' ');
  }

  /**
   * A state with respect to some units: the state of the others doesn't matter.
   *
   * @param chosen what is there of each of them
   * @returns undefined: too many states have been looked at
   */
  of(some: readonly number[], chosen: readonly Presence[]): StateOutcomes | undefined {
    const key = this.keyOfState(some, chosen);
    const known = this.known.get(key);
    if (known || this.known.size === this.most) return known;
    const record = this.recorder.record(this.mesh(this.completed(some, chosen)));
    this.known.set(key, record);
    return record;
  }

  /**
   * The presence of each colour, which determines that of all units, unless two of the given ones share a colour and differ: a key of all
   * units would be as long as the change, for each state of each area.
   */
  private keyOfState(some: readonly number[], chosen: readonly Presence[]): string {
    const byColour: string[] = [];
    for (const [position, unit] of some.entries()) {
      const [colour, presence] = [this.colours[unit], chosen[position].join()];
      if ((byColour[colour] ?? presence) !== presence) return this.completed(some, chosen).join(' ');
      byColour[colour] = presence;
    }
    // Units of a colour without a given version are as before.
    return `by colour ${byColour.map((presence, colour) => (presence === '0' ? '' : `${colour}:${presence} `)).join('')}`;
  }

  /** The mesh in a state. */
  mesh(state: State): Mesh {
    const changes: InventoryChange[] = [];
    const pods: Workload[] = [];
    for (const [index, { versions }] of this.units.entries()) {
      const last = versions[Math.max(...state[index])];
      if (last.change) changes.push(last.change);
      for (const version of state[index]) pods.push(...versions[version].pods ? [versions[version].pods] : []);
    }
    return this.before.running(changes, [...this.unchanged, ...pods].sort(compareNames), this.clients);
  }

  /**
   * Completes a state: units of one colour affect nothing in common, so changing all of them in one state examines several states at once.
   */
  private completed(some: readonly number[], chosen: readonly Presence[]): State {
    const own = new Map(some.map((index, position) => [index, chosen[position]]));
    const byColour = new Map(some.map((index, position) => [this.colours[index], chosen[position]]));
    return this.units.map(({ versions }, index) => {
      const presence = own.get(index);
      if (presence) return presence;
      const like = byColour.get(this.colours[index]) ?? [0];
      return like.every((version) => versions[version] !== undefined) && isPossible(this.units[index], like) ? like : [0];
    });
  }
}

/** The presences during a unit's move; old and new pods may exist together. */
export function presences({ versions }: ChangeUnit, from: number, to: number): readonly Presence[] {
  if (from === to) return [[from]];
  return isPossible({ versions }, [from, to]) ? [[from], [from, to], [to]] : [[from], [to]];
}

function isPossible({ versions }: Pick<ChangeUnit, 'versions'>, presence: Presence): boolean {
  return presence.length === 1 || presence.every((version) => versions[version].pods !== undefined);
}
