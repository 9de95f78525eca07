import { objectText } from '../../mesh/inventory/object';
import { TLS_MODE } from '../../mesh/workloads/injected-labels';
import { FoundCalls, foundFaults } from '../calls';
import { ProxylessFaults } from '../client-tls';
import { Evidence } from '../evidence';
import { Rule } from '../rule';
import { endpointText } from '../texts';

export const mtlsToUnknownAddress: Rule = {
  code: 'MTLS119',
  name: 'mtls-to-unknown-address',
  severity: 'warning',
  title: 'Mutual TLS is sent to an address without a known proxy',
  reads: ['DestinationRule', 'Service', 'ServiceEntry'],
  find(evidence: Evidence) {
    const faults = new ProxylessFaults();
    const groups = FoundCalls.grouped(evidence.mesh, evidence.brokenBy('mtls-unknown-address'), (decided) => faults.of(decided));
    return foundFaults(groups, (calls, fault) => {
      const { received: { endpoint }, target } = calls.first.hop;
      const owner = endpoint!.machine?.entry ?? target.service!.object;
      return {
        because: `${calls} use mutual TLS, and fail unless a proxy accepts it at ${endpointText(endpoint!)}, `
          + 'which the manifests don\'t show',
        fix: `if there is a proxy, declare it in ${objectText(owner)} with label ${TLS_MODE}: istio; if not, ${fault.fix}`,
        remedies: undefined, // The fix depends on what the address is.
      };
    });
  },
};
