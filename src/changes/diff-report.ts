import { ComparisonBothWays } from './both-ways';
import { Gate, Gated, gatesOf } from './gates';
import { ReportedLeftOutChanges, reportedLeftOut, ReportedNarrowing, reportedNarrowings } from './left-out-report';
import { isJudged, notJudgedIn, ReportedNotJudged } from './not-judged';
import { ObjectDifference, ReportedObjects } from './object-changes';
import { Reservations, reservationsOf } from './reservations';
import { ReportedScaledToZero, reportedScaledToZero } from './scaled-to-zero-report';
import { ReportedUnknownEffect, reportedUnknownEffects } from './unknown-effect-report';
import { Condition } from '../findings/condition';
import { objectIdentity, ObjectIdentity } from '../findings/object-identity';
import { redactedValue } from '../findings/redacted-value';
import { TracedConnection, tracedConnectionOf } from '../mesh/calls/traced-connection';
import { ChangeKind } from '../mesh/compare/change-kind';
import type { ChangeSide } from '../mesh/compare/connection-changes';
import { ChangeGroup } from '../mesh/compare/diff';
import { IdentityChange, isExposed } from '../mesh/compare/server-changes';
import { nameOf, ObjectName } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';
import { Outcome, OUTCOMES } from '../mesh/model/transport';
import { ServerMode } from '../mesh/policies/peer-authentication';
import { callText } from '../mesh/queries/connection-text';
import { hasServer, tracedText } from '../mesh/queries/traced-text';
import { factKey } from '../mesh/workloads/missing-injection';
import { Workload } from '../mesh/workloads/workload';
import { ExpectedFact } from '../mesh/worlds/both-ways';

/** Something that may hold in one case only. */
interface Conditional {
  /**
   * What holds where it does, of facts that neither state shows: namespaces with sidecars or without, revisions that are installed or
   * not. Missing if it holds in every case.
   */
  readonly if?: readonly Condition[];
}

/** Connections that changed in the same way, caused by the same objects. */
export interface ReportedGroup extends Gated, Conditional {
  /**
   * `changed`: the outcome differs. `gained`: new, although client, call and server existed before. `lost`: nothing replaces the
   * connection, or an object of another namespace took the call. `rerouted`: the call reaches another server, host or address.
   * `added`: the client, the call or the server is new. `removed`: the client is gone; or the server, while others serve the call, or
   * with the call, which the client doesn't declare.
   */
  readonly kind: ChangeKind;
  /** The first of its gates. Missing if it isn't worse, or if the client or server is new or gone. */
  readonly gate?: Gate;
  /** Missing if the connection didn't exist. */
  readonly from?: Outcome;
  /** Missing if the connection no longer exists. */
  readonly to?: Outcome;
  /**
   * How many connections, each of one client to one server.
   *
   * @minimum 1
   */
  readonly connections: number;
  /** The object of another namespace that took the calls. Missing if none did. */
  readonly takenBy?: ObjectIdentity;
  /** The first of the connections. */
  readonly witness: ChangeWitness;
  /**
   * The changed objects that cause it: reverting any one of them changes the outcome of the witness. If no single object does, all
   * that may be involved.
   */
  readonly causes: readonly ObjectDifference[];
}

/** One connection before and after, as in `connections -o json --format 2`. */
interface ChangeWitness {
  /** The namespace and name of the Service, or any other host as it is; with the port. */
  readonly calls: string;
  /** Missing if the connection didn't exist. */
  readonly before?: TracedConnection;
  /** Missing if the connection no longer exists. */
  readonly after?: TracedConnection;
}

/** Ports of workloads that accept something other than before, caused by the same objects. */
export interface ReportedAcceptance extends Gated, Conditional {
  /** `new-exposed` if they were STRICT and now accept plaintext, or may. Missing otherwise. */
  readonly gate?: Gate;
  readonly from: ServerMode;
  readonly to: ServerMode;
  /** The container ports. Empty: all that no container, Service, policy, Sidecar or annotation names. */
  readonly ports: readonly number[];
  readonly workloads: readonly ObjectName[];
  /** The changed objects that cause it. */
  readonly causes: readonly ObjectDifference[];
}

/** A workload whose identity changed. */
export interface ReportedIdentity {
  readonly workload: ObjectName;
  /** The SPIFFE ID before. */
  readonly from: string;
  /** The SPIFFE ID after. */
  readonly to: string;
}

