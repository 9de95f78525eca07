import { Objection } from '../objection';
import { istioKeyObjections, withoutValue } from './istio-key-objections';
import { asDnsName, isDnsLabel, isDnsSubdomain, isQualifiedName } from './kubernetes-names';
import { labelAndAnnotationObjections, webhookAnnotationObjections } from './labels-and-annotations';
import { objectMetaObjections } from './object-meta';
import { FieldPath } from '../../findings/finding';
import { redacted, shown } from '../../findings/safe-text';
import { scopeOf } from '../../manifests/kinds';

/** Groups with kinds that need no name: the API server answers such an object and keeps none, or never sees it. */
const NAMELESS_GROUPS = /^(authentication\.k8s\.io|authorization\.k8s\.io|install\.istio\.io)\//;

/** What says which object it is. */
const IDENTITY = new Set<unknown>(['name', 'generateName', 'namespace']);

/**
 * What an API server has against the name and namespace of an object that isn't Istio's. Nobody could tell which
 * object it is: without an objection, a Service called `y`, which YAML reads as true, would be missing from the mesh unseen.
 */
export function identityObjections(object: any): Objection[] {
  const metadata = object?.metadata;
  if (isIdentified(metadata) || scopeOf(object ?? {}) === undefined || NAMELESS_GROUPS.test(object.apiVersion)) return [];
  const undecodable = objectMetaObjections(metadata).filter(({ field }) => field.length === 1 || IDENTITY.has(field[1]));
  if (undecodable.length === 0) return nameObjections(metadata).filter(({ code }) => code === 'ADMIT502');
  return object.kind === 'Secret' ? undecodable.map(withoutValue) : undecodable;
}

/** Quick, since nearly all objects are. */
function isIdentified(metadata: any): boolean {
  if (typeof metadata !== 'object' || metadata === null) return false;
  const { name, namespace } = metadata;
  return typeof name === 'string' && name !== '' && (namespace === undefined || typeof namespace === 'string');
}

/**
 * What an API server and istiod's webhook have against the metadata of an object of one of Istio's kinds, and
 * what is wrong with Istio's own keys on it. For any other object, see istioKeyObjections.
 */
export function metadataObjections(object: any): Objection[] {
  const metadata = object?.metadata;
  const own = [
    ...objectMetaObjections(metadata),
    ...nameObjections(metadata),
    ...labelAndAnnotationObjections(metadata),
    ...ownerObjections(metadata),
    ...finalizerObjections(metadata),
    ...resourceVersionObjections(metadata),
    ...webhookAnnotationObjections(object),
  ];
  const keys = istioKeyObjections(object);
  if (own.length === 0 || keys.length === 0) return [...own, ...keys];
  const told = new Set(own.map(({ field }) => JSON.stringify(field)));
  return [...own, ...keys.filter(({ field }) => !told.has(JSON.stringify(field)))];
}

function resourceVersionObjections(metadata: any): Objection[] {
  if (typeof metadata?.resourceVersion !== 'string' || metadata.resourceVersion === '') return [];
  return [{
    code: 'ADMIT513',
    severity: 'warning',
    field: ['metadata', 'resourceVersion'],
    actual: 'set',
    expected: 'to be left out of a manifest',
    because: 'the API server refuses to create an object with it, and to change one that has changed since',
    fix: 'remove it',
  }];
}

const NAME = 'at most 253 lower case letters, digits, \'-\' and \'.\', each part between the dots starting and ending with a letter or digit';
const NAMESPACE = 'at most 63 lower case letters, digits and \'-\', starting and ending with a letter or digit';

