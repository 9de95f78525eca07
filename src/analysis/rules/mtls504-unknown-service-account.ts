import { shown } from '../../findings/safe-text';
import { objectText } from '../../mesh/inventory/object';
import { Evidence } from '../evidence';
import { identityNames, ServiceAccountName, ServiceAccounts } from '../identities';
import { Found } from '../mesh-finding';
import { Rule } from '../rule';
import { elsewhereFix } from '../texts';

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
      yield {
        object,
        field,
        actual: shown(value),
        expected: `a service account of namespace ${named.namespace}`,
        because: `the workloads there use ${used.slice(0, 3).join(', ')}${used.length > 3 ? ' and others' : ''}, `
          + `and ServiceAccount ${named.serviceAccount} isn't among these manifests`,
        ...meantBy(evidence, accounts, named, value),
      };
    }
  },
};

/** The account that is probably meant; or the workload, if the name is a workload's. */
function meantBy(evidence: Evidence, accounts: ServiceAccounts, named: ServiceAccountName, value: string): Pick<Found, 'severity' | 'fix'> {
  const { namespace, serviceAccount } = named;
  const workload = evidence.workloadsIn(namespace).find(({ name }) => name === serviceAccount);
  if (workload) {
    return {
      fix: `set serviceAccountName: ${serviceAccount} in the pods of ${objectText(workload)}, which run as ${workload.serviceAccount}`,
    };
  }
  const meant = accounts.meantBy(named);
  if (meant !== undefined) return { fix: `write ${shown(value.slice(0, value.lastIndexOf('/') + 1) + meant)}` };
  return { severity: 'info', fix: elsewhereFix('name', 'the service account is', namespace) };
}
