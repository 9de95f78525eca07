import { ExpectedFact } from './both-ways';
import { expectationsOf } from './expectations';
import { mostCases } from './two-states';
import { allValuesOf, valuesOf } from './worlds';
import { Condition, MissingInjection } from '../../findings/condition';
import { Mesh } from '../mesh';
import { MeshStates } from '../plan/change-unit';
import { assumed, factKey } from '../workloads/missing-injection';

/** Of at most so many facts, all combinations of values are planned for. */
const FEW_FACTS = 4;

/** The values of missing facts in the cases that a change is planned for. */
export class CaseValues {
  /**
   * Undefined: there are too many cases for so many objects.
   *
   * @param shown both states as the manifests show them
   */
  static of(missing: readonly MissingInjection[], { before, after }: MeshStates): CaseValues | undefined {
    const expected = new Map([before, after].flatMap((mesh) => [...expectationsOf(mesh, missing)]));
    const facts = missing.map((fact) => ({ ...fact, expectedBy: expected.get(factKey(fact)) }));
    const most = mostCases(after);
    const all = facts.length <= FEW_FACTS ? allValuesOf(facts) : [];
    const some = all.length > 0 && all.length <= most ? all : valuesOf(facts);
    if (some.length > most) return undefined;
    const wanted = facts.map(({ expectedBy }) => expectedBy !== undefined);
    const isWanted = (values: readonly boolean[]): boolean => values.every((value, index) => value === wanted[index]);
    const values = some.some(isWanted) ? some : [...some, wanted];
    return new CaseValues(facts, values, [...new Set([values.findIndex(isWanted), 0, 1])]);
  }

  private constructor(
    readonly facts: readonly ExpectedFact[],
    /** Of each case, the value of each fact. */
    readonly values: readonly (readonly boolean[])[],
    /** The cases that are looked at alone, by their index: first the one that objects expect. */
    readonly first: readonly number[],
  ) {}

  /** The mesh in each case. */
  given(mesh: Mesh): readonly Mesh[] {
    return this.values.map((known) => mesh.given({ assumed: assumed(this.facts, (index) => known[index]) }));
  }

  /** Of each case, the keys of the facts that are true. */
  holding(): readonly ReadonlySet<string>[] {
    return this.values.map((known) => new Set(this.facts.filter((_, index) => known[index]).map(factKey)));
  }

  /**
   * The values of facts with which something holds, of which one case is an example: as few as possible if all cases are known, otherwise
   * those of all facts. Undefined: it holds in every case.
   */
  conditions(example: number, holdsIn: (index: number) => boolean): readonly Condition[] | undefined {
    const { facts, values } = this;
    if (values.every((_, index) => holdsIn(index))) return undefined;
    let needed = facts.map(({ fact, name }, index) => ({ fact, name, holds: values[example][index], index }));
    if (values.length === 2 ** facts.length) {
      for (const one of needed) {
        const others = needed.filter((other) => other !== one);
        const isLike = (known: readonly boolean[]): boolean => others.every(({ holds, index }) => known[index] === holds);
        if (values.every((known, index) => !isLike(known) || holdsIn(index))) needed = others;
      }
    }
    return needed.map(({ fact, name, holds }) => ({ fact, name, holds }));
  }
}
