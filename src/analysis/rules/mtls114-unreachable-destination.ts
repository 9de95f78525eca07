import { shown } from '../../findings/safe-text';
import { DecidedHop } from '../../mesh/calls/decisions';
import { within } from '../../mesh/inventory/field-ref';
import { connectable, portOf } from '../../mesh/services/service';
import { FoundCalls, foundFaults } from '../calls';
import { Evidence } from '../evidence';
import { destinationField, FieldFault, FieldFaults } from '../fields';
import { mistakenHost } from '../mistaken-host';
import { Remedy, setting } from '../remedies';
import { Rule } from '../rule';

export const unreachableDestination: Rule = {
  code: 'MTLS114',
  name: 'unreachable-destination',
  severity: 'error',
  title: 'Calls are routed to a destination that the clients\' sidecars don\'t know',
  reads: ['DestinationRule', 'ServiceEntry', 'VirtualService'],
  find(evidence: Evidence) {
    const faults = new FieldFaults();
    const groups = FoundCalls.grouped(evidence.mesh, evidence.brokenBy('unreachable-destination'), (decided) => faultOf(decided, faults));
    return foundFaults(groups, (calls, fault) => ({
      ...remedyFor(evidence, fault, calls.first),
      because: `${isCopy(calls.first) ? `the copies of ${calls} are lost` : `${calls} fail`}: `
        + `they are routed to ${whatIsMissing(calls.first)}`,
    }));
  },
};

/** Whether a route only mirrors requests there: no client waits for the answers. */
function isCopy({ hop: { target: { mirrored = false } } }: DecidedHop): boolean {
  return mirrored;
}

/** The field that sends calls there, or the service that should have servers. */
function faultOf(decided: DecidedHop, faults: FieldFaults): FieldFault {
  const { decision: { call }, hop: { brokenBecause, route, target, subset } } = decided;
  const to = `${target.host}:${target.port}`;
  const severity = isCopy(decided) ? 'warning' as const : undefined;
  if (brokenBecause === 'no-servers') {
    const { object, field } = subset
      ? within(subset.at, 'labels')
      : { object: target.service!.object, field: ['spec', 'workloadSelector'] };
    return faults.of(object, `${field.join()} ${severity ?? ''}`, () => ({
      object,
      field,
      ...severity && { severity },
      actual: shown(subset ? subset.labels : object.spec.workloadSelector),
      expected: `the labels of a workload behind ${target.host}`,
      fix: 'select existing workloads',
    }));
  }
  const object = route?.object ?? call.services[0].object;
  const field = destinationField(route, target);
  return faults.of(object, `${field.join()} ${to} ${severity ?? ''}`, () => ({
    object,
    field,
    ...severity && { severity },
    actual: `'${to}'`,
    expected: 'a host and port of an existing service that is exported to the clients',
    fix: 'use a host and port that the clients know',
  }));
}

/** The probably intended host or port, if a route names it wrongly; it is tried if it is certain. */
function remedyFor(evidence: Evidence, { object, field }: FieldFault, { hop: { brokenBecause, target } }: DecidedHop): Remedy | undefined {
  const { service, host, port } = target;
  if (brokenBecause === 'no-servers' || field.length === 1) return undefined;
  if (!service) {
    const { meant, isSame } = mistakenHost(evidence, host, host) ?? {};
    return meant === undefined ? undefined : {
      fix: `write host: ${meant}`, remedies: isSame ? [setting(object, [...field, 'host'], meant)] : [],
    };
  }
  if (portOf(service, port)) return undefined;
  const ports = connectable(service).map(({ number }) => number);
  const remedies = ports.length === 1 ? [setting(object, [...field, 'port', 'number'], ports[0])] : [];
  return { fix: `use a port of ${host}: ${ports.join(', ')}`, remedies };
}

function whatIsMissing({ hop: { brokenBecause, target: { service, host, port } } }: DecidedHop): string {
  if (brokenBecause === 'no-servers') return `${host}:${port}, which has no endpoints`;
  if (!service) return `${host}, which isn't the host of any service in the manifests`;
  return portOf(service, port) ? `${host}:${port}, which their sidecars don't know` : `port ${port} of ${host}, which has no such port`;
}
