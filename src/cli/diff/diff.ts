import { DEFAULT_GATES, Gate, gateOf, GateWords } from './gates';
import { ReportedObject, ReportedObjects } from './object-changes';
import { States } from './states';
import type { AdmissionContext } from '../../admission/admission';
import { withInstalled } from '../../configuration/installed';
import { redacted, redactedValue } from '../../findings/safe-text';
import { Connection, connectionOf } from '../../mesh/calls/connections';
import { Outcome, OUTCOMES } from '../../mesh/calls/outcome';
import type { Witness } from '../../mesh/compare/causes';
import type { ChangeSide } from '../../mesh/compare/connection-changes';
import { ChangeGroup, ChangeKind, diffOf, MeshDiff } from '../../mesh/compare/diff';
import { IdentityChange, isExposed } from '../../mesh/compare/server-changes';
import { idKey, nameOf, ObjectName, readObject } from '../../mesh/inventory/object';
import { Mesh, MeshOptions } from '../../mesh/mesh';
import { ServerMode } from '../../mesh/policies/peer-authentication';
import { Workload } from '../../mesh/workloads/workload';
import { Admitted, AdmissionElsewhere, admitted, objectedIn, refusedIn } from '../admission';
import { Note } from '../raw-sources';
import { objectsOf, Reading, ReadObject } from '../reading';

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
  const after = states.after;
  const before = states.before ? sharing(states.before, after) : undefined;
  const refusedAfter = refusedIn(await objectedIn(after, options, elsewhere));
  const latter = admitted(after, refusedAfter);
  const refusedBefore = before ? await refusedAmong(before, after, refusedAfter, options) : new Set<number>();
  const former = before ? admitted(before, refusedBefore).judged : [];
  const { facts } = latter;
  const known = withInstalled(options, facts, before ? former : latter.judged);
  const mesh = before ? Mesh.of(former, { ...known, existing: facts.length > 0 ? facts : undefined }) : Mesh.of(facts, known);
  const refusedObjects = after.documents.filter((_, index) => refusedAfter.has(index));
  const found = diffOf(mesh, objectsAfter(latter, former, refusedObjects, mesh));
  const contradiction = before && JSON.stringify(withInstalled(options, facts, latter.judged)) !== JSON.stringify(known) ? [INSTALLED_NOTE] : [];
  const refused = { before: refusedBefore.size, after: refusedObjects.length };
  return {
    ...reported(found, states),
    before: states.before ?? { ...after, files: after.facts.files, documents: after.facts.documents, skipped: [], unreadable: [], notes: [] },
    after,
    refused,
    notes: [...notesOf(states), ...refusedNotes(refused), ...[...found.after.notes, ...contradiction].map((text) => ({ about: 'control plane' as const, text: redacted(text) }))],
  };
}

const INSTALLED_NOTE = 'what installers\' objects say of istiod differs: both states are judged by what the former says, and what the change of istiod does isn\'t told';

/** The same reading, with objects of another one where they say the same: those needn't be compared or admitted twice. */
function sharing(reading: Reading, other: Reading): Reading {
  const known = new Map(other.documents.map(({ object }) => [JSON.stringify(object), object]));
  const documents = reading.documents.map((document): ReadObject => {
    const same = known.get(JSON.stringify(document.object));
    if (!same) return document;
    return { object: same, file: document.file, positionOf: (field) => document.positionOf(field), edit: (change) => document.edit(change) };
  });
  return { ...reading, documents };
}

/** The numbers of the objects of the former state that are refused. */
async function refusedAmong(
  before: Reading, after: Reading, refusedAfter: ReadonlySet<number>, context: AdmissionContext,
): Promise<ReadonlySet<number>> {
  const verdicts = new Map(after.documents.map(({ object }, index) => [object, refusedAfter.has(index)]));
  const own = before.documents.map((_, index) => index).filter((index) => !verdicts.has(before.documents[index].object));
  const ofOwn = refusedIn(await objectedIn({ ...before, documents: own.map((index) => before.documents[index]) }, context));
  const refused = new Set([...ofOwn].map((index) => own[index]));
  for (const [index, { object }] of before.documents.entries()) if (verdicts.get(object)) refused.add(index);
  return refused;
}

/**
 * All objects of the latter state: those that only the former state has are gone from the cluster, too; of an object whose
 * new manifest is refused the former stays.
 */
function objectsAfter({ judged, facts }: Admitted, former: readonly object[], refused: readonly ReadObject[], { objects }: Mesh): readonly unknown[] {
  const keyOf = (source: unknown): string | undefined => {
    const object = readObject(source, objects.readBy);
    return object && idKey(object);
  };
  const refusedIds = new Set(refused.map(({ object }) => keyOf(object)));
  const stay = refusedIds.size === 0 ? [] : [...objects.all()].filter((object) => refusedIds.has(idKey(object))).map(({ source }) => source);
  if (facts.length === 0) return [...stay, ...judged];
  const kept = new Set(judged.map(keyOf));
  const gone = new Set(former.map(keyOf).filter((key) => !kept.has(key)));
  return [...facts.filter((source) => !gone.has(keyOf(source))), ...stay, ...judged];
}

function notesOf({ before, after }: States): readonly Note[] {
  const notes = [...before?.notes ?? [], ...after.notes];
  return [...new Map(notes.map((note) => [note.text, note])).values()];
}

function refusedNotes(refused: DiffReport['refused']): readonly Note[] {
  return (['before', 'after'] as const).filter((side) => refused[side] > 0).map((side) => {
    const count = refused[side];
    const [objects, have] = count === 1 ? ['1 object', 'has'] : [`${count} objects`, 'have'];
    return { about: 'refused', text: `${objects} of the state ${side} would be refused and ${have} no part in this${side === 'after' ? ', so what was there before stays' : ''}: istio-mtls check tells why` };
  });
}

type Found = Pick<DiffReport, 'objects' | 'groups' | 'added' | 'removed' | 'unchanged' | 'acceptances' | 'identities' | 'withoutEffect' | 'unjudged'>;

function reported(found: MeshDiff, { before, after }: States): Found {
  const documents = [...before ? before.documents : [], ...objectsOf(after)];
  const objects = new ReportedObjects(new Map(documents.map((document) => [document.object as object, document])));
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
      calls: callText(witness),
      before: connectionIn(before, client.before, change.before),
      after: connectionIn(after, client.after, change.after),
    }),
  };
}

function callText({ change: { host, port, before, after } }: Witness): string {
  const [service] = (after ?? before)!.call.services;
  return service.registry === 'Kubernetes' ? `${service.namespace}/${service.name}:${port}` : `${host}:${port}`;
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
