import { Calls } from '../calls';
import { Evidence } from '../evidence';
import { serverText } from '../modes';
import { Rule } from '../rule';
import { TlsPlaces } from '../tls-place';

export const plaintextRuleStrictServer: Rule = {
  code: 'MTLS101',
  name: 'plaintext-rule-strict-server',
  severity: 'error',
  title: 'A DestinationRule sends plaintext to a STRICT server',
  * find(evidence: Evidence) {
    const places = new TlsPlaces();
    const broken = evidence.legsTo('broken').filter(({ leg }) => leg.tlsReason === 'rule' && leg.clientTls === 'PLAINTEXT' && leg.server?.mode === 'STRICT');
    for (const [{ object, field }, calls] of Calls.grouped(evidence.mesh, broken, ({ leg }) => places.of(leg))) {
      yield {
        object,
        field: [...field, 'mode'],
        actual: 'DISABLE',
        expected: 'ISTIO_MUTUAL, or no tls at all',
        because: `${calls} are sent in plaintext, and ${serverText(calls.first.leg)}`,
        fix: 'leave tls out, and auto mTLS sends what the server takes',
        connections: calls.connections,
      };
    }
  },
};
