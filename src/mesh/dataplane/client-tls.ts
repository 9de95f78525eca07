import { oncePerObject } from '../collections';
import { meshConfigAt } from '../config/mesh-config';
import { ControlPlane } from '../control-planes/control-plane';
import { ProxyScope } from '../control-planes/sidecar-scope';
import { FieldRef } from '../inventory/field-ref';
import { SentTls, TlsReason } from '../model/transport';
import { RuleSubset, endpointTlsSettings, policyForPort, policyForSubset, RuleField, TlsSettings } from '../policies/destination-rule';
import { MergedRule } from '../policies/destination-rules';
import { PeerPolicies, enforcedMode } from '../policies/peer-authentication';
import { Endpoint, tlsModeAt } from '../services/endpoint';
import { locationAt, passthroughAt, Service, ServicePort } from '../services/service';

/** The TLS that istiod configures for one service port and subset. */
export interface ClusterTls {
  /** The TLS to every endpoint; undefined if each endpoint decides (auto mTLS). */
  readonly fixed?: SentTls;
  readonly reason: TlsReason;
  readonly settings?: TlsSettings;
  /** The field that decides it; undefined if no object sets it. */
  readonly by?: FieldRef;
  /** Whether the cluster is ORIGINAL_DST: the connection goes to the address that the application requested. */
  readonly originalDestination: boolean;
  /**
   * Whether a name that the proxy resolves needs servers. False if the service, or a subset for all of
   * its ports, keeps the requested address; a subset's setting for a single port doesn't count.
   */
  readonly needsServers: boolean;
  /** The rule's field that makes the proxy send a PROXY protocol header first. */
  readonly headerBy?: RuleField;
  /** The settings whose mode marks endpoints under auto mTLS. */
  readonly hint?: TlsSettings;
}

/** The settings that auto mTLS depends on. */
export interface AutoMtls {
  readonly enabled: boolean;
  /** Where the mesh config turns it off. */
  readonly disabledAt?: FieldRef;
  /** Whether the rule's own policy also marks endpoints if a subset's policy doesn't. */
  readonly fallsBackToRule: boolean;
  /** Whether a rule's CA may come from a ConfigMap. */
  readonly trustsConfigMaps: boolean;
  /** Where the policy of the service's namespace, or of the mesh, is DISABLE; undefined if it isn't. */
  disabledByPolicy(service: Service): FieldRef | undefined;
  /** Whether every server behind the port uses the mesh's TLS, and there is at least one. */
  allEndpoints(service: Service, port: ServicePort): boolean;
}

/** The settings of auto mTLS in an istiod's mesh config, minor version and policies. */
export const autoMtlsOf = oncePerObject((plane: ControlPlane): AutoMtls => {
  const { config, config: { enableAutoMtls }, policies } = plane;
  const allSpeakTls = oncePerObject((endpoints: readonly Endpoint[]) => (
    endpoints.length > 0 && endpoints.every(({ tlsMode }) => tlsMode !== 'disabled')));
  return {
    fallsBackToRule: plane.decidesAsModelled('fallBackToRule'),
    trustsConfigMaps: plane.decidesAsModelled('trustConfigMaps'),
    enabled: enableAutoMtls,
    disabledAt: enableAutoMtls ? undefined : meshConfigAt(config, 'enableAutoMtls'),
    disabledByPolicy: ({ namespace }) => policies.disabling(namespace),
    allEndpoints: (service, port) => allSpeakTls(plane.serversOn(service, port.number)),
  };
});

export function clusterTls(
  service: Service, port: ServicePort, rule: MergedRule | undefined, subset: RuleSubset | undefined, auto: AutoMtls,
): ClusterTls {
  const wide = policyForPort(rule?.policy, port.number);
  const policy = subset ? policyForSubset(rule?.policy, subset.policy, port.number) : wide;
  const needsServers = !wide?.passthrough && !subset?.policy?.passthrough;
  const originalDestination = service.resolution === 'PASSTHROUGH' || !needsServers || Boolean(policy?.passthrough);
  const settings = policy?.tls;
  const headerBy = policy?.proxyProtocol;
  if (settings) {
    const { fixed, reason } = fixedTls(settings, rule!, auto);
    return { fixed, reason, settings, by: settings.at, originalDestination, needsServers, headerBy };
  }
  const ofService = service.resolution === 'PASSTHROUGH' ? passthroughAt(service) : undefined;
  const plain = whyPlaintext(service, port, ofService ?? (subset ? subset.policy : rule?.policy)?.passthrough?.at, auto);
  const keptBy = ofService ?? (subset?.policy?.passthrough ?? policy?.passthrough ?? wide?.passthrough)?.at;
  const fixed = plain ? 'PLAINTEXT' : originalDestination ? 'ISTIO_MUTUAL' : undefined;
  const hint = hintSettings(auto.fallsBackToRule || !subset ? rule : undefined, subset, port.number);
  return { fixed, reason: plain?.reason ?? 'auto-mtls', by: plain ? plain.by : keptBy, originalDestination, needsServers, headerBy, hint };
}

