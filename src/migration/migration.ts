import { AutoMtlsOutcome } from './auto-mtls';
import { Blocker, blockerText, Blockers, newlyOutside } from './blockers';
import { LostCall, lostCalls, lostHop, lostInCase } from './callers';
import { ClientTlsRules } from './client-tls';
import { leftAsItIs, Measured, MeasuredCalls, UndeclaredMeasurement, UnknownCallers } from './measured-servers';
import { Conditional, FoundInCase, FoundInCases, MeshCases } from './mesh-cases';
import { MigrationRemedy, RemedyKind, remediesFor, remedyForOutside } from './remedies';
import { ModeTarget, targetChanges } from './target';
import { undecidedCalls } from './undecided-calls';
import { Condition, MissingInjection } from '../findings/condition';
import { grouped } from '../mesh/collections';
import { idKey } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';
import { serverKey, serverOf } from '../mesh/model/path';
import { ExpectedFact } from '../mesh/worlds/both-ways';
import { ownersOf } from '../mesh/worlds/branches';
import { CaseValues } from '../mesh/worlds/case-values';
import { withAllKnown } from '../mesh/worlds/known-facts';
import { PlanBothWays, planBothWays } from '../mesh/worlds/plan-both-ways';
import { haveAllValues, missingIn } from '../mesh/worlds/two-states';

/** A migration of servers to a mode. */
export interface Migration {
  readonly target: ModeTarget;
  /** The known callers, each with the change that keeps it working. */
  readonly blockers: readonly Conditional<Blocker>[];
  /** Clients that could call before and can't afterwards, without evidence that they do. */
  readonly possible: readonly Conditional<LostCall>[];
  /** The change of auto mTLS; undefined if it is on, or if no call needs it. */
  readonly autoMtls?: AutoMtlsOutcome;
  /** The results of measurements; undefined without measurements. */
  readonly measured?: MeasuredMigration;
  /** The number of undecided connections that the change affects, where they are most: their callers may be cut off, too. */
  readonly undecided: number;
  /** Where they are as many; undefined if they are in every case. */
  readonly undecidedIf?: readonly Condition[];
  /** Undefined if something prevents it. */
  readonly plan?: PlanBothWays;
  /** The facts that the mesh lacks, each decided both ways; undefined if it lacks none, or if they leave calls undecided. */
  readonly missing?: readonly ExpectedFact[];
}

/** The results of measurements, other than the known callers. */
export interface MeasuredMigration {
  /** Clients that could call before and can't afterwards, and didn't while all plaintext to their servers was recorded. */
  readonly unseen: readonly Conditional<LostCall>[];
  /** Servers whose callers aren't all known, and that therefore keep their mode. */
  readonly unknown: readonly Conditional<UnknownCallers>[];
  /** The number of measured workloads that the mesh doesn't have. */
  readonly foreign: number;
  /** Measured calls of workloads that declare others. */
  readonly undeclared: readonly UndeclaredMeasurement[];
}

/** The number of rounds for remedies: the first remedy of a call may not suffice. */
const ROUNDS = 4;

/**
 * Finds what prevents a mode, changes that keep every known caller working, and the stages to get there. What the manifests lack of
 * Namespaces and revisions is decided both ways: the changes are the same in all cases, and keep callers working in each.
 *
 * @param calls the measured calls, if any
 * @throws UnknownScopeError if the mesh has no such scope
 */
export function migrationOf(mesh: Mesh, target: ModeTarget, calls?: MeasuredCalls): Migration {
  const seen = calls && new Measured(calls, mesh);
  const shown = { before: mesh, after: mesh };
  const inCases = withAllKnown(missingIn(shown, shown), (facts) => inAllCases(facts, mesh, target, seen), (way) => way?.missing ?? []);
  return inCases?.migration() ?? withAutoMtls((mayTurnOn) => new Way(mesh, undefined, target, mayTurnOn, seen)).migration()!;
}

/** Undefined: there are too many cases for so many objects. */
function inAllCases(facts: readonly MissingInjection[], mesh: Mesh, target: ModeTarget, seen?: Measured): Way | undefined {
  const known = facts.length > 0 ? CaseValues.of(facts, { before: mesh, after: mesh }) : undefined;
  if (facts.length > 0 && !known) return undefined;
  return withAutoMtls((mayTurnOn) => new Way(mesh, known, target, mayTurnOn, seen));
}

