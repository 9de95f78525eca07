import { Rule } from './rule';
import { plaintextRuleStrictServer } from './rules/mtls101-plaintext-rule-strict-server';
import { disablePolicyStrictWorkload } from './rules/mtls102-disable-policy-strict-workload';
import { clientWithoutSidecar } from './rules/mtls103-client-without-sidecar';
import { outsideServiceStrictServer } from './rules/mtls104-outside-service-strict-server';
import { hiddenServicePassthrough } from './rules/mtls105-hidden-service-passthrough';
import { hiddenServiceBlackHole } from './rules/mtls106-hidden-service-black-hole';
import { mtlsWithoutProxy } from './rules/mtls107-mtls-without-proxy';
import { mtlsDisabledPort } from './rules/mtls108-mtls-disabled-port';
import { foreignTlsStrictServer } from './rules/mtls109-foreign-tls-strict-server';
import { foreignTlsHttpPort } from './rules/mtls110-foreign-tls-http-port';
import { unaskedPlaintext } from './rules/mtls111-unasked-plaintext';
import { unseenDisable } from './rules/mtls112-unseen-disable';
import { excludedInboundPort } from './rules/mtls113-excluded-inbound-port';
import { unreachableDestination } from './rules/mtls114-unreachable-destination';
import { unaskedPlaintextStrictServer } from './rules/mtls115-unasked-plaintext-strict-server';
import { excludedOutboundPort } from './rules/mtls116-excluded-outbound-port';
import { ingressStrictServer } from './rules/mtls117-ingress-strict-server';
import { headlessTargetPort } from './rules/mtls118-headless-target-port';
import { mtlsToUnknownAddress } from './rules/mtls119-mtls-to-unknown-address';
import { refusedRoutes } from './rules/mtls120-refused-routes';
import { otherProtocol } from './rules/mtls121-other-protocol';
import { serverFirst } from './rules/mtls122-server-first';
import { proxyProtocolToSidecar } from './rules/mtls125-proxy-protocol-to-sidecar';
import { secondNamespacePolicy } from './rules/mtls201-second-namespace-policy';
import { twoPoliciesOneWorkload } from './rules/mtls202-two-policies-one-workload';
import { rootNamespaceSelector } from './rules/mtls203-root-namespace-selector';
import { selectsNothing } from './rules/mtls204-selects-nothing';
import { portExceptionWithoutContainerPort } from './rules/mtls205-port-exception-without-container-port';
import { emptySelector } from './rules/mtls206-empty-selector';
import { unsetChangesNothing } from './rules/mtls207-unset-changes-nothing';
import { policyWithoutSidecar } from './rules/mtls208-policy-without-sidecar';
import { creationOrder } from './rules/mtls209-creation-order';
import { hostMatchesNothing } from './rules/mtls301-host-matches-nothing';
import { wildcardHidesExactRule } from './rules/mtls302-wildcard-hides-exact-rule';
import { secondRuleDropped } from './rules/mtls303-second-rule-dropped';
import { unequalExportTo } from './rules/mtls304-unequal-export-to';
import { selectorShadows } from './rules/mtls305-selector-shadows';
import { portDropsTls } from './rules/mtls306-port-drops-tls';
import { emptyTls } from './rules/mtls307-empty-tls';
import { ignoredCredential } from './rules/mtls308-ignored-credential';
import { istioMutualWithCertificates } from './rules/mtls309-istio-mutual-with-certificates';
import { subsetWithoutPods } from './rules/mtls310-subset-without-pods';
import { undefinedSubset } from './rules/mtls311-undefined-subset';
import { wildcardMtlsWithoutProxy } from './rules/mtls312-wildcard-mtls-without-proxy';
import { narrowRuleDropsTls } from './rules/mtls313-narrow-rule-drops-tls';
import { secondVirtualService } from './rules/mtls314-second-virtual-service';
import { unusedSubset } from './rules/mtls315-unused-subset';
import { tlsInTls } from './rules/mtls316-tls-in-tls';
import { noSidecarStrictMesh } from './rules/mtls401-no-sidecar-strict-mesh';
import { hostNetwork } from './rules/mtls402-host-network';
import { excludedPorts } from './rules/mtls403-excluded-ports';
import { probesNotRewritten } from './rules/mtls404-probes-not-rewritten';
import { prometheusScrapeStrict } from './rules/mtls405-prometheus-scrape-strict';
import { webhookStrict } from './rules/mtls406-webhook-strict';
import { monitorStrict } from './rules/mtls407-monitor-strict';
import { namedCallerWithoutIdentity } from './rules/mtls501-named-caller-without-identity';
import { denyByIdentity } from './rules/mtls502-deny-by-identity';
import { allowByNegatedIdentity } from './rules/mtls503-allow-by-negated-identity';
import { unknownServiceAccount } from './rules/mtls504-unknown-service-account';
import { unknownTrustDomain } from './rules/mtls505-unknown-trust-domain';
import { sniOfPlaintext } from './rules/mtls506-sni-of-plaintext';
import { wrongSubjectAltNames } from './rules/mtls507-wrong-subject-alt-names';
import { malformedPrincipal } from './rules/mtls508-malformed-principal';
import { authorizationWithoutProxy } from './rules/mtls509-authorization-without-proxy';
import { objectTwice } from './rules/mtls601-object-twice';
import { labelsOfSinglePods } from './rules/mtls602-labels-of-single-pods';

/** Every rule of the analysis, by code. A new one is added here. */
export const RULES: readonly Rule[] = [
  plaintextRuleStrictServer,
  disablePolicyStrictWorkload,
  clientWithoutSidecar,
  outsideServiceStrictServer,
  hiddenServicePassthrough,
  hiddenServiceBlackHole,
  mtlsWithoutProxy,
  mtlsDisabledPort,
  foreignTlsStrictServer,
  foreignTlsHttpPort,
  unaskedPlaintext,
  unseenDisable,
  excludedInboundPort,
  unreachableDestination,
  unaskedPlaintextStrictServer,
  excludedOutboundPort,
  ingressStrictServer,
  headlessTargetPort,
  mtlsToUnknownAddress,
  refusedRoutes,
  otherProtocol,
  serverFirst,
  proxyProtocolToSidecar,
  secondNamespacePolicy,
  twoPoliciesOneWorkload,
  rootNamespaceSelector,
  selectsNothing,
  portExceptionWithoutContainerPort,
  emptySelector,
  unsetChangesNothing,
  policyWithoutSidecar,
  creationOrder,
  hostMatchesNothing,
  wildcardHidesExactRule,
  secondRuleDropped,
  unequalExportTo,
  selectorShadows,
  portDropsTls,
  emptyTls,
  ignoredCredential,
  istioMutualWithCertificates,
  subsetWithoutPods,
  undefinedSubset,
  wildcardMtlsWithoutProxy,
  narrowRuleDropsTls,
  secondVirtualService,
  unusedSubset,
  tlsInTls,
  noSidecarStrictMesh,
  hostNetwork,
  excludedPorts,
  probesNotRewritten,
  prometheusScrapeStrict,
  webhookStrict,
  monitorStrict,
  namedCallerWithoutIdentity,
  denyByIdentity,
  allowByNegatedIdentity,
  unknownServiceAccount,
  unknownTrustDomain,
  sniOfPlaintext,
  wrongSubjectAltNames,
  malformedPrincipal,
  authorizationWithoutProxy,
  objectTwice,
  labelsOfSinglePods,
];

/** Codes that rules once had, and that none gets again. */
export const RETIRED_CODES: readonly string[] = [];