/** What the API server has against a custom resource's name, generateName and namespace. */
function nameObjections(metadata: any): Objection[] {
  const { name, generateName, namespace } = metadata ?? {};
  const objections: Objection[] = [];
  const hasPrefix = typeof generateName === 'string' && generateName !== '';
  if (hasPrefix && !isPrefix(generateName, isAbsent(name))) objections.push(badName('ADMIT504', ['metadata', 'generateName'], generateName, NAME, 253));
  if (isAbsent(name)) {
    if (isAbsent(generateName)) objections.push(noName());
  } else if (typeof name === 'string' && !isDnsSubdomain(name)) {
    objections.push(badName('ADMIT503', ['metadata', 'name'], name, NAME, 253));
  }
  if (typeof namespace === 'string' && namespace !== '' && !isDnsLabel(namespace)) {
    objections.push(badName('ADMIT505', ['metadata', 'namespace'], namespace, NAMESPACE, 63));
  }
  return objections;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/**
 * The API server takes a prefix as a name in which a dash at the end is fine; where there is no name, it adds
 * five letters to the first 58 and judges what comes of it too.
 */
function isPrefix(prefix: string, isUsed: boolean): boolean {
  const masked = prefix.length > 1 && prefix.endsWith('-') ? `${prefix.slice(0, -2)}a` : prefix;
  return isDnsSubdomain(masked) && (!isUsed || isDnsSubdomain(`${prefix.slice(0, 58)}x`));
}

function badName(code: string, field: FieldPath, value: string, expected: string, longest: number): Objection {
  const near = redacted(value) === value ? asDnsName(value, longest) : undefined;
  return {
    code,
    severity: 'error',
    field,
    actual: value.length > longest ? `${shown(value)}, ${value.length} characters long` : shown(value),
    expected,
    because: 'the API server admits no other',
    fix: near ? `name it '${near.length > 80 ? `${near.slice(0, 20)}…` : near}'` : 'choose such a name',
  };
}

function noName(): Objection {
  return {
    code: 'ADMIT502',
    severity: 'error',
    field: ['metadata', 'name'],
    actual: 'missing',
    expected: 'a name, or a generateName',
    because: 'the API server admits no object without one',
    fix: 'set metadata.name',
  };
}

const KUBERNETES_FINALIZERS = ['orphan', 'foregroundDeletion', 'kubernetes'];
const OWNER_FIELDS = ['apiVersion', 'kind', 'name', 'uid'];

/** What the API server has against metadata.ownerReferences. */
function ownerObjections(metadata: any): Objection[] {
  const owners = list(metadata?.ownerReferences).map((owner) => owner ?? {});
  if (owners.length === 0) return [];
  const incomplete = owners.flatMap((owner, index) => OWNER_FIELDS
    .filter((name) => (owner[name] ?? '') === '' || (name === 'apiVersion' && versionOf(owner.apiVersion) === ''))
    .map((name): Objection => ({
      code: 'ADMIT511',
      severity: 'error',
      field: ['metadata', 'ownerReferences', index, name],
      actual: shown(owner[name] ?? undefined),
      expected: name === 'apiVersion' ? 'the owner\'s, such as \'apps/v1\'' : 'the owner\'s, not empty',
      because: 'an owner is found by apiVersion, kind, name and uid',
      fix: 'remove the owner reference: controllers set it, manifests don\'t know the uid',
    })));
  return [...incomplete, ...owners.flatMap(eventOwner), ...secondController(owners)];
}

function versionOf(apiVersion: unknown): string {
  const parts = typeof apiVersion === 'string' ? apiVersion.split('/') : [];
  return parts.length <= 2 ? parts[parts.length - 1] ?? '' : '';
}

function eventOwner({ apiVersion, kind }: any, index: number): Objection[] {
  if (!['v1', '/v1'].includes(apiVersion) || kind !== 'Event') return [];
  return [{
    code: 'ADMIT511',
    severity: 'error',
    field: ['metadata', 'ownerReferences', index],
    actual: 'an Event',
    expected: 'an owner of another kind',
    because: 'an Event may own nothing',
    fix: 'remove the owner reference',
  }];
}

function secondController(owners: any[]): Objection[] {
  const controllers = owners.map((owner, index) => ({ owner, index })).filter(({ owner }) => owner.controller === true);
  return controllers.slice(1).map(({ index }) => ({
    code: 'ADMIT511',
    severity: 'error',
    field: ['metadata', 'ownerReferences', index, 'controller'],
    actual: 'true, as of another owner',
    expected: 'at most one owner with controller: true',
    because: 'an object has one controller',
    fix: 'set it to false',
  }));
}

/** What the API server has against metadata.finalizers. */
function finalizerObjections(metadata: any): Objection[] {
  const finalizers = list(metadata?.finalizers).map((finalizer) => finalizer ?? '');
  if (finalizers.length === 0) return [];
  const misnamed = finalizers.flatMap((finalizer, index) => typeof finalizer !== 'string' || isQualifiedName(finalizer) ? [] : [{
    code: 'ADMIT512',
    severity: 'error' as const,
    field: ['metadata', 'finalizers', index],
    actual: shown(finalizer),
    expected: 'a qualified name such as \'example.com/cleanup\'',
    because: 'the API server admits no other finalizer',
    fix: 'remove it, or name the finalizer of the controller that will take it off',
  }]);
  const told = [...misnamed, ...finalizers.flatMap(withoutDomain)];
  if (!finalizers.includes('orphan') || !finalizers.includes('foregroundDeletion')) return told;
  return [...told, {
    code: 'ADMIT512',
    severity: 'error',
    field: ['metadata', 'finalizers'],
    actual: 'both orphan and foregroundDeletion',
    expected: 'at most one of the two',
    because: 'dependents are either left or deleted',
    fix: 'remove both: whoever deletes the object chooses',
  }];
}

function withoutDomain(finalizer: unknown, index: number): Objection[] {
  if (typeof finalizer !== 'string' || !isQualifiedName(finalizer) || finalizer.includes('/') || KUBERNETES_FINALIZERS.includes(finalizer)) return [];
  return [{
    code: 'ADMIT514',
    severity: 'warning',
    field: ['metadata', 'finalizers', index],
    actual: shown(finalizer),
    expected: 'a name with a domain, such as \'example.com/cleanup\'',
    because: 'another controller may take the same name',
    fix: 'put the controller\'s domain before it',
  }];
}

function list(value: unknown): any[] {
  return Array.isArray(value) ? value : [];
}
