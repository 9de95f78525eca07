import { DecidedHop } from '../../mesh/calls/decisions';
import { FoundCalls } from '../calls';
import { Evidence } from '../evidence';
import { FieldFault, FieldFaults } from '../fields';
import { removing } from '../remedies';
import { Rule } from '../rule';
import { serverText } from '../texts';

export const proxyProtocolToSidecar: Rule = {
  code: 'MTLS125',
  name: 'proxy-protocol-to-sidecar',
  severity: 'error',
  title: 'A DestinationRule adds a PROXY protocol header to calls to servers with sidecars',
  reads: ['DestinationRule'],
  * find(evidence: Evidence) {
    const faults = new FieldFaults();
    const broken = evidence.brokenBy('proxy-protocol');
    for (const [fault, calls] of FoundCalls.grouped(evidence.mesh, broken, (decided) => faultOf(decided, faults))) {
      const because = `${calls} start with a PROXY protocol header, which sidecars don't read: ${serverText(calls.first.hop)}`;
      yield { ...fault, because, connections: calls.connections };
    }
  },
};

function faultOf({ hop: { sent: { headerBy } } }: DecidedHop, faults: FieldFaults): FieldFault {
  const { object, field } = headerBy!.at;
  return faults.of(object, field.join(), () => ({
    object,
    field,
    expected: 'none for a host whose endpoints have sidecars',
    actual: 'set',
    fix: 'remove proxyProtocol',
    remedies: [removing(object, field)],
  }));
}
