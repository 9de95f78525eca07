import { shown } from '../../findings/safe-text';
import { isOfCertificate } from '../../mesh/authorization/policy';
import { openPortsText, plaintextHoles } from '../authorization';
import { Evidence } from '../evidence';
import { Rule } from '../rule';

export const denyByIdentity: Rule = {
  code: 'MTLS502',
  name: 'deny-by-identity',
  severity: 'error',
  title: 'A DENY policy matches identities at a port that accepts plaintext',
  reads: ['AuthorizationPolicy'],
  * find(evidence: Evidence) {
    const holes = plaintextHoles(evidence, 'DENY', (asked) => asked.find((one) => isOfCertificate(one) && !one.negated));
    for (const { policy: { object }, condition, ports } of holes) {
      yield {
        object,
        field: condition.at.field,
        actual: shown(condition.values),
        expected: 'only callers with a certificate, or a policy that denies callers without one',
        because: `a plaintext caller has no identity, so the policy never matches it and the call is allowed: ${openPortsText(ports)}`,
        fix: 'set these ports to STRICT with a PeerAuthentication',
      };
    }
  },
};
