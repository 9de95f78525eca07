import { objectText } from '../../mesh/inventory/object';
import { INJECT } from '../../mesh/workloads/injection';
import { Evidence } from '../evidence';
import { podField } from '../fields';
import { refusedWebhook } from '../missing-sidecar';
import { Rule } from '../rule';

export const hostNetwork: Rule = {
  code: 'MTLS402',
  name: 'host-network',
  severity: 'warning',
  title: 'A workload on the host network gets no sidecar although it asks for one',
  reads: ['workload'],
  * find(evidence: Evidence) {
    for (const workload of evidence.mesh.workloads) {
      const webhook = refusedWebhook(evidence, workload);
      const [port] = webhook ? evidence.servedPorts.of(workload) : [];
      if (!webhook || port === undefined) continue;
      const { enforced } = evidence.receiverAt(workload, port);
      yield {
        ...podField(workload, 'spec', 'hostNetwork'),
        actual: 'true',
        expected: 'false for a workload in the mesh',
        because: `${webhook.because}, but the injector skips pods on the host network: `
          + `port ${port} of ${objectText(workload)} accepts plaintext from anyone`
          + `${enforced!.mode === 'STRICT' ? ` although ${objectText(enforced!.by!.object)} is STRICT` : ''}`,
        fix: `remove it from the host network, or label its pods ${INJECT}: 'false' if this is intended`,
      };
    }
  },
};
