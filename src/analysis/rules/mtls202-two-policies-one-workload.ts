import { shown } from '../../findings/shown';
import { objectText } from '../../mesh/objects/mesh-object';
import { selectedPairs } from '../contests';
import { Evidence } from '../evidence';
import { Rule } from '../rule';
import { workloadsText } from '../workloads-text';

export const twoPoliciesOneWorkload: Rule = {
  code: 'MTLS202',
  name: 'two-policies-one-workload',
  severity: 'warning',
  title: 'Two PeerAuthentications select one workload, and one of them is ignored',
  * find(evidence: Evidence) {
    for (const { winner, loser: { object, selector }, workloads, byChance } of selectedPairs(evidence)) {
      if (byChance) continue; // MTLS209 tells it.
      yield {
        object,
        field: ['spec', 'selector', 'matchLabels'],
        actual: shown(selector),
        expected: `labels of workloads that ${objectText(winner.object)} doesn't select`,
        because: `both select ${workloadsText(workloads)}, and there istiod takes the older one whole, or of equally old ones the first by name: neither modes nor ports are merged`,
        fix: 'put the modes for one workload into one PeerAuthentication',
      };
    }
  },
};
