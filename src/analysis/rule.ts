import { Evidence } from './evidence';
import { Found } from './mesh-finding';
import { Severity } from '../findings/finding';

/** The catalogue entry of a rule: its page in docs/rules has the same name. */
export interface RuleSummary {
  /**
   * MTLS1xx connections, 2xx PeerAuthentication, 3xx DestinationRule and routes, 4xx injection and probes, 5xx AuthorizationPolicy
   * and identities, 6xx manifests of one object, 7xx istiod's CA, 9xx the analysis itself.
   */
  readonly code: string;
  /** A few words with hyphens, as in the name of its file. */
  readonly name: string;
  readonly severity: Severity;
  /** What is wrong, as one sentence without a full stop. */
  readonly title: string;
}

/** A kind that a mesh is read from. `workload` stands for all kinds that run or describe pods, `any` for every kind. */
export type ReadKind =
  | 'any' | 'workload' | 'Namespace' | 'Service' | 'Endpoints' | 'EndpointSlice' | 'ServiceAccount' | 'ConfigMap' | 'Ingress'
  | 'IngressClass'
  | 'PeerAuthentication' | 'AuthorizationPolicy' | 'DestinationRule' | 'VirtualService' | 'ServiceEntry' | 'WorkloadEntry' | 'WorkloadGroup'
  | 'Sidecar' | 'ProxyConfig' | 'EnvoyFilter' | 'HTTPRoute' | 'GRPCRoute' | 'TCPRoute' | 'TLSRoute' | 'BackendTLSPolicy'
  | 'XBackendTrafficPolicy'
  | 'ValidatingWebhookConfiguration' | 'MutatingWebhookConfiguration' | 'APIService' | 'CustomResourceDefinition' | 'ServiceMonitor'
  | 'PodMonitor'
  | 'Secret' | 'Certificate' | 'ExternalSecret' | 'SealedSecret' | 'Bundle';

/** One possible mistake in the manifests of a mesh. Each rule has its own file in `rules/`, named by code and name. */
export interface Rule extends RuleSummary {
  /**
   * The kinds that it reports on or reads itself: by kind, or by their spec, labels or
   * annotations. Kinds that only the model reads to answer its questions don't count.
   */
  readonly reads: readonly ReadKind[];
  /** Must not report that something is missing which other manifests may contain. */
  find(evidence: Evidence): Iterable<Found>;
}

/** Codes of former rules, never to be used again. */
export const RETIRED_CODES: readonly string[] = [];

/** The name of a rule's file, its test's folder and its page. */
export function stemOf({ code, name }: RuleSummary): string {
  return `${code.toLowerCase()}-${name}`;
}
