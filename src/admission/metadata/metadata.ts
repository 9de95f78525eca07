import { mapping } from '../../manifests/mapping';
import { Objections } from '../objection';
import { judgeIstioKeys, withoutValue } from './istio-key-objections';
import { asDnsName, isDnsLabel, isDnsSubdomain, isQualifiedName } from './kubernetes-names';
import { judgeAnnotationsByWebhook, judgeLabelsAndAnnotations } from './labels-and-annotations';
import { judgeObjectMeta } from './object-meta';
import { redacted, shown } from '../../findings/safe-text';
import { scopeOf } from '../../manifests/kinds';

/** Groups with kinds that need no name: the API server answers such an object without storing it, or never sees it. */
const NAMELESS_GROUPS = /^(authentication\.k8s\.io|authorization\.k8s\.io|install\.istio\.io)\//;

/** The fields that identify an object. */
const IDENTITY = new Set<unknown>(['name', 'generateName', 'namespace']);

/**
 * Rejects what an API server rejects in the name and namespace of an object that isn't Istio's. Such an object can't be
 * identified: without an error, a Service called `y`, which YAML reads as true, would silently be missing from the mesh.
 */
export function judgeIdentity(objections: Objections, object: unknown): void {
  const { apiVersion, kind, metadata } = mapping(object);
  if (isIdentified(metadata) || scopeOf(mapping(object)) === undefined || NAMELESS_GROUPS.test(apiVersion as string)) return;
  const at = objections.at('metadata');
  let decodable = true;
  judgeObjectMeta(at.through((objection) => {
    const { field } = objection;
    if (field.length > 1 && !IDENTITY.has(field[1])) return undefined;
    decodable = false;
    return kind === 'Secret' ? withoutValue(objection) : objection;
  }), metadata);
  if (decodable) judgeNameIsThere(at, metadata);
}

/** Fast, since nearly all objects are. */
function isIdentified(metadata: unknown): boolean {
  const { name, namespace } = mapping(metadata);
  return typeof name === 'string' && name !== '' && (namespace === undefined || typeof namespace === 'string');
}

/**
 * Reports what an API server and istiod's webhook reject in the metadata of an object of one of Istio's kinds, and faults
 * in Istio's own keys on it, unless reported already. For any other object, see judgeIstioKeys.
 */
export function judgeMetadata(objections: Objections, object: unknown): void {
  const { metadata } = mapping(object);
  const told = new Set<string>();
  const at = objections.at('metadata').through((objection) => {
    told.add(JSON.stringify(objection.field));
    return objection;
  });
  judgeObjectMeta(at, metadata);
  judgeNames(at, mapping(metadata));
  judgeLabelsAndAnnotations(at, metadata);
  judgeOwners(at.at('ownerReferences'), metadata);
  judgeFinalizers(at.at('finalizers'), metadata);
  judgeResourceVersion(at.at('resourceVersion'), metadata);
  judgeAnnotationsByWebhook(at.at('annotations'), mapping(object));
  judgeIstioKeys(objections.through((objection) => told.has(JSON.stringify(objection.field)) ? undefined : objection), object);
}

function judgeResourceVersion(at: Objections, metadata: unknown): void {
  const { resourceVersion } = mapping(metadata);
  if (typeof resourceVersion !== 'string' || resourceVersion === '') return;
  at.warning({
    code: 'ADMIT513',
    actual: 'set',
    expected: 'no resourceVersion in a manifest',
    because: 'the API server rejects it when creating an object, and when updating an object that has changed since',
    fix: 'remove it',
  });
}

const NAME = 'at most 253 lower case letters, digits, \'-\' and \'.\', each part between the dots starting '
  + 'and ending with a letter or digit';
const NAMESPACE = 'at most 63 lower case letters, digits and \'-\', starting and ending with a letter or digit';

/** Rejects what the API server rejects as a custom resource's name, generateName or namespace. */
function judgeNames(at: Objections, { name, generateName, namespace }: { readonly [field: string]: unknown }): void {
  const hasPrefix = typeof generateName === 'string' && generateName !== '';
  if (hasPrefix && !isPrefix(generateName, isAbsent(name))) objectToName(at.at('generateName'), 'ADMIT504', generateName, NAME, 253);
  judgeNameIsThere(at, { name, generateName });
  if (typeof name === 'string' && name !== '' && !isDnsSubdomain(name)) objectToName(at.at('name'), 'ADMIT503', name, NAME, 253);
  if (typeof namespace === 'string' && namespace !== '' && !isDnsLabel(namespace)) {
    objectToName(at.at('namespace'), 'ADMIT505', namespace, NAMESPACE, 63);
  }
}

