import { foundAtRules } from '../calls';
import { Evidence } from '../evidence';
import { Rule } from '../rule';
import { serverText } from '../texts';

export const foreignTlsStrictServer: Rule = {
  code: 'MTLS109',
  name: 'foreign-tls-strict-server',
  severity: 'error',
  title: 'A DestinationRule sends TLS without a client certificate to a STRICT server',
  reads: ['DestinationRule'],
  find: (evidence: Evidence) => foundAtRules(evidence, 'foreign-tls-strict-server', (calls, hop) => ({
    expected: 'ISTIO_MUTUAL, or no tls',
    because: `${calls} use ${hop.sent.tls} TLS, but ${serverText(hop)}`,
  })),
};
