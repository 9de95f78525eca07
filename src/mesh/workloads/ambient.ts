import { DATAPLANE } from './injection';
import { text } from '../../manifests/mapping';
import { Inventory } from '../inventory/inventory';
import { isOf, KIND } from '../inventory/kinds';

/** Whether the manifests show that the mesh has an ambient part: then a pod without a sidecar may be behind ztunnel. */
export function showsAmbient(objects: Inventory): boolean {
  return objects.of(KIND.Namespace).some(({ labels }) => labels[DATAPLANE] === 'ambient')
    || objects.of(KIND.DaemonSet).some(({ name }) => name === 'ztunnel')
    || [...objects.unread.values()].some((object) => isOf(object, KIND.GatewayApiGateway) && isWaypointClass(object.spec.gatewayClassName));
}

/** Whether a Gateway of the class is a waypoint. */
export function isWaypointClass(name: unknown): boolean {
  return text(name)?.startsWith('istio-waypoint') ?? false;
}
