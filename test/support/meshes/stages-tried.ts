import { MixedStates } from './mixed-states';
import { Versions } from '../../../src/mesh/plan/stage-states';
import { ChangePlan, Stage } from '../../../src/mesh/plan/stages';
import { Presence, presences } from '../../../src/mesh/plan/states';
import { generator } from '../random/random-changes';

/** How many random states each stage is tried in, of clients and of servers; fewer if there are no more. */
const TRIED = 20;

/**
 * States of clients and of servers in a stage: all, or if they are many, random ones. Of these, half are such as come about
 * when the changes are made one by one in some order, of which clients have come to one and servers to another; in the others
 * each has any of them.
 */
export function statesTried(
  { units }: ChangePlan, versions: Versions, { moves }: Stage, draw: (limit: number) => number,
): (readonly [Presence[], Presence[]])[] {
  const choices = units.map((unit, index) => presences(unit, versions[index], moves.find((one) => one.unit === index)?.to ?? versions[index]));
  if (choices.reduce((count, { length }) => count * length, 1) ** 2 <= TRIED) {
    const all = choices.reduce<Presence[][]>((states, some) => states.flatMap((state) => some.map((one) => [...state, one])), [[]]);
    return all.flatMap((clients) => all.map((servers) => [clients, servers] as const));
  }
  const anyOf = (): Presence[] => choices.map((some) => some[draw(some.length)]);
  const inOrder = (order: readonly number[]): Presence[] => {
    const made = draw(order.length + 1);
    // The last one may be half made.
    return choices.map((some, unit) => {
      const place = order.indexOf(unit);
      return place < made - 1 ? some.at(-1)! : place === made - 1 ? some[draw(some.length)] : some[0];
    });
  };
  return Array.from({ length: TRIED }, (_, tried) => {
    if (tried % 2 === 0) return [anyOf(), anyOf()] as const;
    const order = shuffled(moves.map(({ unit }) => unit), draw);
    return [inOrder(order), inOrder(order)] as const;
  });
}

function shuffled<T>(values: readonly T[], draw: (limit: number) => number): T[] {
  return values.map((value) => ({ value, at: draw(2 ** 20) })).sort((one, other) => one.at - other.at).map(({ value }) => value);
}

/** The stages of a plan, each with the versions before it. */
export function* stagesOf({ units, stages = [] }: ChangePlan) {
  const versions = units.map(() => 0);
  for (const stage of stages) {
    yield { versions: [...versions], stage };
    for (const { unit, to } of stage.moves) versions[unit] = to;
  }
}

/**
 * Where something falls below its floor while a stage of a plan is carried out; of a proven stage also where something that has
 * a floor is undecided.
 */
export function fallenIn(id: string, plan: ChangePlan) {
  const mixed = new MixedStates(plan);
  const draw = generator(id.length + plan.units.length);
  return [...stagesOf(plan)].flatMap(({ versions, stage }) => statesTried(plan, versions, stage, draw).flatMap(([clients, servers]) => {
    const { unsafe, unproven } = mixed.fallen(clients, servers);
    const fallen = stage.verdict === 'safe' ? [...unsafe, ...unproven] : unsafe;
    return fallen.length > 0 ? [{ id, clients, servers, fallen }] : [];
  }));
}
