import { BothWays, ExpectedFact, JudgedWorld } from './both-ways';
import { mostCases } from './two-states';
import { allValuesOf } from './worlds';
import { Condition } from '../../findings/condition';
import { Mesh } from '../mesh';
import { factKey } from '../workloads/missing-injection';

/** Of at most so many facts, all combinations of values are judged. */
const FEW_FACTS = 4;

/** Of more facts, so many worlds with some of the expected ones are judged, at most. */
const MOST_EXPECTED = 8;

/** How many worlds are judged in any case, at most. */
const USUAL_WORLDS = 4;

/**
 * The values of facts in the worlds that tell which of them something depends on: every combination of a few facts, and of more, those
 * of the expected ones, or each of these alone. None of large meshes, since each world takes as long as the mesh.
 */
export function furtherValues(facts: readonly ExpectedFact[], mesh: Mesh): readonly (readonly boolean[])[] {
  const most = mostCases(mesh);
  if (facts.length <= FEW_FACTS && 2 ** facts.length <= most) return allValuesOf(facts);
  const expected = facts.filter(({ expectedBy }) => expectedBy);
  const areFew = 2 ** expected.length <= MOST_EXPECTED;
  const worlds = areFew ? 2 ** expected.length : expected.length;
  if (worlds > Math.min(MOST_EXPECTED, most - USUAL_WORLDS)) return [];
  const some = areFew ? allValuesOf(expected) : expected.map((fact) => expected.map((other) => other === fact));
  return some.map((values) => facts.map((fact) => values[expected.indexOf(fact)] ?? false));
}

/** A condition, with all judged worlds in which it is true. */
interface TriedCondition<J> {
  readonly conditions: readonly Condition[];
  readonly worlds: readonly JudgedWorld<J>[];
}

/** Finds the facts that something depends on, of which it is known in which worlds it holds. */
export class ShortestConditions<J> {
  private readonly tried = new Map<JudgedWorld<J>, readonly TriedCondition<J>[]>();

  constructor(private readonly worlds: BothWays<J>) {}

  /**
   * The shortest condition that is true in a world and, of the judged worlds, only in those in which something holds. It names facts
   * that don't hold only if it must. Empty: it holds in all worlds. Equal conditions are one list: there may be thousands of findings,
   * and of facts.
   *
   * @param having the worlds in which it holds, the first one among them
   */
  in(world: JudgedWorld<J>, having: ReadonlySet<JudgedWorld<J>>): readonly Condition[] {
    if (!this.tried.has(world)) this.tried.set(world, this.conditionsOf(world).map((conditions) => this.triedCondition(conditions)));
    return this.tried.get(world)!.find(({ worlds }) => worlds.every((one) => having.has(one)))!.conditions;
  }

  /** Conditions that are true in a world, the shortest first; the last one has the values of all facts. */
  private conditionsOf(world: JudgedWorld<J>): readonly (readonly Condition[])[] {
    const { facts, all } = this.worlds;
    const held = keysOf(world);
    const values = facts.map(({ fact, name }): Condition => ({ fact, name, holds: held.has(factKey({ fact, name })) }));
    if (all.length === 2 ** facts.length) return shortestFirst(values);
    const within = all.map(keysOf).filter((keys) => [...keys].every((key) => held.has(key))).sort((one, other) => one.size - other.size);
    return [...within.map((keys) => values.filter((value) => keys.has(factKey(value)))), values];
  }

  private triedCondition(conditions: readonly Condition[]): TriedCondition<J> {
    const worlds = this.worlds.all.filter((world) => {
      const held = keysOf(world);
      return conditions.every((condition) => held.has(factKey(condition)) === condition.holds);
    });
    return { conditions, worlds };
  }
}

function keysOf<J>({ holding }: JudgedWorld<J>): ReadonlySet<string> {
  return new Set(holding.map(factKey));
}

/** All selections of some values: those with fewer facts that don't hold come first, and of these, those with fewer facts. */
function shortestFirst(values: readonly Condition[]): readonly (readonly Condition[])[] {
  const all = values.reduce<readonly (readonly Condition[])[]>((some, value) => [...some, ...some.map((one) => [...one, value])], [[]]);
  const failing = (conditions: readonly Condition[]): number => conditions.filter(({ holds }) => !holds).length;
  return [...all].sort((one, other) => failing(one) - failing(other) || one.length - other.length);
}
