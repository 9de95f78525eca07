import { FieldPath } from '../../findings/field-path';
import { shown } from '../../findings/shown';
import { Mapping, mapping, mappings } from '../../mesh/inventory/mapping';
import { MeshObject } from '../../mesh/inventory/object';
import { isOfSinglePods } from '../../mesh/names/labels';
import { Evidence } from '../evidence';
import { Rule } from '../rule';

export const labelsOfSinglePods: Rule = {
  code: 'MTLS602',
  name: 'labels-of-single-pods',
  severity: 'info',
  title: 'A selector goes by labels that pods get in the cluster, and is taken to select nobody',
  reads: ['DestinationRule', 'PeerAuthentication', 'Sidecar', 'VirtualService'],
  * find(evidence: Evidence) {
    const { workloads } = evidence.mesh;
    for (const [kind, selectorsOf] of Object.entries(SELECTORS)) {
      for (const object of evidence.objects(kind)) {
        for (const [field, selector] of selectorsOf(object)) {
          const label = Object.keys(mapping(selector)).find(isOfSinglePods);
          // Whoever writes it into pod templates knows which pods have it.
          if (label === undefined || workloads.some(({ labels }) => Object.hasOwn(labels, label))) continue;
          yield {
            object,
            field: [...field, label],
            actual: shown(mapping(selector)[label]),
            expected: 'labels of the pod template',
            because: 'Kubernetes or istiod gives this label to pods, and no manifest says to which: what is decided holds for the pods that are not selected',
            fix: 'mind that the selected pods may fare otherwise',
          };
        }
      }
    }
  },
};

/** A selector, and where it stands. */
type Selecting = readonly [FieldPath, unknown];

/** Where objects select clients or servers, other than by AuthorizationPolicies, which decide nothing about the transport. */
const SELECTORS: Readonly<Record<string, (object: MeshObject) => Iterable<Selecting>>> = {
  PeerAuthentication: ({ spec }) => [[['spec', 'selector', 'matchLabels'], mapping(spec.selector).matchLabels]],
  Sidecar: ({ spec }) => [[['spec', 'workloadSelector', 'labels'], mapping(spec.workloadSelector).labels]],
  DestinationRule: ({ spec }) => [[['spec', 'workloadSelector', 'matchLabels'], mapping(spec.workloadSelector).matchLabels]],
  VirtualService: ({ spec }) => sourcesIn(spec),
};

function* sourcesIn(spec: Mapping): Generator<Selecting> {
  for (const kind of ['http', 'tcp', 'tls']) {
    for (const [number, { match }] of mappings(spec[kind]).entries()) {
      for (const [place, { sourceLabels }] of mappings(match).entries()) {
        yield [['spec', kind, number, 'match', place, 'sourceLabels'], sourceLabels];
      }
    }
  }
}
