import { shown } from '../../findings/safe-text';
import { DecidedHop } from '../../mesh/calls/decisions';
import { Sender } from '../../mesh/model/sender';
import { FoundCalls, foundFaults } from '../calls';
import { Evidence } from '../evidence';
import { FieldFault, FieldFaults, podField } from '../fields';
import { Rule } from '../rule';
import { serverText } from '../texts';

/** The annotations with which calls bypass a sidecar, and the fix of each. */
const FIXES: Readonly<Record<string, string>> = {
  'traffic.sidecar.istio.io/excludeOutboundPorts': 'exclude the addresses outside the mesh instead, with excludeOutboundIPRanges',
  'traffic.sidecar.istio.io/includeOutboundIPRanges': 'remove the annotation, and exclude the addresses outside the mesh instead, '
    + 'with excludeOutboundIPRanges',
};

export const excludedOutboundPort: Rule = {
  code: 'MTLS116',
  name: 'excluded-outbound-port',
  severity: 'warning',
  title: 'Calls to a STRICT server bypass the client\'s sidecar',
  reads: ['workload'],
  find(evidence: Evidence) {
    const faults = new FieldFaults();
    const hops = evidence.brokenBy('excluded-outbound-port');
    const groups = FoundCalls.groupedBySender(evidence.mesh, hops, (decided, client) => faultOf(decided, client, faults));
    return foundFaults(groups,
      (calls) => ({ because: `${calls} bypass the client's sidecar and ${calls.sent}, but ${serverText(calls.first.hop)}` }));
  },
};

/** The client's annotation. */
function faultOf({ decision: { call } }: DecidedHop, { members: [one] }: Sender, faults: FieldFaults): FieldFault {
  const annotation = one.interception.whyNotOutbound(call.port)!.annotation!;
  return faults.of(one, annotation, () => ({
    ...podField(one, 'metadata', 'annotations', annotation),
    actual: shown(one.annotations[annotation]),
    expected: 'only calls to servers outside the mesh to bypass the sidecar',
    fix: FIXES[annotation],
  }));
}
