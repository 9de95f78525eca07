import { AffectedCalls, AffectedCallsIndex } from './affected-calls';
import { CallCheck } from './call-check';
import { CallingPods, Callers, RunningCallers } from './callers';
import { isRollout, ChangeUnit } from './change-unit';
import { guardedBy, JointWorkload, PortCheck } from './port-check';
import { Move, StageStatesFinder, Versions } from './stage-states';
import { States } from './states';
import { FallenCall } from './undeclared-call';
import { StageVerdict, worstVerdict } from './verdict';
import { numeral } from '../../findings/numeral';
import { LimitError, limitError } from '../../findings/refusal';
import { grouped } from '../collections';
import { compareNames, idKey } from '../inventory/object';
import { Mesh } from '../mesh';

/** The most pairs examined of a workload whose pods are replaced and a host whose calls change: more take gigabytes. */
const MOST_PAIRS = 640_000;

/** Checks whether a stage of a change is safe while proxies receive its changes in any order, clients and servers independently. */
export class StageCheck {
  private readonly calls: CallCheck;
  private readonly ports: PortCheck;
  private readonly passages: StageStatesFinder;
  private readonly states: States;
  private readonly clientsOf: ReadonlyMap<number, readonly JointWorkload[]>;

  constructor(before: Mesh, after: Mesh, units: readonly ChangeUnit[], private readonly areas: AffectedCallsIndex) {
    const workloads = jointWorkloads(before, after, units);
    const rolling = workloads.filter(({ unit }) => unit !== undefined);
    if (rolling.length * areas.touched.length > MOST_PAIRS) throw tooManyPairs(rolling.length, areas.touched.length);
    const guarded = guardedBy(units, workloads, [before, after], areas);
    const states = this.states = new States(before, after, units, areas, guarded.map(({ units: together }) => together));
    const passages = this.passages = new StageStatesFinder(units, states);
    const callers = new Callers(workloads, units, (namespace) => areas.ofClients(namespace), passages.transitions);
    this.calls = new CallCheck(callers, before, after, passages, states);
    this.ports = new PortCheck(guarded, passages, states);
    this.clientsOf = grouped(rolling, ({ unit }) => unit!);
  }

  /** @param from the versions before the stage */
  check(from: Versions, moves: readonly Move[]): StageVerdict {
    return this.checkOf(from, moves, moves);
  }

  /**
   * Checks moves whose subset without `some` is known to be safe: calls that `some` doesn't affect go through the same states as without
   * it. Only for a search of safe stages, since the result may differ from `check` if that subset is unproven.
   *
   * @param moves all moves
   */
  checkMore(from: Versions, moves: readonly Move[], some: readonly Move[]): StageVerdict {
    return this.checkOf(from, moves, some);
  }

  private checkOf(from: Versions, moves: readonly Move[], some: readonly Move[]): StageVerdict {
    const to = goalOf(from, moves);
    return worstVerdict(this.parts(from, to, some.map(({ unit }) => unit)));
  }

  /** Each call that falls during a stage, or may; undefined for calls that go through too many states. */
  * fallenCalls(from: Versions, moves: readonly Move[]): Generator<FallenCall | undefined> {
    const to = goalOf(from, moves);
    for (const { area, stable, rolling } of this.running(from, to, moves.map(({ unit }) => unit))) {
      for (const callers of [...stable, ...rolling]) yield* this.calls.fallenCalls(area, callers, from, to);
    }
  }

  /** Drops all examined states: a failed search leaves as many as are allowed. */
  forget(): void {
    for (const part of [this.states, this.passages, this.calls, this.ports]) part.forget();
  }

  /** Examines only changed objects and their callers: everything else is as it was after the previous stage. */
  private* parts(from: Versions, to: Versions, moving: readonly number[]): Generator<StageVerdict> {
    yield* this.ports.verdicts(from, to, moving);
    for (const { area, stable, rolling } of this.running(from, to, moving)) {
      for (const callers of stable) yield* this.calls.ofStable(area, callers, from, to);
      for (const callers of rolling) yield* this.calls.ofRolling(area, callers, from, to);
    }
  }

  /** The callers of each group of hosts whose calls a stage affects. */
  private* running(from: Versions, to: Versions, moving: readonly number[]): Generator<Running & { readonly area: AffectedCalls }> {
    const areas = new Set(moving.flatMap((unit) => this.areas.touching(unit)));
    const [all, some] = [lazy(() => this.callersOf(from, to)), this.callersOf(from, to, new Set(moving))];
    for (const [index, area] of this.areas.touched.entries()) yield { area, ...areas.has(index) ? all() : some };
  }

  /** @param moving only callers whose pods or own units are among these */
  private callersOf(from: Versions, to: Versions, moving?: ReadonlySet<number>): Running {
    const { callers } = this.calls;
    const of = (stable: readonly CallingPods[], rolling: readonly CallingPods[]): Running =>
      ({ stable: callers.together(stable, from, to), rolling: callers.together(rolling, from, to) });
    if (!moving) return of(callers.stable, callers.running(callers.rolling, from, to));
    const isConcerned = ({ client: { unit }, own }: CallingPods): boolean =>
      (unit !== undefined && moving.has(unit)) || own.some((one) => moving.has(one));
    const isAny = [...moving].some((unit) => this.clientsOf.has(unit) || this.areas.footprintOf(unit).clients !== undefined);
    return isAny ? of(callers.stable.filter(isConcerned), callers.running(callers.rolling, from, to).filter(isConcerned)) : NONE;
  }
}

/** Running callers, by what happens to their pods. */
interface Running {
  readonly stable: readonly RunningCallers[];
  readonly rolling: readonly RunningCallers[];
}

function goalOf(from: Versions, moves: readonly Move[]): Versions {
  const to = [...from];
  for (const move of moves) to[move.unit] = move.to;
  return to;
}

const NONE: Running = { stable: [], rolling: [] };

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
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

/** The workloads that exist before and after, by namespace, name and kind. */
function jointWorkloads(before: Mesh, after: Mesh, units: readonly ChangeUnit[]): readonly JointWorkload[] {
  const rollouts = [...units.entries()].filter(([, unit]) => isRollout(unit));
  const unitOf = new Map(rollouts.map(([index, { versions }]) => [idKey(versions.find(({ pods }) => pods)!.pods!), index]));
  const former = new Map(before.workloads.map((workload) => [idKey(workload), workload]));
  return after.workloads.flatMap((workload): readonly JointWorkload[] => {
    const same = former.get(idKey(workload));
    const unit = unitOf.get(idKey(workload));
    return same ? [{ before: same, after: unit === undefined ? same : units[unit].versions[units[unit].goal].pods!, unit }] : [];
  }).sort((one, other) => compareNames(one.after, other.after));
}
