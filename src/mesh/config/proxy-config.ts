import { Mapping, mapping, text, booleanText } from '../../manifests/mapping';
import { FieldRef } from '../inventory/field-ref';
import { Inventory } from '../inventory/inventory';
import { KIND } from '../inventory/kinds';

/** Reads a YAML text; throws if it isn't valid. */
export type ParseYaml = (text: string) => unknown;

/** The mapping in a text that istiod reads into a message of its API; empty if istiod would reject it as invalid YAML. */
export function mappingIn(written: string, parseYaml: ParseYaml): Mapping {
  try {
    return mapping(parseYaml(written));
  } catch {
    return {};
  }
}

/** istiod accepts a field's YAML name and its proto name, `trustDomain` and `trust_domain`; of both, the YAML name counts. */
export function byYamlNames(fields: Mapping): Mapping {
  const yamlName = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return { ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [yamlName(name), value])), ...fields };
}

/** A proxy's metadata for istiod, as text or JSON. */
const METADATA = /^ISTIO_META(?:JSON)?_/;

/** Metadata for which istiod gives a sidecar other listeners, clusters, endpoints or certificates; it reads no other, except what the model reads. */
const CHANGING_METADATA: ReadonlySet<string> = new Set([
  'CLUSTER_ID', 'DISABLE_HBONE_SEND', 'ENABLE_HBONE', 'ENVOY_PROMETHEUS_PORT', 'ENVOY_SECURE_MERGED_METRICS_PORT', 'ENVOY_SECURE_METRICS_PORT',
  'ENVOY_STATUS_PORT', 'GENERATOR', 'HTTP_PROXY_PORT', 'INSTANCE_IPS', 'INTERCEPTION_MODE', 'LABELS', 'NAMESPACE', 'PROXY_CONFIG', 'REQUESTED_NETWORK_VIEW',
  'SERVICE_ACCOUNT', 'STATIC_LABELS', 'TLS_CLIENT_CERT_CHAIN', 'TLS_CLIENT_KEY', 'TLS_CLIENT_ROOT_CERT', 'TLS_SERVER_CERT_CHAIN', 'TLS_SERVER_KEY',
  'TLS_SERVER_ROOT_CERT',
]);

/** Variables with which the agent in a sidecar starts Envoy differently, uses another name, or gets its certificates from files. */
const CHANGING_VARIABLES: ReadonlySet<string> = new Set([
  'DISABLE_ENVOY', 'ENVOY_PROMETHEUS_PORT', 'ENVOY_STATUS_PORT', 'FILE_MOUNTED_CERTS', 'INSTANCE_IP', 'ISTIO_BOOTSTRAP', 'ISTIO_BOOTSTRAP_OVERRIDE',
  'POD_NAME', 'POD_NAMESPACE', 'PROXY_CONFIG', 'SERVICE_ACCOUNT', 'TRUST_DOMAIN',
]);

/** Variables that the injector's template sets itself, so that containers written by it have them. */
const OF_TEMPLATE: ReadonlySet<string> = new Set([
  'INSTANCE_IP', 'ISTIO_META_CLUSTER_ID', 'ISTIO_META_INTERCEPTION_MODE', 'POD_NAME', 'POD_NAMESPACE', 'PROXY_CONFIG', 'SERVICE_ACCOUNT', 'TRUST_DOMAIN',
]);

/** The first variable in a proxy's environment that changes it beyond the model. */
function changingVariable(names: Iterable<string>): string | undefined {
  for (const name of names) if (CHANGING_VARIABLES.has(name) || (METADATA.test(name) && CHANGING_METADATA.has(name.replace(METADATA, '')))) return name;
  return undefined;
}

/** The same for a container, which the injector's template may have written. */
export function changingVariableOf(env: readonly Mapping[]): string | undefined {
  return changingVariable(env.flatMap(({ name }) => text(name) ?? []).filter((name) => !OF_TEMPLATE.has(name)));
}

/** The annotation with which a pod overrides the mesh config's proxy settings. */
export const PROXY_CONFIG = 'proxy.istio.io/config';

/** The variable that tells a proxy its network. */
export const NETWORK_VARIABLE = 'ISTIO_META_NETWORK';

/** How traffic reaches a sidecar, by the API's enum numbers. */
const INTERCEPTION_MODES = ['REDIRECT', 'TPROXY', 'NONE'];

