import { DecidedHop } from '../../mesh/calls/decisions';
import { FoundCalls, foundFaults } from '../calls';
import { PlaintextFaults } from '../client-tls';
import { Evidence } from '../evidence';
import { Rule } from '../rule';
import { serverText } from '../texts';

export const unaskedPlaintext: Rule = {
  code: 'MTLS111',
  name: 'unasked-plaintext',
  severity: 'warning',
  title: 'Two sidecars use plaintext although no rule or policy asks for it',
  reads: ['ConfigMap', 'DestinationRule', 'EndpointSlice', 'Service', 'ServiceEntry', 'workload'],
  find(evidence: Evidence) {
    const faults = new PlaintextFaults();
    const hops = evidence.hopsTo('plaintext').filter(betweenSidecars);
    const groups = FoundCalls.grouped(evidence.mesh, hops, (decided) => faults.of(decided));
    return foundFaults(groups, (calls) => ({ because: `${calls} are sent in plaintext, and ${serverText(calls.first.hop)}` }));
  },
};

function betweenSidecars({ hop: { travel, received: { endpoint, receiver } } }: DecidedHop): boolean {
  return travel === 'service' && endpoint?.workload?.proxy.encrypts === true && receiver?.mode === 'PERMISSIVE';
}
