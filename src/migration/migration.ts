import { AutoMtlsOutcome } from './auto-mtls';
import { CallEvidence, LostCall, lostCalls, lostHop, OutsideCaller, outsideCallers } from './callers';
import { ClientTlsRules } from './client-tls';
import { leftAsItIs, Measured, MeasuredCalls, UnknownCallers } from './measured-servers';
import { MigrationRemedy, RemedyKind, remediesFor, remedyForOutside } from './remedies';
import { ModeTarget, targetChanges } from './target';
import { undecidedCalls } from './undecided-calls';
import { grouped } from '../mesh/collections';
import { idKey } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';
import { ChangePlan } from '../mesh/plan/change-plan';
import { planOf } from '../mesh/plan/plan';
import { Workload } from '../mesh/workloads/workload';

/** A caller that the target alone would cut off. */
export interface Blocker {
  /** A workload, or a description of the caller outside the mesh. */
  readonly client: Workload | string;
  /** `outside`: something in the manifests makes it call. */
  readonly evidence: CallEvidence | 'outside';
  /** The evidence's source. */
  readonly by?: string;
  readonly server?: Workload;
  /** The host and port that it calls; from outside, only the server's port. */
  readonly host?: string;
  readonly port: number;
  /** The change that keeps it working in the planned target; undefined if none was found. */
  readonly remedy?: RemedyKind;
}

/** A migration of servers to a mode. */
export interface Migration {
  readonly target: ModeTarget;
  /** The known callers, each with the change that keeps it working. */
  readonly blockers: readonly Blocker[];
  /** Clients that could call before and can't afterwards, without evidence that they do. */
  readonly possible: readonly LostCall[];
  /** The change of auto mTLS; undefined if it is on, or if no call needs it. */
  readonly autoMtls?: AutoMtlsOutcome;
  /** The results of measurements; undefined without measurements. */
  readonly measured?: MeasuredMigration;
  /** The number of undecided connections that the change affects: their callers may be cut off, too. */
  readonly undecided: number;
  /** Undefined if something prevents it. */
  readonly plan?: ChangePlan;
}

/** The results of measurements, other than the known callers. */
export interface MeasuredMigration {
  /** Clients that could call before and can't afterwards, and didn't while all plaintext to their servers was recorded. */
  readonly unseen: readonly LostCall[];
  /** Servers whose callers aren't all known, and that therefore keep their mode. */
  readonly unknown: readonly UnknownCallers[];
  /** The number of measured workloads that the mesh doesn't have. */
  readonly foreign: number;
}

/** The number of rounds for remedies: the first remedy of a call may not suffice. */
const ROUNDS = 4;

/**
 * Finds what prevents a mode, changes that keep every known caller working, and the stages to get there.
 *
 * @param calls the measured calls, if any
 * @throws UnknownScopeError if the mesh has no such scope
 */
export function migrationOf(before: Mesh, target: ModeTarget, calls?: MeasuredCalls): Migration {
  const seen = calls && new Measured(calls, before);
  const found = migrationBy(new ClientTlsRules(before, target, true, seen), before, target, seen);
  if (!found.autoMtls?.isTurnedOn || isProven(found)) return found;
  const byRules = migrationBy(new ClientTlsRules(before, target, false, seen), before, target, seen);
  return isProven(byRules) ? byRules : found;
}

/** Whether every decided connection is proven: undecided ones never are. */
function isProven({ plan }: Migration): boolean {
  return plan?.stages !== undefined && plan.stages.every(({ verdict, witness }) => verdict === 'safe' || witness?.kind === 'undecided');
}

