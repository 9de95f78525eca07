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
import { elsewhereFix, workloadsText } from '../texts';

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
        ...ofOtherRevision(evidence, object, selector!) ?? ofLabels(evidence, object.namespace, selector!),
      };
    }
  },
};

type Told = Pick<Found, 'severity' | 'because' | 'fix' | 'remedies'>;

/** A workload with these labels whose istiod doesn't read the policy. */
function ofOtherRevision(evidence: Evidence, object: MeshObject, selector: Labels): Told | undefined {
  const [workload] = evidence.workloadsWith(object.namespace, selector);
  if (!workload) return undefined;
  const [own, reading] = [[evidence.planeOf(workload)], evidence.planesReading(object)].map((planes) => revisionsText(evidence, planes));
  return {
    because: `${objectText(workload)} has them but belongs to ${own}, and only istiod of ${reading} reads the policy`,
    ...object.labels[REVISION] === undefined ? { fix: `extend the discoverySelectors of ${own} to namespace ${object.namespace}` }
      : { fix: `remove label ${REVISION}`, remedies: [removing(object, ['metadata', 'labels', REVISION])] },
  };
}

function ofLabels(evidence: Evidence, namespace: string, selector: Labels): Told {
  const workloads = evidence.workloadsIn(namespace);
  const itself = workloads.find(({ object }) => selects(selector, object.labels));
  const fix = 'copy the labels from the pod template of the intended workload';
  if (itself) {
    return { because: `${objectText(itself)} has them on the workload but not in its pod template, and selectors match pods`, fix };
  }
  const meant = similar(evidence, selector, workloads);
  if (meant) {
    const labels = shown(meant.labels);
    return {
      because: `no pods have all of these labels; the pods of ${objectText(meant.workload)} have ${labels}`, fix: `write ${labels}`,
    };
  }
  return {
    severity: 'info',
    because: `no pods among these manifests have these or similar labels: ${workloadsText(workloads)} have others`,
    fix: elsewhereFix('labels', 'the pods are', namespace),
  };
}

/** The workload that is probably meant: its pods have a similar value for each key, or the same value under another key. */
function similar(
  evidence: Evidence, selector: Labels, all: readonly Workload[],
): Pick<Workload, 'labels'> & { readonly workload: Workload } | undefined {
  let workloads = all;
  const meant: Record<string, string> = {};
  for (const [key, value] of Object.entries(selector)) {
    const [ownKey, ownValue] = similarLabel(evidence, key, value, workloads) ?? [];
    if (ownKey === undefined) return undefined;
    meant[ownKey] = ownValue!;
    workloads = workloads.filter(({ labels }) => labels[ownKey] === ownValue);
  }
  return { workload: workloads[0], labels: meant };
}

function similarLabel(
  evidence: Evidence, key: string, value: string, workloads: readonly Workload[],
): readonly [string, string] | undefined {
  const values = [...new Set(workloads.flatMap(({ labels }) => (Object.hasOwn(labels, key) ? [labels[key]] : [])))];
  const meant = values.includes(value) ? value : evidence.suggestions.for(value, values);
  if (meant !== undefined) return [key, meant];
  const other = workloads.flatMap(({ labels }) => Object.keys(labels).filter((name) => labels[name] === value));
  return other.length > 0 ? [other[0], value] : undefined;
}
