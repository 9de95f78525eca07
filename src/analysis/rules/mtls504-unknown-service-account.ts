import { shown } from '../../findings/safe-text';
import { Evidence } from '../evidence';
import { identityNames, ServiceAccounts } from '../identities';
import { Rule } from '../rule';

export const unknownServiceAccount: Rule = {
  code: 'MTLS504',
  name: 'unknown-service-account',
  severity: 'warning',
  title: 'A policy names a service account that no workload uses',
  reads: ['AuthorizationPolicy', 'ServiceAccount'],
  * find(evidence: Evidence) {
    const names = identityNames(evidence);
    if (names.length === 0) return;
    const accounts = new ServiceAccounts(evidence);
    for (const { policy: { object }, condition, value, field } of names) {
      const named = accounts.namedBy(condition, value, object.namespace);
      if (!named || accounts.mayExist(named)) continue;
      const used = accounts.usedIn(named.namespace);
      const meant = accounts.meantBy(named);
      yield {
        object,
        field,
        actual: shown(value),
        expected: `a service account of namespace ${named.namespace}`,
        because: `the workloads there use ${used.slice(0, 3).join(', ')}${used.length > 3 ? ' and others' : ''}, and no ServiceAccount ${named.serviceAccount} is in the manifests`,
        fix: meant === undefined ? `set serviceAccountName: ${named.serviceAccount} in the intended pods` : `write ${shown(value.slice(0, value.lastIndexOf('/') + 1) + meant)}`,
      };
    }
  },
};
