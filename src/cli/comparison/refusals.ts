import { Gate, Gated } from '../../changes/gates';
import { PlaceOf, placeFields, ObjectDifference } from '../../changes/object-changes';
import { findingSentence, isRefusal } from '../../findings/finding';
import { numeral } from '../../findings/numeral';
import { objectIdentity, ObjectIdentity } from '../../findings/object-identity';
import { mapping } from '../../manifests/mapping';
import { grouped } from '../../mesh/collections';
import { idKey, readObject } from '../../mesh/inventory/object';
import type { Objected } from '../admission/objections';
import { ReadObject } from '../input/reading';

/** An object of the state after that an API server or istiod would reject. */
export interface ReportedRefusal extends Gated, Pick<ObjectDifference, 'file' | 'line' | 'column'> {
  /** `new-refused` if it would not be rejected before the change, or wasn't there. Missing otherwise. */
  readonly gate?: Gate;
  readonly object: ObjectIdentity;
  /** The code of the first objection. */
  readonly code: string;
  /** The first objection: the field, what it is, what was expected, and a fix. */
  readonly why: string;
  /**
   * How many objections there are.
   *
   * @minimum 1
   */
  readonly objections: number;
}

/** Keys by which an object is the same one in both states; one without a name is the same if all of it is. */
export function refusalKey(object: unknown): string {
  const read = typeof mapping(mapping(object).metadata).name === 'string' ? readObject(object) : undefined;
  return read ? idKey(read) : JSON.stringify(object);
}

/**
 * The objects of the state after that would be rejected.
 *
 * @param refusedBefore the keys of those that would be rejected before the change, too
 */
export function reportedRefusals(
  documents: readonly ReadObject[], objected: readonly Objected[], refusedBefore: ReadonlySet<string>, placeOf: PlaceOf,
): readonly ReportedRefusal[] {
  const refusing = objected.filter(({ objectIndex, objection }) => objectIndex < documents.length && isRefusal(objection));
  return [...grouped(refusing, ({ objectIndex }) => objectIndex)].map(([index, objections]): ReportedRefusal => {
    const [{ objection }] = objections;
    const { object } = documents[index];
    const gates: readonly Gate[] = refusedBefore.has(refusalKey(object)) ? [] : ['new-refused'];
    return {
      gate: gates[0],
      gates,
      object: objectIdentity(object as Readonly<Record<string, unknown>>),
      ...placeFields(placeOf(object, objection.field)),
      code: objection.code,
      why: findingSentence(objection),
      objections: objections.length,
    };
  });
}

/** What `new-refused` fails for; empty if nothing meets it. */
export function newlyRefusedText(refusals: readonly ReportedRefusal[]): string {
  const count = refusals.filter(({ gates }) => gates.includes('new-refused')).length;
  return count === 0 ? '' : `${count === 1 ? '1 object' : `${numeral(count)} objects`} would be rejected, and not before the change`;
}

/** `spec.mtls.mode is …; expected …. Fix: …. [ADMIT203]`, and whether it was so before. */
export function whyRefusedText({ why, code, objections, gates }: ReportedRefusal): string {
  const more = objections === 1 ? '' : `, and ${objections === 2 ? '1 more' : `${numeral(objections - 1)} more`}`;
  return `${gates.length === 0 ? 'rejected before the change, too: ' : ''}${why} [${code}${more}]`;
}
