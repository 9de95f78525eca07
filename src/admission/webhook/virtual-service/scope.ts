import { MESH_GATEWAY } from '../values/gateway-name';

/** Whether the gateways leave out `mesh`; none at all do so too. */
export function isForGateways(service: any): boolean {
  return !(service.gateways ?? []).includes(MESH_GATEWAY);
}

/** Whether gateways alone use the VirtualService; without any it is the sidecars'. */
export function isForGatewaysAlone(service: any): boolean {
  return service.gateways?.length > 0 && isForGateways(service);
}

/** Whether a TLS route of it matches SNI hosts. */
export function matchesSni(service: any): boolean {
  return (service.tls ?? []).some((route: any) => (route.match ?? []).some((match: any) => match.sniHosts?.length > 0));
}
