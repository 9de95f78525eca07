import { AffectedCallsIndex } from './affected-calls';
import { MeshStates } from './change-unit';
import { StageCheck } from './stage-check';
import { after, ChangePlan } from './stages';
import { byHarm, UndeclaredCall, UndeclaredCalls } from './undeclared-call';
import { worsenedConnections } from './worsened';
import { CallsInEither } from '../compare/calls-in-either';
import { idKey } from '../inventory/object';

/** @param made the calls for which the plan is proven */
export function undeclaredCalls(plan: ChangePlan, made: CallsInEither): UndeclaredCalls {
  const states = { before: plan.before.withCalls(made.all), after: plan.after.withCalls(made.all) };
  const [ofAll, ofDeclared] = [worsenedConnections(states), worsenedConnections(plan)];
  const found = new Map<string, UndeclaredCall>();
  let isOpen = false;
  for (const call of fallenCalls(plan, states)) {
    if (!call) {
      isOpen = true;
    } else if (!made.has(call.client, call.key)) {
      const key = `${idKey(call.client)} ${call.key}`;
      const known = found.get(key);
      if (!known || (known.verdict === 'unproven' && call.verdict === 'unsafe')) found.set(key, call);
    }
  }
  return {
    worsened: {
      broken: ofAll.broken - ofDeclared.broken,
      plaintext: ofAll.plaintext - ofDeclared.plaintext,
      undecided: ofAll.undecided - ofDeclared.undecided,
      lost: ofAll.lost - ofDeclared.lost,
    },
    fallen: [...found.values()].sort(byHarm),
    isOpen,
    declared: { before: plan.before, after: plan.after },
  };
}

/** The calls that fall in each stage, or may; undefined for some that go through too many states. */
function* fallenCalls({ units, stages = [] }: ChangePlan, states: MeshStates): Generator<UndeclaredCall | undefined> {
  if (stages.length === 0) return;
  const check = new StageCheck(states.before, states.after, units, new AffectedCallsIndex([states.before, states.after], units));
  let from = units.map(() => 0);
  for (const [stage, { moves }] of stages.entries()) {
    for (const call of check.fallenCalls(from, moves)) yield call && { ...call, stage };
    from = [...after(from, moves)];
  }
}
