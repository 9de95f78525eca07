import { FieldPath, fieldText } from '../../findings/finding';
import { nearest } from '../../findings/nearest';
import { withArticle } from '../../findings/refusal';
import { shown } from '../../findings/safe-text';
import { CrdSchema, IstioKind, NEWEST_MINOR } from '../crds';
import { ObjectionText } from '../objection';
import { Release } from '../release';

/** The maximum number of field names in a message. */
const LISTED = 12;

interface UnknownField {
  readonly kind: IstioKind;
  readonly release: Release;
  readonly field: FieldPath;
  readonly value: unknown;
  /** The fields that its object may have. */
  readonly siblings: readonly string[];
}

/** The objection to a field that the schema doesn't have, with what the author most likely meant. */
export function unknownField({ kind, release, field, value, siblings }: UnknownField): ObjectionText {
  const name = String(field[field.length - 1]);
  const listed = siblings.slice(0, LISTED).join(', ') + (siblings.length > LISTED ? ', …' : '');
  const parent = fieldText(field.slice(0, -1)) || withArticle(kind.kind);
  return {
    code: 'ADMIT201',
    actual: `an unknown field (${shown(value)})`,
    expected: siblings.length === 0 ? `no field in ${parent}` : `a field that ${parent} has: ${listed}`,
    because: 'the API server rejects unknown fields, or drops them if field validation is lenient',
    fix: inventionRemedy(kind.kind, name) ?? remedy({ kind, release, field, siblings }, name),
  };
}

/** A later release may have a field that isn't known here, and without it a policy may admit more. */
function remedy({ kind, release, field, siblings }: Omit<UnknownField, 'value'>, name: string): string {
  const meant = nearest(name, siblings);
  if (meant !== undefined) return `write ${meant} instead of ${name}`;
  const elsewhere = placeOf(kind, name, field);
  if (elsewhere) return `move it to ${elsewhere}, where ${kind.kind} has a field ${name}`;
  return release.isKnown
    ? `remove ${name}`
    : `compare it with the reference of ${kind.kind} for the Istio version that runs; no version up to ${NEWEST_MINOR} has it`;
}

/** The warning about a field that a release doesn't have yet. */
export function newerField(since: string, { minor }: Release): ObjectionText {
  return {
    code: 'ADMIT215',
    actual: `a field that Istio ${since} introduces`,
    expected: `a field that Istio ${minor} has`,
    because: `Istio before ${since} drops it, and an API server with its CRDs rejects the object if field validation is strict`,
    fix: upgradeTo(since, minor),
  };
}

/** The warning about a value that a release doesn't have yet. */
export function newerValue(value: string, since: string, { minor }: Release): ObjectionText {
  return {
    code: 'ADMIT215',
    actual: `${shown(value)}, a value that Istio ${since} introduces`,
    expected: `a value that Istio ${minor} has`,
    because: `an API server with the CRDs of an Istio before ${since} rejects the object`,
    fix: upgradeTo(since, minor),
  };
}

/** The warning about a kind that a release doesn't have yet. */
export function newerKind(kind: string, since: string, { minor }: Release): ObjectionText {
  return {
    code: 'ADMIT215',
    actual: `${kind}, a kind that Istio ${since} introduces`,
    expected: `a kind that Istio ${minor} has`,
    because: `an API server with the CRDs of an Istio before ${since} has no such kind, and rejects the object`,
    fix: upgradeTo(since, minor),
  };
}

function upgradeTo(since: string, minor: string): string {
  return `upgrade to Istio ${since}, or set istioVersion to the version that runs if it is newer than ${minor}`;
}

/** The path of the kind's own field of that name: the one that shares most steps with the given path, then the shortest. */
function placeOf(kind: IstioKind, name: string, field: FieldPath): string | undefined {
  const asked = field.map((step) => (typeof step === 'number' ? '[]' : step));
  const rank = (place: readonly string[]) => 100 * place.findIndex((step, index) => step !== asked[index]) - place.length;
  const [first, ...others] = placesOf(kind).get(name) ?? [];
  return others.reduce((best, place) => (rank(place) > rank(best) ? place : best), first)?.join('.').replaceAll('.[]', '[]');
}

type Places = Map<string, (readonly string[])[]>;

const places = new WeakMap<IstioKind, Places>();

