import { MeshConfig } from './mesh-config';
import { byYamlNames, mappingIn, ParseYaml } from './proto-yaml';
import { Objects } from '../objects/objects';
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
export function capturingNamespaces(objects: Objects): ReadonlySet<string> {
  return new Set(objects.of('ProxyConfig').filter(({ spec }) => isCapturing(spec.environmentVariables)).map(({ namespace }) => namespace));
}

/** The network that a ProxyConfig puts proxies on. */
export function networkOf(proxyConfig: Shape): string | undefined {
  return text(shape(byYamlNames(proxyConfig).proxyMetadata)[NETWORK_VARIABLE]);
}

/** The mesh config as the injector applies it to a pod: what is the API's zero value, REDIRECT, leaves the mesh's. */
export function appliedTo(annotations: Readonly<Record<string, string>>, config: MeshConfig, parseYaml: ParseYaml): MeshConfig {
  if (annotations[PROXY_CONFIG] === undefined) return config;
  const own = mappingIn(annotations[PROXY_CONFIG], parseYaml);
  const mode = interceptionModeOf(own);
  const interceptionMode = mode === undefined || mode === INTERCEPTION_MODES[0] ? config.interceptionMode : mode;
  return { ...config, interceptionMode, dnsCapture: dnsCaptureOf(own) ?? config.dnsCapture, network: networkOf(own) ?? config.network };
}
