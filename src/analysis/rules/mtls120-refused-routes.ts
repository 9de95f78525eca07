import { shown } from '../../findings/safe-text';
import { Sender } from '../../mesh/model/sender';
import { hostAt } from '../../mesh/services/service-entry';
import { FoundCalls, foundFaults } from '../calls';
import { Evidence } from '../evidence';
import { FieldFault, FieldFaults } from '../fields';
import { Rule } from '../rule';

export const refusedRoutes: Rule = {
  code: 'MTLS120',
  name: 'refused-routes',
  severity: 'error',
  title: 'A wildcard that covers all Services of a namespace makes its sidecars reject their routes',
  reads: ['ServiceEntry'],
  find(evidence: Evidence) {
    const faults = new FieldFaults();
    const hops = evidence.hopsTo('undecided').filter(({ hop }) => hop.undecidedBecause === 'refused-routes');
    return foundFaults(FoundCalls.groupedBySender(evidence.mesh, hops, (_, client) => faultOf(client, faults)), (calls) => ({
      because: `${calls} may find no routes: for sidecars of namespace ${calls.first.hop.sender.namespace} istiod shortens this host to `
        + 'the domain *, which the route for unknown hosts also has, '
        + 'and Envoy rejects route configuration with a duplicate domain, and the rest of the same update; '
        + 'a running sidecar keeps its old routes, and a new one answers 404',
    }));
  },
};

/** The wildcard in its ServiceEntry's hosts. */
function faultOf({ scope }: Sender, faults: FieldFaults): FieldFault {
  const service = scope!.ownWildcard!;
  const { object, host } = service;
  return faults.of(object, host, () => ({
    ...hostAt(service),
    actual: shown(host),
    expected: 'no wildcard that covers all Services of a namespace with sidecars',
    fix: 'list the hosts individually',
  }));
}
