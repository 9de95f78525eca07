import { groupOf } from '../../manifests/kinds';
import { isMapping, labelsOf, Mapping, mapping, text } from '../../manifests/mapping';
import { DEFAULT_CLUSTER_DOMAIN } from '../names/hosts';

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

/** An object of the manifests as the mesh reads it. */
export interface MeshObject extends ObjectId {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: Mapping;
  /** The DNS suffix of its cluster's services. */
  readonly clusterDomain: string;
  /** When it was made, in milliseconds since 1970, if that is known: manifests from a live cluster say so. */
  readonly created?: number;
  /** The very object that the caller gave: callers find its file and line by it. */
  readonly source: object;
}

const NAMELESS_NAMESPACE = 'default';

/** The kinds that are in no namespace. */
const CLUSTER_WIDE = new Set([
  'Namespace', 'ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration', 'APIService', 'CustomResourceDefinition', 'ClusterIssuer', 'Bundle',
]);

/** The cluster that objects are of. */
export interface Cluster {
  /** Its name in ids; `Kubernetes` unless given, as istiod calls the cluster that it runs in. */
  readonly cluster?: string;
  /** The DNS suffix of its services. */
  readonly clusterDomain?: string;
}

/** Reads one object; undefined if it has no kind or name. A manifest without a namespace goes to `default`. */
export function readObject(source: unknown, { cluster = OWN_CLUSTER, clusterDomain = DEFAULT_CLUSTER_DOMAIN }: Cluster = {}): MeshObject | undefined {
  if (!isMapping(source)) return undefined;
  const metadata = mapping(source.metadata);
  const kind = text(source.kind);
  const name = text(metadata.name) ?? text(metadata.generateName);
  if (kind === undefined || name === undefined) return undefined;
  return {
    cluster,
    kind,
    group: groupOf(text(source.apiVersion) ?? ''),
    namespace: CLUSTER_WIDE.has(kind) ? '' : text(metadata.namespace) ?? NAMELESS_NAMESPACE,
    name,
    labels: labelsOf(metadata.labels),
    annotations: labelsOf(metadata.annotations),
    spec: mapping(source.spec),
    clusterDomain,
    created: timeOf(metadata.creationTimestamp),
    source,
  };
}

/** Whether its manifest says which namespace it is in. */
export function namesNamespace({ source }: MeshObject): boolean {
  return text(mapping(mapping(source).metadata).namespace) !== undefined;
}

/** YAML parsers make dates of times that aren't quoted. */
function timeOf(value: unknown): number | undefined {
  const time = value instanceof Date ? value.getTime() : Date.parse(text(value) ?? '');
  return Number.isNaN(time) ? undefined : time;
}

/**
 * The order in which istiod prefers objects: the oldest first, then by name, then by namespace. Manifests
 * without a time are new: as old as each other, and younger than those that have one.
 */
export function byAge(left: MeshObject, right: MeshObject): number {
  return compareAges(left, right) || compareTexts(left.name, right.name) || compareTexts(left.namespace, right.namespace);
}

/** The age of what is applied to a cluster that doesn't have it: younger than all that is there. */
export const YOUNGEST = Infinity;

/** Whether it is known which of two objects is the older, or that their times are equal. */
export function areAgesKnown(one: MeshObject, other: MeshObject): boolean {
  return one.created !== undefined && other.created !== undefined && !(one.created === YOUNGEST && other.created === YOUNGEST);
}

/** The age of a manifest without a time: younger than what has one, older than what is applied to it. */
const UNDATED = Number.MAX_VALUE;

/** The older first. */
export function compareAges(left: MeshObject, right: MeshObject): number {
  if (left.created === right.created) return 0;
  return (left.created ?? UNDATED) < (right.created ?? UNDATED) ? -1 : 1;
}
