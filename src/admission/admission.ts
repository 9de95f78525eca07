import { judgeCacerts } from './cacerts/cacerts';
import { judgeRules } from './cel/cel';
import { IstioKind } from './crds';
import { judgeKind } from './kinds';
import { judgeMeshConfig } from './mesh-config/mesh-config';
import { judgeForeignMetadata } from './metadata/foreign-metadata';
import { judgeMetadata } from './metadata/metadata';
import { Objection, Objections } from './objection';
import { MODELLED, Release, releaseOf } from './release';
import { judgeStructure } from './structure/structure';
import { judgeByWebhook } from './webhook/webhook';

/** What admission can't derive from one object. */
export interface AdmissionContext {
  /** Where istiod reads its mesh config and its CA; `istio-system` by default. */
  readonly istiodNamespace?: string;
  /** The Istio version that the object is for, such as `1.32`; the modelled minor by default, though another may run. */
  readonly istioVersion?: string;
  /** The mesh's root namespace; istiod's by default. */
  readonly rootNamespace?: string;
}

/**
 * The objections of an API server with Istio's CRDs, of istiod's webhook and of istiod itself to an object, at most 1,000
 * of each code and severity. Accepts any value. Of objects that aren't Istio's, only Istio's parts are judged: its labels
 * and annotations, its mesh config and its CA; and the names and labels of kinds that a mesh is read from.
 */
export function admit(object: unknown, context: AdmissionContext = {}): Objection[] {
  const objections = new Objections();
  try {
    judge(objections, object, context);
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

function judge(at: Objections, object: unknown, context: AdmissionContext): void {
  const { istiodNamespace = 'istio-system', rootNamespace = istiodNamespace, istioVersion } = context;
  const kind = judgeKind(at, object);
  if (at.refused) return;
  if (kind) judgeIstios(at, kind, object as Record<string, unknown>, releaseOf(istioVersion), rootNamespace);
  else judgeForeign(at, object, istiodNamespace);
}

/** The webhook only runs on what the CRD admits, so that each mistake is reported once. */
function judgeIstios(at: Objections, kind: IstioKind, object: Record<string, unknown>, release: Release, rootNamespace: string): void {
  judgeMetadata(at, object);
  if (judgeByCrd(at, kind, object, release)) judgeByWebhook(at, kind.kind, object, rootNamespace);
}

function judgeForeign(at: Objections, object: unknown, istiodNamespace: string): void {
  judgeForeignMetadata(at, object);
  judgeMeshConfig(at, object, istiodNamespace);
  judgeCacerts(at, object, istiodNamespace);
}

/**
 * Unknown and missing fields, wrong types and values, too much text or too many items: with any of these, the API server
 * doesn't run the CEL rules, which rely on their absence.
 */
const BEFORE_CEL = ['ADMIT201', 'ADMIT202', 'ADMIT203', 'ADMIT204', 'ADMIT213', 'ADMIT214'];

/** Whether an object's CRD admits it: reports what the schema and the CEL rules reject. */
export function judgeByCrd(at: Objections, kind: IstioKind, object: Record<string, unknown>, release: Release = MODELLED): boolean {
  const codes = new Set<string>();
  const noted = at.through((objection) => {
    if (objection.severity === 'error') codes.add(objection.code);
    return objection;
  });
  judgeStructure(noted, kind, object, release);
  if (!BEFORE_CEL.some((code) => codes.has(code))) judgeRules(noted, kind, object);
  return codes.size === 0;
}

/**
 * Whether a value can be read completely and represented in JSON, apart from cycles. Programs may pass more than a parser
 * produces: getters and proxies that throw, BigInts, symbols, functions.
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
