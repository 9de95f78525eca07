import { shown } from '../../findings/safe-text';
import { ControlPlane } from '../../mesh/control-plane';
import { Evidence } from '../evidence';
import { Found } from '../mesh-finding';
import { removing } from '../remedies';
import { foundByRevision } from '../revisions';
import { Rule } from '../rule';

export const emptySelector: Rule = {
  code: 'MTLS206',
  name: 'empty-selector',
  severity: 'warning',
  title: 'An empty selector makes a PeerAuthentication hold for a whole namespace or mesh',
  reads: ['PeerAuthentication'],
  find: (evidence: Evidence) => foundByRevision(evidence, findings),
};

function* findings({ policies, config: { rootNamespace } }: ControlPlane): Generator<Found> {
  for (const { winner } of policies.wide) {
    const { object, hasEmptySelector } = winner!;
    if (!hasEmptySelector) continue;
    yield {
      object,
      field: ['spec', 'selector'],
      actual: shown(object.spec.selector),
      expected: 'no selector at all, or one with labels',
      because: object.namespace === rootNamespace
        ? 'sidecars of the whole mesh go by it, while ambient mode takes it for the root namespace alone'
        : `it holds for every workload of namespace ${object.namespace}, as if there were no selector`,
      fix: 'leave the selector out if the whole is meant, or name labels',
      // Of the whole mesh, or of one namespace in ambient mode, it is another one without.
      remedies: object.namespace === rootNamespace ? [] : [removing(object, ['spec', 'selector'])],
    };
  }
}
