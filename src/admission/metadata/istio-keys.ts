import facts from '../../../imports/istio-metadata.json';

/** An annotation or label that Istio's code reads, though istio.io/api doesn't list it, or not for these kinds. */
interface UndocumentedKey {
  readonly name: string;
  readonly type: 'annotation' | 'label';
  /** The kinds on which it is read; Any if it is harmless anywhere. */
  readonly resources: readonly string[];
  /** The file in Istio's source that reads it. */
  readonly readIn: string;
}

const KEYS: readonly (readonly [UndocumentedKey['type'], string, readonly string[], string])[] = [
  // Read, though istio.io/api doesn't list them at all.
  ['annotation', 'ambient.istio.io/xfcc-include-client-identity', ['Pod'], 'pilot/pkg/networking/core/listener_waypoint.go'],
  ['annotation', 'envoyfilter.istio.io/referenced-services', ['EnvoyFilter'], 'pilot/pkg/model/envoyfilter.go'],
  ['annotation', 'gateway.istio.io/agentgatewayImage', ['Pod'], 'pkg/kube/inject/inject.go'],
  ['annotation', 'internal.istio.io/gateway-semantics', ['Any'], 'pkg/config/constants/constants.go'],
  ['annotation', 'internal.istio.io/gateway-service', ['Any'], 'pilot/pkg/model/push_context.go'],
  ['annotation', 'internal.istio.io/parent-namespace', ['Any'], 'pkg/config/constants/constants.go'],
  ['annotation', 'internal.istio.io/parents', ['Any'], 'pkg/config/constants/constants.go'],
  ['annotation', 'internal.istio.io/route-semantics', ['Any'], 'pkg/config/constants/constants.go'],
  ['annotation', 'internal.istio.io/service-account-name', ['Any'], 'pkg/config/constants/constants.go'],
  ['annotation', 'internal.istio.io/webhook-always-reject', ['Any'], 'pkg/config/constants/constants.go'],
  ['annotation', 'istio.io/connect-strategy', ['Service', 'ServiceEntry'], 'pilot/pkg/model/service.go'],
  ['annotation', 'istio.io/ignore-policy-attachment', ['Any'], 'pilot/pkg/config/kube/gateway/backend_policies.go'],
  ['annotation', 'leader.istio.io/holder-key', ['Any'], 'pilot/pkg/leaderelection/k8sleaderelection/k8sresourcelock/leaselock.go'],
  ['annotation', 'networking.istio.io/address-type', ['Gateway'], 'pilot/pkg/config/kube/gateway/conversion.go'],
  ['annotation', 'networking.istio.io/cluster', ['Secret'], 'istioctl/pkg/multicluster/options.go'],
  ['annotation', 'prometheus.istio.io/scrape-targets', ['Pod'], 'pkg/kube/inject/webhook.go'],
  ['annotation', 'prometheus.istio.io/secure-envoy-port', ['Pod'], 'samples/addons/extras/prometheus-secure-metrics.yaml'],
  ['annotation', 'prometheus.istio.io/secure-port', ['Pod'], 'pkg/kube/inject/webhook.go'],
  ['annotation', 'proxy.istio.io/health-checks-enabled', ['WorkloadEntry'], 'pilot/pkg/model/status/workloadentry.go'],
  ['annotation', 'sidecar.istio.io/capNetBindService', ['Pod'],
    'manifests/charts/istio-control/istio-discovery/files/injection-template.yaml'],
  ['label', 'cni.istio.io/uninitialized', ['Pod'], 'cni/pkg/cmd/root.go'],
  ['label', 'experimental.istio.io/disable-gateway-port-translation', ['Service'], 'pilot/pkg/model/gateway.go'],
  ['label', 'gateway.istio.io/defaults-for-class', ['ConfigMap'], 'pilot/pkg/config/kube/gatewaycommon/gateway_utils.go'],
  ['label', 'install.operator.istio.io/owning-resource', ['Any'], 'operator/pkg/manifest/name.go'],
  ['label', 'install.operator.istio.io/owning-resource-namespace', ['Any'], 'operator/pkg/manifest/name.go'],
  ['label', 'install.operator.istio.io/owning-resource-not-pruned', ['Any'], 'operator/pkg/manifest/name.go'],
  ['label', 'internal.istio.io/always-push', ['Any'], 'pkg/config/constants/constants.go'],
  ['label', 'internal.istio.io/service-semantics', ['Any'], 'pkg/config/constants/constants.go'],
  ['label', 'istio-injection', ['Namespace'], 'pkg/config/analysis/analyzers/util/constants.go'],
  ['label', 'istio.io/config', ['ConfigMap'], 'pilot/pkg/serviceregistry/kube/controller/namespacecontroller.go'],
  ['label', 'istio.io/draining', ['Pod'], 'pilot/pkg/features/experimental.go'],
  ['label', 'istio.io/gateway-name', ['Any'], 'pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go'],
  ['label', 'istio.io/inferencepool-extension-failure-mode', ['Service'], 'pilot/pkg/config/kube/gateway/inferencepool_collection.go'],
  ['label', 'istio.io/inferencepool-extension-port', ['Service'], 'pilot/pkg/config/kube/gateway/inferencepool_collection.go'],
  ['label', 'istio.io/inferencepool-extension-service', ['Service'], 'pilot/pkg/config/kube/gateway/inferencepool_collection.go'],
  ['label', 'istio.io/inferencepool-name', ['Service'], 'pilot/pkg/config/kube/gateway/inferencepool_collection.go'],
  ['label', 'istio.io/persistent-session', ['Service', 'ServiceEntry'], 'pilot/pkg/features/experimental.go'],
  ['label', 'istio.io/persistent-session-header', ['Service', 'ServiceEntry'], 'pilot/pkg/features/experimental.go'],
  ['label', 'istio.io/test-vm', ['Any'], 'pkg/config/constants/constants.go'],
  ['label', 'istio.io/test-vm-version', ['Any'], 'pkg/config/constants/constants.go'],
  ['label', 'networking.istio.io/tunnel', ['Pod'], 'pilot/pkg/model/service.go'],

  // Listed, but read on more kinds.
  ['label', 'istio.io/rev', ['Any'], 'pkg/revisions/tag_watcher.go'],
  ['label', 'istio.io/tag', ['Service'], 'manifests/charts/istio-control/istio-discovery/templates/revision-tags-svc.yaml'],
  ['label', 'networking.istio.io/gatewayPort', ['Gateway'], 'pilot/pkg/serviceregistry/kube/conversion.go'],
  ['label', 'service.istio.io/canonical-name', ['ServiceEntry'], 'pilot/pkg/serviceregistry/serviceentry/conversion.go'],
  ['label', 'service.istio.io/canonical-revision', ['ServiceEntry'], 'pilot/pkg/serviceregistry/serviceentry/conversion.go'],
];

