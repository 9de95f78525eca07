import type { ReportedObject } from '../changes/object-changes';

/** An object that differs between two states. */
export interface MtlsChangedObject {
  /** How it differs. */
  readonly change: ObjectChangeKind;
  /** Its API version; empty if its manifest has none. */
  readonly apiVersion: string;
  /** Its kind. */
  readonly kind: string;
  /** Its namespace; empty if its manifest doesn't name one. */
  readonly namespace: string;
  /** Its name. */
  readonly name: string;
  /** The first three fields that differ. For added and removed objects, only if they are of Istio's kinds. */
  readonly fields: MtlsFieldDifference[];
  /** How many more fields differ. */
  readonly moreFields: number;
  /**
   * Why its effect isn't analyzed.
   *
   * @default - it is
   */
  readonly why?: string;
}

/** How an object differs. */
export enum ObjectChangeKind {
  /** It is new. */
  ADDED = 'added',
  /** Its fields differ. */
  CHANGED = 'changed',
  /** It is gone. */
  REMOVED = 'removed',
}

/** A field that differs. */
export interface MtlsFieldDifference {
  /** The field, as Kubernetes writes it: `spec.mtls.mode`. */
  readonly field: string;
  /**
   * The value before, at most 60 characters; of what may be a key, only the beginning.
   *
   * @default - the field was absent
   */
  readonly from?: string;
  /**
   * The value after, shown as in `from`.
   *
   * @default - the field is absent
   */
  readonly to?: string;
}

/** An object that differs as a jsii value. */
export function changedObjectOf({ change, object, fields, more }: ReportedObject): MtlsChangedObject {
  const { apiVersion = '', kind = '', namespace = '', name = '' } = object;
  return { change: change as ObjectChangeKind, apiVersion, kind, namespace, name, fields: fields.map((field) => ({ ...field })), moreFields: more };
}
