import { FoundCalls } from '../calls';
import { Evidence } from '../evidence';
import { setting } from '../remedies';
import { Rule } from '../rule';
import { serverText } from '../texts';

export const disablePolicyStrictWorkload: Rule = {
  code: 'MTLS102',
  name: 'disable-policy-strict-workload',
  severity: 'error',
  title: 'A namespace or mesh is DISABLE but a workload in it is STRICT',
  reads: ['PeerAuthentication'],
  * find(evidence: Evidence) {
    const broken = evidence.brokenBy('disable-policy');
    for (const [{ object, field }, calls] of FoundCalls.grouped(evidence.mesh, broken, ({ hop }) => hop.sent.by)) {
      yield {
        object,
        field,
        actual: 'DISABLE',
        expected: 'PERMISSIVE or STRICT, because clients follow the policy of the namespace or mesh, not that of a workload',
        because: `${calls} ${calls.sent}, but ${serverText(calls.first.hop)}`,
        fix: 'set it to PERMISSIVE, and set DISABLE on the individual workloads that need it',
        remedies: [setting(object, field, 'PERMISSIVE')],
        connections: calls.connections,
      };
    }
  },
};
