import { MeshConfig } from './mesh-config';
import { byYamlNames, mappingIn, ParseYaml } from './proto-yaml';
import { Shape, text } from '../objects/shape';

/** The annotation by which a pod changes what the mesh config says of its proxy. */
const PROXY_CONFIG = 'proxy.istio.io/config';

/** How traffic may get to a sidecar, by the numbers that the API gives them. */
const INTERCEPTION_MODES = ['REDIRECT', 'TPROXY', 'NONE'];

/** The one that a ProxyConfig asks for; undefined: it says nothing of it. */
export function interceptionModeOf(proxyConfig: Shape): string | undefined {
  const { interceptionMode: mode } = byYamlNames(proxyConfig);
  return typeof mode === 'number' ? INTERCEPTION_MODES[mode] : text(mode);
}

/** The mesh config as the injector applies it to a pod: what is the API's zero value, REDIRECT, leaves the mesh's. */
export function appliedTo(annotations: Readonly<Record<string, string>>, config: MeshConfig, parseYaml: ParseYaml): MeshConfig {
  const own = annotations[PROXY_CONFIG];
  const interceptionMode = own === undefined ? undefined : interceptionModeOf(mappingIn(own, parseYaml));
  return interceptionMode === undefined || interceptionMode === INTERCEPTION_MODES[0] ? config : { ...config, interceptionMode };
}
