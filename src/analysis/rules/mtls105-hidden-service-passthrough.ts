import { Evidence } from '../evidence';
import { Rule } from '../rule';
import { serverText } from '../texts';
import { foundHidden } from '../visibility';

export const hiddenServicePassthrough: Rule = {
  code: 'MTLS105',
  name: 'hidden-service-passthrough',
  severity: 'info',
  title: 'Calls to a service that the clients don\'t see pass their sidecars in plaintext, and STRICT servers refuse them',
  reads: ['ConfigMap', 'Service', 'ServiceEntry', 'Sidecar'],
  find: (evidence: Evidence) => foundHidden(evidence, 'passthrough', (calls, { hop }) =>
    `${calls} are sent as they are, ${hop.kind === 'tls' ? 'with the application\'s own TLS alone' : 'in plaintext'}, since the clients' sidecars don't know them, and ${serverText(hop)}`),
};
