import { isOfInjector } from './injectors';
import { mappings, texts } from '../../manifests/mapping';
import { definesMesh, isOf, KIND } from '../inventory/kinds';
import { MeshObject } from '../inventory/object';

/**
 * Whether an object is a webhook that may change what defines the mesh, such as
 * pods, and isn't that of an injector: what it changes can't be told from manifests.
 */
export function isOtherWebhook(object: MeshObject): boolean {
  if (!isOf(object, KIND.MutatingWebhookConfiguration) || isOfInjector(object)) return false;
  return mappings((object.source as { webhooks?: unknown }).webhooks).some(({ rules }) =>
    mappings(rules).some(({ apiGroups }) => texts(apiGroups).some((group) => group === '*' || definesMesh(group))));
}
