import { judgeFailover, judgeOutliersForFailover, TOPOLOGY_LABELS } from './failover';
import { judgeDistribution } from './locality-distribution';
import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';

/** Objects to locality settings that contradict themselves or don't add up. */
export function judgeLocalityLoadBalancing(at: Objections, setting: any, hasOutlierDetection: boolean): void {
  if (!setting) return;
  const fails = setting.failover?.length > 0;
  if (fails && setting.distribute?.length > 0) return objectToDistribute(at.at('distribute'));
  const topology = (setting.failoverPriority ?? []).findIndex((label: string) => TOPOLOGY_LABELS.includes(label));
  if (fails && topology >= 0) return objectToTopology(at.at('failoverPriority', topology), setting.failoverPriority[topology]);
  if (!judgeDistribution(at.at('distribute'), setting.distribute ?? [])) return;
  judgeOutliersForFailover(at, setting, hasOutlierDetection);
  judgeFailover(at.at('failover'), setting.failover);
}

function objectToDistribute(at: Objections): void {
  at.error({
    code: 'ADMIT423',
    actual: 'set together with failover',
    expected: 'distribute or failover, not both',
    because: 'each says where traffic of a locality goes',
    fix: 'remove distribute or failover',
  });
}

function objectToTopology(at: Objections, label: string): void {
  at.error({
    code: 'ADMIT423',
    actual: `${shown(label)} together with failover`,
    expected: 'labels other than those of region, zone and subzone, or no failover',
    because: 'failover orders the regions already',
    fix: 'remove the entry, or failover',
  });
}
