import { analysisModules } from '../../integration/app-mesh';
import type { Mesh } from '../../mesh/mesh';
import type { Workload } from '../../mesh/workloads/workload';

/** Why a workload's pods have no proxy, as far as the app shows. */
export interface MissingProxy {
  readonly because: string;
  /** What gives them one. */
  readonly fix: string;
}

const INJECT = 'sidecar.istio.io/inject';
const DECLINED = `${INJECT} is false`;

/** Undefined if the pods have a proxy, or if it is unknown. */
export function missingProxyOf(workload: Workload, mesh: Mesh): MissingProxy | undefined {
  const because = whyNoProxy(workload);
  return because === undefined ? undefined : { because, fix: fixOf(workload, mesh, because) };
}

/** A pod's own setting applies even if its namespace isn't in the app, unless the pod is in ambient mode. */
function whyNoProxy({ hostNetwork, proxy, labels, annotations }: Workload): string | undefined {
  const isDeclined = (labels[INJECT] ?? annotations[INJECT]) === 'false';
  if (proxy.encrypts === false) return hostNetwork && isDeclined ? `${proxy.because} and ${DECLINED}` : proxy.because;
  const isOut = proxy.lacks?.fact === 'namespace' && isDeclined && labels['istio.io/dataplane-mode'] !== 'ambient';
  return isOut ? DECLINED : undefined;
}

function fixOf({ hostNetwork, namespace, labels }: Workload, mesh: Mesh, because: string): string {
  const { IGNORED_NAMESPACES, matchingWebhook } = analysisModules();
  if (IGNORED_NAMESPACES.has(namespace)) return 'move it to another namespace';
  const known = mesh.namespaces.labelsOf(namespace);
  const { [INJECT]: own, ...others } = labels;
  const isAsked = !known || matchingWebhook(known, own === 'false' ? others : labels) !== undefined;
  const forNamespace = `label Namespace ${namespace} for injection, as injectionLabels of IstioMesh do`;
  const ofPod = [...hostNetwork ? ['hostNetwork'] : [], ...because.includes(INJECT) ? [INJECT] : []];
  if (ofPod.length > 0) return `remove ${ofPod.join(' and ')} from its pods${isAsked ? '' : `, and ${forNamespace}`}`;
  return forNamespace;
}
