import { Objection } from '../objection';
import { istioKeyObjections } from './istio-key-objections';
import { labelAndAnnotationObjections } from './labels-and-annotations';
import { nameObjections } from './names';
import { objectMetaObjections } from './object-meta';
import { finalizerObjections, ownerObjections } from './owners-and-finalizers';
import { webhookAnnotationObjections } from './webhook-annotations';

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
