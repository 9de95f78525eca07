import { DecidedHop } from '../../mesh/connections/decisions';
import { Calls } from '../calls';
import { Evidence } from '../evidence';
import { Place, Places, policyField } from '../fields';
import { removing } from '../remedies';
import { Rule } from '../rule';
import { serverText } from '../texts';

export const proxyProtocolToSidecar: Rule = {
  code: 'MTLS125',
  name: 'proxy-protocol-to-sidecar',
  severity: 'error',
  title: 'A DestinationRule puts the PROXY protocol before calls to servers with sidecars',
  reads: ['DestinationRule'],
  * find(evidence: Evidence) {
    const places = new Places();
    for (const [place, calls] of Calls.grouped(evidence.mesh, evidence.brokenBy('proxy-protocol'), (decided) => placeOf(decided, places))) {
      const because = `${calls} begin with a PROXY header, and no sidecar reads one: ${serverText(calls.first.hop)}`;
      yield { ...place, because, connections: calls.connections };
    }
  },
};

/** The policy that asks for it: the subset's, or the rule's own. */
function placeOf({ hop: { rule, subset } }: DecidedHop, places: Places): Place {
  const own = subset?.policy?.proxyProtocol ? subset : undefined;
  const object = own?.object ?? rule!.policyFrom!;
  return places.of(object, own?.name ?? '', () => ({
    object,
    field: [...policyField(own), 'proxyProtocol'],
    expected: 'none for a host whose servers have sidecars',
    actual: 'set',
    fix: 'remove proxyProtocol',
    remedies: [removing(object, [...policyField(own), 'proxyProtocol'])],
  }));
}
