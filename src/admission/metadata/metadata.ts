import { mapping } from '../../manifests/mapping';
import { Objections } from '../objection';
import { judgeIstioKeys } from './istio-key-objections';
import { isQualifiedName } from './kubernetes-names';
import { judgeAnnotationsByWebhook, judgeLabelsAndAnnotations } from './labels-and-annotations';
import { SUBDOMAIN } from './name-rules';
import { isUnset, judgeName, judgeNamespace } from './names';
import { judgeObjectMeta } from './object-meta';
import { shown } from '../../findings/safe-text';

/**
 * Reports what an API server and istiod's webhook reject in the metadata of an object of one of Istio's kinds, and faults
 * in Istio's own keys on it, unless reported already. For any other object, see
 * judgeForeignMetadata.
 */
export function judgeMetadata(objections: Objections, object: unknown): void {
  const { metadata } = mapping(object);
  const told = new Set<string>();
  const at = objections.at('metadata').through((objection) => {
    told.add(JSON.stringify(objection.field));
    return objection;
  });
  judgeObjectMeta(at, metadata);
  judgeName(at, mapping(metadata), SUBDOMAIN);
  judgeNamespace(at, mapping(metadata));
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

const KUBERNETES_FINALIZERS = ['orphan', 'foregroundDeletion', 'kubernetes'];
const OWNER_FIELDS = ['apiVersion', 'kind', 'name', 'uid'] as const;

type Owner = { readonly [field: string]: unknown };

/** Rejects what the API server rejects in metadata.ownerReferences. */
function judgeOwners(at: Objections, metadata: unknown): void {
  const owners = listOf(mapping(metadata).ownerReferences).map(mapping);
  owners.forEach((owner, index) => {
    for (const field of OWNER_FIELDS) {
      if (isUnset(owner[field]) || (field === 'apiVersion' && versionOf(owner.apiVersion) === '')) {
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
