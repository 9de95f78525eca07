import { Evidence } from '../evidence';
import { Rule } from '../rule';
import { serverText } from '../texts';
import { foundHidden } from '../visibility';

export const hiddenServicePassthrough: Rule = {
  code: 'MTLS105',
  name: 'hidden-service-passthrough',
  severity: 'info',
  title: 'Calls to a service that isn\'t visible to clients pass through in plaintext, and STRICT servers refuse them',
  reads: ['ConfigMap', 'Service', 'ServiceEntry', 'Sidecar'],
  find: (evidence: Evidence) => foundHidden(evidence, 'passthrough', (calls, { hop }) =>
    `${calls} pass through ${hop.sent.kind === 'tls' ? 'with only the application\'s own TLS' : 'in plaintext'}, `
      + `because the clients' sidecars don't know this destination, but ${serverText(hop)}`),
};
