import { readPeerPolicy } from './peer-authentication';
import { MeshMode } from '../config/control-plane-facts';
import { Inventory } from '../inventory/inventory';
import { idKey, MeshObject, readObject } from '../inventory/object';

/** The PeerAuthentications that options state; each has this name, in every state of a mesh. */
const STATED = 'mesh-mode';
const stated = new WeakSet<object>();

/**
 * The objects, with a mesh-wide PeerAuthentication of a mode. `countingPolicies` leaves it out beside one of the manifests.
 *
 * @see https://istio.io/latest/docs/reference/config/security/peer_authentication/
 */
export function withMeshMode(objects: Inventory, rootNamespace: string, mode: MeshMode): Inventory {
  const metadata = { name: STATED, namespace: rootNamespace };
  const manifest = { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata, spec: { mtls: { mode } } };
  const policy = readObject(manifest, objects.readBy)!;
  if (objects.of(policy).some((object) => idKey(object) === idKey(policy))) return objects;
  stated.add(manifest);
  return objects.applying([manifest]);
}

/** The policies that count: beside another one for the whole mesh, the one that an option states doesn't. */
export function countingPolicies(policies: readonly MeshObject[], rootNamespace: string): readonly MeshObject[] {
  if (!policies.some(isStated)) return policies;
  const isShown = policies.some((object) => (
    !isStated(object) && object.namespace === rootNamespace && readPeerPolicy(object).selector === undefined));
  return isShown ? policies.filter((object) => !isStated(object)) : policies;
}

/** Whether an option states the object. */
export function isStated({ name, source }: MeshObject): boolean {
  return name === STATED && stated.has(source);
}
