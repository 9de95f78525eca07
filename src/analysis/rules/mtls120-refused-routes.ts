import { shown } from '../../findings/safe-text';
import { Sender } from '../../mesh/calls/sender';
import { hostAt } from '../../mesh/services/service-entry';
import { Calls, foundFaults } from '../calls';
import { Evidence } from '../evidence';
import { FieldFault, FieldFaults } from '../fields';
import { Rule } from '../rule';

export const refusedRoutes: Rule = {
  code: 'MTLS120',
  name: 'refused-routes',
  severity: 'error',
  title: 'A wildcard around all Services of a namespace makes the namespace\'s sidecars refuse their routes',
  reads: ['ServiceEntry'],
  find(evidence: Evidence) {
    const faults = new FieldFaults();
    const hops = evidence.hopsTo('undecided').filter(({ hop }) => hop.undecidedBecause === 'refused-routes');
    return foundFaults(Calls.groupedBySender(evidence.mesh, hops, (_, client) => faultOf(client, faults)), (calls) => ({
      because: `${calls} may find no routes: for sidecars of namespace ${calls.first.hop.sender.namespace} istiod makes the domain * of this host, the route to unknown hosts has `
        + 'that domain, too, and Envoy refuses routes with two of them, with others of the same update; a sidecar keeps those that it had, and one that starts answers 404',
    }));
  },
};

/** The wildcard, among its ServiceEntry's hosts. */
function faultOf({ scope }: Sender, faults: FieldFaults): FieldFault {
  const service = scope!.ownWildcard!;
  const { object, host } = service;
  return faults.of(object, host, () => ({
    ...hostAt(service),
    actual: shown(host),
    expected: 'no wildcard around all Services of a namespace that has sidecars',
    fix: 'list the hosts one by one',
  }));
}
