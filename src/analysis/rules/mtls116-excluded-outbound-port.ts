import { shown } from '../../findings/shown';
import { ClientClass } from '../../mesh/connections/client-class';
import { Calls } from '../calls';
import { DecidedLeg } from '../decided-leg';
import { Evidence } from '../evidence';
import { serverText } from '../modes';
import { Place, Places } from '../place';
import { podField } from '../pod-field';
import { Rule } from '../rule';
import { portField } from '../service-fields';

const ANNOTATION = 'traffic.sidecar.istio.io/excludeOutboundPorts';

export const excludedOutboundPort: Rule = {
  code: 'MTLS116',
  name: 'excluded-outbound-port',
  severity: 'warning',
  title: 'Calls to a STRICT server go around the client\'s sidecar',
  * find(evidence: Evidence) {
    const places = new Places();
    const legs = evidence.brokenBy('excluded-outbound-port');
    for (const [place, calls] of Calls.groupedByClass(evidence.mesh, legs, (decided, client) => placeOf(decided, client, places))) {
      yield { ...place, because: `${calls} go around the client's sidecar in plaintext, and ${serverText(calls.first.leg)}`, connections: calls.connections };
    }
  },
};

/** The client's annotation; or the service, where it has a port number of Istio's own. */
function placeOf({ decision: { call } }: DecidedLeg, { one }: ClientClass, places: Places): Place {
  const [service] = call.services;
  if (!one.interception.whyNotOutbound(call.port)!.startsWith(ANNOTATION)) {
    return places.of(service.object, String(call.port), () => ({
      object: service.object,
      field: portField(service, call.port),
      actual: String(call.port),
      expected: 'a port that isn\'t Istio\'s own',
      fix: 'give the service another port',
    }));
  }
  return places.of(one, ANNOTATION, () => ({
    object: one.object,
    field: podField(one, 'metadata', 'annotations', ANNOTATION),
    actual: shown(one.annotations[ANNOTATION]),
    expected: 'only ports of servers outside of the mesh',
    fix: 'exclude the addresses outside of the mesh instead, by excludeOutboundIPRanges',
  }));
}