/** The way with auto mTLS, if it may be turned on and that is proven, or if nothing is without it. */
function withAutoMtls(wayOf: (mayTurnOn: boolean) => Way): Way {
  const way = wayOf(true);
  if (!way.isAutoMtlsTurnedOn || way.isProven) return way;
  const byRules = wayOf(false);
  return byRules.isProven ? byRules : way;
}

/** Several servers that keep their modes, each in the case that shows why. */
type UnknownInCase = UnknownCallers & { readonly inCase: number };

/** The way of a mesh to a mode. */
class Way {
  private readonly before: MeshCases;
  private readonly wanted: MeshCases;
  private readonly after: MeshCases;
  private readonly clientTls: ClientTlsRules;
  private readonly taken = new Map<string, RemedyKind>();
  private readonly unknown: readonly UnknownInCase[];
  private readonly areAllLeft: boolean;
  private found?: { readonly migration?: Migration };

  /** @param known undefined: what the manifests lack leaves calls undecided */
  constructor(
    private readonly mesh: Mesh, private readonly known: CaseValues | undefined, private readonly target: ModeTarget, mayTurnOn: boolean,
    private readonly seen?: Measured,
  ) {
    this.before = MeshCases.of(mesh, known);
    this.wanted = this.before.with(...this.before.changes((one) => targetChanges(one, target)));
    this.clientTls = new ClientTlsRules(this.before, target, mayTurnOn, seen);
    const { unknown, left, areAllLeft } = this.serversLeft(this.mended());
    [this.after, this.unknown, this.areAllLeft] = [left, unknown, areAllLeft];
  }

  get isAutoMtlsTurnedOn(): boolean {
    return this.clientTls.autoMtls?.isTurnedOn ?? false;
  }

  /** Whether every decided connection is proven, in every case: undecided ones never are. */
  get isProven(): boolean {
    const plan = this.migration()?.plan;
    return plan !== undefined && isDecidedProven(plan);
  }

  /** The facts that either state lacks. */
  get missing(): readonly MissingInjection[] {
    return this.after.missingAfter(this.before);
  }

  /** Undefined: something depends on values of facts that no case has. */
  migration(): Migration | undefined {
    return (this.found ??= { migration: this.migrated() }).migration;
  }

  /** The target, with the remedies that keep calls of known callers working in each case. */
  private mended(): MeshCases {
    let after = this.wanted;
    const tried = new Set<string>();
    for (let round = 0; round < ROUNDS; round++) {
      const mended = this.clientTls.mended(after);
      const next = this.remediesOf(mended, tried);
      if (mended === after && next.length === 0) break;
      after = mended;
      for (const { inCase, remedy } of next) {
        tried.add(remedy.key);
        after = after.with(remedy.change(after.all[inCase]));
        this.taken.set(remedy.key, remedy.kind);
      }
    }
    return after;
  }

  /** The next remedy for each call that is still broken. */
  private remediesOf(after: MeshCases, tried: ReadonlySet<string>): readonly RemedyInCase[] {
    const isNew = ({ key }: MigrationRemedy): boolean => !tried.has(key);
    const { target: { mode }, seen } = this;
    const found = after.statesAfter(this.before).flatMap(({ before, after: mesh }, inCase) => {
      const known = lostInCase(inCase, before, mesh, seen).filter(({ evidence }) => evidence !== 'possible')
        .flatMap((call) => remediesFor(call, mode, mesh).find(isNew) ?? []);
      const outside = newlyOutside(before, mesh).map((caller) => remedyForOutside(caller, mode));
      return [...known, ...outside.filter(isNew)].map((remedy) => ({ inCase, remedy }));
    });
    return firstBy(found, ({ remedy }) => remedy.key);
  }

