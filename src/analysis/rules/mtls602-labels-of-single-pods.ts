import { shown } from '../../findings/safe-text';
import { FieldRef, within } from '../../mesh/inventory/field-ref';
import { MeshObject } from '../../mesh/inventory/object';
import { isOfSinglePods, Labels } from '../../mesh/names/labels';
import { readDestinationRule, workloadSelectorAt } from '../../mesh/policies/destination-rule';
import { readPeerPolicy, selectorAt } from '../../mesh/policies/peer-authentication';
import { readSidecar, sidecarSelectorAt } from '../../mesh/policies/sidecar';
import { sourceLabelsIn } from '../../mesh/routes/virtual-service';
import { Evidence } from '../evidence';
import { Rule } from '../rule';

export const labelsOfSinglePods: Rule = {
  code: 'MTLS602',
  name: 'labels-of-single-pods',
  severity: 'info',
  title: 'A selector matches labels that pods get in the cluster, and is treated as selecting no pods',
  reads: ['DestinationRule', 'PeerAuthentication', 'Sidecar', 'VirtualService'],
  * find(evidence: Evidence) {
    const { workloads } = evidence.mesh;
    for (const kind of ['PeerAuthentication', 'Sidecar', 'DestinationRule', 'VirtualService'] as const) {
      for (const object of evidence.objects(kind)) {
        for (const [at, selector] of SELECTORS[kind](object)) {
          const label = Object.keys(selector).find(isOfSinglePods);
          // If some pod template has the label, its author knows which pods have it.
          if (label === undefined || workloads.some(({ labels }) => Object.hasOwn(labels, label))) continue;
          yield {
            ...within(at, label),
            actual: shown(selector[label]),
            expected: 'labels of the pod template',
            because: 'Kubernetes or istiod adds this label to pods, and no manifest shows to which: '
              + 'results apply to pods that are not selected',
            fix: 'note that results for the selected pods may differ',
          };
        }
      }
    }
  },
};

/** A selector with its field. */
type Selecting = readonly [at: FieldRef, labels: Labels];

/** Selectors of clients or servers. AuthorizationPolicies are left out: they don't affect the transport. */
const SELECTORS = {
  PeerAuthentication: (object: MeshObject) => selecting(readPeerPolicy(object), ({ selector }) => selector, selectorAt),
  Sidecar: (object: MeshObject) => selecting(readSidecar(object), ({ selector }) => selector, sidecarSelectorAt),
  DestinationRule: (object: MeshObject) => selecting(readDestinationRule(object), ({ workloadSelector }) => workloadSelector,
    workloadSelectorAt),
  VirtualService: sourceLabelsIn,
};

function selecting<T>(read: T, labelsIn: (read: T) => Labels | undefined, at: (read: T) => FieldRef): readonly Selecting[] {
  const labels = labelsIn(read);
  return labels ? [[at(read), labels]] : [];
}
