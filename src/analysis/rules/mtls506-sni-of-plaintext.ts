import { shown } from '../../findings/safe-text';
import { Atom, isOfCertificate, isOfSni, needsTls } from '../../mesh/authorization/policy';
import { openPortsText, plaintextHoles } from '../authorization';
import { Evidence } from '../evidence';
import { Rule } from '../rule';

export const sniOfPlaintext: Rule = {
  code: 'MTLS506',
  name: 'sni-of-plaintext',
  severity: 'error',
  title: 'A policy matches the SNI at a port that accepts plaintext',
  reads: ['AuthorizationPolicy'],
  * find(evidence: Evidence) {
    const denied = plaintextHoles(evidence, 'DENY', (asked) =>
      (asked.some((one) => isOfCertificate(one) && !one.negated) ? undefined : asked.find((one) => isOfSni(one) && !one.negated)));
    const allowed = plaintextHoles(evidence, 'ALLOW', (asked) =>
      (asked.some(isTold) ? undefined : asked.find((one) => isOfSni(one) && one.negated && !one.values.includes('*'))));
    for (const { policy: { object }, condition, ports } of [...denied, ...allowed]) {
      yield {
        object,
        field: condition.at.field,
        actual: shown(condition.values),
        expected: 'only connections with TLS',
        because: `a plaintext connection has no SNI, so ${condition.negated ? 'it is never excluded' : 'it is never denied'}: `
          + `${openPortsText(ports)}`,
        fix: 'set these ports to STRICT with a PeerAuthentication',
      };
    }
  },
};

/** Whether plaintext doesn't meet the condition anyway, or MTLS503 reports it. */
function isTold(condition: Atom): boolean {
  return (needsTls(condition) && !condition.negated) || (isOfCertificate(condition) && condition.negated);
}