/**
 * @param passes what keeps the requested address: the service, or the rule's settings for all ports
 */
function whyPlaintext(
  service: Service, port: ServicePort, passes: FieldRef | undefined, auto: AutoMtls,
): Required<Pick<ClusterTls, 'reason'>> & Pick<ClusterTls, 'by'> | undefined {
  if (service.external) return { reason: 'external', by: locationAt(service) };
  if (!auto.enabled) return { reason: 'auto-mtls-off', by: auto.disabledAt };
  if (passes && !auto.allEndpoints(service, port)) return { reason: 'not-all-endpoints', by: passes };
  const by = auto.disabledByPolicy(service);
  return by && { reason: 'policy-disables', by };
}

/** A rule's TLS. istiod silently drops some settings, and the proxy then sends plaintext. */
function fixedTls(
  settings: TlsSettings, { workloadSelector }: MergedRule, { trustsConfigMaps }: AutoMtls,
): { fixed: SentTls; reason: TlsReason } {
  const { mode, credentialName = '', clientCertificate, privateKey } = settings;
  if (mode === 'DISABLE') return { fixed: 'PLAINTEXT', reason: 'rule' };
  if (mode === 'ISTIO_MUTUAL') return { fixed: mode, reason: 'rule' };
  const secret = credentialName !== '' && !(trustsConfigMaps && credentialName.startsWith('configmap://'));
  const ignored = secret && workloadSelector === undefined;
  const incomplete = mode === 'MUTUAL' && credentialName === '' && !(clientCertificate && privateKey);
  return ignored || incomplete ? { fixed: 'PLAINTEXT', reason: 'rule-without-effect' } : { fixed: mode, reason: 'rule' };
}

/** The settings with which a rule marks endpoints. */
function hintSettings(rule: MergedRule | undefined, subset: RuleSubset | undefined, port: number): TlsSettings | undefined {
  return endpointTlsSettings(subset?.policy, port) ?? endpointTlsSettings(rule?.policy, port);
}

/** What a client sends to one endpoint, and why. */
export interface EndpointTls {
  readonly tls: SentTls;
  readonly reason: TlsReason;
  /** The rule's settings that decide it, whether or not they take effect as written. */
  readonly settings?: TlsSettings;
  /** The field that decides it; undefined if no object sets it. */
  readonly by?: FieldRef;
}

/** What a client sends to all endpoints; undefined if each endpoint decides. */
export function tlsOfAll({ fixed, reason, settings, by }: ClusterTls): EndpointTls | undefined {
  return fixed && { tls: fixed, reason, settings, by };
}

/**
 * Under auto mTLS each endpoint decides: it gets mTLS if its tlsMode label is `istio`, its port isn't DISABLE, and no
 * rule has unmarked it. For a pod of another namespace than its service's, the client may not know the policies.
 */
export function endpointTls(
  { hint }: ClusterTls, endpoint: Endpoint, service: Service, policies: PeerPolicies, scope: Pick<ProxyScope, 'knowsPoliciesOf'>,
): EndpointTls {
  if (endpoint.tlsMode !== 'istio') return { tls: 'PLAINTEXT', reason: 'endpoint-without-tls', by: tlsModeAt(endpoint, service) };
  if (hint) {
    const isMutual = hint.mode === 'ISTIO_MUTUAL';
    return {
      tls: isMutual ? 'ISTIO_MUTUAL' : 'PLAINTEXT', reason: isMutual ? 'auto-mtls' : 'rule-hides-endpoint', settings: hint, by: hint.at,
    };
  }
  const { namespace } = endpoint;
  const areKnown = namespace === service.namespace || scope.knowsPoliciesOf(namespace);
  const enforced = areKnown ? enforcedMode(policies, endpoint, endpoint.port) : policies.modeOfMesh;
  return enforced.mode === 'DISABLE' ? { tls: 'PLAINTEXT', reason: 'endpoint-without-tls', by: enforced.by } : BY_AUTO_MTLS;
}

const BY_AUTO_MTLS: EndpointTls = Object.freeze({ tls: 'ISTIO_MUTUAL', reason: 'auto-mtls' });
