import { Shape, text } from '../objects/shape';

/** What istiod is told as metadata of a proxy, as texts or as JSON. */
const METADATA = /^ISTIO_META(?:JSON)?_/;

/** Metadata by which istiod gives a sidecar other listeners, clusters, endpoints or certificates; it reads none besides, but for those that the model reads. */
const CHANGING_METADATA: ReadonlySet<string> = new Set([
  'CLUSTER_ID', 'DISABLE_HBONE_SEND', 'ENABLE_HBONE', 'ENVOY_PROMETHEUS_PORT', 'ENVOY_SECURE_MERGED_METRICS_PORT', 'ENVOY_SECURE_METRICS_PORT',
  'ENVOY_STATUS_PORT', 'GENERATOR', 'HTTP_PROXY_PORT', 'INSTANCE_IPS', 'INTERCEPTION_MODE', 'LABELS', 'NAMESPACE', 'PROXY_CONFIG', 'REQUESTED_NETWORK_VIEW',
  'SERVICE_ACCOUNT', 'STATIC_LABELS', 'TLS_CLIENT_CERT_CHAIN', 'TLS_CLIENT_KEY', 'TLS_CLIENT_ROOT_CERT', 'TLS_SERVER_CERT_CHAIN', 'TLS_SERVER_KEY',
  'TLS_SERVER_ROOT_CERT',
]);

/** Variables by which the agent in a sidecar starts Envoy otherwise, names itself otherwise, or takes its certificates from files. */
const CHANGING_VARIABLES: ReadonlySet<string> = new Set([
  'DISABLE_ENVOY', 'ENVOY_PROMETHEUS_PORT', 'ENVOY_STATUS_PORT', 'FILE_MOUNTED_CERTS', 'INSTANCE_IP', 'ISTIO_BOOTSTRAP', 'ISTIO_BOOTSTRAP_OVERRIDE',
  'POD_NAME', 'POD_NAMESPACE', 'PROXY_CONFIG', 'SERVICE_ACCOUNT', 'TRUST_DOMAIN',
]);

/** Those that the injector's template sets itself, so that a container that it has written has them. */
const OF_TEMPLATE: ReadonlySet<string> = new Set([
  'INSTANCE_IP', 'ISTIO_META_CLUSTER_ID', 'ISTIO_META_INTERCEPTION_MODE', 'POD_NAME', 'POD_NAMESPACE', 'PROXY_CONFIG', 'SERVICE_ACCOUNT', 'TRUST_DOMAIN',
]);

/** The first of some variables of a proxy's environment that makes it another than the model knows. */
export function changingVariable(names: Iterable<string>): string | undefined {
  for (const name of names) if (CHANGING_VARIABLES.has(name) || (METADATA.test(name) && CHANGING_METADATA.has(name.replace(METADATA, '')))) return name;
  return undefined;
}

/** The same of a container, which the injector's template may have written. */
export function changingVariableOf(env: readonly Shape[]): string | undefined {
  return changingVariable(env.flatMap(({ name }) => text(name) ?? []).filter((name) => !OF_TEMPLATE.has(name)));
}
