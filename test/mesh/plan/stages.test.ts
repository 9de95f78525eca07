import { Mesh } from '../../../src/mesh/mesh';
import { Areas } from '../../../src/mesh/plan/areas';
import { Versions } from '../../../src/mesh/plan/passage';
import { MeshPlan, planOf } from '../../../src/mesh/plan/plan';
import { StageCheck } from '../../../src/mesh/plan/stage-check';
import { Presence, presences } from '../../../src/mesh/plan/states';
import { mesh } from '../../support/mesh';
import { fallsBelow, meshIn } from '../../support/mixed-states';
import { generator, RandomChange, randomChanges, simpleChanges } from '../../support/random-changes';

/** How many random states of clients and of servers each stage is tried in. */
const TRIED = 6;

const CHANGES = [...simpleChanges(11, 100), ...randomChanges(12, 20)];
const PLANS = CHANGES.map((change) => ({ change, plan: planned(change) }));

function planned({ before, after }: RandomChange): MeshPlan {
  return planOf(mesh(before), after);
}

test('the random changes are of all sorts', () => {
  const count = (is: (plan: MeshPlan) => boolean): number => PLANS.filter(({ plan }) => is(plan)).length;
  expect(count(({ atOnce }) => atOnce.verdict === 'safe')).toBeGreaterThan(50);
  expect(count(({ atOnce, stages = [] }) => atOnce.verdict === 'unsafe' && stages.length > 1)).toBeGreaterThan(15);
  expect(count(({ stages = [] }) => stages.length > 2)).toBeGreaterThan(5);
  expect(count(({ stages }) => stages === undefined)).toBeGreaterThan(0);
  expect(count(({ units }) => units.some(({ versions: [{ pods }] }) => pods !== undefined))).toBeGreaterThan(30);
});

test('nothing falls below its floor in any stage, whichever proxies have which of its changes', () => {
  for (const { change: { id }, plan } of PLANS) {
    const draw = generator(id.length + plan.units.length);
    for (const { versions, stage } of stagesOf(plan)) {
      for (let tried = 0; tried < TRIED; tried++) {
        const state = (): Presence[] => plan.units.map((unit, index) => {
          const move = stage.moves.find((one) => one.unit === index);
          const all = presences(unit, versions[index], move?.to ?? versions[index]);
          return all[draw(all.length)];
        });
        const [clients, servers] = [state(), state()];
        const { unsafe, unproven } = fallsBelow(plan, clients, servers);
        expect({ id, clients, servers, unsafe: stage.verdict === 'safe' ? [...unsafe, ...unproven] : unsafe }).toEqual({ id, clients, servers, unsafe: [] });
      }
    }
  }
});

test('a plan leads to the state after', () => {
  for (const { change: { id }, plan } of PLANS) {
    const { units, stages = [] } = plan;
    if (!plan.stages) continue;
    const versions = units.map((_, unit) => stages.flatMap(({ moves }) => moves).filter((move) => move.unit === unit).at(-1)?.to ?? 0);
    expect({ id, versions }).toEqual({ id, versions: units.map(({ goal }) => goal) });
    expect(meshIn(plan, units.map(({ goal }) => [goal])).summary()).toEqual(plan.after.summary());
  }
});

test('each stage is as safe backwards', () => {
  for (const { change: { id }, plan } of PLANS) {
    if (!plan.stages) continue;
    const check = checkOf(plan);
    for (const { versions, stage } of [...stagesOf(plan)].reverse()) {
      const reached = versions.map((version, unit) => stage.moves.find((move) => move.unit === unit)?.to ?? version);
      const back = stage.moves.map(({ unit, from, to }) => ({ unit, from: to, to: from }));
      expect({ id, verdict: check.check(reached, back).verdict }).toEqual({ id, verdict: stage.verdict });
    }
  }
});

test('what is unsafe at once has a witness that two states show', () => {
  for (const { change: { id }, plan: { atOnce, before, units } } of PLANS) {
    const { verdict, witness } = atOnce;
    if (verdict !== 'unsafe' || witness.kind === 'too-many') continue;
    const own = units.filter(({ change, versions }) => change ?? versions[0].pods);
    const of = (state: readonly Presence[]): Presence[] => own.map((_, unit) => state[unit]);
    const clients = witness.kind === 'call' ? of(witness.clientState) : of(witness.serverState);
    expect({ id, unsafe: fallsBelow({ before, units: own }, clients, of(witness.serverState)).unsafe.length > 0 }).toEqual({ id, unsafe: true });
  }
});

test('where no stages are found, no order of single changes is safe', () => {
  // Pods that restart with the labels of their namespace are no single changes.
  const stuck = PLANS.filter(({ plan: { stages, units } }) => !stages && units.length <= 5 && units.every(({ object }) => object.kind !== 'Namespace'));
  expect(stuck.length).toBeGreaterThan(0);
  for (const { change: { id }, plan } of stuck) expect({ id, path: safePath(plan) }).toEqual({ id, path: undefined });
});

function* stagesOf({ units, stages = [] }: MeshPlan) {
  const versions = units.map(() => 0);
  for (const stage of stages) {
    yield { versions: [...versions], stage };
    for (const { unit, to } of stage.moves) versions[unit] = to;
  }
}

function checkOf({ before, after, units }: { before: Mesh; after: Mesh } & Pick<MeshPlan, 'units'>): StageCheck {
  return new StageCheck(before, after, units, new Areas([before, after], units));
}

/** Tries all orders of single changes, each in all pairs of states, by meshes of their own. */
function safePath(plan: MeshPlan): readonly Versions[] | undefined {
  const { units } = plan;
  const seen = new Set<string>();
  const visit = (at: Versions, path: readonly Versions[]): readonly Versions[] | undefined => {
    if (units.every(({ goal }, unit) => at[unit] === goal)) return path;
    for (const [unit, { goal }] of units.entries()) {
      const next = at.map((version, index) => (index === unit ? goal : version));
      if (at[unit] === goal || seen.has(next.join())) continue;
      const stateOf = (presence: Presence): Presence[] => at.map((version, index) => (index === unit ? presence : [version]));
      const all = presences(units[unit], at[unit], goal).map(stateOf);
      const isSafe = all.every((clients) => all.every((servers) => {
        const { unsafe, unproven } = fallsBelow(plan, clients, servers);
        return unsafe.length + unproven.length === 0;
      }));
      if (!isSafe) continue;
      seen.add(next.join());
      const found = visit(next, [...path, next]);
      if (found) return found;
    }
    return undefined;
  };
  return visit(units.map(() => 0), []);
}
