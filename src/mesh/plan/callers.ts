import { NO_UNITS } from './affected-calls';
import { ChangeUnit } from './change-unit';
import { JointWorkload } from './port-check';
import { StateSet, Transitions, Versions } from './stage-states';
import { StateOutcomes } from './state-outcomes';
import { addTo, grouped } from '../collections';
import { Workload } from '../workloads/workload';

/** Pods that call: those of a workload that stays, or of one version of a workload whose pods are replaced. */
export interface CallingPods {
  readonly number: number;
  readonly client: JointWorkload;
  readonly pods: Workload;
  /** Undefined if the pods stay. */
  readonly version?: number;
  /** The units that affect what the caller sends to any host: the same array for all callers of a namespace. */
  readonly own: readonly number[];
}

/**
 * Groups of callers that are in the same classes in all examined states: one
 * verdict covers a group, except for callers that a call sets apart.
 */
interface Grouping {
  /** The group of each caller, by its number. */
  readonly groupOf: Int32Array;
  /** The classes of each group's callers before and after the whole change, then in each state. */
  readonly classes: readonly (readonly number[])[];
}

/** Callers with the same own units. */
class OwnCallers {
  private readonly numbers: ReadonlySet<number>;
  private groups?: { readonly of: StateSet; readonly all: ReadonlySet<number> };

  constructor(readonly own: readonly number[], readonly all: readonly CallingPods[], private readonly callers: Callers) {
    this.numbers = new Set(all.map(({ number }) => number));
  }

  has({ number }: CallingPods): boolean {
    return this.numbers.has(number);
  }

  /** The callers' groups in some states. Most checks of one plan ask for the same states. */
  groupsIn(shared: StateSet): ReadonlySet<number> {
    if (this.groups?.of !== shared) {
      const { groupOf } = this.callers.groupingIn(shared);
      this.groups = { of: shared, all: new Set(this.all.map(({ number }) => groupOf[number])) };
    }
    return this.groups.all;
  }

  forget(): void {
    this.groups = undefined;
  }
}

/** All callers of a change. */
export class Callers {
  readonly stable: readonly CallingPods[];
  /** The clients whose pods are replaced. */
  readonly rolling: readonly JointWorkload[];
  private readonly all: CallingPods[] = [];
  private readonly byClient = new Map<JointWorkload, CallingPods[]>();
  private readonly byPods = new Map<Workload, CallingPods[]>();
  /** The stable callers, which all checks examine. */
  private readonly stableByOwn: ReadonlyMap<readonly number[], OwnCallers>;
  /** All stable callers, if none has own units. */
  private plain?: RunningCallers;
  private readonly groupings = new Map<StateSet, Grouping>();
  private readonly classesByRecord = new Map<StateOutcomes, Int32Array>();

  /** @param ownOf the units that affect what clients of a namespace send to any host */
  constructor(
    workloads: readonly JointWorkload[], units: readonly ChangeUnit[],
    private readonly ownOf: (namespace: string) => readonly number[], private readonly transitions: Transitions,
  ) {
    this.rolling = workloads.filter(({ unit }) => unit !== undefined);
    for (const client of workloads) {
      if (client.unit === undefined) this.add(client, client.before);
      else for (const [version, { pods }] of units[client.unit].versions.entries()) if (pods) this.add(client, pods, version);
    }
    this.stable = this.all.filter(({ version }) => version === undefined);
    this.stableByOwn = this.byOwn(this.stable);
  }

  /** The pods of some clients that run while units go from some versions to others. */
  running(clients: readonly JointWorkload[], from: Versions, to: Versions): readonly CallingPods[] {
    return clients.flatMap((client) => (
      this.of(client).filter(({ version }) => version === from[client.unit!] || version === to[client.unit!])));
  }

  /** Splits callers by the states that their own units go through. */
  together(callers: readonly CallingPods[], from: Versions, to: Versions): readonly RunningCallers[] {
    const isStable = callers === this.stable;
    if (isStable && this.plain) return [this.plain];
    const byOwn = isStable ? this.stableByOwn : this.byOwn(callers);
    if (isStable && !Array.from(byOwn.keys()).some((own) => own.length > 0)) return [this.plain = new RunningCallers(byOwn)];
    const alike = grouped(byOwn.values(), ({ own }) => this.transitions.numberOf(own, from, to));
    const inOrder = alike.size === 1 ? callers : undefined;
    return Array.from(alike.values(), (some) => new RunningCallers(new Map(some.map((one) => [one.own, one])), inOrder));
  }