/** The paths of a kind's fields by name; cached, because an object may have thousands of unknown fields. */
function placesOf(kind: IstioKind): Places {
  let known = places.get(kind);
  if (!known) {
    known = new Map();
    addPlaces(kind.schema.properties?.spec ?? {}, ['spec'], known);
    places.set(kind, known);
  }
  return known;
}

function addPlaces(schema: CrdSchema, place: readonly string[], to: Places): void {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const here = [...place, name];
    const others = to.get(name);
    if (others) others.push(here);
    else to.set(name, [here]);
    addPlaces(property, here, to);
  }
  if (schema.items) addPlaces(schema.items, [...place, '[]'], to);
  if (schema.additionalProperties) addPlaces(schema.additionalProperties, [...place, '*'], to);
}

/** Fields that articles and old manifests often contain, and that no version of the kind has, with what to write instead. */
const INVENTIONS: { readonly [kind: string]: { readonly [field: string]: string } } = {
  DestinationRule: {
    maxSessionAge: 'use the existing limits: trafficPolicy.connectionPool.tcp.maxConnectionDuration closes a connection after that time, '
      + 'connectionPool.tcp.idleTimeout an idle one, connectionPool.http.maxRequestsPerConnection one after that many requests',
    maxSessionAgeGrace: 'remove it: no such setting exists; connections are limited by '
      + 'trafficPolicy.connectionPool.tcp.maxConnectionDuration, connectionPool.tcp.idleTimeout and '
      + 'connectionPool.http.maxRequestsPerConnection',
    minProtocolVersion: 'remove it, or set meshMTLS.minProtocolVersion in the mesh config, '
      + 'which applies to the inbound side of the mesh\'s mutual TLS',
    maxProtocolVersion: 'remove it: proxies negotiate the highest version that both support',
    cipherSuites: 'remove it, or set meshMTLS.cipherSuites in the mesh config, which applies to the inbound side of the mesh\'s mutual TLS',
    sessionAffinity: 'use trafficPolicy.loadBalancer.consistentHash',
    retries: 'use http[].retries of a VirtualService for that host',
    timeout: 'use http[].timeout of a VirtualService for that host',
    circuitBreaker: 'use trafficPolicy.outlierDetection and trafficPolicy.connectionPool',
  },
  PeerAuthentication: {
    peers: 'use spec.mtls.mode; peers belonged to the removed kinds Policy and MeshPolicy',
    targets: 'use spec.selector.matchLabels; targets belonged to the removed kind Policy',
    credentialName: 'remove it: workloads get their certificates from the mesh\'s CA, and only Gateways, '
      + 'Sidecars and DestinationRules name a credential',
    ports: 'use spec.portLevelMtls, a map from container port to { mode }',
    port: 'use spec.portLevelMtls, a map from container port to { mode }',
    tls: 'use spec.mtls, which sets what servers accept; trafficPolicy.tls of a DestinationRule sets what clients send',
    namespace: 'use metadata.namespace: the policy applies to its own namespace',
    matchLabels: 'move it to spec.selector.matchLabels',
    workloadSelector: 'use spec.selector.matchLabels',
    minProtocolVersion: 'set meshMTLS.minProtocolVersion in the mesh config',
  },
  RequestAuthentication: {
    jwts: 'use spec.jwtRules',
    origins: 'use spec.jwtRules; origins belonged to the removed kind Policy',
    mtls: 'use spec.mtls of a PeerAuthentication',
  },
  AuthorizationPolicy: {
    workloadSelector: 'use spec.selector.matchLabels',
    mtls: 'use spec.mtls of a PeerAuthentication',
  },
  Gateway: {
    maxSessionAge: 'remove it: a Gateway has no such limit',
    workloadSelector: 'use spec.selector, which contains the labels directly',
    matchLabels: 'write the labels directly into spec.selector, without matchLabels',
  },
  VirtualService: {
    host: 'use spec.hosts, a list; a destination\'s host is http[].route[].destination.host',
    subset: 'use http[].route[].destination.subset',
  },
};

/** What to do about a field that is known not to exist; undefined for any other. */
function inventionRemedy(kind: string, field: string): string | undefined {
  const fields = Object.hasOwn(INVENTIONS, kind) ? INVENTIONS[kind] : {};
  return Object.hasOwn(fields, field) ? fields[field] : undefined;
}
