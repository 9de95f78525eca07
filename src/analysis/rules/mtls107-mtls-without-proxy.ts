import { Calls, foundAtPlaces } from '../calls';
import { ProxylessPlaces } from '../client-tls';
import { Evidence } from '../evidence';
import { Rule } from '../rule';
import { endpointText } from '../texts';

export const mtlsWithoutProxy: Rule = {
  code: 'MTLS107',
  name: 'mtls-without-proxy',
  severity: 'error',
  title: 'Mutual TLS is sent to a server without a proxy',
  reads: ['DestinationRule', 'Service', 'workload'],
  find(evidence: Evidence) {
    const places = new ProxylessPlaces();
    const groups = Calls.grouped(evidence.mesh, evidence.brokenBy('mtls-without-proxy'), (decided) => places.of(decided));
    return foundAtPlaces(groups, (calls) => {
      const { endpoint, server } = calls.first.hop;
      return { because: `${calls} are sent mutual TLS, and ${endpointText(endpoint!)} has no proxy, since ${server!.because}` };
    });
  },
};
