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
  * find(evidence: Evidence) {
    const places = new PlaintextPlaces(evidence.mesh);
    const hops = evidence.brokenBy('unasked-plaintext');
    for (const [place, calls] of Calls.grouped(evidence.mesh, hops, (decided) => places.of(decided, decided.hop.sender))) {
      yield { ...place, because: `${calls} ${calls.sent}, and ${serverText(calls.first.hop)}`, connections: calls.connections };
    }
  },
};
