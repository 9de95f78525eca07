import { PodTemplate } from './pod-template';
import { Proxy } from './proxy';
import { MeshConfig } from '../config/mesh-config';

const DISCOVERY_ADDRESS = 'sidecar.istio.io/discoveryAddress';
const BOOTSTRAP = 'sidecar.istio.io/bootstrapOverride';

/**
 * A pod's proxy, which is no sidecar that the model knows if it starts with a bootstrap of somebody's own, is configured by
 * another istiod than that of its revision, or has variables by which istiod or the agent treat it otherwise.
 *
 * @param config the mesh config as it applies to the pod
 * @param istiodNamespace where istiod runs
 * @param variable one that a ProxyConfig sets
 */
export function asCustomized(proxy: Proxy, pod: PodTemplate, { ownProxy }: MeshConfig, istiodNamespace: string, variable: string | undefined): Proxy {
  if (proxy.kind !== 'sidecar') return proxy;
  const { annotations, containers } = pod;
  const address = annotations[DISCOVERY_ADDRESS] ?? ownProxy.discoveryAddress;
  const set = variable ?? ownProxy.changingVariable ?? containers.find(({ changingVariable }) => changingVariable !== undefined)?.changingVariable;
  const because = (annotations[BOOTSTRAP] === undefined ? undefined : `${BOOTSTRAP} is ${annotations[BOOTSTRAP]}`)
    ?? (ownProxy.customConfigFile === undefined ? undefined : `customConfigFile is ${ownProxy.customConfigFile}`)
    ?? (address === undefined || isOfRevision(address, proxy.revision, istiodNamespace) ? undefined : `discoveryAddress is ${address}`)
    ?? (set === undefined ? undefined : `variable ${set} is set`);
  return because === undefined ? proxy : { ...proxy, kind: 'custom', because };
}

/** Whether an address is one that Istio's charts give a revision's istiod. */
function isOfRevision(address: string, revision: string, istiodNamespace: string): boolean {
  const [name, namespace, svc = 'svc'] = address.split(':')[0].split('.');
  return namespace === istiodNamespace && svc === 'svc' && (['istiod', 'istiod-remote', `istiod-${revision}`].includes(name) || name.startsWith('istiod-revision-tag-'));
}
