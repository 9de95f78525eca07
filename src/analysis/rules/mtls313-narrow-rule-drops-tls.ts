import { DecidedHop } from '../../mesh/calls/decisions';
import { objectText } from '../../mesh/inventory/object';
import { isWildcard } from '../../mesh/names/hosts';
import { policyForPort } from '../../mesh/policies/destination-rule';
import { MergedRule } from '../../mesh/policies/destination-rules';
import { FoundCalls } from '../calls';
import { Evidence } from '../evidence';
import { rulesFor } from '../precedence';
import { Rule } from '../rule';

export const narrowRuleDropsTls: Rule = {
  code: 'MTLS313',
  name: 'narrow-rule-drops-tls',
  severity: 'warning',
  title: 'A DestinationRule without tls hides one with tls, and clients send plaintext',
  reads: ['DestinationRule'],
  * find(evidence: Evidence) {
    const bare = evidence.hops.filter((way) => hiddenBy(way) !== undefined);
    for (const [object, calls] of FoundCalls.grouped(evidence.mesh, bare, ({ hop }) => hop.rule!.object)) {
      const { rule, port, sent: { reason: tlsReason } } = { ...calls.first.hop, port: calls.first.hop.target.port };
      const hidden = hiddenBy(calls.first)!;
      const { mode } = policyForPort(hidden.policy, port)!.tls!;
      yield {
        object,
        field: ['spec', 'trafficPolicy'],
        actual: 'without tls',
        expected: `tls ${mode}, as in ${objectText(hidden.policyAt.object)}`,
        because: `only the most specific rule for a host applies, and it inherits nothing from the rule for ${hidden.host}: `
          + `${calls} are sent in plaintext, `
          + `because ${tlsReason === 'external' ? `${rule!.host} is outside the mesh, where auto mTLS doesn't apply` : 'auto mTLS is off'}`,
        fix: `repeat the tls of ${objectText(hidden.policyAt.object)}; or set mode: DISABLE if plaintext is intended`,
        connections: calls.connections,
      };
    }
  },
};

/** The rule with TLS that a rule without TLS hides, if neither auto mTLS nor the application encrypts. */
function hiddenBy(way: DecidedHop): MergedRule | undefined {
  const { sent: { reason: tlsReason, kind }, rule, target: { port } } = way.hop;
  if (!rule || kind === 'tls' || rule.policy?.tls || (tlsReason !== 'external' && tlsReason !== 'auto-mtls-off')) return undefined;
  const hidden = rulesFor(way)?.hidden.find(({ policy }) => (policyForPort(policy, port)?.tls?.mode ?? 'DISABLE') !== 'DISABLE');
  const isTold = hidden && isWildcard(rule.host) && !isWildcard(hidden.host); // MTLS302 reports it
  return isTold ? undefined : hidden;
}
