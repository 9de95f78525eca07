import { networkNamedIn } from '../calls/named-networks';
import { MeshObject } from '../inventory/object';
import { isWaypoint } from '../workloads/ambient';

/** What a Gateway of the Gateway API says of the whole mesh: that there is a network, or an ambient part. Most concern only themselves. */
export function saidOfMesh(gateway: MeshObject | undefined): string {
  return gateway ? `${networkNamedIn(gateway)?.name ?? ''} ${isWaypoint(gateway) ? 'ambient' : ''}`.trim() : '';
}
