import { Evidence } from '../evidence';
import { change } from '../remedies';
import { Rule } from '../rule';

export const istioMutualWithCertificates: Rule = {
  code: 'MTLS309',
  name: 'istio-mutual-with-certificates',
  severity: 'warning',
  title: 'ISTIO_MUTUAL ignores custom certificates',
  reads: ['DestinationRule'],
  * find(evidence: Evidence) {
    for (const { policy: { tls } } of evidence.trafficPolicies) {
      if (tls?.mode !== 'ISTIO_MUTUAL' || tls.certificates.length === 0) continue;
      const { at: { object, field }, certificates: ignored } = tls; // istiod uses its own CA's certificates instead.
      const more = ignored.length > 1 ? `, and so ${ignored.length > 2 ? 'are' : 'is'} ${ignored.slice(1).join(', ')}` : '';
      yield {
        object,
        field: [...field, ignored[0]],
        actual: `set beside mode ISTIO_MUTUAL${more}`,
        expected: 'no certificates, or mode MUTUAL',
        because: 'with ISTIO_MUTUAL, a sidecar presents and trusts only certificates of the mesh\'s CA; istiod silently drops others',
        remedies: [change(object, ...ignored.map((name) => ({ op: 'remove', path: [...field, name] }) as const))],
        fix: `remove ${ignored.join(', ')}; or set mode: MUTUAL if the server doesn't accept mesh certificates`,
      };
    }
  },
};
