export { Acknowledgement, type AcknowledgementProps } from './constructs/analysis/acknowledgement';
export { type ConnectionExpectation, type ExpectationExemption, type PortExpectation } from './constructs/analysis/expectation-props';
export { MeshExpectations } from './constructs/analysis/mesh-expectations';
export { AllowedCallers, type AllowedCallersProps } from './constructs/authorization/allowed-callers';
export { Caller } from './constructs/authorization/caller';
export { type CallOptions, Calls } from './constructs/authorization/calls';
export { DefaultDeny, type DefaultDenyProps } from './constructs/authorization/default-deny';
export { RequiredToken, type RequiredTokenProps } from './constructs/authorization/required-token';
export { type TokenIssuer } from './constructs/authorization/token-issuer';
export { CaSource } from './constructs/certificates/ca-source';
export {
  type CertManagerCaProps, CertManagerIssuer, PrivateKeyAlgorithm, PrivateKeyRotationPolicy,
} from './constructs/certificates/cert-manager-ca';
export { CaRotation, type CaRotationProps, CaRotationStage } from './constructs/certificates/ca-rotation';
export { CustomCa, type CustomCaProps } from './constructs/certificates/custom-ca';
export { RotatingCa } from './constructs/certificates/rotating-ca';
export { type ExternalSecretCaProps, ExternalSecretStore } from './constructs/certificates/external-secret-ca';
export { IstioCsr } from './constructs/certificates/istio-csr';
export { type ExternalIssuer, IstioCsrIssuer, type OwnCa } from './constructs/certificates/istio-csr-issuer';
export { type IstioCsrProps, IstiodCertificateSource } from './constructs/certificates/istio-csr-props';
export { type PemCaProps, type PemFilesCaProps } from './constructs/certificates/pem-ca';
export { type SealedSecretCaProps, SealedSecretScope } from './constructs/certificates/sealed-secret-ca';
export {
  type DiscoverySelector, DiscoverySelectorOperator, type DiscoverySelectorRequirement,
} from './constructs/installation/discovery-selector';
export {
  IstioMesh, type IstioMeshProps, type MeshConfigOptions, type MeshConstructOptions, type MeshModeOptions, type MeshMonitoringOptions,
} from './constructs/installation/istio-mesh';
export { MeshConfig } from './constructs/installation/mesh-config';
export {
  AccessLogEncoding, type DefaultProxyConfig, MeshCaCertificate, type MeshCaCertificateOptions, type MeshConfigProps,
  OutboundTrafficPolicyMode,
} from './constructs/installation/mesh-config-props';
export { type MeshTls, type TlsDefaults, TlsProtocol } from './constructs/installation/mesh-tls';
export { type AlertOptions, type PlaintextAlertOptions } from './constructs/monitoring/alert-rules';
export { MeshMonitoring, type MeshMonitoringProps } from './constructs/monitoring/mesh-monitoring';
export { MtlsAlerts, type MtlsAlertsProps } from './constructs/monitoring/mtls-alerts';
export { type ScrapeOptions } from './constructs/monitoring/scrape-options';
export { Backend, type BackendOptions } from './constructs/networking/backend';
export { ClientCredential, type SecretCredentialOptions } from './constructs/networking/client-credential';
export { ClientTls, type MutualTlsOptions, type TlsOptions } from './constructs/networking/client-tls';
export {
  type ConnectionPool, type Http2KeepAlive, Http2UpgradePolicy, type HttpConnectionPool, type TcpConnectionPool, type TcpKeepalive,
} from './constructs/networking/connection-pool';
export { Destination } from './constructs/networking/destination';
export {
  type DestinationOptions, type DestinationPort, type DestinationProps, type DestinationSubset,
} from './constructs/networking/destination-props';
export { ExternalResolution } from './constructs/networking/external-hosts';
export { type ExternalPort, ExternalProtocol } from './constructs/networking/external-port';
export { ExternalService, type ExternalServiceProps } from './constructs/networking/external-service';
export { type HttpAction, HttpFault, type HttpRetries } from './constructs/networking/http-action';
export { type HttpHeaderChanges } from './constructs/networking/http-header-changes';
export { type HttpRedirect, RedirectPort, RedirectScheme } from './constructs/networking/http-redirect';
export { type HttpRegexRewrite, type HttpRewrite } from './constructs/networking/http-rewrite';
export { HttpRoute, type HttpRouteProps, type HttpRouteRule } from './constructs/networking/http-route';
export { type HttpRouteMatch, StringMatch } from './constructs/networking/http-route-match';
export { type HashCookieOptions, LoadBalancing } from './constructs/networking/load-balancing';
export { type MachinePort } from './constructs/networking/machine-port';
export { MachineProxy } from './constructs/networking/machine-proxy';
export { MachineService, type MachineServiceProps } from './constructs/networking/machine-service';
export { type OutlierDetection } from './constructs/networking/outlier-detection';
export { type IWorkload, Pods } from './constructs/pods';
export { type ICallable, Services } from './constructs/networking/services';
export { SidecarScope, type SidecarScopeProps } from './constructs/networking/sidecar-scope';
export { Subset } from './constructs/networking/subset';
export { type MeshClientTls } from './constructs/security/mesh-client-tls';
export { MeshMtls, type MeshMtlsProps, StrictMeshMtls, type StrictMeshMtlsProps } from './constructs/security/mesh-mtls';
export { NamespaceOverride, type NamespaceOverrideProps } from './constructs/security/namespace-override';
export { MtlsMode, type PortMtls } from './constructs/security/peer-authentication';
export { WorkloadOverride, type WorkloadOverrideProps } from './constructs/security/workload-override';
export { CallEnforcement } from './integration/call-enforcement';
export {
  type Connection, type ConnectionBranch, type ConnectionCase, type ConnectionQuery, type MissingFact, type Summary,
  type ToldFacts,
} from './integration/connection';
export { type Explanation } from './integration/explanation';
export { type Condition, type Finding, FindingSeverity } from './integration/finding';
export { ConnectionOutcome, type Hop, type MeshObject, type Reason } from './integration/hop';
export { IstioAdmission } from './integration/istio-admission';
export * from './integration/istio-validation'; // Not by name: the types don't have it, it is no part of the API for programs.
export { type ConnectionChange, type MeshDiff } from './integration/mesh-diff';
export { type LeftOutConnections } from './integration/left-out-connections';
export { type IIstioMesh } from './integration/mesh-facts';
export { type MeshPlan, type PlanStage, PlanVerdict } from './integration/mesh-plan';
export { MtlsAnalysis } from './integration/mtls-analysis';
export {
  FailOn, type MtlsAcknowledgement, type MtlsAnalysisAttachOptions, type MtlsAnalysisOptions, type MtlsWorkloadKind, MeshWideMode,
} from './integration/mtls-analysis-options';
export { MtlsChange } from './integration/mtls-change';
export { type IMtlsReporter, type MtlsAssumption, type MtlsReport, MtlsReporter } from './integration/mtls-reporter';
export { MtlsRule } from './integration/mtls-rule';
export { MtlsWhatIf } from './integration/mtls-what-if';
export * as extensions from '../imports/extensions.istio.io';
export * as networking from '../imports/networking.istio.io';
export * as security from '../imports/security.istio.io';
export * as telemetry from '../imports/telemetry.istio.io';
