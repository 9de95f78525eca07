import { celObjections } from './cel/cel';
import { IstioKind } from './istio-kinds';
import { Objection } from './objection';
import { structureObjections } from './structure/structure';

/**
 * Unknown and missing fields, wrong types and words, too much text or too many items: as long as there are such, the
 * API server doesn't run the rules in CEL, which rely on them.
 */
const BEFORE_CEL = ['ADMIT201', 'ADMIT202', 'ADMIT203', 'ADMIT204', 'ADMIT213', 'ADMIT214'];

/** What an API server has against an object by its kind's CRD: the schema and the rules in CEL. */
export function crdObjections(kind: IstioKind, object: Record<string, unknown>): Objection[] {
  const structure = structureObjections(kind, object);
  const rulesRun = !structure.some(({ code }) => BEFORE_CEL.includes(code));
  return rulesRun ? [...structure, ...celObjections(kind, object)] : structure;
}
