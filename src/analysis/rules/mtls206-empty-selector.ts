import { shown } from '../../findings/safe-text';
import { ControlPlane } from '../../mesh/control-planes/control-plane';
import { Evidence } from '../evidence';
import { Found } from '../mesh-finding';
import { removing } from '../remedies';
import { foundByRevision } from '../revisions';
import { Rule } from '../rule';

export const emptySelector: Rule = {
  code: 'MTLS206',
  name: 'empty-selector',
  severity: 'warning',
  title: 'An empty selector makes a PeerAuthentication namespace-wide or mesh-wide',
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
      expected: 'no selector, or one with labels',
      because: object.namespace === rootNamespace
        ? 'sidecars apply it mesh-wide, but ambient mode applies it to the root namespace only'
        : `it applies to every workload in namespace ${object.namespace}, as if it had no selector`,
      fix: 'omit the selector if all workloads are intended, or add labels',
      // In the root namespace, or for a namespace in ambient mode, the policy means something else without its selector.
      remedies: object.namespace === rootNamespace ? [] : [removing(object, ['spec', 'selector'])],
    };
  }
}
