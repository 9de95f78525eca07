import { Objection, Objections } from '../../../src/admission/objection';

/** What a judge objects to. */
export function objectionsOf(judge: (at: Objections) => void): readonly Objection[] {
  const at = new Objections();
  judge(at);
  return at.all;
}
