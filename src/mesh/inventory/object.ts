import { Kinds } from './kinds';
import { groupOf } from '../../manifests/kinds';
import { isMapping, labelsOf, Mapping, mapping, text } from '../../manifests/mapping';
import { DEFAULT_CLUSTER_DOMAIN } from '../names/hosts';

/** Kind, namespace and name: how reasons and findings name an object. */
export interface ObjectName {
  readonly kind: string;
  /** Empty for cluster-scoped objects. */
  readonly namespace: string;
  readonly name: string;
}

/** What distinguishes an object from all others of a mesh. */
export interface ObjectId extends ObjectName {
  readonly cluster: string;
  /** The API group of the kind; empty for Kubernetes' own. */
  readonly group: string;
}

/** The cluster that istiod runs in, by istiod's name for it. */
export const OWN_CLUSTER = 'Kubernetes';

export function nameOf({ kind, namespace, name }: ObjectName): ObjectName {
  return { kind, namespace, name };
}

export function idOf({ cluster, group, kind, namespace, name }: ObjectId): ObjectId {
  return { cluster, group, kind, namespace, name };
}

/** A key that differs for different objects, and is the same in every state of a mesh. */
export function idKey({ cluster, group, kind, namespace, name }: ObjectId): string {
  return `${cluster}/${group}/${kind}/${namespace}/${name}`;
}

/** `Deployment shop/web`; `Namespace shop`, which is cluster-scoped. */
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
  /** When it was created, in milliseconds since 1970, if known: manifests from a live cluster say so. */
  readonly created?: number;
  /** The very object that the caller passed: callers use it to find its file and line. */
  readonly source: object;
}

const NAMELESS_NAMESPACE = 'default';

/** The cluster-scoped kinds. */
const CLUSTER_WIDE = Kinds.of(
  'Namespace', 'ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration', 'APIService', 'CustomResourceDefinition', 'ClusterIssuer', 'Bundle',
);

/** The cluster that objects are of. */
export interface Cluster {
  /** Its name in ids; `Kubernetes` by default, istiod's name for the cluster that it runs in. */
  readonly cluster?: string;
  /** The DNS suffix of its services. */
  readonly clusterDomain?: string;
}

/** Reads one object; undefined if it has no kind or name. A manifest without a namespace belongs to `default`. */
export function readObject(source: unknown, { cluster = OWN_CLUSTER, clusterDomain = DEFAULT_CLUSTER_DOMAIN }: Cluster = {}): MeshObject | undefined {
  if (!isMapping(source)) return undefined;
  const metadata = mapping(source.metadata);
  const kind = text(source.kind);
  const name = text(metadata.name) ?? text(metadata.generateName);
  if (kind === undefined || name === undefined) return undefined;
  const group = groupOf(text(source.apiVersion) ?? '');
  return {
    cluster,
    kind,
    group,
    namespace: CLUSTER_WIDE.has({ group, kind }) ? '' : text(metadata.namespace) ?? NAMELESS_NAMESPACE,
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

/** YAML parsers turn unquoted times into dates. */
function timeOf(value: unknown): number | undefined {
  const time = value instanceof Date ? value.getTime() : Date.parse(text(value) ?? '');
  return Number.isNaN(time) ? undefined : time;
}

/**
 * istiod's order of preference: the oldest first, then by name, then by namespace. Manifests without a time are new: equally
 * old, and younger than those with one.
 */
export function byAge(left: MeshObject, right: MeshObject): number {
  return compareAges(left, right) || compareTexts(left.name, right.name) || compareTexts(left.namespace, right.namespace);
}

/** The age of what is newly applied to a cluster: younger than everything there. */
export const YOUNGEST = Infinity;

/** Whether it is known which of two objects is older, or that they are equally old. */
export function areAgesKnown(one: MeshObject, other: MeshObject): boolean {
  return one.created !== undefined && other.created !== undefined && !(one.created === YOUNGEST && other.created === YOUNGEST);
}

/** The age of a manifest without a time: younger than those with one, older than what is applied later. */
const UNDATED = Number.MAX_VALUE;

/** The older first. */
export function compareAges(left: MeshObject, right: MeshObject): number {
  if (left.created === right.created) return 0;
  return (left.created ?? UNDATED) < (right.created ?? UNDATED) ? -1 : 1;
}
