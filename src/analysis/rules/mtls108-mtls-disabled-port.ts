import { foundAtRules } from '../calls';
import { Evidence } from '../evidence';
import { Rule } from '../rule';
import { serverText } from '../texts';

export const mtlsDisabledPort: Rule = {
  code: 'MTLS108',
  name: 'mtls-disabled-port',
  severity: 'error',
  title: 'A DestinationRule sends mutual TLS to a port that is DISABLE',
  reads: ['DestinationRule'],
  find: (evidence: Evidence) => foundAtRules(evidence, 'mtls-disabled-port', (calls, hop) => ({
    expected: 'no tls at all, or DISABLE',
    because: `${calls} are sent mutual TLS, and ${serverText(hop)}`,
  })),
};