  /** The target, except that servers with unknown callers keep their mode. */
  private serversLeft(after: MeshCases) {
    const { before, seen } = this;
    if (!seen) return { unknown: [], left: after, areAllLeft: true };
    const explained = lostCalls(before, this.wanted);
    const unknownIn = (state: MeshCases): readonly UnknownInCase[] => before.all.flatMap((mesh, inCase) => (
      seen.unknownCallers(mesh, explained.filter((call) => call.inCase === inCase), state.all[inCase]).map((one) => ({ ...one, inCase }))));
    const unknown = unknownIn(after);
    let left = after;
    let others = unknown;
    // Repeated if two servers would get policies of the same name.
    for (let round = 0; round < ROUNDS && others.length > 0; round++) {
      const current = left;
      left = current.with(...firstBy(others, ({ server }) => idKey(server)).flatMap(({ server, inCase }) => (
        leftAsItIs(server, before.all[inCase], current.all[inCase]))));
      others = unknownIn(left);
    }
    return { unknown, left, areAllLeft: others.length === 0 };
  }

  private migrated(): Migration | undefined {
    const { mesh, before, wanted, after, known, target, taken, clientTls, seen } = this;
    if (known && !haveAllValues({ before: mesh, after: after.shown }, after.statesAfter(before), known.facts)) return undefined;
    const found = new FoundInCases(before, after, known);
    const callers = new Blockers(before, wanted, after, target.mode, { clientTls, kinds: taken });
    const blockers = found.conditional(callers.found(lostCalls(before, wanted, seen)), blockerText);
    const possible = found.conditional(lostCalls(before, after, seen).filter(({ evidence }) => evidence === 'possible').map(foundCall),
      () => 'lost');
    const unknown = found.conditional(this.unknown.map(foundServer), unknownText);
    if (found.isOpen) return undefined;
    const isUnseen = (call: LostCall): boolean => {
      const server = lostHop(call).hop.received.endpoint?.workload;
      return server !== undefined && seen !== undefined && seen.isComplete(server);
    };
    const { objects } = after.shown;
    const isFree = this.areAllLeft && blockers.every(({ remedy }) => remedy);
    return {
      target,
      blockers,
      possible: possible.filter((call) => !isUnseen(call)),
      autoMtls: clientTls.autoMtls,
      measured: seen && { unseen: possible.filter(isUnseen), unknown, foreign: seen.foreign, undeclared: seen.undeclared },
      ...this.undecided(),
      plan: isFree ? planBothWays(mesh, [...objects.all(), ...objects.unread.values()].map(({ source }) => source)) : undefined,
      missing: known?.facts,
    };
  }

  private undecided(): Pick<Migration, 'undecided' | 'undecidedIf'> {
    const counts = this.after.statesAfter(this.before).map(({ before, after }) => undecidedCalls(before, after));
    const most = Math.max(...counts);
    return { undecided: most, undecidedIf: this.before.conditions(counts.indexOf(most), (index) => counts[index] === most) };
  }
}

/** A remedy for a call that is broken in a case. */
interface RemedyInCase {
  readonly inCase: number;
  readonly remedy: MigrationRemedy;
}

/** Whether every stage is proven in every case, but for connections that are undecided there. */
export function isDecidedProven({ stages, cases = [] }: PlanBothWays): boolean {
  const isProven = (plan: Pick<PlanBothWays, 'stages'>): boolean => (
    plan.stages !== undefined && plan.stages.every(({ verdict, witness }) => verdict === 'safe' || witness?.kind === 'undecided'));
  return cases.length > 0 ? cases.every(isProven) : isProven({ stages });
}

/** The first value with each key. */
function firstBy<T>(values: readonly T[], keyOf: (value: T) => string): readonly T[] {
  return [...grouped(values, keyOf).values()].map(([first]) => first);
}

function foundCall(call: LostCall): FoundInCase<LostCall> {
  const { inCase, client, host, port, side: { path } } = call;
  const key = `${idKey(client)} ${host}:${port} ${serverKey(serverOf(path).endpoint)}`;
  return { inCase, key, objects: [client.object, ...ownersOf(path)], value: call };
}

function foundServer({ inCase, ...value }: UnknownInCase): FoundInCase<UnknownCallers> {
  return { inCase, key: idKey(value.server), objects: [value.server], value };
}

function unknownText({ callers, scraped, isCounted }: UnknownCallers): string {
  return JSON.stringify([callers.map((one) => one ?? null), scraped, isCounted]);
}
