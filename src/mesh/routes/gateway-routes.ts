import { GATEWAY_API_ROUTES } from './gateway-api';
import { MESH_GATEWAY } from '../../manifests/kinds';
import { mappings, texts } from '../../manifests/mapping';
import { isOf, KIND, Kinds } from '../inventory/kinds';
import { MeshObject } from '../inventory/object';

const OF_GATEWAY_API = Kinds.of(...GATEWAY_API_ROUTES);

/** Whether it routes what a gateway receives, whether or not it routes calls of sidecars, too. */
export function routesForGateways(object: MeshObject): boolean {
  if (isOf(object, KIND.VirtualService)) return texts(object.spec.gateways).some((gateway) => gateway !== MESH_GATEWAY);
  return OF_GATEWAY_API.has(object) && isOnGateway(object);
}

/** Whether a parent of a route of the Gateway API is a Gateway, the default. */
function isOnGateway({ spec }: MeshObject): boolean {
  const { group: usualGroup, kind: usualKind } = KIND.GatewayApiGateway;
  return mappings(spec.parentRefs).some(({ group = usualGroup, kind = usualKind }) => group === usualGroup && kind === usualKind);
}
