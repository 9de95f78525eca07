import schemas from '../../imports/schemas.json';
import { minorOf } from '../manifests/istio-minor';

/** A kind of Istio's API as its CustomResourceDefinition defines it. */
export interface IstioKind {
  /** For example `security.istio.io`. */
  readonly group: string;
  /** For example `PeerAuthentication`. */
  readonly kind: string;
  /** As in URLs: `peerauthentications`. */
  readonly plural: string;
  readonly shortNames: readonly string[];
  readonly scope: 'Namespaced' | 'Cluster';
  /** The served versions, v1 first if there is one; all have the same schema. */
  readonly versions: readonly string[];
  /** The structural OpenAPI v3 schema without descriptions. */
  readonly schema: CrdSchema;
}

/** Every kind of the vendored CRDs, see imports/crds. */
export const ISTIO_CRDS = schemas.kinds as readonly unknown[] as readonly IstioKind[];

/** The minor of these CRDs: no field of a later one is known. */
export const NEWEST_MINOR = minorOf(schemas.source.split('@')[1])!;

/** A CEL rule that the API server evaluates on the value of its schema node. */
export interface ValidationRule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly fieldPath?: string;
  readonly reason?: string;
  readonly optionalOldSelf?: boolean;
}

/**
 * The parts of Kubernetes' structural schemas that Istio's CRDs use. A test compares them with the vendored CRDs, so that
 * no new keyword goes unchecked.
 */
export interface CrdSchema {
  readonly 'type'?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly 'nullable'?: boolean;
  readonly 'enum'?: readonly string[];
  readonly 'format'?: string;
  readonly 'pattern'?: string;
  readonly 'minLength'?: number;
  readonly 'maxLength'?: number;
  readonly 'minimum'?: number;
  readonly 'maximum'?: number;
  readonly 'items'?: CrdSchema;
  readonly 'minItems'?: number;
  readonly 'maxItems'?: number;
  readonly 'properties'?: Readonly<Record<string, CrdSchema>>;
  readonly 'additionalProperties'?: CrdSchema;
  readonly 'required'?: readonly string[];
  readonly 'minProperties'?: number;
  readonly 'maxProperties'?: number;
  readonly 'allOf'?: readonly CrdSchema[];
  readonly 'anyOf'?: readonly CrdSchema[];
  readonly 'oneOf'?: readonly CrdSchema[];
  readonly 'not'?: CrdSchema;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-validations'?: readonly ValidationRule[];
  /** The first minor of Istio whose CRD has the field, or the kind, if it is younger than 1.24; tools/import-field-minors.mjs adds it. */
  readonly 'x-istio-since'?: string;
  /** The same for each value of its `enum`: the first minor whose CRD has it, if it is younger than 1.24. */
  readonly 'x-istio-values-since'?: Readonly<Record<string, string>>;
}

/** The schema of an object's field or of a map's value, or undefined. Fields such as `constructor` are nothing special. */
export function schemaOfKey(schema: CrdSchema | undefined, key: string): CrdSchema | undefined {
  if (schema === undefined) return undefined;
  if (schema.properties !== undefined && Object.hasOwn(schema.properties, key)) return schema.properties[key];
  return schema.additionalProperties;
}

/** Whether a value counts as absent though its key is there: null where the schema doesn't allow it. */
export function isAbsent(value: unknown, schema: CrdSchema | undefined): boolean {
  return value === undefined || (value === null && schema !== undefined && !schema.nullable);
}
