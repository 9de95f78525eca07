import { Areas } from './areas';
import { CallCheck } from './call-check';
import { RunningCallers } from './callers';
import { Move, Passages, Versions } from './passage';
import { guardedBy, JointWorkload, PortCheck } from './port-check';
import { States } from './states';
import { isRollout, Unit } from './unit';
import { Verdict, worstVerdict } from './verdict';
import { numeral } from '../../findings/numeral';
import { LimitError, limitError } from '../../findings/refusal';
import { grouped } from '../collections';
import { compareNames, idKey } from '../inventory/object';
import { Mesh } from '../mesh';

/** How many pairs of a workload whose pods are replaced and a host whose calls change are examined: more take gigabytes. */
const MOST_PAIRS = 640_000;

/** Checks whether stages of a change are safe: whichever proxies have received which of its changes, clients and servers separately. */
export class StageCheck {
  private readonly calls: CallCheck;
  private readonly ports: PortCheck;
  private readonly clientsOf: ReadonlyMap<number, readonly JointWorkload[]>;

  constructor(before: Mesh, after: Mesh, units: readonly Unit[], private readonly areas: Areas) {
    const workloads = jointWorkloads(before, after, units);
    const rolling = workloads.filter(({ unit }) => unit !== undefined);
    if (rolling.length * areas.touched.length > MOST_PAIRS) throw tooManyPairs(rolling.length, areas.touched.length);
    const guarded = guardedBy(units, workloads, [before, after], areas);
    const states = new States(before, after, units, areas, guarded.map(({ units: together }) => together));
    const passages = new Passages(units, states);
    this.calls = new CallCheck(workloads, before, after, passages, states);
    this.ports = new PortCheck(guarded, passages, states);
    this.clientsOf = grouped(rolling, ({ unit }) => unit!);
  }

  /** @param from the versions before the stage */
  check(from: Versions, moves: readonly Move[]): Verdict {
    return this.checkOf(from, moves, moves);
  }

  /**
   * The same if all moves but some are known to be safe: what none of these concerns is examined in the same states as it was without them.
   * It may be unproven without them, so this is only for those who look for what is safe.
   *
   * @param moves all of them
   */
  checkMore(from: Versions, moves: readonly Move[], some: readonly Move[]): Verdict {
    return this.checkOf(from, moves, some);
  }

  private checkOf(from: Versions, moves: readonly Move[], some: readonly Move[]): Verdict {
    const to = [...from];
    for (const move of moves) to[move.unit] = move.to;
    return worstVerdict(this.parts(from, to, some.map(({ unit }) => unit)));
  }

  /** Only what changes, and its callers, are examined: everything else is as it was after the previous stage. */
  private* parts(from: Versions, to: Versions, moving: readonly number[]): Generator<Verdict> {
    yield* this.ports.verdicts(from, to, moving);
    const { callers } = this.calls;
    const areas = new Set(moving.flatMap((unit) => this.areas.touching(unit)));
    const restarting = [...new Set(moving)].flatMap((unit) => this.clientsOf.get(unit) ?? [])
      .sort((one, other) => compareNames(one.after, other.after));
    const some = callers.running(restarting, from, to);
    let all: RunningCallers | undefined;
    for (const [index, area] of this.areas.touched.entries()) {
      if (areas.has(index)) {
        yield* this.calls.ofStable(area, from, to);
        yield* this.calls.ofRolling(area, callers.rolling, all ??= callers.running(callers.rolling, from, to), from, to);
      } else if (restarting.length > 0) {
        yield* this.calls.ofRolling(area, restarting, some, from, to);
      }
    }
  }
}

function tooManyPairs(workloads: number, calls: number): LimitError {
  return limitError({
    kind: 'the change',
    field: 'it',
    actual: `a rollout of ${numeral(workloads)} workloads that affects calls to ${numeral(calls)} groups of hosts`,
    expected: `at most ${numeral(MOST_PAIRS)} pairs of a workload and such a group`,
    because: 'each workload\'s calls to each are examined while its pods are being replaced',
    fix: 'plan the rollouts of a few namespaces at a time',
  });
}

/** The workloads of both ends, by namespace, name and kind. */
function jointWorkloads(before: Mesh, after: Mesh, units: readonly Unit[]): readonly JointWorkload[] {
  const rollouts = [...units.entries()].filter(([, unit]) => isRollout(unit));
  const unitOf = new Map(rollouts.map(([index, { versions }]) => [idKey(versions.find(({ pods }) => pods)!.pods!), index]));
  const former = new Map(before.workloads.map((workload) => [idKey(workload), workload]));
  return after.workloads.flatMap((workload): readonly JointWorkload[] => {
    const same = former.get(idKey(workload));
    const unit = unitOf.get(idKey(workload));
    return same ? [{ before: same, after: unit === undefined ? same : units[unit].versions[units[unit].goal].pods!, unit }] : [];
  }).sort((one, other) => compareNames(one.after, other.after));
}
