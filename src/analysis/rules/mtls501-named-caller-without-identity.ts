import { shown } from '../../findings/safe-text';
import { objectText } from '../../mesh/inventory/object';
import { refusedCallers } from '../authorization';
import { Evidence } from '../evidence';
import { Rule } from '../rule';
import { workloadsText } from '../texts';

export const namedCallerWithoutIdentity: Rule = {
  code: 'MTLS501',
  name: 'named-caller-without-identity',
  severity: 'warning',
  title: 'An ALLOW policy names callers that have no identity',
  reads: ['AuthorizationPolicy'],
  * find(evidence: Evidence) {
    for (const { policy, condition, callers, servers, connections } of refusedCallers(evidence)) {
      const [caller] = callers;
      const [server] = servers;
      yield {
        object: policy.object,
        field: condition.at.field,
        actual: shown(condition.values),
        expected: 'callers that send mutual TLS',
        because: `the policy means ${workloadsText([...callers])}, which calls ${workloadsText([...servers])} without `
          + 'a mesh certificate and is denied',
        fix: caller.proxy.encrypts === false
          ? `inject a sidecar into ${objectText(caller)}`
          : `make ${objectText(caller)} send mutual TLS to ${objectText(server)}`,
        connections,
      };
    }
  },
};