function judgeNameIsThere(at: Objections, metadata: unknown): void {
  const { name, generateName } = mapping(metadata);
  if (!isAbsent(name) || !isAbsent(generateName)) return;
  at.at('name').error({
    code: 'ADMIT502',
    actual: 'missing',
    expected: 'a name, or a generateName',
    because: 'the API server admits no object without one',
    fix: 'set metadata.name',
  });
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/**
 * The API server treats a prefix as a name that may end in a dash; without a name, it adds five letters to the first 58
 * characters and validates the result, too.
 */
function isPrefix(prefix: string, isUsed: boolean): boolean {
  const masked = prefix.length > 1 && prefix.endsWith('-') ? `${prefix.slice(0, -2)}a` : prefix;
  return isDnsSubdomain(masked) && (!isUsed || isDnsSubdomain(`${prefix.slice(0, 58)}x`));
}

function objectToName(at: Objections, code: string, value: string, expected: string, longest: number): void {
  const near = redacted(value) === value ? asDnsName(value, longest) : undefined;
  at.error({
    code,
    actual: value.length > longest ? `${shown(value)}, ${value.length} characters long` : shown(value),
    expected,
    because: 'the API server accepts no other',
    fix: near ? `name it '${near.length > 80 ? `${near.slice(0, 20)}…` : near}'` : 'choose such a name',
  });
}

const KUBERNETES_FINALIZERS = ['orphan', 'foregroundDeletion', 'kubernetes'];
const OWNER_FIELDS = ['apiVersion', 'kind', 'name', 'uid'] as const;

type Owner = { readonly [field: string]: unknown };

/** Rejects what the API server rejects in metadata.ownerReferences. */
function judgeOwners(at: Objections, metadata: unknown): void {
  const owners = listOf(mapping(metadata).ownerReferences).map(mapping);
  owners.forEach((owner, index) => {
    for (const field of OWNER_FIELDS) {
      if (isAbsent(owner[field]) || (field === 'apiVersion' && versionOf(owner.apiVersion) === '')) {
        objectToMissing(at.at(index, field), field, owner[field]);
      }
    }
  });
  owners.forEach((owner, index) => judgeOwnersKind(at.at(index), owner));
  let controlled = false;
  owners.forEach(({ controller }, index) => {
    if (controller === true && controlled) objectToSecondController(at.at(index, 'controller'));
    controlled ||= controller === true;
  });
}

function objectToMissing(at: Objections, field: typeof OWNER_FIELDS[number], value: unknown): void {
  at.error({
    code: 'ADMIT511',
    actual: shown(value ?? undefined),
    expected: field === 'apiVersion' ? 'the owner\'s, such as \'apps/v1\'' : 'the owner\'s, not empty',
    because: 'an owner is found by apiVersion, kind, name and uid',
    fix: 'remove the owner reference: controllers set it, manifests don\'t know the uid',
  });
}

function versionOf(apiVersion: unknown): string {
  const parts = typeof apiVersion === 'string' ? apiVersion.split('/') : [];
  return parts.length <= 2 ? parts[parts.length - 1] ?? '' : '';
}

function judgeOwnersKind(at: Objections, { apiVersion, kind }: Owner): void {
  if ((apiVersion !== 'v1' && apiVersion !== '/v1') || kind !== 'Event') return;
  at.error({
    code: 'ADMIT511',
    actual: 'an Event',
    expected: 'an owner of another kind',
    because: 'an Event may own nothing',
    fix: 'remove the owner reference',
  });
}

function objectToSecondController(at: Objections): void {
  at.error({
    code: 'ADMIT511',
    actual: 'true, as for another owner',
    expected: 'at most one owner with controller: true',
    because: 'an object has one controller',
    fix: 'set it to false',
  });
}

/** Rejects what the API server rejects in metadata.finalizers. */
function judgeFinalizers(at: Objections, metadata: unknown): void {
  const finalizers = listOf(mapping(metadata).finalizers).map((finalizer) => finalizer ?? '');
  finalizers.forEach((finalizer, index) => {
    if (typeof finalizer === 'string' && !isQualifiedName(finalizer)) objectToFinalizer(at.at(index), finalizer);
  });
  finalizers.forEach((finalizer, index) => {
    if (typeof finalizer === 'string' && isQualifiedName(finalizer)) judgeDomain(at.at(index), finalizer);
  });
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) objectToBothPolicies(at);
}

function objectToFinalizer(at: Objections, finalizer: string): void {
  at.error({
    code: 'ADMIT512',
    actual: shown(finalizer),
    expected: 'a qualified name such as \'example.com/cleanup\'',
    because: 'the API server accepts no other finalizer',
    fix: 'remove it, or use the finalizer of the controller that removes it',
  });
}

function objectToBothPolicies(at: Objections): void {
  at.error({
    code: 'ADMIT512',
    actual: 'both orphan and foregroundDeletion',
    expected: 'at most one of the two',
    because: 'dependents are either left or deleted',
    fix: 'remove both: the delete request chooses',
  });
}

function judgeDomain(at: Objections, finalizer: string): void {
  if (finalizer.includes('/') || KUBERNETES_FINALIZERS.includes(finalizer)) return;
  at.warning({
    code: 'ADMIT514',
    actual: shown(finalizer),
    expected: 'a name with a domain, such as \'example.com/cleanup\'',
    because: 'another controller may take the same name',
    fix: 'prefix it with the controller\'s domain',
  });
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
