import { DecidedHop } from '../../mesh/calls/decisions';
import { Hop } from '../../mesh/calls/path';
import { MeshObject, objectText } from '../../mesh/inventory/object';
import { portEntry } from '../../mesh/policies/destination-rule';
import { enforcedAt } from '../../mesh/policies/peer-authentication';
import { isHeadless } from '../../mesh/services/service';
import { Calls, foundFaults } from '../calls';
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
    const groups = Calls.grouped(evidence.mesh, evidence.brokenBy('unseen-disable'), (decided) => faultOf(decided, faults));
    return foundFaults(groups, (calls) => ({ because: `${calls} use mutual TLS, because ${whyUnseen(calls.first)}` }));
  },
};

/** The policy that makes the server's port DISABLE. */
function faultOf({ hop }: DecidedHop, faults: FieldFaults): FieldFault {
  const enforced = hop.server!.enforced!;
  const { object, field } = enforcedAt(enforced, hop.endpoint!.port);
  const remedy = tlsAddition(hop, 'DISABLE', enforced.level === 'port' ? hop.target.port : undefined);
  return faults.of(object, field.join(), () => ({
    object,
    field,
    actual: 'DISABLE',
    expected: 'PERMISSIVE, which accepts both mutual TLS and plaintext',
    ...remedy,
    // What a server without HTTP speaks may begin with the server, which PERMISSIVE waits in vain for.
    remedies: [...remedy.remedies ?? [], ...(hop.server!.protocol.protocol === 'HTTP' ? [setting(object, field, 'PERMISSIVE')] : [])],
  }));
}

function whyUnseen({ hop }: DecidedHop): string {
  const { target: { service }, endpoint } = hop;
  const server = endpointText(endpoint!);
  const rule = ruleBehind(hop);
  if (isHeadless(service!)) return `auto mTLS treats a headless service as a whole and ignores the policy of ${server}`;
  return service!.resolution === 'PASSTHROUGH' || !rule
    ? `auto mTLS treats ${service!.host} as a whole and ignores the policy of ${server}`
    : `${objectText(rule)} makes auto mTLS ignore the policy of ${server}`;
}

/** The rule that marks the endpoints, or else keeps the requested address. */
function ruleBehind({ settings, rule, subset, target: { port } }: Hop): MeshObject | undefined {
  if (settings) return settings.at.object;
  const isOfSubset = subset?.policy?.passthrough || portEntry(subset?.policy, port)?.passthrough;
  return isOfSubset ? subset!.object : rule?.policyFrom;
}
