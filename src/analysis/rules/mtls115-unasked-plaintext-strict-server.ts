import { Calls } from '../calls';
import { Evidence } from '../evidence';
import { serverText } from '../modes';
import { PlaintextPlaces } from '../plaintext-places';
import { Rule } from '../rule';

export const unaskedPlaintextStrictServer: Rule = {
  code: 'MTLS115',
  name: 'unasked-plaintext-strict-server',
  severity: 'error',
  title: 'A sidecar sends plaintext to a STRICT server, though no rule or policy asks for it',
  reads: ['ConfigMap', 'DestinationRule', 'PeerAuthentication', 'Service', 'ServiceEntry', 'workload'],
  * find(evidence: Evidence) {
    const places = new PlaintextPlaces(evidence.mesh);
    const legs = evidence.brokenBy('unasked-plaintext');
    for (const [place, calls] of Calls.grouped(evidence.mesh, legs, (decided) => places.of(decided, decided.decision.classes.one!))) {
      yield { ...place, because: `${calls} ${calls.sent}, and ${serverText(calls.first.leg)}`, connections: calls.connections };
    }
  },
};
