import { judgeIstioKeys, withoutValue } from './istio-key-objections';
import { judgeLabelsAndAnnotations } from './labels-and-annotations';
import { nameRuleOf } from './name-rules';
import { judgeName, judgeNameIsThere, judgeNamespace, warnOfLeadingDigit } from './names';
import { judgeObjectMeta } from './object-meta';
import { FieldPath, valueAt } from '../../findings/finding';
import { scopeOf, WorkloadKinds } from '../../manifests/kinds';
import { mapping, Mapping } from '../../manifests/mapping';
import { Objections } from '../objection';

/** Groups with kinds that need no name: the API server answers such an object without storing it, or never sees it. */
const NAMELESS_GROUPS = /^(authentication\.k8s\.io|authorization\.k8s\.io|install\.istio\.io)\//;

/** The fields that identify an object. */
const IDENTITY = new Set<unknown>(['name', 'generateName', 'namespace']);

/**
 * Reports what an API server rejects in the names and labels of an object that isn't Istio's, and faults in Istio's keys
 * on it. Without these errors, a Service called `y`, which YAML reads as true, would silently be missing from the mesh, and
 * one called `Web` would be part of a mesh that no cluster has.
 */
export function judgeForeignMetadata(objections: Objections, value: unknown): void {
  const object = mapping(value);
  const reported = new Set<string>();
  const noted = objections.through((objection) => {
    reported.add(JSON.stringify(objection.field));
    return objection;
  });
  judgeAsKubernetes(object.kind === 'Secret' ? noted.through(withoutValue) : noted, object);
  judgeIstioKeys(objections.through((objection) => reported.has(JSON.stringify(objection.field)) ? undefined : objection), object);
}

function judgeAsKubernetes(objections: Objections, object: Mapping): void {
  const at = objections.at('metadata');
  const metadata = mapping(object.metadata);
  const rule = nameRuleOf(object);
  const scope = scopeOf(object);
  const needsName = scope !== undefined && !NAMELESS_GROUPS.test(object.apiVersion as string);
  if (needsName && !isDecodable(at, object.metadata)) return;
  if (rule) judgeName(at, metadata, rule);
  else if (needsName) judgeNameIsThere(at, metadata);
  if (!rule) return;
  if (scope === 'namespaced') judgeNamespace(at, metadata);
  if (object.kind === 'Service') warnOfLeadingDigit(at, metadata);
  judgeMaps(at, metadata);
  const template = templateOf(object);
  if (template) judgeMaps(objections.at(...template), mapping(valueAt(object, template)));
}

/** Whether the fields that identify an object can be decoded; reports those that can't. */
function isDecodable(at: Objections, metadata: unknown): boolean {
  if (isIdentified(metadata)) return true;
  let decodable = true;
  judgeObjectMeta(at.through((objection) => {
    const { field } = objection;
    if (field.length > 1 && !IDENTITY.has(field[1])) return undefined;
    decodable = false;
    return objection;
  }), metadata);
  return decodable;
}

/** Fast, since nearly all objects are. */
function isIdentified(metadata: unknown): boolean {
  const { name, ...others } = mapping(metadata);
  const isTextOrAbsent = (value: unknown): boolean => value === undefined || typeof value === 'string';
  return typeof name === 'string' && name !== '' && isTextOrAbsent(others.namespace) && isTextOrAbsent(others.generateName);
}

/** Rejects labels and annotations that an API server can't decode, or doesn't accept. */
function judgeMaps(at: Objections, metadata: Mapping): void {
  const { labels, annotations } = metadata;
  if (labels === undefined && annotations === undefined) return;
  judgeObjectMeta(at, { labels, annotations });
  judgeLabelsAndAnnotations(at, metadata);
}

/** The metadata of an object's pods, which an API server checks with the object; not that of a custom resource. */
function templateOf(object: Mapping): FieldPath | undefined {
  const { podTemplate, group } = WorkloadKinds.BUILT_IN.of(object) ?? { podTemplate: [], group: '' };
  return podTemplate.length === 0 || group === 'argoproj.io' ? undefined : [...podTemplate, 'metadata'];
}
