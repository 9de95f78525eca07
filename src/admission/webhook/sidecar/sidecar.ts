import { judgeEgress } from './egress';
import { judgeIngress } from './ingress';
import { judgeOutboundTrafficPolicy } from './outbound-traffic-policy';
import { Objection } from '../../objection';
import { judgeConnectionPool } from '../destination-rule/connection-pool';
import { Objections } from '../objections';
import { judgeSelectorLabels } from '../values/selector';

/** What istiod has against a Sidecar. */
export function sidecarObjections({ metadata = {}, spec = {} }: any): Objection[] {
  const at = new Objections(['spec']);
  const { workloadSelector, ingress = [], egress = [], outboundTrafficPolicy, inboundConnectionPool } = spec;
  if (workloadSelector) judgeSelectorLabels(at.at('workloadSelector', 'labels'), workloadSelector.labels, 'all workloads of its namespace');
  if (!ingress.length && !egress.length && !outboundTrafficPolicy && !inboundConnectionPool) objectToNothing(at);
  judgeIngress(at.at('ingress'), ingress);
  judgeConnectionPool(at.at('inboundConnectionPool'), inboundConnectionPool);
  judgeEgress(at.at('egress'), egress, metadata.namespace ?? 'default');
  judgeOutboundTrafficPolicy(at.at('outboundTrafficPolicy'), outboundTrafficPolicy);
  return [...at.all];
}

function objectToNothing(at: Objections): void {
  at.error({
    code: 'ADMIT477',
    actual: 'without ingress, egress, outboundTrafficPolicy and inboundConnectionPool',
    expected: 'at least one of them',
    because: 'a Sidecar that sets nothing changes nothing',
    fix: 'add egress with the hosts that the workloads call, or remove the Sidecar',
  });
}
