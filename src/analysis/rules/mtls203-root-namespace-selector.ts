import { shown } from '../../findings/shown';
import { Evidence } from '../evidence';
import { Rule } from '../rule';

export const rootNamespaceSelector: Rule = {
  code: 'MTLS203',
  name: 'root-namespace-selector',
  severity: 'error',
  title: 'A PeerAuthentication with a selector in the root namespace is never applied',
  * find({ plane: { policies, config: { rootNamespace } } }: Evidence) {
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
  },
};
