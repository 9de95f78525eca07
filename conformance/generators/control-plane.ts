// What is said of istiod besides manifests: variables of its environment, and the cluster's DNS suffix.
import fc from 'fast-check';
import type { JudgedMesh, Manifest } from '../manifest';
import { maybe } from './words';

/** Variables that the model takes into account, with the value that isn't usual. */
const MODELLED = {
  ENABLE_ENHANCED_DESTINATIONRULE_MERGE: 'false',
  PILOT_ENABLE_K8S_SELECT_WORKLOAD_ENTRIES: 'false',
  PILOT_ENABLE_SERVICEENTRY_SELECT_PODS: 'false',
  PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE: 'false',
};

/** Those of which it knows only which calls they may touch. */
const UNDECIDED = {
  ENABLE_TLS_ON_SIDECAR_INGRESS: 'true',
  PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE: 'true',
  PILOT_ENABLE_EDS_FOR_HEADLESS_SERVICES: 'true',
  PILOT_ENABLE_REDIS_FILTER: 'true',
  PREFER_DESTINATIONRULE_TLS_FOR_EXTERNAL_SERVICES: 'false',
};

/** Those that change no outcome. */
const IRRELEVANT = {
  ENABLE_LAZY_SIDECAR_EVALUATION: 'false',
  PILOT_DISABLE_MX_ALPN: 'true',
  PILOT_ENABLE_ABSOLUTE_FQDN_VHOST_DOMAIN: 'false',
  PILOT_ENABLE_ALPN_FILTER: 'false',
  PILOT_ENABLE_METADATA_EXCHANGE: 'false',
  PILOT_ENABLE_MYSQL_FILTER: 'true',
  PILOT_ENABLE_ROUTE_COLLAPSE_OPTIMIZATION: 'false',
  PILOT_SKIP_VALIDATE_TRUST_DOMAIN: 'true',
  PILOT_UNIFIED_SIDECAR_SCOPE: 'false',
};

export const FLAGS: Readonly<Record<string, string>> = { ...MODELLED, ...UNDECIDED, ...IRRELEVANT };

const flag = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...Object.keys(MODELLED)) },
  { weight: 2, arbitrary: fc.constantFrom(...Object.keys(UNDECIDED)) },
  { weight: 1, arbitrary: fc.constantFrom(...Object.keys(IRRELEVANT)) },
);

const flags = maybe(fc.uniqueArray(flag, { minLength: 1, maxLength: 3 }), 4)
  .map((names = []) => Object.fromEntries(names.map((name) => [name, FLAGS[name]])));

/** A domain, and whether objects name hosts in it; else their full names are those of no Service. */
const domain = maybe(fc.record({ clusterDomain: fc.constantFrom('corp.local', 'k8s.example.com'), renamed: fc.integer({ min: 0, max: 3 }).map((number) => number > 0) }), 6);

/** What is said of a mesh's control plane. */
export interface ControlPlaneFacts {
  readonly flags: Readonly<Record<string, string>>;
  readonly domain?: { readonly clusterDomain: string; readonly renamed: boolean };
}

export const controlPlane: fc.Arbitrary<ControlPlaneFacts> = fc.record({ flags, domain });

/** A mesh that has no id yet. */
export type ToldMesh = Omit<JudgedMesh, 'id'> & Required<Pick<JudgedMesh, 'istiodEnv'>>;

/** A mesh with what is said of its control plane. */
export function under({ flags: istiodEnv, domain: said }: ControlPlaneFacts, objects: readonly Manifest[]): ToldMesh {
  if (!said) return { objects, istiodEnv };
  const { clusterDomain, renamed } = said;
  const text = JSON.stringify(objects);
  return { objects: renamed ? JSON.parse(text.replaceAll('svc.cluster.local', `svc.${clusterDomain}`)) : objects, istiodEnv, clusterDomain };
}
