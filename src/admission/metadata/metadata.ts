import { Objection } from '../objection';
import { istioKeyObjections, withoutValue } from './istio-key-objections';
import { labelAndAnnotationObjections } from './labels-and-annotations';
import { nameObjections } from './names';
import { objectMetaObjections } from './object-meta';
import { finalizerObjections, ownerObjections } from './owners-and-finalizers';
import { webhookAnnotationObjections } from './webhook-annotations';
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