function migrationBy(clientTls: ClientTlsRules, before: Mesh, target: ModeTarget, seen?: Measured): Migration {
  const wanted = before.with(...targetChanges(before, target));
  let after = wanted;
  const taken = new Map<string, RemedyKind>();
  const tried = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const mended = clientTls.mended(after);
    const next = remediesOf(before, mended, target, tried, seen);
    if (mended === after && next.length === 0) break;
    after = mended;
    for (const remedy of next) {
      tried.add(remedy.key);
      after = after.with(remedy.change(after));
      taken.set(remedy.key, remedy.kind);
    }
  }
  const { unknown, left, areAllLeft } = serversLeft(before, wanted, after, seen);
  after = left;
  const remedyFor = (call: LostCall): RemedyKind | undefined =>
    clientTls.remedyFor(call, wanted) ?? remediesFor(call, target.mode, after).map(({ key }) => taken.get(key))
      .find((kind) => kind !== undefined);
  const blockers = blockersOf(before, wanted, after, target, taken, remedyFor, seen);
  const possible = lostCalls(before, after, seen).filter(({ evidence }) => evidence === 'possible');
  const isUnseen = (call: LostCall): boolean => {
    const server = lostHop(call).hop.received.endpoint?.workload;
    return server !== undefined && seen !== undefined && seen.isComplete(server);
  };
  const isFree = areAllLeft && blockers.every(({ remedy }) => remedy);
  return {
    target,
    blockers,
    possible: possible.filter((call) => !isUnseen(call)),
    autoMtls: clientTls.autoMtls,
    measured: seen && { unseen: possible.filter(isUnseen), unknown, foreign: seen.foreign },
    undecided: undecidedCalls(before, after),
    plan: isFree ? planOf(before, [...after.objects.all(), ...after.objects.unread.values()].map(({ source }) => source)) : undefined,
  };
}

/** The target, except that servers with unknown callers keep their mode. */
function serversLeft(before: Mesh, wanted: Mesh, after: Mesh, seen: Measured | undefined) {
  if (!seen) return { unknown: [], left: after, areAllLeft: true };
  const explained = lostCalls(before, wanted);
  const unknown = seen.unknownCallers(before, explained, after);
  let left = after;
  let others = unknown;
  // Repeated if two servers would get policies of the same name.
  for (let round = 0; round < ROUNDS && others.length > 0; round++) {
    const current = left;
    left = current.with(...others.flatMap(({ server }) => leftAsItIs(server, before, current)));
    others = seen.unknownCallers(before, explained, left);
  }
  return { unknown, left, areAllLeft: others.length === 0 };
}

/** The next remedy for each call that is still broken. */
function remediesOf(
  before: Mesh, after: Mesh, { mode }: ModeTarget, tried: ReadonlySet<string>, seen?: Measured,
): readonly MigrationRemedy[] {
  const isNew = ({ key }: MigrationRemedy): boolean => !tried.has(key);
  const known = lostCalls(before, after, seen).filter(({ evidence }) => evidence !== 'possible')
    .flatMap((call) => remediesFor(call, mode, after).find(isNew) ?? []);
  const outside = newlyOutside(before, after).map((caller) => remedyForOutside(caller, mode));
  return [...new Map([...known, ...outside.filter(isNew)].map((remedy) => [remedy.key, remedy])).values()];
}

/** Callers from outside whose ports weren't STRICT before. */
function newlyOutside(before: Mesh, after: Mesh): readonly OutsideCaller[] {
  const known = new Set(outsideCallers(before).map(outsideKey));
  return outsideCallers(after).filter((caller) => !known.has(outsideKey(caller)));
}

function outsideKey({ caller, server, port }: OutsideCaller): string {
  return `${caller} ${idKey(server)}:${port}`;
}

/** The callers that the target alone would cut off, with the changes that keep them working. */
function blockersOf(
  before: Mesh, wanted: Mesh, after: Mesh, { mode }: ModeTarget, taken: ReadonlyMap<string, RemedyKind>,
  remedyFor: (call: LostCall) => RemedyKind | undefined, seen?: Measured,
): readonly Blocker[] {
  const callKey = ({ client, host, port }: LostCall): string => `${idKey(client)} ${host}:${port}`;
  const lost = grouped(lostCalls(before, after), callKey);
  const known = [...grouped(lostCalls(before, wanted, seen).filter(({ evidence }) => evidence !== 'possible'),
    callKey)].map(([key, [call]]): Blocker => {
    const { client, host, port, evidence, by } = call;
    const { endpoint } = lostHop(call).hop.received;
    const remedy = lost.has(key) ? undefined : remedyFor(call);
    return { client, host, port, evidence, by, server: endpoint?.workload, remedy };
  });
  const still = new Set(newlyOutside(before, after).map(outsideKey));
  const outside = newlyOutside(before, wanted).map((caller): Blocker => ({
    client: caller.caller,
    evidence: 'outside',
    by: caller.by,
    server: caller.server,
    port: caller.port,
    remedy: still.has(outsideKey(caller)) ? undefined : taken.get(remedyForOutside(caller, mode).key),
  }));
  return [...known, ...outside];
}
