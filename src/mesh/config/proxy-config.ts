import { Mapping, mapping, text, booleanText } from '../../manifests/mapping';
import { Inventory } from '../inventory/inventory';

/** Reads a YAML text; throws on what is none. */
export type ParseYaml = (text: string) => unknown;

/** The mapping in a text that istiod reads into a message of its API; an empty one where it would refuse the text as no YAML. */
export function mappingIn(written: string, parseYaml: ParseYaml): Mapping {
  try {
    return mapping(parseYaml(written));
  } catch {
    return {};
  }
}

/** istiod takes a field's name in YAML and its name in the proto, `trustDomain` and `trust_domain`; of both, that in YAML. */
export function byYamlNames(fields: Mapping): Mapping {
  const yamlName = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return { ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [yamlName(name), value])), ...fields };
}

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
export function changingVariableOf(env: readonly Mapping[]): string | undefined {
  return changingVariable(env.flatMap(({ name }) => text(name) ?? []).filter((name) => !OF_TEMPLATE.has(name)));
}

/** The annotation by which a pod changes what the mesh config says of its proxy. */
const PROXY_CONFIG = 'proxy.istio.io/config';

/** The variable by which a proxy knows on which network it is. */
export const NETWORK_VARIABLE = 'ISTIO_META_NETWORK';

/** How traffic may get to a sidecar, by the numbers that the API gives them. */
const INTERCEPTION_MODES = ['REDIRECT', 'TPROXY', 'NONE'];

/** The one that a ProxyConfig asks for; undefined: it says nothing of it. */
export function interceptionModeOf(proxyConfig: Mapping): string | undefined {
  const { interceptionMode: mode } = byYamlNames(proxyConfig);
  return typeof mode === 'number' ? INTERCEPTION_MODES[mode] : text(mode);
}

/** Whether proxies answer the DNS requests of their pods, as a ProxyConfig says; undefined: it says nothing of it. */
export function dnsCaptureOf(proxyConfig: Mapping): boolean | undefined {
  return isCapturing(byYamlNames(proxyConfig).proxyMetadata);
}

function isCapturing(variables: unknown): boolean | undefined {
  const { ISTIO_META_DNS_CAPTURE: captured } = mapping(variables);
  return captured === undefined ? undefined : booleanText(text(captured)) === true;
}

/** The namespaces with a ProxyConfig by which proxies answer DNS requests, be it only some of the namespace. */
export function capturingNamespaces(objects: Inventory): ReadonlySet<string> {
  return new Set(objects.of('ProxyConfig').filter(({ spec }) => isCapturing(spec.environmentVariables)).map(({ namespace }) => namespace));
}

/** The network that a ProxyConfig puts proxies on. */
export function networkOf(proxyConfig: Mapping): string | undefined {
  return text(mapping(byYamlNames(proxyConfig).proxyMetadata)[NETWORK_VARIABLE]);
}

/** What of a ProxyConfig makes a proxy another than the model knows: one with a bootstrap, an istiod or variables of its own. */
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

/** The namespaces with a ProxyConfig by which proxies are such, be it only some of the namespace, and its variable. */
export function changingNamespaces(objects: Inventory): ReadonlyMap<string, string> {
  return new Map(objects.of('ProxyConfig').flatMap(({ namespace, spec }) => {
    const variable = changingVariable(Object.keys(mapping(spec.environmentVariables)));
    return variable === undefined ? [] : [[namespace, variable]];
  }));
}

/** What a mesh config says of sidecars whose pods don't say it. */
export interface ProxyDefaults {
  /** How traffic gets to them: REDIRECT, TPROXY or NONE. */
  readonly interceptionMode: string;
  /** Whether they answer their pods' DNS requests, and so know ServiceEntries without an address by one that istiod gives. */
  readonly dnsCapture: boolean;
  /** The network that they are told to be on. */
  readonly network?: string;
  /** What makes them others than the model knows. */
  readonly ownProxy: OwnProxy;
}

/** A mesh config as the injector applies it to a pod: what is the API's zero value, REDIRECT, leaves the mesh's. */
export function appliedTo<C extends ProxyDefaults>(annotations: Readonly<Record<string, string>>, config: C, parseYaml: ParseYaml): C {
  if (annotations[PROXY_CONFIG] === undefined) return config;
  const own = mappingIn(annotations[PROXY_CONFIG], parseYaml);
  const mode = interceptionModeOf(own);
  const interceptionMode = mode === undefined || mode === INTERCEPTION_MODES[0] ? config.interceptionMode : mode;
  const ownProxy = { ...config.ownProxy, ...definedIn(ownProxyOf(own)) };
  return { ...config, interceptionMode, dnsCapture: dnsCaptureOf(own) ?? config.dnsCapture, network: networkOf(own) ?? config.network, ownProxy };
}

function definedIn(own: OwnProxy): OwnProxy {
  return Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
}
