import { Rule } from './rule';
import { plaintextRuleStrictServer } from './rules/mtls101-plaintext-rule-strict-server';
import { secondNamespacePolicy } from './rules/mtls201-second-namespace-policy';
import { twoPoliciesOneWorkload } from './rules/mtls202-two-policies-one-workload';
import { rootNamespaceSelector } from './rules/mtls203-root-namespace-selector';
import { selectsNothing } from './rules/mtls204-selects-nothing';
import { portExceptionWithoutContainerPort } from './rules/mtls205-port-exception-without-container-port';
import { emptySelector } from './rules/mtls206-empty-selector';
import { unsetChangesNothing } from './rules/mtls207-unset-changes-nothing';
import { policyWithoutSidecar } from './rules/mtls208-policy-without-sidecar';
import { creationOrder } from './rules/mtls209-creation-order';
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

/** Every rule of the analysis, by code. A new one is added here. */
export const RULES: readonly Rule[] = [
  plaintextRuleStrictServer,
  secondNamespacePolicy,
  twoPoliciesOneWorkload,
  rootNamespaceSelector,
  selectsNothing,
  portExceptionWithoutContainerPort,
  emptySelector,
  unsetChangesNothing,
  policyWithoutSidecar,
  creationOrder,
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
];

/** Codes that rules once had, and that none gets again. */
export const RETIRED_CODES: readonly string[] = [];
