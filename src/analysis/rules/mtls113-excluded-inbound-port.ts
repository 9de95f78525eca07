import { DecidedLeg } from '../../mesh/connections/decisions';
import { Calls } from '../calls';
import { Evidence } from '../evidence';
import { endpointText } from '../modes';
import { Place, Places } from '../place';
import { podPlace } from '../pod-place';
import { Rule } from '../rule';
import { targetPortField } from '../service-fields';
import { leadingAround, letSidecarHave } from '../sidecar-ports';
import { tlsAddition } from '../tls-remedy';

export const excludedInboundPort: Rule = {
  code: 'MTLS113',
  name: 'excluded-inbound-port',
  severity: 'error',
  title: 'Mutual TLS is sent to a port that goes around the server\'s sidecar',
  * find(evidence: Evidence) {
    const places = new Places();
    for (const [place, calls] of Calls.grouped(evidence.mesh, evidence.brokenBy('excluded-inbound-port'), (decided) => placeOf(decided, places))) {
      const { endpoint, server } = calls.first.leg;
      yield {
        ...place,
        because: `${calls} are sent mutual TLS, and nothing intercepts ${endpointText(endpoint!)}: ${server!.because}`,
        connections: calls.connections,
      };
    }
  },
};

/** The annotation of the server; or the service, where it leads to a port of Istio's own. */
function placeOf({ leg }: DecidedLeg, places: Places): Place {
  const { endpoint, server, target } = leg;
  const workload = endpoint!.workload!;
  const annotation = leadingAround(server!);
  const service = target.service!;
  const fix = tlsAddition(leg, 'DISABLE', target.port);
  if (!annotation) {
    return places.of(service.object, String(target.port), () => ({
      object: service.object, field: targetPortField(service, target.port), actual: String(endpoint!.port), expected: 'a port of the application', fix,
    }));
  }
  const isStrict = server!.enforced!.mode === 'STRICT'; // It was meant to take no plaintext.
  return places.of(workload, annotation, () => ({
    ...podPlace(workload, 'metadata', 'annotations', annotation),
    actual: `'${workload.annotations[annotation]}'`,
    expected: 'the service\'s port to go through the sidecar, since auto mTLS only asks whether the pod has one',
    fix: isStrict ? letSidecarHave([endpoint!.port]) : fix,
  }));
}
