import { valueAt } from '../../findings/finding';
import { shown } from '../../findings/safe-text';
import { DecidedHop } from '../../mesh/calls/decisions';
import { within } from '../../mesh/inventory/field-ref';
import { objectText } from '../../mesh/inventory/object';
import { protocolAt } from '../../mesh/services/service';
import { FoundCalls, foundFaults } from '../calls';
import { Evidence } from '../evidence';
import { FieldFault, FieldFaults } from '../fields';
import { Rule } from '../rule';
import { endpointText } from '../texts';

export const otherProtocol: Rule = {
  code: 'MTLS121',
  name: 'other-protocol',
  severity: 'error',
  title: 'A port is served as HTTP but receives other protocols under another name',
  reads: ['Service', 'ServiceEntry', 'Sidecar'],
  find(evidence: Evidence) {
    const faults = new FieldFaults();
    const groups = FoundCalls.grouped(evidence.mesh, evidence.brokenBy('other-protocol'), (decided) => faultOf(decided, faults));
    return foundFaults(groups, (calls, fault) => {
      const { hop: { received: { endpoint }, sent: { kind } } } = calls.first;
      const speech = fault.severity ? 'that aren\'t HTTP' : kind === 'tls' ? 'that speak TLS' : 'that speak TCP';
      return {
        because: `the sidecar treats all traffic to ${endpointText(endpoint!)} as HTTP because of this setting, `
          + `and closes ${calls} ${speech}`,
      };
    });
  },
};

/**
 * The field that sets the protocol of the server's port. If the called port
 * names no protocol, calls may be HTTP, so the finding is only an info.
 */
function faultOf({ decision: { call }, hop }: DecidedHop, faults: FieldFaults): FieldFault {
  const { received: { endpoint, receiver }, target } = hop;
  const { service, sidecar, at } = receiver!.protocol;
  const isOpen = call.kinds.includes('http');
  const object = service?.object ?? sidecar!;
  const called = target.service!;
  return faults.of(object, `${endpoint!.port} ${called.object.namespace}/${called.name} ${isOpen}`, () => {
    const { field } = service ? protocolAt(service, service.ports.find((port) => port.at === at)!.number) : within(at!, 'port', 'protocol');
    return {
      object,
      field,
      severity: isOpen ? 'info' : undefined,
      actual: shown(valueAt(object.source, field)),
      expected: `the same protocol as clients of port ${target.port} of ${objectText(called.object)} use`,
      fix: isOpen
        ? `if they aren't HTTP, name both ports tcp; if they are, name port ${target.port} of ${objectText(called.object)} http`
        : 'name both ports after the protocol of the server, or point them at two different ports',
    };
  });
}
