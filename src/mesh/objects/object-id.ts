/** Kind, namespace and name: what reasons and findings say of an object. */
export interface ObjectName {
  readonly kind: string;
  /** Empty for objects that are in none. */
  readonly namespace: string;
  readonly name: string;
}

/** What tells an object apart from all others of a mesh. */
export interface ObjectId extends ObjectName {
  readonly cluster: string;
  /** The API group of the kind; empty for Kubernetes' own. */
  readonly group: string;
}

/** The cluster that istiod runs in, by the name that istiod gives it. */
export const OWN_CLUSTER = 'Kubernetes';

export function nameOf({ kind, namespace, name }: ObjectName): ObjectName {
  return { kind, namespace, name };
}

export function idOf({ cluster, group, kind, namespace, name }: ObjectId): ObjectId {
  return { cluster, group, kind, namespace, name };
}

/** A text that differs for objects that differ, and is the same in every state of a mesh. */
export function idKey({ cluster, group, kind, namespace, name }: ObjectId): string {
  return `${cluster}/${group}/${kind}/${namespace}/${name}`;
}

/** `Deployment shop/web`; `Namespace shop`, which is in none. */
export function objectText({ kind, namespace, name }: ObjectName): string {
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}

/** By code unit, as Go compares strings; `localeCompare` would depend on the machine. */
export function compareTexts(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** By namespace, name and kind. */
export function compareNames(left: ObjectName, right: ObjectName): number {
  return compareTexts(left.namespace, right.namespace) || compareTexts(left.name, right.name) || compareTexts(left.kind, right.kind);
}
