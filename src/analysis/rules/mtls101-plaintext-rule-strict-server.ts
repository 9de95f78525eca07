import { foundAtRules } from '../calls';
import { Evidence } from '../evidence';
import { Rule } from '../rule';
import { serverText } from '../texts';

export const plaintextRuleStrictServer: Rule = {
  code: 'MTLS101',
  name: 'plaintext-rule-strict-server',
  severity: 'error',
  title: 'A DestinationRule sends plaintext to a STRICT server',
  reads: ['DestinationRule'],
  find: (evidence: Evidence) => foundAtRules(evidence, 'plaintext-rule', (calls, hop) => ({
    expected: 'ISTIO_MUTUAL, or no tls',
    because: `${calls} ${calls.sent}, but ${serverText(hop)}`,
  })),
};
