import { judgeCacerts } from './cacerts/cacerts';
import { judgeRules } from './cel/cel';
import { IstioKind } from './crds';
import { judgeKind } from './kinds';
import { judgeMeshConfig } from './mesh-config/mesh-config';
import { judgeIstioKeys } from './metadata/istio-key-objections';
import { judgeIdentity, judgeMetadata } from './metadata/metadata';
import { Objection, Objections } from './objection';
import { judgeStructure } from './structure/structure';
import { judgeByWebhook } from './webhook/webhook';

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
  const objections = new Objections();
  try {
    judge(objections, object, istiodNamespace);
    return [...objections.all];
  } catch (error) {
    if (isPlainData(object)) throw error;
    return [NOT_PLAIN];
  }
}

const NOT_PLAIN: Objection = {
  code: 'ADMIT112',
  severity: 'error',
  field: [],
  actual: 'a value that can\'t be read, or that JSON can\'t represent',
  expected: 'plain data',
  because: 'it can\'t be sent to an API server',
  fix: 'pass the result of JSON.parse(JSON.stringify(…))',
};

function judge(at: Objections, object: unknown, istiodNamespace: string): void {
  const kind = judgeKind(at, object);
  if (at.refused) return;
  if (kind) judgeIstios(at, kind, object as Record<string, unknown>);
  else judgeForeign(at, object, istiodNamespace);
}

/** The webhook runs only on what the CRD lets pass, so that one mistake is told once. */
function judgeIstios(at: Objections, kind: IstioKind, object: Record<string, unknown>): void {
  judgeMetadata(at, object);
  if (judgeByCrd(at, kind, object)) judgeByWebhook(at, kind.kind, object);
}

function judgeForeign(at: Objections, object: unknown, istiodNamespace: string): void {
  judgeIdentity(at, object);
  judgeIstioKeys(at, object);
  judgeMeshConfig(at, object, istiodNamespace);
  judgeCacerts(at, object, istiodNamespace);
}

/**
 * Unknown and missing fields, wrong types and words, too much text or too many items: as long as there are such, the
 * API server doesn't run the rules in CEL, which rely on them.
 */
const BEFORE_CEL = ['ADMIT201', 'ADMIT202', 'ADMIT203', 'ADMIT204', 'ADMIT213', 'ADMIT214'];

/** Whether the API server takes an object by its kind's CRD: objects to what the schema and the rules in CEL refuse. */
export function judgeByCrd(at: Objections, kind: IstioKind, object: Record<string, unknown>): boolean {
  const codes = new Set<string>();
  const noted = at.through((objection) => {
    codes.add(objection.code);
    return objection;
  });
  judgeStructure(noted, kind, object);
  if (!BEFORE_CEL.some((code) => codes.has(code))) judgeRules(noted, kind, object);
  return codes.size === 0;
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
