import { celObjections } from './cel/cel';
import { IstioKind } from './istio-kinds';
import { judgeKind } from './kinds/kinds';
import { Objection } from './objection';
import { structureObjections } from './structure/structure';

/**
 * Unknown and missing fields, wrong types and words, too much text or too many items: as long as there are such, the
 * API server doesn't run the rules in CEL, which rely on them.
 */
const BEFORE_CEL = ['ADMIT201', 'ADMIT202', 'ADMIT203', 'ADMIT204', 'ADMIT213', 'ADMIT214'];

/**
 * What an API server with Istio's CRDs and istiod's webhook have against an object; nothing for an object that isn't
 * Istio's. Takes any value. A layer runs only on what those before let pass, so that one mistake is told once.
 */
export function admit(object: unknown): Objection[] {
  const { kind, objections } = judgeKind(object);
  if (kind === undefined) return objections;
  const istioObject = object as Record<string, unknown>;
  const byCrd = crdObjections(kind, istioObject);
  if (byCrd.length > 0) return [...objections, ...byCrd];
  return objections; // The webhook's word (webhook/) and the metadata's (metadata/, whatever the others say) belong here.
}

function crdObjections(kind: IstioKind, object: Record<string, unknown>): Objection[] {
  const structure = structureObjections(kind, object);
  const rulesRun = !structure.some(({ code }) => BEFORE_CEL.includes(code));
  return rulesRun ? [...structure, ...celObjections(kind, object)] : structure;
}
