import { valueAt } from '../../findings/finding';
import { shown } from '../../findings/safe-text';
import { DestinationRule, TlsSettings } from '../../mesh/policies/destination-rule';
import { FoundCalls } from '../calls';
import { Evidence } from '../evidence';
import { ruleTlsAt } from '../fields';
import { fieldRefText } from '../mesh-finding';
import { Remedy, tlsRemedy, tlsRemoval } from '../remedies';
import { Rule } from '../rule';
import { serverText } from '../texts';

export const emptyTls: Rule = {
  code: 'MTLS307',
  name: 'empty-tls',
  severity: 'error',
  title: 'tls without a mode means DISABLE',
  reads: ['DestinationRule', 'VirtualService'],
  * find(evidence: Evidence) {
    const broken = FoundCalls.grouped(evidence.mesh, evidence.brokenBy('empty-tls'), ({ hop }) => fieldRefText(ruleTlsAt(hop)!));
    for (const { rule, policy: { tls } } of evidence.trafficPolicies) {
      if (!tls || tls.fields.includes('mode')) continue;
      const { object, field } = tls.at;
      const calls = broken.get(fieldRefText(tls.at));
      const isEmpty = tls.fields.length === 0;
      yield {
        object,
        field,
        actual: shown(valueAt(object.source, field)),
        expected: isEmpty ? 'no tls at all, or a mode' : 'a mode in addition to the other fields',
        because: `tls without a mode means DISABLE, the API's zero value: clients add no TLS to calls to ${rule.hostText ?? 'the host'}`
          + `${calls ? `, and ${calls} fail because ${serverText(calls.first.hop)}` : ''}`,
        ...isEmpty ? removal(evidence, rule, tls, calls) : { fix: 'add the intended mode: SIMPLE, MUTUAL or ISTIO_MUTUAL' },
        connections: calls?.connections,
      };
    }
  },
};

function removal({ subsets }: Evidence, { host }: DestinationRule, { at }: TlsSettings, calls: FoundCalls | undefined): Remedy {
  if (calls) return tlsRemedy(at, calls.first);
  const isOnly = subsets.of(host)!.rules.length === 1; // With several merged rules, another rule's policy might apply instead.
  return { fix: 'remove tls, or set the intended mode', remedies: isOnly ? tlsRemoval(at) : [] };
}
