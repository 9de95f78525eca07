import { Objection, Objections } from '../../../src/admission/objection';

/** The objections of a check. */
export function objectionsOf(judge: (at: Objections) => void): readonly Objection[] {
  const at = new Objections();
  judge(at);
  return at.all;
}
