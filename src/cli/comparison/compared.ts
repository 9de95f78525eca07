import { refusalKey, ReportedRefusal, reportedRefusals } from './refusals';
import type { AdmissionContext } from '../../admission/admission';
import { PlaceOf } from '../../changes/object-changes';
import { withInstalled } from '../../configuration/installed';
import { redacted } from '../../findings/safe-text';
import { idKey, readObject } from '../../mesh/inventory/object';
import { Mesh, MeshOptions } from '../../mesh/mesh';
import { AdmissionElsewhere, Admitted, admitted, objectedIn, refusedIn } from '../admission/admission';
import { Note } from '../input/raw-sources';
import { objectsOf, Reading, ReadObject } from '../input/reading';
import { StateObjects } from '../input/states';

/** Two states of the manifests as a cluster would accept them. */
export interface Compared {
  readonly before: Reading;
  readonly after: Reading;
  readonly mesh: Mesh;
  readonly manifests: readonly unknown[];
  /** Where each object was read. */
  readonly documents: ReadonlyMap<object, ReadObject>;
  /** Numbers of objects that an API server or istiod would refuse; they aren't part of the comparison. */
  readonly refused: Readonly<Record<'before' | 'after', number>>;
  /** The objects of the state after that would be refused. */
  readonly refusals: readonly ReportedRefusal[];
  /** Notes on how both states were read. */
  readonly notes: readonly Note[];
}

/** Reads both states with the same facts about the control plane. */
export async function comparedStates(
  states: StateObjects, options: AdmissionContext & MeshOptions, elsewhere?: AdmissionElsewhere,
): Promise<Compared> {
  const after = states.after;
  const before = states.before ? sharing(states.before, after) : undefined;
  const objectedAfter = await objectedIn(after, options, elsewhere);
  const refusedAfter = refusedIn(objectedAfter);
  const latter = admitted(after, refusedAfter);
  const refusedBefore = before ? await refusedAmong(before, after, refusedAfter, options) : new Set<number>();
  const former = before ? admitted(before, refusedBefore).judged : [];
  const { facts } = latter;
  const known = withInstalled(options, facts, before ? former : latter.judged);
  const mesh = before ? Mesh.of(former, { ...known, existing: facts.length > 0 ? facts : undefined }) : Mesh.of(facts, known);
  const refusedObjects = after.documents.filter((_, index) => refusedAfter.has(index));
  const contradiction =
    before && JSON.stringify(withInstalled(options, facts, latter.judged)) !== JSON.stringify(known) ? [INSTALLED_NOTE] : [];
  const read = [...before ? before.documents : [], ...objectsOf(after)];
  const documents = new Map(read.map((document) => [document.object as object, document]));
  const ofBefore = [...before?.documents.filter((_, index) => refusedBefore.has(index)) ?? [],
    ...after.facts.documents.filter((_, index) => refusedAfter.has(after.documents.length + index))];
  const acceptedBefore = before?.documents.filter((_, index) => !refusedBefore.has(index)) ?? [];
  const accepted = new Set(acceptedBefore.map(({ object }) => refusalKey(object)));
  const refusedKeys = new Set(ofBefore.map(({ object }) => refusalKey(object)).filter((key) => !accepted.has(key)));
  return {
    before: states.before ?? {
      ...after, files: after.facts.files, documents: after.facts.documents, skipped: [], unreadable: [], notes: [],
    },
    after,
    mesh,
    manifests: objectsAfter(latter, former, refusedObjects, mesh),
    documents,
    refused: { before: refusedBefore.size, after: refusedObjects.length },
    refusals: reportedRefusals(after.documents, objectedAfter, refusedKeys, placesIn({ documents })),
    notes: [...notesOfReadings(states), ...contradiction.map(ofControlPlane)],
  };
}

/** Looks up where an object of either state is written. */
export function placesIn({ documents }: Pick<Compared, 'documents'>): PlaceOf {
  return (manifest, field) => {
    const document = documents.get(manifest);
    return document && { file: document.file, position: document.positionOf(field) };
  };
}

/** All notes on a comparison, including those on the control plane. */
export function notesOf({ notes, refused }: Compared, ofPlanes: readonly string[]): readonly Note[] {
  const [own, contradictions] = [notes.filter(({ about }) => about !== 'control plane'),
    notes.filter(({ about }) => about === 'control plane')];
  return [...own, ...refusedNotes(refused), ...ofPlanes.map(ofControlPlane), ...contradictions];
}

function ofControlPlane(text: string): Note {
  return { about: 'control plane', text: redacted(text) };
}

const INSTALLED_NOTE = 'installers\' objects describe different istiods: both states are compared with the former one, '
  + 'without the effects of changing istiod';

/** The reading, with equal objects replaced by those of the other reading, so that they aren't compared or admitted twice. */
function sharing(reading: Reading, other: Reading): Reading {
  const known = new Map(other.documents.map(({ object }) => [JSON.stringify(object), object]));
  const documents = reading.documents.map((document): ReadObject => {
    const same = known.get(JSON.stringify(document.object));
    if (!same) return document;
    return {
      object: same, file: document.file, positionOf: (field) => document.positionOf(field), edit: (change) => document.edit(change),
    };
  });
  return { ...reading, documents };
}

/** The indices of refused objects in the state before. */
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
 * All objects after the change. Objects that only the state before has are deleted from the
 * cluster as well; if the new manifest of an object is refused, its former version stays.
 */
function objectsAfter(
  { judged, facts }: Admitted, former: readonly object[], refused: readonly ReadObject[], { objects }: Mesh,
): readonly unknown[] {
  const keyOf = (source: unknown): string | undefined => {
    const object = readObject(source, objects.readBy);
    return object && idKey(object);
  };
  const refusedIds = new Set(refused.map(({ object }) => keyOf(object)));
  const all = refusedIds.size === 0 ? [] : [...objects.all(), ...objects.unread.values(), ...objects.caObjects.all];
  const stay = all.filter((object) => refusedIds.has(idKey(object))).map(({ source }) => source);
  if (facts.length === 0) return [...stay, ...judged];
  const kept = new Set(judged.map(keyOf));
  const gone = new Set(former.map(keyOf).filter((key) => !kept.has(key)));
  return [...facts.filter((source) => !gone.has(keyOf(source))), ...stay, ...judged];
}

function notesOfReadings({ before, after }: StateObjects): readonly Note[] {
  const notes = [...before?.notes ?? [], ...after.notes];
  return [...new Map(notes.map((note) => [note.text, note])).values()];
}

function refusedNotes(refused: Compared['refused']): readonly Note[] {
  return (['before', 'after'] as const).filter((side) => refused[side] > 0).map((side) => {
    const count = refused[side];
    const [objects, are, their] = count === 1 ? ['1 object', 'is', 'its'] : [`${count} objects`, 'are', 'their'];
    return {
      about: 'refused',
      text: `${objects} ${side} the change would be rejected and ${are} `
        + `ignored${side === 'after' ? `, so ${their} previous state, if any, remains` : ': istio-mtls check shows why'}`,
    };
  });
}
