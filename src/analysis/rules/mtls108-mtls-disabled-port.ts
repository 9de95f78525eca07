import { foundAtRules } from '../calls';
import { Evidence } from '../evidence';
import { Rule } from '../rule';
import { serverText } from '../texts';

export const mtlsDisabledPort: Rule = {
  code: 'MTLS108',
  name: 'mtls-disabled-port',
  severity: 'error',
  title: 'A DestinationRule sends mutual TLS to a DISABLE port',
  reads: ['DestinationRule'],
  find: (evidence: Evidence) => foundAtRules(evidence, 'mtls-disabled-port', (calls, hop) => ({
    expected: 'no tls, or DISABLE',
    because: `${calls} use mutual TLS, but ${serverText(hop)}`,
  })),
};
