import { Areas } from './areas';
import { CallCheck } from './call-check';
import { Move, passageKey, Passages, Versions } from './passage';
import { JointWorkload, PortCheck } from './port-check';
import { States } from './states';
import { isRollout, Unit } from './unit';
import { Verdict, worstVerdict } from './verdict';
import { numeral } from '../../findings/numeral';
import { LimitError, limitError } from '../../findings/refusal';
import { compareNames, idKey } from '../inventory/object';
import { Mesh } from '../mesh';

/** How many pairs of a workload whose pods are replaced and a host whose calls change are examined: more take minutes, and gigabytes. */
const MOST_PAIRS = 2_400;

/** Checks whether stages of a change are safe: whichever proxies have received which of its changes, clients and servers separately. */
export class StageCheck {
  private readonly calls: CallCheck;
  private readonly ports: PortCheck;
  private readonly rolling: readonly JointWorkload[];
  private readonly verdicts = new Map<string, Verdict>();

  constructor(before: Mesh, after: Mesh, units: readonly Unit[], private readonly areas: Areas) {
    const workloads = jointWorkloads(before, after, units);
    const rolling = workloads.filter(({ unit }) => unit !== undefined);
    if (rolling.length * areas.touched.length > MOST_PAIRS) throw tooManyPairs(rolling.length, areas.touched.length);
    const states = new States(before, after, units, areas);
    const passages = new Passages(units, states);
    this.calls = new CallCheck(workloads, before, after, passages, states);
    this.ports = new PortCheck(workloads, [before, after], areas, passages, states);
    this.rolling = rolling;
  }

  /** @param from the versions before the stage */
  check(from: Versions, moves: readonly Move[]): Verdict {
    const to = [...from];
    for (const move of moves) to[move.unit] = move.to;
    return worstVerdict(this.parts(from, to, new Set(moves.map(({ unit }) => unit))));
  }

  /** Only what changes, and its callers, are examined: everything else is as it was after the previous stage. */
  private* parts(from: Versions, to: Versions, moving: ReadonlySet<number>): Generator<Verdict> {
    yield* this.ports.verdicts(from, to, moving, (key, make) => this.once(key, make));
    for (const [index, area] of this.areas.touched.entries()) {
      const isMoving = area.units.some((unit) => moving.has(unit));
      const key = `${index} ${passageKey(area.units, from, to)}`;
      if (isMoving) yield this.once(key, () => this.calls.ofStable(area, from, to));
      for (const client of this.rolling) {
        const { unit } = client;
        if (!isMoving && !moving.has(unit!)) continue;
        yield this.once(`${key} by ${unit}:${from[unit!]}-${to[unit!]}`, () => this.calls.ofRolling(area, client, from, to));
      }
    }
  }

  private once(key: string, make: () => Verdict): Verdict {
    let verdict = this.verdicts.get(key);
    if (!verdict) this.verdicts.set(key, verdict = make());
    return verdict;
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
