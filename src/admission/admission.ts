import { cacertsObjections } from './cacerts/cacerts';
import { celObjections } from './cel/cel';
import { IstioKind } from './crds';
import { judgeKind } from './kinds';
import { meshConfigObjections } from './mesh-config/mesh-config';
import { istioKeyObjections } from './metadata/istio-key-objections';
import { identityObjections, metadataObjections } from './metadata/metadata';
import { Objection, ObjectionList } from './objection';
import { structureObjections } from './structure/structure';
import { webhookObjections } from './webhook/webhook';

/** What admission can't see from one object. */
export interface AdmissionContext {
  /** Where istiod reads its mesh config and its CA; `istio-system` unless told. */
  readonly istiodNamespace?: string;
}

/**
 * What an API server with Istio's CRDs, istiod's webhook and istiod itself have against an object, of each code and
 * severity the first 1,000. Takes any value. Of objects that aren't Istio's, only what is Istio's is judged, its labels
 * and annotations, its mesh config, its CA, and that Kubernetes' own have a name.
 */
export function admit(object: unknown, { istiodNamespace = 'istio-system' }: AdmissionContext = {}): Objection[] {
  try {
    return firstOf(objectionsTo(object, istiodNamespace));
  } catch (error) {
    if (isPlainData(object)) throw error;
    return [NOT_PLAIN];
  }
}

const NOT_PLAIN: Objection = {
  code: 'ADMIT112',
  severity: 'error',
  field: [],
  actual: 'something that can\'t be read, or holds what JSON has no word for',
  expected: 'plain data',
  because: 'it can\'t be sent to an API server',
  fix: 'hand in what JSON.parse(JSON.stringify(…)) makes of it',
};

function objectionsTo(object: unknown, istiodNamespace: string): Objection[] {
  const { kind, objections } = judgeKind(object);
  if (objections.some(isError)) return objections;
  const others = kind ? istioObjections(kind, object as Record<string, unknown>) : foreignObjections(object, istiodNamespace);
  return [...objections, ...others];
}

/** The webhook runs only on what the CRD lets pass, so that one mistake is told once. */
function istioObjections(kind: IstioKind, object: Record<string, unknown>): Objection[] {
  const metadata = metadataObjections(object);
  const byCrd = crdObjections(kind, object);
  return [...metadata, ...byCrd, ...byCrd.length > 0 ? [] : webhookObjections(kind.kind, object)];
}

function foreignObjections(object: unknown, istiodNamespace: string): Objection[] {
  return [
    ...identityObjections(object),
    ...istioKeyObjections(object),
    ...meshConfigObjections(object, istiodNamespace),
    ...cacertsObjections(object, istiodNamespace),
  ];
}

function firstOf(objections: readonly Objection[]): Objection[] {
  const list = new ObjectionList();
  for (const objection of objections) list.add(objection);
  return list.all;
}

function isError({ severity }: Objection): boolean {
  return severity === 'error';
}

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

/**
 * Whether a value can be read to its end and is what JSON can hold, but for cycles. Programs may hand in more than a
 * parser does: getters and proxies that throw, BigInts, symbols, functions.
 */
export function isPlainData(value: unknown): boolean {
  const seen = new Set<unknown>([value]);
  try {
    for (const each of seen) { // grows while it is walked
      if (['bigint', 'symbol', 'function'].includes(typeof each)) return false;
      if (typeof each === 'object' && each !== null) Object.values(each).forEach((child) => seen.add(child));
    }
    return true;
  } catch {
    return false;
  }
}