/** The mode that a ProxyConfig sets; undefined: none. */
export function interceptionModeOf(proxyConfig: Mapping): string | undefined {
  const { interceptionMode: mode } = byYamlNames(proxyConfig);
  return typeof mode === 'number' ? INTERCEPTION_MODES[mode] : text(mode);
}

/** Whether a ProxyConfig makes proxies answer their pods' DNS requests; undefined: it doesn't say. */
export function dnsCaptureOf(proxyConfig: Mapping): boolean | undefined {
  return isCapturing(byYamlNames(proxyConfig).proxyMetadata);
}

function isCapturing(variables: unknown): boolean | undefined {
  const { ISTIO_META_DNS_CAPTURE: captured } = mapping(variables);
  return captured === undefined ? undefined : booleanText(text(captured)) === true;
}

/** The namespaces with a ProxyConfig that makes proxies answer DNS requests, even if only some of the namespace's. */
export function capturingNamespaces(objects: Inventory): ReadonlySet<string> {
  return new Set(objects.of(KIND.ProxyConfig).filter(({ spec }) => isCapturing(spec.environmentVariables)).map(({ namespace }) => namespace));
}

/** The network that a ProxyConfig sets. */
export function networkOf(proxyConfig: Mapping): string | undefined {
  return text(mapping(byYamlNames(proxyConfig).proxyMetadata)[NETWORK_VARIABLE]);
}

/** What in a ProxyConfig changes a proxy beyond the model: its own bootstrap, istiod or variables. */
interface OwnProxy {
  readonly customConfigFile?: string;
  readonly discoveryAddress?: string;
  readonly changingVariable?: string;
}

export function ownProxyOf(proxyConfig: Mapping): OwnProxy {
  const { customConfigFile, discoveryAddress, proxyMetadata } = byYamlNames(proxyConfig);
  return {
    customConfigFile: text(customConfigFile) || undefined,
    discoveryAddress: text(discoveryAddress) || undefined,
    changingVariable: changingVariable(Object.keys(mapping(proxyMetadata))),
  };
}

/** A variable that changes proxies beyond the model. */
export interface ChangingVariable {
  readonly name: string;
  readonly at: FieldRef;
}

/** The namespaces with a ProxyConfig that does so, even if only for some of the namespace, with its variable. */
export function changingNamespaces(objects: Inventory): ReadonlyMap<string, ChangingVariable> {
  return new Map(objects.of(KIND.ProxyConfig).flatMap((object): readonly (readonly [string, ChangingVariable])[] => {
    const name = changingVariable(Object.keys(mapping(object.spec.environmentVariables)));
    return name === undefined ? [] : [[object.namespace, { name, at: { object, field: ['spec', 'environmentVariables', name] } }]];
  }));
}

/** The mesh config's settings for sidecars whose pods don't override them. */
export interface ProxyDefaults {
  /** How traffic reaches them: REDIRECT, TPROXY or NONE. */
  readonly interceptionMode: string;
  /** Whether they answer their pods' DNS requests, and so know ServiceEntries without an address by one that istiod allocates. */
  readonly dnsCapture: boolean;
  /** The network that is set for them. */
  readonly network?: string;
  /** What changes them beyond the model. */
  readonly ownProxy: OwnProxy;
  /** The settings that a pod's annotation overrides. */
  readonly overridden?: ReadonlySet<'interceptionMode' | keyof OwnProxy>;
}

/** A mesh config as the injector applies it to a pod: the API's zero value, REDIRECT, keeps the mesh's mode. */
export function appliedTo<C extends ProxyDefaults>(annotations: Readonly<Record<string, string>>, config: C, parseYaml: ParseYaml): C {
  if (annotations[PROXY_CONFIG] === undefined) return config;
  const own = mappingIn(annotations[PROXY_CONFIG], parseYaml);
  const mode = interceptionModeOf(own);
  const keepsMode = mode === undefined || mode === INTERCEPTION_MODES[0];
  const changes = definedIn(ownProxyOf(own));
  return {
    ...config,
    interceptionMode: keepsMode ? config.interceptionMode : mode,
    dnsCapture: dnsCaptureOf(own) ?? config.dnsCapture,
    network: networkOf(own) ?? config.network,
    ownProxy: { ...config.ownProxy, ...changes },
    overridden: new Set([...keepsMode ? [] : ['interceptionMode' as const], ...Object.keys(changes) as (keyof OwnProxy)[]]),
  };
}

function definedIn(own: OwnProxy): OwnProxy {
  return Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
}