/** Every key with where Istio's source reads it; imports/istio-metadata.json has what istio.io/api lists. */
export const UNDOCUMENTED_KEYS: readonly UndocumentedKey[] =
  KEYS.map(([type, name, resources, readIn]) => ({ type, name, resources, readIn }));

/** What Istio defines about one of its annotations or labels. */
export interface IstioKey {
  readonly name: string;
  readonly deprecated: boolean;
  /** Istio sets it itself. */
  readonly hidden: boolean;
  /** The kinds on which it is read, with `Any` for all. */
  readonly resources: readonly string[];
}

/** As in imports/istio-metadata.json, which omits false. */
type DocumentedKey = Pick<IstioKey, 'name' | 'resources'> & Partial<IstioKey>;

function keysOf(type: 'annotation' | 'label', documented: readonly DocumentedKey[]): ReadonlyMap<string, IstioKey> {
  const keys = new Map<string, IstioKey>(documented.map((key) => [key.name, { deprecated: false, hidden: false, ...key }]));
  for (const { name, resources } of UNDOCUMENTED_KEYS.filter((key) => key.type === type)) {
    const known = keys.get(name) ?? { name, deprecated: false, hidden: false, resources: [] };
    keys.set(name, { ...known, resources: [...known.resources, ...resources] });
  }
  return keys;
}

/** Every annotation that Istio reads, by key. */
export const ISTIO_ANNOTATIONS = keysOf('annotation', facts.annotations);

/** Every label that Istio reads, by key. */
export const ISTIO_LABELS = keysOf('label', facts.labels);

/** Whether a key is in Istio's domain, or one of Istio's keys outside of it. */
export function isIstioKey(key: string): boolean {
  const slash = key.indexOf('/');
  if (slash < 0) return key === 'istio-injection';
  const prefix = key.slice(0, slash);
  return prefix === 'istio.io' || prefix.endsWith('.istio.io');
}
