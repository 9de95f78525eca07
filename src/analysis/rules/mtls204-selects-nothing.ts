import { shown } from '../../findings/safe-text';
import { REVISION } from '../../mesh/config/revisions';
import { MeshObject, objectText } from '../../mesh/inventory/object';
import { goesByGiven, Labels, selects } from '../../mesh/names/labels';
import { Workload } from '../../mesh/workloads/workload';
import { Evidence } from '../evidence';
import { Found } from '../mesh-finding';
import { removing } from '../remedies';
import { revisionsText } from '../revisions';
import { Rule } from '../rule';
import { workloadsText } from '../texts';

export const selectsNothing: Rule = {
  code: 'MTLS204',
  name: 'selects-nothing',
  severity: 'warning',
  title: 'A PeerAuthentication selects no workload',
  reads: ['PeerAuthentication', 'workload'],
  * find(evidence: Evidence) {
    for (const { policy: { object, selector }, workloads, machines } of evidence.policyTargets) {
      if (workloads.length + machines.length > 0 || goesByGiven(selector)) continue;
      if (!evidence.mesh.coverage.holdsWorkloadsOf(object.namespace)) continue;
      yield {
        object,
        field: ['spec', 'selector', 'matchLabels'],
        actual: shown(selector),
        expected: `labels of a workload's pods in namespace ${object.namespace}`,
        because: reason(selector!, evidence.workloadsIn(object.namespace)),
        fix: 'copy the labels from the pod template of the intended workload',
        ...ofOtherRevision(evidence, object, selector!),
      };
    }
  },
};

/** A workload with the labels whose istiod doesn't read the policy. */
function ofOtherRevision(evidence: Evidence, object: MeshObject, selector: Labels): Pick<Found, 'because' | 'fix' | 'remedies'> | undefined {
  const [workload] = evidence.workloadsWith(object.namespace, selector);
  if (!workload) return undefined;
  const [own, reading] = [[evidence.planeOf(workload)], evidence.planesReading(object)].map((planes) => revisionsText(evidence, planes));
  return {
    because: `${objectText(workload)} has them but belongs to ${own}, and only istiod of ${reading} reads the policy`,
    ...object.labels[REVISION] === undefined ? { fix: `extend the discoverySelectors of ${own} to namespace ${object.namespace}` }
      : { fix: `remove label ${REVISION}`, remedies: [removing(object, ['metadata', 'labels', REVISION])] },
  };
}

function reason(selector: Labels, workloads: readonly Workload[]): string {
  const itself = workloads.find(({ object }) => selects(selector, object.labels));
  if (itself) return `${objectText(itself)} has them on the workload but not in its pod template, and selectors match pods`;
  const alike = workloads.find(({ labels }) => Object.keys(selector).every((key) => Object.hasOwn(labels, key)));
  if (!alike) return `${workloadsText(workloads)} have other labels`;
  const own = Object.fromEntries(Object.keys(selector).map((key) => [key, alike.labels[key]]));
  return `no pods have all of these labels; the pods of ${objectText(alike)} have ${shown(own)}`;
}
