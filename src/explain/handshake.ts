import { OutboundNames } from './outbound';
import { valueAt } from '../findings/finding';
import { isMapping, Mapping, mapping } from '../manifests/mapping';
import { ControlPlane } from '../mesh/control-planes/control-plane';
import { FieldRef } from '../mesh/inventory/field-ref';
import { Hop } from '../mesh/model/hop';
import { portEntry, TlsSettings, RuleTrafficPolicy } from '../mesh/policies/destination-rule';
import { CallKind } from '../mesh/routes/route';
import { portOf, speaksHttp2 } from '../mesh/services/service';

/** The client's side of the TLS handshake. */
export interface ClientHandshake {
  /** The server name (SNI) that it sends. Missing: that of the request, or none if it isn't HTTP. */
  readonly sni?: string;
  /** The ALPN protocols that its cluster offers. */
  readonly alpn: readonly string[];
  /** The ALPN protocols that it offers for an HTTP request instead, from the filter `istio.alpn`. Missing if they are the same. */
  readonly alpnForHttp?: readonly string[];
  /** The names of which the server's certificate must contain one; none: any name, or that of the request. */
  readonly names: readonly string[];
  /** Where these names come from. */
  readonly namesFrom: 'rule' | 'servers' | 'service-entry' | 'request' | 'nobody';
  /** The minimum and maximum TLS versions that it offers. */
  readonly versions: readonly [min: TlsVersion, max: TlsVersion];
  /** The certificate that the client presents. */
  readonly certificate: 'mesh' | 'own' | 'none';
  /**
   * The `credentialName` of the rule that applies: it holds the client's own certificate, if it presents one,
   * and what verifies the server. Missing if it has none.
   */
  readonly credential?: string;
  /** What verifies the server's certificate. */
  readonly verifiedBy: 'mesh' | 'file' | 'credential' | 'system' | 'nothing';
}

export type TlsVersion = 'TLSv1_2' | 'TLSv1_3';

/** What a client's proxy offers, independent of the client. */
const VERSIONS: ClientHandshake['versions'] = ['TLSv1_2', 'TLSv1_3'];

const MESH_ALPN_HTTP = ['istio-http/1.1', 'istio', 'http/1.1'];
const MESH_ALPN_HTTP2 = ['istio-h2', 'istio', 'h2'];

/** The client's side of a hop's handshake; undefined if its proxy adds no TLS, or if that is unknown. */
export function clientHandshake(hop: Hop, names: readonly OutboundNames[]): ClientHandshake | undefined {
  const { sender: { plane }, target: { service }, sent: { tls: clientTls, reason: tlsReason, settings } } = hop;
  if (!plane || !service || clientTls === 'PLAINTEXT' || clientTls === 'UNKNOWN') return undefined;
  const isHttp2 = speaksHttp2To(hop, plane);
  // Settings that only mark endpoints don't affect the handshake.
  return clientTls === 'ISTIO_MUTUAL'
    ? ofMesh(hop, plane, tlsReason === 'rule' ? settings : undefined, isHttp2, kindsOf(names))
    : ofRule(hop, settings!, isHttp2);
}

function kindsOf(names: readonly OutboundNames[]): ReadonlySet<CallKind> {
  return new Set(names.filter(({ route }) => route !== undefined).map(({ kind }) => kind));
}

function ofMesh(
  { target }: Hop, plane: ControlPlane, settings: TlsSettings | undefined, isHttp2: boolean, kinds: ReadonlySet<CallKind>,
): ClientHandshake {
  const own = settings?.subjectAltNames ?? [];
  const { istiod: { alpn } } = plane;
  return {
    sni: settings?.sni || `outbound_.${target.port}_.${target.subset ?? ''}_.${target.host}`,
    alpn: [...alpn.exchange ? ['istio-peer-exchange'] : [], 'istio', ...isHttp2 ? ['h2'] : []],
    alpnForHttp: alpn.http && kinds.has('http') ? isHttp2 ? MESH_ALPN_HTTP2 : MESH_ALPN_HTTP : undefined,
    ...own.length > 0 ? { names: own, namesFrom: 'rule' as const } : namesOfServers([...plane.namesOf(target.service!)]),
    versions: VERSIONS,
    certificate: 'mesh',
    verifiedBy: 'mesh',
  };
}

function namesOfServers(names: readonly string[]): Pick<ClientHandshake, 'names' | 'namesFrom'> {
  return { names, namesFrom: names.length > 0 ? 'servers' : 'nobody' };
}

/**
 * TLS with the user's own certificates, or with only the server's. Without sni, Envoy sends the request's host, and requires it
 * in the certificate unless a rule lists other names.
 */
function ofRule(
  { sent: { tls: clientTls }, target: { service }, sender: { plane } }: Hop, settings: TlsSettings, isHttp2: boolean,
): ClientHandshake {
  const { insecureSkipVerify, caCertificates } = mapping(valueAt(settings.at.object.source, settings.at.field));
  const isUnverified = insecureSkipVerify === true;
  const listed = settings.subjectAltNames.length > 0 ? { names: settings.subjectAltNames, namesFrom: 'rule' as const } : undefined;
  const ofEntry = service!.registry === 'ServiceEntry' ? [...plane!.namesOf(service!)] : [];
  const entry = ofEntry.length > 0 ? { names: ofEntry, namesFrom: 'service-entry' as const } : undefined;
  const request = { names: [], namesFrom: settings.sni ? 'nobody' as const : 'request' as const };
  return {
    sni: settings.sni || undefined,
    alpn: isHttp2 ? ['h2'] : [],
    ...isUnverified ? { names: [], namesFrom: 'nobody' as const } : listed ?? entry ?? request,
    versions: VERSIONS,
    certificate: clientTls === 'MUTUAL' ? 'own' : 'none',
    credential: settings.credentialName || undefined,
    verifiedBy: isUnverified ? 'nothing' : settings.credentialName ? 'credential' : caCertificates ? 'file' : 'system',
  };
}

/**
 * Whether the client's cluster uses HTTP/2, whatever the client speaks: because of the port's protocol, or because a rule or the mesh
 * config upgrades it. For a port without a protocol, istiod configures the cluster to use the client's, which no upgrade changes.
 */
function speaksHttp2To({ target: { service, port }, rule, subset }: Hop, { config }: ControlPlane): boolean {
  const known = portOf(service!, port);
  if (!known) return false;
  const { h2UpgradePolicy, useClientProtocol } = poolOf(rule?.policy, subset?.policy, port) ?? {};
  if (useClientProtocol === true) return false;
  if (speaksHttp2(known)) return true;
  if (known.protocol === 'AUTO') return false;
  if (h2UpgradePolicy === 'UPGRADE') return true;
  return h2UpgradePolicy !== 'DO_NOT_UPGRADE' && known.protocol === 'HTTP' && config.upgradesToHttp2;
}

/** The HTTP connection pool settings of a port: an entry for the port replaces the general ones. */
function poolOf(policy: RuleTrafficPolicy | undefined, ofSubset: RuleTrafficPolicy | undefined, port: number): Mapping | undefined {
  const inSubset = portEntry(ofSubset, port);
  if (inSubset) return httpPoolAt(inSubset.at);
  return httpPoolAt(ofSubset?.at) ?? httpPoolAt((portEntry(policy, port) ?? policy)?.at);
}

function httpPoolAt(at: FieldRef | undefined): Mapping | undefined {
  const pool = at && valueAt(at.object.source, [...at.field, 'connectionPool']);
  return isMapping(pool) ? mapping(pool.http) : undefined;
}
