import { shown } from '../../findings/safe-text';
import { objectText } from '../../mesh/inventory/object';
import { PeerPolicy } from '../../mesh/policies/peer-authentication';
import { Evidence } from '../evidence';
import { saysTheSame, SelectedPair, selectedPairs } from '../precedence';
import { deletionOf } from '../remedies';
import { Rule } from '../rule';
import { workloadsText } from '../texts';

export const twoPoliciesOneWorkload: Rule = {
  code: 'MTLS202',
  name: 'two-policies-one-workload',
  severity: 'warning',
  title: 'Two PeerAuthentications select the same workload, and one is ignored',
  reads: ['PeerAuthentication'],
  * find(evidence: Evidence) {
    const pairs = selectedPairs(evidence);
    for (const pair of pairs) {
      const { winner, loser: { object, selector }, workloads, byChance } = pair;
      if (byChance) continue; // MTLS209 reports it.
      yield {
        object,
        field: ['spec', 'selector', 'matchLabels'],
        actual: shown(selector),
        expected: `labels of workloads that ${objectText(winner.object)} doesn't select`,
        because: `both select ${workloadsText(workloads)}, where istiod applies only the older one, or the first by name if equally old; `
          + 'modes and ports aren\'t merged',
        fix: 'put all modes for a workload into one PeerAuthentication',
        remedies: isNeedless(pair.loser, pairs, evidence) ? [deletionOf(object)] : [],
      };
    }
  },
};

/** Whether a policy applies to no workload, and the applied policies set the same for all workloads that it selects. */
function isNeedless(policy: PeerPolicy, pairs: readonly SelectedPair[], evidence: Evidence): boolean {
  return evidence.policyTargets.of(policy.object)!.governed.size === 0
    && pairs.every((pair) => pair.loser !== policy || pair.workloads.every((workload) => saysTheSame(pair, evidence.planeOf(workload))));
}
