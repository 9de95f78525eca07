import { Subset, endpointTlsSettings, policyForPort, policyForSubset, RuleField, TlsSettings } from '../policies/destination-rule';
import { MergedRule } from '../policies/destination-rules';
import { PeerPolicies, enforcedMode } from '../policies/peer-authentication';
import { Endpoint } from '../services/endpoint';
import { Service, ServicePort } from '../services/service';

/** What a client's proxy sends. */
export type ClientTls = 'ISTIO_MUTUAL' | 'MUTUAL' | 'SIMPLE' | 'PLAINTEXT' | 'UNKNOWN';

/** Why a client sends its TLS. */
export type TlsReason =
  | 'rule' // a DestinationRule says so
  | 'rule-without-effect' // a DestinationRule says something that istiod leaves out: credentialName, missing certificates
  | 'auto-mtls' // the endpoint speaks the mesh's TLS, and nothing says otherwise
  | 'auto-mtls-off' // the mesh config turns it off
  | 'external' // outside the mesh
  | 'policy-disables' // the namespace's or mesh's PeerAuthentication is DISABLE
  | 'endpoint-without-tls' // the endpoint has no sidecar, or its port is DISABLE
  | 'not-all-endpoints' // a headless service one of whose endpoints has no sidecar, or that has none
  | 'rule-hides-endpoint' // the rule's TLS for all ports marks the endpoints, though it doesn't hold for this port
  | 'no-sidecar'; // nothing could encrypt on the client's side

/** The TLS that istiod configures for one service port and subset. */
export interface ClusterTls {
  /** For every endpoint alike; undefined: each endpoint decides (auto mTLS). */
  readonly fixed?: ClientTls;
  readonly reason: TlsReason;
  readonly settings?: TlsSettings;
  /** Whether the connection goes to the address that the application requested. */
  readonly originalDestination: boolean;
  /**
   * Whether the proxy needs servers for a name that it resolves: not if the service, or a subset for all of its ports, keeps the
   * requested address. A subset's setting for one port comes too late.
   */
  readonly needsServers: boolean;
  /** The rule's field that puts a PROXY protocol header before it. */
  readonly headerBy?: RuleField;
  /** The settings whose mode marks endpoints under auto mTLS. */
  readonly hint?: TlsSettings;
}

/** What auto mTLS depends on. */
export interface AutoMtls {
  readonly enabled: boolean;
  /** Whether a rule's own policy marks endpoints also where a subset's policy doesn't. */
  readonly fallsBackToRule: boolean;
  /** Whether a rule's CA may come from a ConfigMap. */
  readonly trustsConfigMaps: boolean;
  /** Whether the service's namespace or mesh policy is DISABLE. */
  disabledByPolicy(service: Service): boolean;
  /** Whether every server behind the port uses the mesh's TLS, and there is at least one. */
  allEndpoints(service: Service, port: ServicePort): boolean;
}

export function clusterTls(
  service: Service, port: ServicePort, rule: MergedRule | undefined, subset: Subset | undefined, auto: AutoMtls,
): ClusterTls {
  const wide = policyForPort(rule?.policy, port.number);
  const policy = subset ? policyForSubset(rule?.policy, subset.policy, port.number) : wide;
  const needsServers = !wide?.passthrough && !subset?.policy?.passthrough;
  const originalDestination = service.resolution === 'PASSTHROUGH' || !needsServers || Boolean(policy?.passthrough);
  const settings = policy?.tls;
  const headerBy = policy?.proxyProtocol;
  if (settings) {
    const { fixed, reason } = fixedTls(settings, rule!, auto);
    return { fixed, reason, settings, originalDestination, needsServers, headerBy };
  }
  const passes = service.resolution === 'PASSTHROUGH' || Boolean((subset ? subset.policy : rule?.policy)?.passthrough);
  const reason = whyPlaintext(service, port, passes, auto);
  const fixed = reason ? 'PLAINTEXT' : originalDestination ? 'ISTIO_MUTUAL' : undefined;
  const hint = hintSettings(auto.fallsBackToRule || !subset ? rule : undefined, subset, port.number);
  return { fixed, reason: reason ?? 'auto-mtls', originalDestination, needsServers, headerBy, hint };
}

/** @param passes whether the connection goes to the address that the application requested, by the rule's settings for all ports */
function whyPlaintext(service: Service, port: ServicePort, passes: boolean, auto: AutoMtls): TlsReason | undefined {
  if (service.external) return 'external';
  if (!auto.enabled) return 'auto-mtls-off';
  if (passes && !auto.allEndpoints(service, port)) return 'not-all-endpoints';
  return auto.disabledByPolicy(service) ? 'policy-disables' : undefined;
}

/** A rule's TLS; istiod silently drops some of it, and then sends plaintext. */
function fixedTls(settings: TlsSettings, { workloadSelector }: MergedRule, { trustsConfigMaps }: AutoMtls): { fixed: ClientTls; reason: TlsReason } {
  const { mode, credentialName = '', clientCertificate, privateKey } = settings;
  if (mode === 'DISABLE') return { fixed: 'PLAINTEXT', reason: 'rule' };
  if (mode === 'ISTIO_MUTUAL') return { fixed: mode, reason: 'rule' };
  const secret = credentialName !== '' && !(trustsConfigMaps && credentialName.startsWith('configmap://'));
  const ignored = secret && workloadSelector === undefined;
  const incomplete = mode === 'MUTUAL' && credentialName === '' && !(clientCertificate && privateKey);
  return ignored || incomplete ? { fixed: 'PLAINTEXT', reason: 'rule-without-effect' } : { fixed: mode, reason: 'rule' };
}

/** The settings with which a rule marks endpoints. */
function hintSettings(rule: MergedRule | undefined, subset: Subset | undefined, port: number): TlsSettings | undefined {
  return endpointTlsSettings(subset?.policy, port) ?? endpointTlsSettings(rule?.policy, port);
}

/** What a client sends to one endpoint, and why. */
export interface EndpointTls {
  readonly tls: ClientTls;
  readonly reason: TlsReason;
  /** The rule's settings that decide it, whether or not they take effect as written. */
  readonly settings?: TlsSettings;
}

/**
 * Under auto mTLS, each endpoint decides: it must be labelled for the mesh's TLS, its port must not be DISABLE, and no rule may
 * have unmarked it.
 */
export function endpointTls(cluster: ClusterTls, endpoint: Endpoint, policies: PeerPolicies): EndpointTls {
  if (cluster.fixed !== undefined) return { tls: cluster.fixed, reason: cluster.reason, settings: cluster.settings };
  if (endpoint.tlsMode !== 'istio') return { tls: 'PLAINTEXT', reason: 'endpoint-without-tls' };
  const { hint: settings } = cluster;
  if (settings) {
    return settings.mode === 'ISTIO_MUTUAL' ? { tls: 'ISTIO_MUTUAL', reason: 'auto-mtls', settings } : { tls: 'PLAINTEXT', reason: 'rule-hides-endpoint', settings };
  }
  return enforcedMode(policies, endpoint, endpoint.port).mode === 'DISABLE'
    ? { tls: 'PLAINTEXT', reason: 'endpoint-without-tls' }
    : { tls: 'ISTIO_MUTUAL', reason: 'auto-mtls' };
}
