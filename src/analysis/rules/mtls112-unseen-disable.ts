import { DecidedHop } from '../../mesh/calls/decisions';
import { isOf, KIND } from '../../mesh/inventory/kinds';
import { objectText } from '../../mesh/inventory/object';
import { isHeadless } from '../../mesh/services/service';
import { FoundCalls, foundFaults } from '../calls';
import { Evidence } from '../evidence';
import { FieldFault, FieldFaults } from '../fields';
import { setting, tlsAddition } from '../remedies';
import { Rule } from '../rule';
import { endpointText } from '../texts';

export const unseenDisable: Rule = {
  code: 'MTLS112',
  name: 'unseen-disable',
  severity: 'error',
  title: 'Auto mTLS doesn\'t notice that a workload or port is DISABLE',
  reads: ['DestinationRule', 'PeerAuthentication'],
  find(evidence: Evidence) {
    const faults = new FieldFaults();
    const groups = FoundCalls.grouped(evidence.mesh, evidence.brokenBy('unseen-disable'), (decided) => faultOf(decided, faults));
    return foundFaults(groups, (calls) => ({ because: `${calls} use mutual TLS, because ${whyUnseen(calls.first)}` }));
  },
};

/** The policy that makes the server's port DISABLE. */
function faultOf({ hop }: DecidedHop, faults: FieldFaults): FieldFault {
  const { received: { by: serverBy, receiver } } = hop;
  const { object, field } = serverBy!;
  const remedy = tlsAddition(hop, 'DISABLE', receiver!.enforced!.level === 'port' ? hop.target.port : undefined);
  return faults.of(object, field.join(), () => ({
    object,
    field,
    actual: 'DISABLE',
    expected: 'PERMISSIVE, which accepts both mutual TLS and plaintext',
    ...remedy,
    // With a protocol other than HTTP the server may speak first, and PERMISSIVE would wait for the client.
    remedies: [...remedy.remedies ?? [], ...(receiver!.protocol.protocol === 'HTTP' ? [setting(object, field, 'PERMISSIVE')] : [])],
  }));
}

function whyUnseen({ hop }: DecidedHop): string {
  const { target: { service }, received: { endpoint }, sent: { by } } = hop;
  const server = endpointText(endpoint!);
  if (isHeadless(service!)) return `auto mTLS treats a headless service as a whole and ignores the policy of ${server}`;
  // A rule that marks the endpoints, or keeps the requested address.
  return by && isOf(by.object, KIND.DestinationRule)
    ? `${objectText(by.object)} makes auto mTLS ignore the policy of ${server}`
    : `auto mTLS treats ${service!.host} as a whole and ignores the policy of ${server}`;
}