export type OutcomeCounts = Readonly<Partial<Record<Outcome, number>>>;

/** How many connections have the same outcome, or came or went with their client, call or server. */
interface ConnectionCounts {
  /** How many connections have the same outcome as before; the fewest in any case. */
  readonly unchanged: number;
  /** The number by outcome of connections whose client, call or server is new; with sidecars, where that isn't known. */
  readonly added: OutcomeCounts;
  /** The number by former outcome of connections whose client, call or server is gone. */
  readonly removed: OutcomeCounts;
}

/** How much differs. */
export interface ChangeCounts {
  /** Objects that differ, of the kinds that affect a mesh. */
  readonly objects: Readonly<Record<ObjectDifference['change'], number>>;
}

/** The effect of a change of manifests on a mesh: what `diff -o json` prints, and `MtlsWhatIf.diff` returns. */
export interface ReportedChanges extends Reservations, ReportedNotJudged {
  readonly summary: ChangeCounts;
  readonly connections: ConnectionCounts;
  /** Connections that changed in the same way, caused by the same objects; the worst first. */
  readonly groups: readonly ReportedGroup[];
  /** Ports of workloads that accept something other than before; first those that were STRICT and now accept plaintext, or may. */
  readonly acceptances: readonly ReportedAcceptance[];
  /** Workloads whose identity changed. */
  readonly identities: readonly ReportedIdentity[];
  /** Changed objects that may concern undecided connections. */
  readonly unknownEffects: readonly ReportedUnknownEffect[];
  /** Workloads without pods from now on. Their connections are also compared as those that they have once they are scaled up. */
  readonly scaledToZero: readonly ReportedScaledToZero[];
  /** Changed objects without any effect, which concern no undecided connection; null: there are too many to try each. */
  readonly withoutEffect: readonly ObjectDifference[] | null;
  /** How many changed objects have an effect or none: there are too many to try each. */
  readonly untried: number;
  /** Changed objects that cause no change by themselves, but of which some make a difference together. */
  readonly otherEffects: readonly ObjectDifference[];
  /** The facts about injection that neither state shows, each decided both ways. Missing if there are none. */
  readonly missing?: readonly ExpectedFact[];
  /**
   * What isn't compared, because workloads declare with annotation `calls.istio-mtls/to` that they make other calls, before and after.
   * Missing if no workload does, or with `--all-calls`.
   */
  readonly leftOut?: ReportedLeftOutChanges;
  /** Workloads that declare fewer calls than before. The calls that they no longer declare are compared, too. Missing if none does. */
  readonly narrowed?: readonly ReportedNarrowing[];
}

export function reportedChanges(found: ComparisonBothWays, objects: ReportedObjects): ReportedChanges {
  const groups = found.groups.map((group) => reportedGroup(group, found, objects));
  const changes = found.objects.map((change) => objects.of(change).change);
  const countOf = (wanted: ObjectDifference['change']): number => changes.filter((change) => change === wanted).length;
  return {
    summary: { objects: { added: countOf('added'), changed: countOf('changed'), removed: countOf('removed') } },
    connections: {
      unchanged: found.unchanged,
      added: countsOf(found.groups.filter((group) => group.kind === 'added' && holdsWithSidecars(group)), 'to'),
      removed: countsOf(found.groups.filter((group) => group.kind === 'removed' && holdsWithSidecars(group)), 'from'),
    },
    groups,
    acceptances: acceptancesOf(found, objects),
    identities: found.identities.map(identityChangeOf),
    unknownEffects: reportedUnknownEffects(found, objects),
    scaledToZero: reportedScaledToZero(found, objects),
    withoutEffect: found.withoutEffect?.filter((change) => isJudged(change, found)).map((change) => objects.of(change)) ?? null,
    untried: found.withoutEffect ? 0 : untriedIn(found),
    otherEffects: found.otherEffects.map((change) => objects.of(change)),
    ...notJudgedIn(found, objects),
    ...reservationsOf(found.cases ?? [found], found.objects.length === 0),
    missing: redactedValue(found.missing),
    leftOut: reportedLeftOut(found, objects),
    ...found.narrowings.length > 0 && { narrowed: reportedNarrowings(found) },
  };
}

function holdsWithSidecars({ if: conditions = [] }: Conditional): boolean {
  return conditions.every(({ holds }) => holds);
}

