import { shown } from '../../findings/safe-text';
import { objectText } from '../../mesh/inventory/object';
import { probesOf, REWRITE_PROBES, rewritesProbes } from '../../mesh/workloads/probes';
import { Evidence } from '../evidence';
import { podField } from '../fields';
import { removingAt } from '../remedies';
import { Rule } from '../rule';
import { others, policyText } from '../texts';

export const probesNotRewritten: Rule = {
  code: 'MTLS404',
  name: 'probes-not-rewritten',
  severity: 'error',
  title: 'The kubelet probes a STRICT port, but its probes aren\'t rewritten',
  reads: ['workload'],
  * find(evidence: Evidence) {
    for (const workload of evidence.mesh.workloads) {
      if (rewritesProbes(workload) !== false) continue;
      const [first, ...more] = probesOf(workload).filter(({ port }) => evidence.receiverAt(workload, port).mode === 'STRICT');
      if (!first) continue;
      const { container, field, action, port } = first;
      yield {
        ...podField(workload, 'metadata', 'annotations', REWRITE_PROBES),
        actual: shown(workload.annotations[REWRITE_PROBES]),
        expected: 'true, the default',
        because: `the kubelet has no mesh certificate, and the ${action} in ${field} of container `
          + `${container}${others(more.length + 1, 'probe')} `
          + `${more.length === 0 ? 'probes' : 'probe'} port ${port} of ${objectText(workload)}, `
          + `which is STRICT${policyText(evidence.receiverAt(workload, port).enforced!)}`,
        remedies: [removingAt(podField(workload, 'metadata', 'annotations', REWRITE_PROBES))],
        fix: 'remove the annotation, so that the sidecar\'s agent answers the kubelet for the application',
      };
    }
  },
};
