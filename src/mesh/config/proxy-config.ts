import { byYamlNames, mappingIn, ParseYaml } from './proto-yaml';
import { changingVariable } from './proxy-variables';
import { Inventory } from '../objects/inventory';
import { booleanText, Shape, shape, text } from '../objects/shape';

/** The annotation by which a pod changes what the mesh config says of its proxy. */
const PROXY_CONFIG = 'proxy.istio.io/config';

/** The variable by which a proxy knows on which network it is. */
export const NETWORK_VARIABLE = 'ISTIO_META_NETWORK';

/** How traffic may get to a sidecar, by the numbers that the API gives them. */
const INTERCEPTION_MODES = ['REDIRECT', 'TPROXY', 'NONE'];

/** The one that a ProxyConfig asks for; undefined: it says nothing of it. */
export function interceptionModeOf(proxyConfig: Shape): string | undefined {
  const { interceptionMode: mode } = byYamlNames(proxyConfig);
  return typeof mode === 'number' ? INTERCEPTION_MODES[mode] : text(mode);
}

/** Whether proxies answer the DNS requests of their pods, as a ProxyConfig says; undefined: it says nothing of it. */
export function dnsCaptureOf(proxyConfig: Shape): boolean | undefined {
  return isCapturing(byYamlNames(proxyConfig).proxyMetadata);
}

function isCapturing(variables: unknown): boolean | undefined {
  const { ISTIO_META_DNS_CAPTURE: captured } = shape(variables);
  return captured === undefined ? undefined : booleanText(text(captured)) === true;
}

/** The namespaces with a ProxyConfig by which proxies answer DNS requests, be it only some of the namespace. */
export function capturingNamespaces(objects: Inventory): ReadonlySet<string> {
  return new Set(objects.of('ProxyConfig').filter(({ spec }) => isCapturing(spec.environmentVariables)).map(({ namespace }) => namespace));
}

/** The network that a ProxyConfig puts proxies on. */
export function networkOf(proxyConfig: Shape): string | undefined {
  return text(shape(byYamlNames(proxyConfig).proxyMetadata)[NETWORK_VARIABLE]);
}

/** What of a ProxyConfig makes a proxy another than the model knows: one with a bootstrap, an istiod or variables of its own. */
export interface OwnProxy {
  readonly customConfigFile?: string;
  readonly discoveryAddress?: string;
  readonly changingVariable?: string;
}

export function ownProxyOf(proxyConfig: Shape): OwnProxy {
  const { customConfigFile, discoveryAddress, proxyMetadata } = byYamlNames(proxyConfig);
  return {
    customConfigFile: text(customConfigFile) || undefined,
    discoveryAddress: text(discoveryAddress) || undefined,
    changingVariable: changingVariable(Object.keys(shape(proxyMetadata))),
  };
}

/** The namespaces with a ProxyConfig by which proxies are such, be it only some of the namespace, and its variable. */
export function changingNamespaces(objects: Inventory): ReadonlyMap<string, string> {
  return new Map(objects.of('ProxyConfig').flatMap(({ namespace, spec }) => {
    const variable = changingVariable(Object.keys(shape(spec.environmentVariables)));
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
