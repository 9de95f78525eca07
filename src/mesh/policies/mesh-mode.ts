import { readPeerPolicy } from './peer-authentication';
import { MeshMode } from '../config/control-plane-facts';
import { Inventory } from '../inventory/inventory';
import { KIND } from '../inventory/kinds';

/**
 * The objects, with a mesh-wide PeerAuthentication of a mode; the very same ones if they have a mesh-wide policy, which counts then.
 *
 * @see https://istio.io/latest/docs/reference/config/security/peer_authentication/
 */
export function withMeshMode(objects: Inventory, rootNamespace: string, mode: MeshMode): Inventory {
  const policies = objects.of(KIND.PeerAuthentication).filter(({ namespace }) => namespace === rootNamespace);
  if (policies.some((object) => readPeerPolicy(object).selector === undefined)) return objects;
  const name = policies.some((object) => object.name === 'default') ? 'mesh-wide' : 'default';
  return objects.applying([{
    apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name, namespace: rootNamespace }, spec: { mtls: { mode } },
  }]);
}
