/** Kinds that Istio once had: what to write instead. */
export interface RemovedKind {
  readonly removedIn: string;
  readonly successor: string;
}

const SECURITY = 'security.istio.io/v1';
const peerAuthentication = { removedIn: 'Istio 1.6', successor: `PeerAuthentication of ${SECURITY}, and RequestAuthentication for end users' tokens` };
const authorizationPolicy = { removedIn: 'Istio 1.6', successor: `AuthorizationPolicy of ${SECURITY}` };
const OF_MIXER = { removedIn: 'Istio 1.8, with Mixer', successor: `Telemetry of telemetry.istio.io/v1 for metrics, logs and traces, AuthorizationPolicy of ${SECURITY} for checks, EnvoyFilter or WasmPlugin for the rest` };

const REMOVED: { readonly [group: string]: { readonly [kind: string]: RemovedKind } } = {
  'authentication.istio.io': {
    MeshPolicy: { removedIn: 'Istio 1.6', successor: `PeerAuthentication of ${SECURITY} without selector in the root namespace (istio-system)` },
    Policy: peerAuthentication,
  },
  'rbac.istio.io': {
    ClusterRbacConfig: authorizationPolicy,
    RbacConfig: authorizationPolicy,
    ServiceRole: authorizationPolicy,
    ServiceRoleBinding: authorizationPolicy,
    AuthorizationPolicy: authorizationPolicy,
  },
  'config.istio.io': {
    RouteRule: { removedIn: 'Istio 1.0', successor: 'VirtualService of networking.istio.io/v1' },
    EgressRule: { removedIn: 'Istio 1.0', successor: 'ServiceEntry of networking.istio.io/v1' },
    DestinationPolicy: { removedIn: 'Istio 1.0', successor: 'DestinationRule of networking.istio.io/v1' },
    HTTPAPISpec: OF_MIXER,
    HTTPAPISpecBinding: OF_MIXER,
    QuotaSpec: { ...OF_MIXER, successor: 'rate limiting by EnvoyFilter of networking.istio.io/v1alpha3' },
    QuotaSpecBinding: { ...OF_MIXER, successor: 'rate limiting by EnvoyFilter of networking.istio.io/v1alpha3' },
  },
  'install.istio.io': {
    IstioControlPlane: { removedIn: 'Istio 1.5', successor: 'IstioOperator of install.istio.io/v1alpha1, which istioctl reads' },
  },
};

/** The groups that have only removed kinds, with a kind for what they held that isn't listed (rule, handler, instance, adapters). */
const GROUPS: { readonly [group: string]: RemovedKind } = {
  'authentication.istio.io': peerAuthentication,
  'rbac.istio.io': authorizationPolicy,
  'config.istio.io': OF_MIXER,
};

/** Undefined for a kind that Istio never had, and for those it has. */
export function removedKind(group: string, kind: string): RemovedKind | undefined {
  const kinds = Object.hasOwn(REMOVED, group) ? REMOVED[group] : {};
  if (Object.hasOwn(kinds, kind)) return kinds[kind];
  return Object.hasOwn(GROUPS, group) ? GROUPS[group] : undefined;
}

/** The group of a removed kind, for manifests that name the right kind in a wrong group. */
export function groupOfRemovedKind(kind: string): string | undefined {
  return Object.keys(REMOVED).find((group) => Object.hasOwn(REMOVED[group], kind));
}
