import { isMapping } from '../../mesh/inventory/mapping';
import { Evidence } from '../evidence';
import { change } from '../remedies';
import { Rule } from '../rule';

/** What istiod takes from its own CA instead. */
const IGNORED = ['clientCertificate', 'privateKey', 'caCertificates', 'caCrl', 'credentialName'];

export const istioMutualWithCertificates: Rule = {
  code: 'MTLS309',
  name: 'istio-mutual-with-certificates',
  severity: 'warning',
  title: 'ISTIO_MUTUAL ignores certificates of one\'s own',
  reads: ['DestinationRule'],
  * find(evidence: Evidence) {
    for (const { object, field, policy: { tls } } of evidence.trafficPolicyFields) {
      if (!isMapping(tls) || tls.mode !== 'ISTIO_MUTUAL') continue;
      const ignored = IGNORED.filter((name) => tls[name] !== undefined && tls[name] !== '');
      if (ignored.length === 0) continue;
      yield {
        object,
        field: [...field, 'tls', ignored[0]],
        actual: `set beside mode ISTIO_MUTUAL${ignored.length > 1 ? `, and so ${ignored.length > 2 ? 'are' : 'is'} ${ignored.slice(1).join(', ')}` : ''}`,
        expected: 'no certificates, or mode MUTUAL',
        because: 'with ISTIO_MUTUAL a sidecar shows and trusts the certificates of the mesh\'s CA only; istiod drops the others silently',
        remedies: [change(object, ...ignored.map((name) => ({ op: 'remove', path: [...field, 'tls', name] }) as const))],
        fix: `remove ${ignored.join(', ')}; or write mode: MUTUAL if the server takes no certificates of the mesh`,
      };
    }
  },
};
