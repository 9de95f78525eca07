import { FoundCalls, foundFaults } from '../calls';
import { ProxylessFaults } from '../client-tls';
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
    const faults = new ProxylessFaults();
    const groups = FoundCalls.grouped(evidence.mesh, evidence.brokenBy('mtls-without-proxy'), (decided) => faults.of(decided));
    return foundFaults(groups, (calls) => {
      const { received: { endpoint, receiver } } = calls.first.hop;
      return { because: `${calls} use mutual TLS, but ${endpointText(endpoint!)} has no proxy: ${receiver!.because}` };
    });
  },
};
