import { DecidedHop } from '../../mesh/calls/decisions';
import { MeshObject } from '../../mesh/inventory/object';
import { Calls } from '../calls';
import { Evidence } from '../evidence';
import { setting } from '../remedies';
import { Rule } from '../rule';
import { serverText } from '../texts';

export const disablePolicyStrictWorkload: Rule = {
  code: 'MTLS102',
  name: 'disable-policy-strict-workload',
  severity: 'error',
  title: 'A namespace or mesh is DISABLE but a workload in it is STRICT',
  reads: ['PeerAuthentication'],
  * find(evidence: Evidence) {
    for (const [object, calls] of Calls.grouped(evidence.mesh, evidence.brokenBy('disable-policy'), disablingPolicy)) {
      yield {
        object,
        field: ['spec', 'mtls', 'mode'],
        actual: 'DISABLE',
        expected: 'PERMISSIVE or STRICT, because clients follow the policy of the namespace or mesh, not that of a workload',
        because: `${calls} ${calls.sent}, but ${serverText(calls.first.hop)}`,
        fix: 'set it to PERMISSIVE, and set DISABLE on the individual workloads that need it',
        remedies: [setting(object, ['spec', 'mtls', 'mode'], 'PERMISSIVE')],
        connections: calls.connections,
      };
    }
  },
};

/** The policy that the clients' istiod goes by. */
function disablingPolicy({ hop }: DecidedHop): MeshObject | undefined {
  return hop.sender.plane!.policies.forClients(hop.target.service!.namespace)?.object;
}
