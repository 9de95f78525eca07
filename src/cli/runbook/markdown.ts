import { certificates, rootsOfTrust } from './certificate-sections';
import { focusOf, hasSidecar, RunbookContext, RunbookSubject } from './focus';
import { analysisFound, inForce, policies } from './mesh-sections';
import { istioctlTools, logs, metrics } from './operation-sections';
import { isDnsName, isSpeakable } from './pod-names';
import { configurationOfProxies, dumps, testCalls } from './proxy-sections';
import { ISTIO_MINOR } from '../../mesh/config/istiods';
import { objectText } from '../../mesh/inventory/object';
import { Mesh } from '../../mesh/mesh';
import { UnknownNameError } from '../../mesh/queries/selection';
import { code, page } from '../output/markdown';
import { counted } from '../output/printer';

/**
 * A page for operators: how to inspect the mutual TLS of this mesh, with its own names in each command.
 *
 * @throws UnknownNameError if the workload's name isn't valid in Kubernetes, and so unsafe in a command
 */
export function runbook(subject: RunbookSubject): string {
  const { mesh, workload } = subject;
  if (workload && !isSpeakable(workload)) {
    throw new UnknownNameError(`workload '${objectText(workload)}' has a name that no cluster takes. Fix: `
      + 'mend metadata.name or metadata.namespace.');
  }
  const context: RunbookContext = {
    ...subject,
    focus: focusOf(mesh, workload),
    istiodNamespace: mesh.options.istiodNamespace ?? 'istio-system',
    istiods: istiodsOf(mesh),
  };
  const sections = [
    analysisFound, inForce, policies, certificates, rootsOfTrust, configurationOfProxies, dumps, testCalls, logs, istioctlTools, metrics,
  ];
  const about = workload ? code(objectText(workload)) : 'this mesh';
  return page(`Runbook: mutual TLS of ${about}`, introduction(context), sections.map((section) => section(context)));
}

function introduction({ mesh, focus, istiodNamespace, sources }: RunbookContext): readonly string[] {
  const sidecars = mesh.workloads.filter(hasSidecar).length;
  return [
    `Made by \`istio-mtls runbook\` from ${sources.map((source) => code(source)).join(', ')}, for Istio ${ISTIO_MINOR}: `
      + `${counted(mesh.workloads.length, 'workload')}, ${sidecars} of them with a sidecar, `
    + `and ${counted(mesh.registry.services.length, 'service')}. istiod runs in ${code(istiodNamespace)}. `
    + 'Make it again when the manifests change: what stands here about the mesh is what they say, and the commands ask the cluster.',
    ...focus.proxies.length === 0
      ? ['No workload of these manifests has a sidecar whose name is known, so commands that ask a proxy are left out.']
      : [],
  ];
}

function istiodsOf(mesh: Mesh): readonly string[] {
  return [...mesh.planes.inUse(mesh.revisions).values()].flat().filter(isDnsName).sort();
}
