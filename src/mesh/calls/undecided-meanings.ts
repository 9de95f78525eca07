import type { UndecidedReason } from '../model/transport';

/** What each reason means, for readers who don't know its code. docs/analysis.md has the details. */
const UNDECIDED_MEANINGS: Readonly<Record<UndecidedReason, string>> = {
  'client-proxy-unknown': 'the manifests don\'t show whether the client has a sidecar',
  'client-proxy-not-modelled': 'calls by gateways, waypoints, gRPC agents, customized sidecars and workloads in '
    + 'ambient mode aren\'t decided yet',
  'server-proxy-unknown': 'the manifests don\'t show whether the server has a sidecar',
  'server-proxy-not-modelled': 'calls to gateways, waypoints, gRPC agents, workloads in ambient mode and sidecars that don\'t intercept '
    + 'by iptables aren\'t decided yet',
  'no-endpoints': 'nothing in the manifests serves the port',
  'own-certificates': 'the client uses its own certificates (MUTUAL) with a STRICT server, and the mesh\'s CA may not have signed them',
  'own-listener': 'an egress listener of the client\'s Sidecar, or a port of its proxy, takes the call',
  'partly-intercepted': 'the client\'s sidecar doesn\'t intercept all calls',
  'unknown-discovery': 'the mesh config selects namespaces by labels that aren\'t in the manifests, '
    + 'or reads other sources of configuration',
  'egress-proxy': 'the client\'s Sidecar sends unknown destinations to an egress proxy',
  'refused-routes': 'the client\'s sidecar refuses HTTP routes (MTLS120)',
  'delegate': 'another VirtualService completes the route',
  'destination-subnets': 'a route or a ServiceEntry is for address ranges, whose addresses aren\'t in the manifests',
  'mirrored': 'the request is a mirrored copy, to a service whose servers are found by the called address',
  'answered-by-proxy': 'the client\'s proxy answers with a redirect or a direct response',
  'ambiguous-service': 'several objects define the host, and it isn\'t certain which one applies',
  'ambiguous-protocol': 'istiod takes the protocol of the server\'s port by chance: from one of two ports of a ServiceEntry, '
    + 'or from one of several EndpointSlices',
  'destination-elsewhere': 'a route leads to a host or subset that isn\'t in the manifests, but may be in the cluster',
  'exported-to-nobody': 'a route leads to a Service that is exported to nobody',
  'dns-capture': 'the client\'s proxy answers DNS requests with addresses that istiod allocates',
  'listed-by-address': 'an EndpointSlice lists a pod\'s address without naming the pod, '
    + 'and istiod knows the pod only if it has read it before the slice',
  'listed-twice': 'several EndpointSlices, or a WorkloadEntry and a pod, list the address for the port in different ways, '
    + 'and the client\'s proxy takes one of them',
  'own-dns': 'the client\'s pod resolves the host with its own DNS settings',
  'gateway-api-route': 'a Gateway API route may take the call',
  'backend-policy': 'a Gateway API policy configures how clients call the service',
  'envoy-filter': 'an EnvoyFilter changes the client\'s or the server\'s proxy',
  'request-filter': 'an inserted HTTP filter may change the headers or the path that the client\'s routes depend on',
  'other-network': 'the server may be on another network than the client',
  'istiod-flag': 'an environment variable of istiod changes its decision',
  'mesh-config': 'istiod can\'t read its mesh config, and keeps the last one or takes the defaults',
  'istio-version': 'istiod has a minor version that decides differently, and how isn\'t known here',
  'dynamic-dns': 'the proxy resolves the host for each request',
};

export function meaningOf(reason: UndecidedReason): string;
export function meaningOf(reason: string): string | undefined;
export function meaningOf(reason: string): string | undefined {
  return UNDECIDED_MEANINGS[reason as UndecidedReason];
}
