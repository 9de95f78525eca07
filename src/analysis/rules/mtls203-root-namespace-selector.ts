import { shown } from '../../findings/shown';
import { ControlPlane } from '../../mesh/control-plane';
import { Evidence } from '../evidence';
import { foundByRevision } from '../revisions';
import { Found, Rule } from '../rule';

export const rootNamespaceSelector: Rule = {
  code: 'MTLS203',
  name: 'root-namespace-selector',
  severity: 'error',
  title: 'A PeerAuthentication with a selector in the root namespace is never applied',
  find: (evidence: Evidence) => foundByRevision(evidence, findings),
};

function* findings({ policies, config: { rootNamespace } }: ControlPlane): Generator<Found> {
  for (const { object } of policies.ignored) {
    yield {
      object,
      field: ['spec', 'selector'],
      actual: shown(object.spec.selector),
      expected: 'no selector, which makes it the policy of the whole mesh, or another namespace',
      because: `istiod takes no selectors from the root namespace ${rootNamespace}: the policy holds for no workload, neither of the mesh nor of ${rootNamespace}`,
      fix: 'move it to the namespace of the workloads that are meant',
    };
  }
}
