import { shown } from '../../findings/safe-text';
import { isOfCertificate, needsTls } from '../../mesh/authorization/policy';
import { openPortsText, plaintextHoles } from '../authorization';
import { Evidence } from '../evidence';
import { Rule } from '../rule';

export const allowByNegatedIdentity: Rule = {
  code: 'MTLS503',
  name: 'allow-by-negated-identity',
  severity: 'error',
  title: 'An ALLOW policy that only excludes identities allows callers without one',
  reads: ['AuthorizationPolicy'],
  * find(evidence: Evidence) {
    const holes = plaintextHoles(evidence, 'ALLOW', (asked) => {
      if (asked.some((one) => needsTls(one) && !one.negated)) return undefined;
      return asked.find((one) => isOfCertificate(one) && one.negated && !one.values.includes('*'));
    });
    for (const { policy: { object }, condition, ports } of holes) {
      yield {
        object,
        field: condition.at.field,
        actual: shown(condition.values),
        expected: 'principals, namespaces or serviceAccounts to allow',
        because: `a plaintext caller has no identity to exclude, so it is always allowed: ${openPortsText(ports)}`,
        fix: 'set these ports to STRICT with a PeerAuthentication',
      };
    }
  },
};
