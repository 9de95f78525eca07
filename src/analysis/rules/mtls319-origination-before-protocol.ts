import { within } from '../../mesh/inventory/field-ref';
import { portOf } from '../../mesh/services/service';
import { FoundCalls } from '../calls';
import { Evidence } from '../evidence';
import { ruleTlsAt } from '../fields';
import { Rule } from '../rule';
import { negotiatedProtocol } from '../server-first';

export const originationBeforeProtocol: Rule = {
  code: 'MTLS319',
  name: 'origination-before-protocol',
  severity: 'warning',
  title: 'A DestinationRule originates TLS to a server that expects its own protocol first',
  reads: ['DestinationRule'],
  * find(evidence: Evidence) {
    const originated = evidence.hops.filter(({ hop: { sent: { tls: clientTls, kind }, outcome } }) => (
      (clientTls === 'SIMPLE' || clientTls === 'MUTUAL') && kind === 'tcp' && outcome === 'tls'));
    const early = originated.filter((way) => protocolOf(way.hop) !== undefined);
    for (const [{ object, field }, calls] of FoundCalls.grouped(evidence.mesh, early, ({ hop }) => ruleTlsAt(hop))) {
      const { hop } = calls.first;
      const { host, port } = hop.target;
      const { name, negotiation } = protocolOf(hop)!;
      yield {
        object,
        field: within({ object, field }, 'mode').field,
        actual: hop.sent.tls,
        expected: `no ${hop.sent.tls} for port ${port} of ${host}, because ${name} negotiates TLS itself`,
        because: `for ${calls} the client's sidecar opens the connection with a TLS handshake, but ${negotiation}`,
        fix: `set tls.mode DISABLE in an entry of portLevelSettings for port ${port}, and let the application negotiate TLS`,
        connections: calls.connections,
      };
    }
  },
};

function protocolOf({ target: { service, port }, received: { endpoint } }: Evidence['hops'][number]['hop']) {
  const known = service && portOf(service, port);
  return known && endpoint && negotiatedProtocol(known, endpoint);
}
