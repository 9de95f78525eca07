import { FoundCalls, foundFaults } from '../calls';
import { PlaintextFaults } from '../client-tls';
import { Evidence } from '../evidence';
import { Rule } from '../rule';
import { serverText } from '../texts';

export const unaskedPlaintextStrictServer: Rule = {
  code: 'MTLS115',
  name: 'unasked-plaintext-strict-server',
  severity: 'error',
  title: 'A sidecar sends plaintext to a STRICT server although no rule or policy asks for it there',
  reads: ['ConfigMap', 'DestinationRule', 'EndpointSlice', 'PeerAuthentication', 'Service', 'ServiceEntry', 'workload'],
  find(evidence: Evidence) {
    const faults = new PlaintextFaults();
    const hops = evidence.brokenBy('unasked-plaintext');
    const groups = FoundCalls.grouped(evidence.mesh, hops, (decided) => faults.of(decided));
    return foundFaults(groups, (calls) => ({ because: `${calls} ${calls.sent}, but ${serverText(calls.first.hop)}` }));
  },
};
