import { Objection } from '../objection';
import { isQualifiedName } from './kubernetes-names';
import { shown } from '../../findings/safe-text';

const KUBERNETES_FINALIZERS = ['orphan', 'foregroundDeletion', 'kubernetes'];
const OWNER_FIELDS = ['apiVersion', 'kind', 'name', 'uid'];

/** What the API server has against metadata.ownerReferences. */
export function ownerObjections(metadata: any): Objection[] {
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
export function finalizerObjections(metadata: any): Objection[] {
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
