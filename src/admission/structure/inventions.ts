/** Fields that are often written, by articles and old manifests, and that no version of the kind has; and what to write. */
const INVENTIONS: { readonly [kind: string]: { readonly [field: string]: string } } = {
  DestinationRule: {
    maxSessionAge: 'use what exists: trafficPolicy.connectionPool.tcp.maxConnectionDuration closes a connection after that time, connectionPool.tcp.idleTimeout an idle one, connectionPool.http.maxRequestsPerConnection one after that many requests',
    maxSessionAgeGrace: 'remove it: nothing like it exists; the limits of a connection are trafficPolicy.connectionPool.tcp.maxConnectionDuration, connectionPool.tcp.idleTimeout and connectionPool.http.maxRequestsPerConnection',
    minProtocolVersion: 'remove it, or set meshMTLS.minProtocolVersion in the mesh config, which holds for the inbound side of the mesh\'s mutual TLS',
    maxProtocolVersion: 'remove it: the proxies agree on the highest version that both know',
    cipherSuites: 'remove it, or set meshMTLS.cipherSuites in the mesh config, which holds for the inbound side of the mesh\'s mutual TLS',
    sessionAffinity: 'use trafficPolicy.loadBalancer.consistentHash',
    retries: 'use http[].retries of a VirtualService for that host',
    timeout: 'use http[].timeout of a VirtualService for that host',
    circuitBreaker: 'use trafficPolicy.outlierDetection and trafficPolicy.connectionPool',
  },
  PeerAuthentication: {
    peers: 'use spec.mtls.mode; peers belonged to the kinds Policy and MeshPolicy, which are gone',
    targets: 'use spec.selector.matchLabels; targets belonged to the kind Policy, which is gone',
    credentialName: 'remove it: workloads get their certificates from the mesh\'s CA, and only Gateways, Sidecars and DestinationRules name a credential',
    ports: 'use spec.portLevelMtls, a map from container port to { mode }',
    port: 'use spec.portLevelMtls, a map from container port to { mode }',
    tls: 'use spec.mtls, which says what servers accept; what clients send is a DestinationRule\'s trafficPolicy.tls',
    namespace: 'use metadata.namespace: the policy holds for the namespace that it lies in',
    matchLabels: 'move it to spec.selector.matchLabels',
    workloadSelector: 'use spec.selector.matchLabels',
    minProtocolVersion: 'set meshMTLS.minProtocolVersion in the mesh config',
  },
  RequestAuthentication: {
    jwts: 'use spec.jwtRules',
    origins: 'use spec.jwtRules; origins belonged to the kind Policy, which is gone',
    mtls: 'use spec.mtls of a PeerAuthentication',
  },
  AuthorizationPolicy: {
    workloadSelector: 'use spec.selector.matchLabels',
    mtls: 'use spec.mtls of a PeerAuthentication',
  },
  Gateway: {
    maxSessionAge: 'remove it: a Gateway has no such limit',
    workloadSelector: 'use spec.selector, the labels themselves',
    matchLabels: 'write the labels into spec.selector themselves, without matchLabels',
  },
  VirtualService: {
    host: 'use spec.hosts, a list; a destination\'s host is http[].route[].destination.host',
    subset: 'use http[].route[].destination.subset',
  },
};

/** What to do about a field that is known not to exist; undefined for any other. */
export function inventionRemedy(kind: string, field: string): string | undefined {
  const fields = Object.hasOwn(INVENTIONS, kind) ? INVENTIONS[kind] : {};
  return Object.hasOwn(fields, field) ? fields[field] : undefined;
}
