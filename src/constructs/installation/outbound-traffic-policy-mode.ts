/**
 * What sidecars do with calls to hosts that the mesh doesn't know.
 *
 * @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig-OutboundTrafficPolicy-Mode
 */
export enum OutboundTrafficPolicyMode {
  /** They drop it. Not an egress firewall: a pod can get around its sidecar. */
  REGISTRY_ONLY = 'REGISTRY_ONLY',
  /** They pass it on as the application sent it, so without mutual TLS. */
  ALLOW_ANY = 'ALLOW_ANY',
  /** They pass it on after looking the host up; TLS settings can be given by `otherFields`. */
  ALLOW_ANY_DYNAMIC_DNS = 'ALLOW_ANY_DYNAMIC_DNS',
}
