import { objectText } from '../../mesh/inventory/object';
import { foundAtRules } from '../calls';
import { Evidence } from '../evidence';
import { Rule } from '../rule';
import { serverText } from '../texts';

export const foreignTlsHttpPort: Rule = {
  code: 'MTLS110',
  name: 'foreign-tls-http-port',
  severity: 'error',
  title: 'A DestinationRule sends non-mesh TLS to a port that the sidecar serves as HTTP',
  reads: ['DestinationRule'],
  find: (evidence: Evidence) => foundAtRules(evidence, 'foreign-tls-http-port', (calls, hop) => {
    const { mode, protocol: { service } } = hop.received.receiver!;
    return {
      expected: `${mode === 'DISABLE' ? 'DISABLE' : 'ISTIO_MUTUAL'}, or no tls`,
      because: `${calls} use ${hop.sent.tls} TLS, but ${serverText(hop)} and served as `
        + `HTTP${service ? `, according to ${objectText(service.object)}` : ''}`,
    };
  }),
};
