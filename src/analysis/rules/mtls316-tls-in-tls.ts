import { DecidedHop } from '../../mesh/calls/decisions';
import { FieldRef } from '../../mesh/inventory/field-ref';
import { connectable } from '../../mesh/services/service';
import { FoundCalls } from '../calls';
import { Evidence } from '../evidence';
import { isEntry, ruleTlsAt } from '../fields';
import { Rule } from '../rule';

export const tlsInTls: Rule = {
  code: 'MTLS316',
  name: 'tls-in-tls',
  severity: 'warning',
  title: 'A DestinationRule wraps the applications\' TLS in another layer of TLS',
  reads: ['DestinationRule'],
  * find(evidence: Evidence) {
    const wrapped = evidence.hops.filter(({ hop: { sent: { tls: clientTls } } }) => clientTls === 'SIMPLE' || clientTls === 'MUTUAL');
    const originated = new Set(wrapped.filter(({ hop: { sent: { kind } } }) => kind !== 'tls').map(targetOf));
    const twice = wrapped.filter((way) => way.hop.sent.kind === 'tls' && way.hop.outcome === 'tls' && !originated.has(targetOf(way)));
    for (const [ref, calls] of FoundCalls.grouped(evidence.mesh, twice, ({ hop }) => ruleTlsAt(hop))) {
      const { hop } = calls.first;
      yield {
        object: ref.object,
        field: [...ref.field, 'mode'],
        actual: hop.sent.tls,
        expected: `no ${hop.sent.tls} where applications use TLS themselves, according to the name or protocol of port ${hop.target.port}`,
        because: `${calls} already use TLS, the clients' sidecars wrap it in their own TLS, `
          + 'and a server that terminates TLS once finds TLS where it expects a request',
        fix: `${remedy(ref, calls.first)}; or, if the sidecars should originate TLS for the applications, declare the called port as HTTP`,
        connections: calls.connections,
      };
    }
  },
};

/** The destination: if calls without TLS go there as well, the rule's TLS is meant for those. */
function targetOf({ hop: { target: { host, port, subset } } }: DecidedHop): string {
  return `${host}:${port} ${subset ?? ''}`;
}

/** The fix in words only: either the rule's TLS or the port's name may be the mistake. */
function remedy(ref: FieldRef, { hop: { target: { service, port } } }: DecidedHop): string {
  if (isEntry(ref) || connectable(service!).length === 1) return 'remove tls';
  return `add an entry to portLevelSettings for port ${port}, with tls.mode DISABLE`;
}
