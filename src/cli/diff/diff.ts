import { Compared, comparedStates, notesOf } from './compared';
import { DEFAULT_GATES, Gate, gateOf, GateWords } from './gates';
import { ReportedObject, ReportedObjects } from './object-changes';
import { States } from './states';
import type { AdmissionContext } from '../../admission/admission';
import { redactedValue } from '../../findings/safe-text';
import { callText } from '../../mesh/calls/connection-text';
import { Connection, connectionOf } from '../../mesh/calls/connections';
import { Outcome, OUTCOMES } from '../../mesh/calls/outcome';
import type { ChangeSide } from '../../mesh/compare/connection-changes';
import { ChangeGroup, ChangeKind, diffOf, MeshDiff } from '../../mesh/compare/diff';
import { IdentityChange, isExposed } from '../../mesh/compare/server-changes';
import { nameOf, ObjectName } from '../../mesh/inventory/object';
import { Mesh, MeshOptions } from '../../mesh/mesh';
import { ServerMode } from '../../mesh/policies/peer-authentication';
import { Workload } from '../../mesh/workloads/workload';
import { AdmissionElsewhere } from '../admission';
import { Note } from '../raw-sources';
import { Reading } from '../reading';

/** Connections that changed alike, by the same objects. */
export interface ReportedGroup {
  readonly kind: ChangeKind;
  readonly gate?: Gate;
  readonly from?: Outcome;
  readonly to?: Outcome;
  readonly connections: number;
  readonly causes: readonly ReportedObject[];
  readonly witness: ReportedWitness;
}

/** One connection before and after, each in the words of `connections`. */
export interface ReportedWitness {
  /** A Service by namespace and name, any other host by itself; with the port. */
  readonly calls: string;
  readonly before?: Connection;
  readonly after?: Connection;
}

/** Ports of workloads that take something else. */
export interface ReportedAcceptance {
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

/** What the verb found. */
export interface DiffReport {
  readonly before: Reading;
  readonly after: Reading;
  readonly notes: readonly Note[];
  readonly configuration?: string;
  /** Objects that an API server or istiod would refuse, and that have no part in it. */
  readonly refused: Readonly<Record<'before' | 'after', number>>;
  readonly objects: Readonly<Record<ReportedObject['change'], number>>;
  /** The worst first. */
  readonly groups: readonly ReportedGroup[];
  readonly added: OutcomeCounts;
  readonly removed: OutcomeCounts;
  readonly unchanged: number;
  readonly acceptances: readonly ReportedAcceptance[];
  readonly identities: readonly ReportedIdentity[];
  /** Undefined: too many would have to be tried. */
  readonly withoutEffect?: readonly ReportedObject[];
  /** Those of which nobody knows, as they decide whether requests are let in. */
  readonly unjudged: readonly ReportedObject[];
}

/** Compares what two states of the manifests make of a mesh, by the same facts of the control plane. */
export async function diff(
  states: States, options: AdmissionContext & MeshOptions, elsewhere?: AdmissionElsewhere,
): Promise<DiffReport> {
  const compared = await comparedStates(states, options, elsewhere);
  const found = diffOf(compared.mesh, compared.manifests);
  return {
    ...reported(found, compared),
    before: compared.before,
    after: compared.after,
    refused: compared.refused,
    notes: notesOf(compared, found.after.notes),
  };
}

type Found = Pick<DiffReport, 'objects' | 'groups' | 'added' | 'removed' | 'unchanged' | 'acceptances' | 'identities' | 'withoutEffect' | 'unjudged'>;

function reported(found: MeshDiff, { documents }: Compared): Found {
  const objects = new ReportedObjects(documents);
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
    identities: found.identities.map(identityOf),
    withoutEffect: found.withoutEffect?.map((change) => objects.of(change)),
    unjudged: found.unjudged.map((change) => objects.of(change)),
  };
}

function identityOf({ before, after }: IdentityChange): ReportedIdentity {
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

function reportedGroup(group: ChangeGroup, { before, after }: MeshDiff, objects: ReportedObjects): ReportedGroup {
  const { kind, from, to, count: connections, causes, witness } = group;
  const { change, client } = witness;
  return {
    kind,
    gate: gateOf(group),
    from,
    to,
    connections,
    causes: causes.map((cause) => objects.of(cause)),
    witness: redactedValue({
      calls: callText((change.after ?? change.before)!.call),
      before: connectionIn(before, client.before, change.before),
      after: connectionIn(after, client.after, change.after),
    }),
  };
}

function connectionIn({ decisions }: Mesh, client: Workload | undefined, side: ChangeSide | undefined): Connection | undefined {
  return client && side && connectionOf({ client, one: decisions.senderOf(client), call: side.call }, side.path);
}

/** Those of the same ports and causes are one. */
function acceptancesOf({ acceptances }: MeshDiff, objects: ReportedObjects): readonly ReportedAcceptance[] {
  const groups = new Map<string, ReportedAcceptance & { readonly workloads: ObjectName[] }>();
  for (const acceptance of acceptances) {
    const { from, to, ports, causes, after } = acceptance;
    const reportedCauses = causes.map((cause) => objects.of(cause));
    const key = JSON.stringify([from, to, ports, reportedCauses.map(({ object }) => object)]);
    const gate = isExposed(acceptance) ? 'new-exposed' : undefined;
    const group = groups.get(key) ?? { gate, from, to, ports, workloads: [], causes: reportedCauses };
    groups.set(key, group);
    group.workloads.push(redactedValue(nameOf(after)));
  }
  const isGated = ({ gate }: ReportedAcceptance): number => Number(gate !== undefined);
  return [...groups.values()].sort((one, other) => isGated(other) - isGated(one) || other.workloads.length - one.workloads.length);
}

/** What makes the run fail, each in a sentence. */
export function gateFailures({ groups, acceptances }: DiffReport, failOn: GateWords = DEFAULT_GATES): string[] {
  return failOn.flatMap((word) => {
    if (word === 'never') return [];
    if (word === 'new-exposed') {
      const exposed = acceptances.filter(({ gate }) => gate === word).flatMap(({ workloads }) => workloads);
      const servers = new Set(exposed.map((one) => JSON.stringify(one))).size;
      return servers > 0 ? [`${word}: ${servers === 1 ? '1 workload takes' : `${servers} workloads take`} plaintext, or may, on ports that were STRICT`] : [];
    }
    const count = groups.filter(({ gate }) => gate === word).reduce((sum, { connections }) => sum + connections, 0);
    return count > 0 ? [`${word}: ${count === 1 ? '1 connection' : `${count} connections`}`] : [];
  });
}

/** 0: no gate is hit; 1: one is; 2: something could not be read. */
export function exitCodeOfDiff(report: DiffReport, failOn: GateWords): 0 | 1 | 2 {
  if (report.before.unreadable.length + report.after.unreadable.length > 0) return 2;
  return gateFailures(report, failOn).length > 0 ? 1 : 0;
}

/** What could not be read of either state. */
export function unreadableIn({ before, after }: DiffReport): Reading['unreadable'] {
  return [...before.unreadable, ...after.unreadable];
}