/** Whether it needs a fact to be false that objects expect to be true: then it fails no run. */
function isUnexpected({ if: conditions = [] }: Conditional, { missing = [] }: ComparisonBothWays): boolean {
  const expected = new Set(missing.filter(({ expectedBy }) => expectedBy).map(factKey));
  return conditions.some((condition) => !condition.holds && expected.has(factKey(condition)));
}

function untriedIn(found: ComparisonBothWays): number {
  const { objects, groups, acceptances, unknownEffects, scaledToZero, unjudged } = found;
  const causing = [...groups, ...acceptances].flatMap(({ causes }) => causes);
  const listed = new Set([...causing, ...[...unknownEffects, ...scaledToZero].map(({ object }) => object), ...unjudged]);
  return objects.filter((change) => !listed.has(change) && isJudged(change, found)).length;
}

function identityChangeOf({ before, after }: IdentityChange): ReportedIdentity {
  return redactedValue({ workload: nameOf(after), from: before.identity, to: after.identity });
}

function countsOf(groups: readonly ChangeGroup[], side: 'from' | 'to'): OutcomeCounts {
  const counts: Partial<Record<Outcome, number>> = {};
  for (const group of groups) {
    const outcome = group[side];
    if (outcome) counts[outcome] = (counts[outcome] ?? 0) + group.count;
  }
  return Object.fromEntries(OUTCOMES.filter((outcome) => counts[outcome]).map((outcome) => [outcome, counts[outcome]]));
}

function reportedGroup(
  group: ComparisonBothWays['groups'][number], found: ComparisonBothWays, objects: ReportedObjects,
): ReportedGroup {
  const { kind, from, to, count: connections, causes, taker, witness, if: conditions, states = found } = group;
  const gates = isUnexpected(group, found) ? [] : gatesOf(group);
  return {
    ...conditions && { if: redactedValue(conditions) },
    kind,
    gate: gates[0],
    gates,
    isAvoidable: gates.includes('unknown-effect'),
    from,
    to,
    connections,
    takenBy: taker && objectIdentity(taker.source as Readonly<Record<string, unknown>>),
    witness: redactedValue({ calls: callText((witness.change.after ?? witness.change.before)!.call), ...witnessIn(group, states) }),
    causes: causes.map((cause) => objects.of(cause)),
  };
}

/** The witness of a group in both states, where it is there. */
function witnessIn(
  { to, witness: { change, client } }: ChangeGroup, { before, after }: Pick<ComparisonBothWays, 'before' | 'after'>,
): Pick<ChangeWitness, 'before' | 'after'> {
  const connectionIn = ({ decisions }: Mesh, one: Workload | undefined, side: ChangeSide | undefined): TracedConnection | undefined => (
    one && side && tracedConnectionOf({ client: one, one: decisions.senderOf(one), call: side.call }, side.path)
  );
  return { before: connectionIn(before, client.before, change.before), after: to && connectionIn(after, client.after, change.after) };
}

/** One of the connections: `shop/web → shop/ratings:9080, server shop/ratings:9080`. */
export function exampleText({ witness: { calls, before, after } }: ReportedGroup): string {
  return tracedText((after && hasServer(after) ? after : before ?? after)!, calls);
}

/** Those of the same ports and causes are one. */
function acceptancesOf(found: ComparisonBothWays, objects: ReportedObjects): readonly ReportedAcceptance[] {
  const groups = new Map<string, ReportedAcceptance & { readonly workloads: ObjectName[] }>();
  for (const acceptance of found.acceptances) {
    const { from, to, ports, causes, after, if: conditions } = acceptance;
    const reportedCauses = causes.map((cause) => objects.of(cause));
    const key = JSON.stringify([from, to, ports, reportedCauses.map(({ object }) => object), conditions]);
    const gate = isExposed(acceptance) && !isUnexpected(acceptance, found) ? 'new-exposed' : undefined;
    const group = groups.get(key) ?? {
      ...conditions && { if: redactedValue(conditions) },
      gate,
      gates: gate ? [gate] : [],
      from,
      to,
      ports,
      workloads: [],
      causes: reportedCauses,
    };
    groups.set(key, group);
    group.workloads.push(redactedValue(nameOf(after)));
  }
  const isGated = ({ gate }: ReportedAcceptance): number => Number(gate !== undefined);
  return [...groups.values()].sort((one, other) => isGated(other) - isGated(one) || other.workloads.length - one.workloads.length);
}
