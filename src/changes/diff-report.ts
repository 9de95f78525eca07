import { Gate, Gated, gatesOf } from './gates';
import { NotJudged, notJudgedIn } from './not-judged';
import { ReportedObject, ReportedObjects } from './object-changes';
import { Reservations, reservationsOf } from './reservations';
import { ReportedUnknownEffect, reportedUnknownEffects } from './unknown-effect-report';
import { identityOf, ObjectIdentity } from '../findings/object-identity';
import { redactedValue } from '../findings/redacted-value';
import { TracedConnection, tracedConnectionOf } from '../mesh/calls/traced-connection';
import type { ChangeSide } from '../mesh/compare/connection-changes';
import { ChangeGroup, ChangeKind, MeshDiff } from '../mesh/compare/diff';
import { IdentityChange, isExposed } from '../mesh/compare/server-changes';
import { nameOf, ObjectName } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';
import { Outcome, OUTCOMES } from '../mesh/model/transport';
import { ServerMode } from '../mesh/policies/peer-authentication';
import { callText } from '../mesh/queries/connection-text';
import { Workload } from '../mesh/workloads/workload';

/** Connections that changed alike, by the same objects. */
export interface ReportedGroup extends Gated {
  readonly kind: ChangeKind;
  /** The first of its gates. */
  readonly gate?: Gate;
  readonly from?: Outcome;
  readonly to?: Outcome;
  readonly connections: number;
  readonly causes: readonly ReportedObject[];
  /** The object of another namespace that took the calls. */
  readonly takenBy?: ObjectIdentity;
  readonly witness: ReportedWitness;
}

/** One connection before and after, each in format 2 of `connections`. */
interface ReportedWitness {
  /** A Service by namespace and name, any other host by itself; with the port. */
  readonly calls: string;
  readonly before?: TracedConnection;
  readonly after?: TracedConnection;
}

/** Ports of workloads that take something else. */
export interface ReportedAcceptance extends Gated {
  readonly gate?: Gate;
  readonly from: ServerMode;
  readonly to: ServerMode;
  /** Empty: all that no manifest names. */
  readonly ports: readonly number[];
  readonly workloads: readonly ObjectName[];
  readonly causes: readonly ReportedObject[];
}

export interface ReportedIdentity {
  readonly workload: ObjectName;
  readonly from: string;
  readonly to: string;
}

export type OutcomeCounts = Readonly<Partial<Record<Outcome, number>>>;

/** What a change of manifests does, as reports tell of it. */
export interface ReportedChanges extends Reservations {
  readonly objects: Readonly<Record<ReportedObject['change'], number>>;
  /** The worst first. */
  readonly groups: readonly ReportedGroup[];
  readonly added: OutcomeCounts;
  readonly removed: OutcomeCounts;
  readonly unchanged: number;
  readonly acceptances: readonly ReportedAcceptance[];
  readonly identities: readonly ReportedIdentity[];
  /** Objects that may concern undecided connections. */
  readonly unknownEffects: readonly ReportedUnknownEffect[];
  /** Undefined: too many would have to be tried. */
  readonly withoutEffect?: readonly ReportedObject[];
  /** How many objects were not tried: zero, unless there are too many. */
  readonly untried: number;
  /** Objects that are no cause of a change by themselves, but together with others. */
  readonly otherEffects: readonly ReportedObject[];
  /** Those whose effect isn't checked, each with the reason. */
  readonly unjudged: readonly NotJudged[];
  /** How many other objects differ that aren't read, by kind. */
  readonly unread: Readonly<Record<string, number>>;
}

export function reportedChanges(found: MeshDiff, objects: ReportedObjects): ReportedChanges {
  const groups = found.groups.map((group) => reportedGroup(group, found, objects));
  const changes = found.objects.map((change) => objects.of(change).change);
  const countOf = (wanted: ReportedObject['change']): number => changes.filter((change) => change === wanted).length;
  return {
    objects: { added: countOf('added'), changed: countOf('changed'), removed: countOf('removed') },
    groups,
    added: countsOf(found.groups.filter(({ kind }) => kind === 'added'), 'to'),
    removed: countsOf(found.groups.filter(({ kind }) => kind === 'removed'), 'from'),
    unchanged: found.unchanged,
    acceptances: acceptancesOf(found, objects),
    identities: found.identities.map(identityChangeOf),
    unknownEffects: reportedUnknownEffects(found, objects),
    withoutEffect: found.withoutEffect?.map((change) => objects.of(change)),
    untried: found.withoutEffect ? 0 : untriedIn(found),
    otherEffects: found.otherEffects.map((change) => objects.of(change)),
    ...notJudgedIn(found, objects),
    ...reservationsOf(found, found.objects.length === 0),
  };
}

function untriedIn({ objects, groups, acceptances, unknownEffects, unjudged }: MeshDiff): number {
  const causing = [...groups, ...acceptances].flatMap(({ causes }) => causes);
  const listed = new Set([...causing, ...unknownEffects.map(({ object }) => object), ...unjudged]);
  return objects.filter((change) => !listed.has(change)).length;
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

function reportedGroup(group: ChangeGroup, found: MeshDiff, objects: ReportedObjects): ReportedGroup {
  const { kind, from, to, count: connections, causes, taker, witness } = group;
  const gates = gatesOf(group);
  return {
    kind,
    gate: gates[0],
    gates,
    isAvoidable: gates.includes('unknown-effect'),
    from,
    to,
    connections,
    causes: causes.map((cause) => objects.of(cause)),
    takenBy: taker && identityOf(taker.source as Readonly<Record<string, unknown>>),
    witness: redactedValue({ calls: callText((witness.change.after ?? witness.change.before)!.call), ...witnessIn(group, found) }),
  };
}

/** The witness of a group in both states, where it is there. */
function witnessIn({ witness: { change, client } }: ChangeGroup, { before, after }: MeshDiff): Pick<ReportedWitness, 'before' | 'after'> {
  const connectionIn = ({ decisions }: Mesh, one: Workload | undefined, side: ChangeSide | undefined): TracedConnection | undefined => (
    one && side && tracedConnectionOf({ client: one, one: decisions.senderOf(one), call: side.call }, side.path)
  );
  return { before: connectionIn(before, client.before, change.before), after: connectionIn(after, client.after, change.after) };
}

/** Those of the same ports and causes are one. */
function acceptancesOf({ acceptances }: MeshDiff, objects: ReportedObjects): readonly ReportedAcceptance[] {
  const groups = new Map<string, ReportedAcceptance & { readonly workloads: ObjectName[] }>();
  for (const acceptance of acceptances) {
    const { from, to, ports, causes, after } = acceptance;
    const reportedCauses = causes.map((cause) => objects.of(cause));
    const key = JSON.stringify([from, to, ports, reportedCauses.map(({ object }) => object)]);
    const gate = isExposed(acceptance) ? 'new-exposed' : undefined;
    const group = groups.get(key) ?? { gate, gates: gate ? [gate] : [], from, to, ports, workloads: [], causes: reportedCauses };
    groups.set(key, group);
    group.workloads.push(redactedValue(nameOf(after)));
  }
  const isGated = ({ gate }: ReportedAcceptance): number => Number(gate !== undefined);
  return [...groups.values()].sort((one, other) => isGated(other) - isGated(one) || other.workloads.length - one.workloads.length);
}
