import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';

const SOURCE_FIELDS = [
  'namespaces', 'notNamespaces', 'serviceAccounts', 'notServiceAccounts', 'trustDomains', 'notTrustDomains',
  'principals', 'notPrincipals', 'requestPrincipals', 'notRequestPrincipals',
];
const ATTRIBUTES = ['source.namespace', 'source.serviceAccount', 'source.trustDomain', 'source.principal'];

/** Objects to what a rule can't match before an external provider decides: identities. */
export function judgeCustomRule(at: Objections, rule: any): void {
  (rule.from ?? []).forEach(({ source = {} }: any, index: number) => {
    SOURCE_FIELDS.filter((field) => source[field]?.length).forEach((field) => {
      objectToIdentity(at.at('from', index, 'source', field), shown(source[field]));
    });
  });
  (rule.when ?? []).forEach(({ key = '' }: any, index: number) => {
    if (ATTRIBUTES.includes(key) || key.startsWith('request.auth.')) objectToIdentity(at.at('when', index, 'key'), shown(key));
  });
}

function objectToIdentity(at: Objections, actual: string): void {
  at.error({
    code: 'ADMIT460',
    actual,
    expected: 'no identity of the client in a rule with action CUSTOM',
    because: 'the provider is asked before Istio knows the identity',
    fix: 'match paths, methods, ports or addresses here, and identities in a policy with action ALLOW or DENY',
  });
}
