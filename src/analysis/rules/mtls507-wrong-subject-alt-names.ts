import { valueAt } from '../../findings/finding';
import { shown } from '../../findings/safe-text';
import { DecidedHop } from '../../mesh/calls/decisions';
import { objectText } from '../../mesh/inventory/object';
import { BrokenReason } from '../../mesh/model/transport';
import { identityOf } from '../../mesh/workloads/workload';
import { FoundCalls, foundFaults } from '../calls';
import { Evidence } from '../evidence';
import { destinationField, FieldFault, FieldFaults, ruleTlsAt } from '../fields';
import { Found } from '../mesh-finding';
import { removing } from '../remedies';
import { Rule } from '../rule';

export const wrongSubjectAltNames: Rule = {
  code: 'MTLS507',
  name: 'wrong-subject-alt-names',
  severity: 'error',
  title: 'A client requires names that the server\'s certificate doesn\'t have',
  reads: ['DestinationRule', 'Service', 'VirtualService'],
  * find(evidence: Evidence) {
    yield* ofRules(evidence);
    yield* ofRoutes(evidence);
  },
};

/** Rules whose `subjectAltNames` don't include the server's name. */
function* ofRules(evidence: Evidence): Generator<Found> {
  for (const [{ object, field }, calls] of FoundCalls.grouped(evidence.mesh, brokenBecause(evidence, 'wrong-identity'),
    ({ hop }) => ruleTlsAt(hop))) {
    const { name, identity } = serverOf(calls.first);
    yield {
      object,
      field: [...field, 'subjectAltNames'],
      actual: shown(valueAt(object.source, [...field, 'subjectAltNames'])),
      expected: `'${identity}' among them`,
      because: `that is the only name in the certificate of ${name}, so ${calls} fail in the handshake`,
      fix: 'remove subjectAltNames, so that istiod fills in the servers\' names',
      remedies: calls.first.hop.sent.tls === 'ISTIO_MUTUAL' ? [removing(object, [...field, 'subjectAltNames'])] : [],
      connections: calls.connections,
    };
  }
}

/**
 * Calls that end at other servers than those whose names istiod makes clients require:
 * by a route that keeps the requested address, or in another trust domain.
 */
function* ofRoutes(evidence: Evidence): Generator<Found> {
  const faults = new FieldFaults();
  const groups = FoundCalls.grouped(evidence.mesh, brokenBecause(evidence, 'other-servers'), (decided) => destinationOf(decided, faults));
  yield* foundFaults(groups, (calls) => {
    const { name, identity } = serverOf(calls.first);
    const { sender, target } = calls.first.hop;
    const [demanded] = sender.plane!.namesOf(target.service!);
    return {
      because: `${calls} reach ${name}, whose only name is ${identity}, and fail in the handshake: `
        + `the clients require the name of a server of ${target.host}, such as ${demanded}`,
    };
  });
}

function destinationOf({ hop: { route, target } }: DecidedHop, faults: FieldFaults): FieldFault {
  const { object } = route ?? target.service!;
  const field = destinationField(route, target);
  return faults.of(object, `${field.join()} ${target.host}`, () => ({
    object,
    field,
    actual: `'${target.host}'`,
    expected: route
      ? 'a service whose endpoints istiod lists, or the called one'
      : 'servers in a trust domain that the clients\' mesh config lists',
    fix: route
      ? 'route to a Service with its own address and without the PASSTHROUGH load balancer'
      : 'list the servers\' trust domain in trustDomainAliases of that mesh config',
  }));
}

function brokenBecause(evidence: Evidence, reason: BrokenReason): readonly DecidedHop[] {
  return evidence.brokenBy('wrong-identity').filter(({ hop }) => hop.brokenBecause === reason);
}

/** The server, with the name in its certificate, as the client's istiod knows it. */
function serverOf({ hop }: DecidedHop): { readonly name: string; readonly identity: string } {
  const { workload, machine } = hop.received.endpoint!;
  const { trustDomain } = hop.sender.plane!.config;
  const server = workload ?? machine?.entry;
  return { name: server ? objectText(server) : machine!.address, identity: workload?.identity ?? identityOf(machine!, trustDomain) };
}
