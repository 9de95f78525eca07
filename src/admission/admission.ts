import { cacertsObjections } from './cacerts/cacerts';
import { crdObjections } from './crd';
import { IstioKind } from './istio-kinds';
import { judgeKind } from './kinds/kinds';
import { meshConfigObjections } from './mesh-config/mesh-config';
import { istioKeyObjections } from './metadata/istio-key-objections';
import { identityObjections, metadataObjections } from './metadata/metadata';
import { Objection, ObjectionList } from './objection';
import { isPlainData } from './plain-data';
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
