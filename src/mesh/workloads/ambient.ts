import { text } from '../../manifests/mapping';
import { Inventory } from '../inventory/inventory';
import { KIND } from '../inventory/kinds';
import { MeshObject } from '../inventory/object';
import { Labels } from '../names/labels';

/** The label with which a namespace or pod asks for ambient mode. */
export const DATAPLANE = 'istio.io/dataplane-mode';

/** The annotation that Istio's CNI plugin writes on pods that are in it. */
export const REDIRECTION = 'ambient.istio.io/redirection';

/**
 * Whether the CNI plugin has led a pod's traffic to ztunnel, or is about to. istiod takes a pod for one in ambient mode by
 * this annotation alone, whatever the labels say.
 */
export function isCaptured(annotations: Labels): boolean {
  return ['enabled', 'pending'].includes(annotations[REDIRECTION]);
}

/** Whether the manifests show that the mesh has an ambient part: then a pod without a sidecar may be behind ztunnel. */
export function showsAmbient(objects: Inventory): boolean {
  return objects.of(KIND.Namespace).some(({ labels }) => labels[DATAPLANE] === 'ambient')
    || objects.of(KIND.Pod).some(({ annotations }) => isCaptured(annotations))
    || objects.of(KIND.DaemonSet).some(({ name }) => name === 'ztunnel')
    || objects.of(KIND.GatewayApiGateway).some(isWaypoint);
}

/** Whether a Gateway of the Gateway API is a waypoint, by its class. */
export function isWaypoint({ spec }: MeshObject): boolean {
  return text(spec.gatewayClassName)?.startsWith('istio-waypoint') ?? false;
}
