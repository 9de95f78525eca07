import { judgeFailover, judgeOutliersForFailover, TOPOLOGY_LABELS } from './failover';
import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';

/** Objects to zone-aware balancing whose priorities or regions don't hold. */
export function judgeZoneAwareLoadBalancing(at: Objections, setting: any, hasOutlierDetection: boolean): void {
  if (!setting) return;
  (setting.failoverPriority ?? []).forEach((label: string, index: number) => {
    if (TOPOLOGY_LABELS.includes(label)) objectToTopologyLabel(at.at('failoverPriority', index), label);
  });
  judgeOutliersForFailover(at, setting, hasOutlierDetection);
  judgeFailover(at.at('failover'), setting.failover);
}

function objectToTopologyLabel(at: Objections, label: string): void {
  at.error({
    code: 'ADMIT423',
    actual: shown(label),
    expected: 'labels other than those of region, zone and subzone',
    because: 'zone-aware balancing orders regions and zones by itself',
    fix: 'remove the entry',
  });
}
