import { shown } from '../../findings/shown';
import { Evidence } from '../evidence';
import { Rule } from '../rule';

export const emptySelector: Rule = {
  code: 'MTLS206',
  name: 'empty-selector',
  severity: 'warning',
  title: 'An empty selector makes a PeerAuthentication hold for a whole namespace or mesh',
  * find({ plane: { policies, config: { rootNamespace } } }: Evidence) {
    for (const { winner } of policies.wide) {
      const { object } = winner!;
      if (object.spec.selector === undefined) continue;
      yield {
        object,
        field: ['spec', 'selector'],
        actual: shown(object.spec.selector),
        expected: 'no selector at all, or one with labels',
        because: object.namespace === rootNamespace
          ? 'sidecars of the whole mesh go by it, while ambient mode takes it for the root namespace alone'
          : `it holds for every workload of namespace ${object.namespace}, as if there were no selector`,
        fix: 'leave the selector out if the whole is meant, or name labels',
      };
    }
  },
};