  /** Drops all cached groups. */
  forget(): void {
    this.groupings.clear();
    this.classesByRecord.clear();
    for (const some of this.stableByOwn.values()) some.forget();
    this.plain = undefined;
  }

  /** All pods of a client. */
  of(client: JointWorkload): readonly CallingPods[] {
    return this.byClient.get(client)!;
  }

  /** The callers that some pods are, or were, or will be. */
  ofPods(pods: Workload): readonly CallingPods[] {
    return this.byPods.get(pods) ?? [];
  }

  groupingIn(shared: StateSet): Grouping {
    let grouping = this.groupings.get(shared);
    if (!grouping) this.groupings.set(shared, grouping = this.group(shared));
    return grouping;
  }

  private byOwn(callers: readonly CallingPods[]): ReadonlyMap<readonly number[], OwnCallers> {
    return new Map(Array.from(grouped(callers, ({ own }) => own), ([own, all]) => [own, new OwnCallers(own, all, this)]));
  }

  private add(client: JointWorkload, pods: Workload, version?: number): void {
    const caller: CallingPods = { number: this.all.length, client, pods, version, own: this.ownOf(client.before.namespace) };
    this.all.push(caller);
    addTo(this.byClient, client, caller);
    for (const one of new Set([pods, client.before, client.after])) addTo(this.byPods, one, caller);
  }

  /** Splits one group by the callers' classes in each state in turn: a key of all classes would be as long as the number of states. */
  private group({ before, after, records }: StateSet): Grouping {
    const groupOf = new Int32Array(this.all.length);
    let classes: (readonly number[])[] = [[]];
    const columns = [
      Int32Array.from(this.all, ({ client }) => before.classOf.get(client.before)!),
      // For a client whose pods stay, the state after has the same pods.
      Int32Array.from(this.all, ({ client, pods, version }) => after.classOf.get(version === undefined ? pods : client.after)!),
      ...records.map((record) => this.classesIn(record)),
    ];
    for (const column of columns) {
      const split = new Map<string, number>();
      const next: (readonly number[])[] = [];
      for (const [number, of] of column.entries()) {
        const key = `${groupOf[number]} ${of}`;
        let group = split.get(key);
        if (group === undefined) {
          split.set(key, group = next.length);
          next.push([...classes[groupOf[number]], of]);
        }
        groupOf[number] = group;
      }
      classes = next;
    }
    return { groupOf, classes };
  }

  private classesIn(record: StateOutcomes): Int32Array {
    let classes = this.classesByRecord.get(record);
    if (!classes) this.classesByRecord.set(record, classes = Int32Array.from(this.all, ({ pods }) => record.classOf.get(pods)!));
    return classes;
  }
}

/** Callers that all run in the states of a check, and whose own units go through the same states. */
export class RunningCallers {
  private readonly groups = new Map<StateSet, ReadonlySet<number>>();

  /**
   * @param byOwn the callers by their own units
   * @param inOrder all callers, if their order differs from that
   */
  constructor(private readonly byOwn: ReadonlyMap<readonly number[], OwnCallers>, private readonly inOrder?: readonly CallingPods[]) {}

  /** The own units of one of the callers, which represent those of all. */
  get own(): readonly number[] {
    const [own = NO_UNITS] = this.byOwn.keys();
    return own;
  }

  get all(): readonly CallingPods[] {
    return this.inOrder ?? Array.from(this.byOwn.values(), ({ all }) => all).flat();
  }

  /** The callers, split by own units. */
  get parts(): Iterable<Pick<OwnCallers, 'own' | 'all'>> {
    return this.byOwn.values();
  }

  has(caller: CallingPods): boolean {
    return this.byOwn.get(caller.own)?.has(caller) ?? false;
  }

  /** The groups of the callers in some states. */
  groupsIn(shared: StateSet): ReadonlySet<number> {
    let groups = this.groups.get(shared);
    if (!groups) {
      const all = new Set<number>();
      for (const some of this.byOwn.values()) for (const group of some.groupsIn(shared)) all.add(group);
      this.groups.set(shared, groups = all);
    }
    return groups;
  }
}
