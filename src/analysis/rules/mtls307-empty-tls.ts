import { shown } from '../../findings/shown';
import { isMapping, text } from '../../mesh/inventory/mapping';
import { Calls } from '../calls';
import { Evidence } from '../evidence';
import { FieldRef, TlsFields } from '../fields';
import { fieldRefText } from '../mesh-finding';
import { Remedy, tlsRemedy, tlsRemoval } from '../remedies';
import { Rule } from '../rule';
import { hostOf } from '../subsets';
import { serverText } from '../texts';

export const emptyTls: Rule = {
  code: 'MTLS307',
  name: 'empty-tls',
  severity: 'error',
  title: 'A tls without a mode means DISABLE',
  reads: ['DestinationRule', 'VirtualService'],
  * find(evidence: Evidence) {
    const fields = new TlsFields();
    const broken = Calls.grouped(evidence.mesh, evidence.brokenBy('empty-tls'), ({ hop }) => fieldRefText(fields.of(hop)!));
    for (const { object, field, policy: { tls } } of evidence.trafficPolicyFields) {
      if (!isMapping(tls) || tls.mode !== undefined) continue;
      const ref: FieldRef = { object, field: [...field, 'tls'] };
      const calls = broken.get(fieldRefText(ref));
      const isEmpty = Object.keys(tls).length === 0;
      yield {
        object,
        field: ref.field,
        actual: shown(tls),
        expected: isEmpty ? 'no tls at all, or a mode' : 'a mode beside the other fields',
        because: `a tls that names no mode means DISABLE, the first of the API's list: clients add no TLS to what they send to ${text(object.spec.host) ?? 'the host'}`
          + `${calls ? `, and ${calls} fail, since ${serverText(calls.first.hop)}` : ''}`,
        ...isEmpty ? removal(evidence, ref, calls) : { fix: 'add the mode that was meant: SIMPLE, MUTUAL or ISTIO_MUTUAL' },
        connections: calls?.connections,
      };
    }
  },
};

function removal({ subsets }: Evidence, ref: FieldRef, calls: Calls | undefined): Remedy {
  if (calls) return tlsRemedy(ref, calls.first);
  const isOnly = subsets.of(hostOf(ref.object))!.rules.length === 1; // Of several rules another one's policy might count instead.
  return { fix: 'leave tls out, or write the mode that was meant', remedies: isOnly ? tlsRemoval(ref) : [] };
}
