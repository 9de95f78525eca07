import { Condition, MissingInjection } from '../findings/condition';
import { InventoryChange } from '../mesh/inventory/inventory';
import { idKey, ObjectId, readObject } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';
import { MeshStates } from '../mesh/plan/change-unit';
import { CaseValues } from '../mesh/worlds/case-values';
import { RowsInCases } from '../mesh/worlds/rows-in-cases';
import { missingIn } from '../mesh/worlds/two-states';

/** Something that a migration does, or meets, in some cases only. */
export type Conditional<T> = T & {
  /** All of them hold. Missing if it is so in every case. */
  readonly if?: readonly Condition[];
};

/** Something found in one case. */
export interface FoundInCase<T> {
  /** The index of the case. */
  readonly inCase: number;
  /** Equal for the same in other cases. */
  readonly key: string;
  /** The workloads and machines that it concerns. */
  readonly objects: readonly ObjectId[];
  readonly value: T;
}

/** A state of a mesh in each case of what its manifests lack. All cases have the same objects: a change is made in each of them. */
export class MeshCases {
  /** @param known undefined: the one case is the mesh as the manifests show it */
  static of(shown: Mesh, known?: CaseValues): MeshCases {
    return new MeshCases(shown, known?.given(shown) ?? [shown], known);
  }

  private constructor(
    /** The state as the manifests show it. */
    readonly shown: Mesh,
    readonly all: readonly Mesh[],
    private readonly known?: CaseValues,
  ) {}

  /** The state after some changes. */
  with(...changes: readonly InventoryChange[]): MeshCases {
    const all = this.all.map((mesh) => mesh.with(...changes));
    return new MeshCases(this.known ? this.shown.with(...changes) : all[0], all, this.known);
  }

  /** The changes of all cases; if several change one object, that of the first. */
  changes(changesIn: (mesh: Mesh) => readonly InventoryChange[]): readonly InventoryChange[] {
    if (this.all.length === 1) return changesIn(this.all[0]);
    const changes = this.all.flatMap(changesIn);
    const idOf = (change: InventoryChange): string => (
      idKey('delete' in change ? change.delete : change.replaces ?? readObject(change.apply)!));
    return [...new Map([...changes].reverse().map((change) => [idOf(change), change])).values()].reverse();
  }

  /** The facts that this state lacks after another one, in any case. */
  missingAfter(before: MeshCases): readonly MissingInjection[] {
    const shown = { before: before.shown, after: this.shown };
    return [shown, ...this.statesAfter(before)].flatMap((states) => missingIn(states, shown));
  }

  statesAfter(before: MeshCases): readonly MeshStates[] {
    return this.all.map((after, index) => ({ before: before.all[index], after }));
  }

  /**
   * The values of facts with which something holds, as `CaseValues` names them.
   *
   * @param example the index of a case in which it does
   */
  conditions(example: number, holdsIn: (index: number) => boolean): readonly Condition[] | undefined {
    return this.known?.conditions(example, holdsIn);
  }
}

/** Tells what is found in cases with the facts on which it depends. */
export class FoundInCases {
  /** Whether something depends on values of facts that no case has. */
  isOpen = false;

  constructor(private readonly before: MeshCases, private readonly after: MeshCases, private readonly known: CaseValues | undefined) {}

  /** @param textOf equal for what doesn't differ */
  conditional<T extends object>(found: readonly FoundInCase<T>[], textOf: (value: T) => string): readonly Conditional<T>[] {
    if (!this.known) return found.map(({ value }) => value);
    const cases = this.known.holding().map((facts) => ({ facts }));
    const meshes = [this.before, this.after].flatMap(({ shown, all }) => [shown, ...all]);
    const rows = new RowsInCases<typeof cases[number], T>(cases, this.known.facts, meshes);
    for (const { key, objects, inCase, value } of found) rows.add(key, objects, cases[inCase], value);
    return rows.inFewCases((values) => values.map(textOf).join('\n')).flatMap((row) => {
      if (!row) this.isOpen = true;
      return row?.parts.map((value) => ({ ...value, ...row.conditions.length > 0 && { if: row.conditions } })) ?? [];
    });
  }
}
