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
  title: 'A workload on the host\'s network gets no sidecar, though it asks for one',
  reads: ['workload'],
  * find(evidence: Evidence) {
    for (const workload of evidence.mesh.workloads) {
      const webhook = refusedWebhook(evidence, workload);
      const [port] = webhook ? evidence.servedPorts.of(workload) : [];
      if (!webhook || port === undefined) continue;
      const { enforced } = evidence.serverPort(workload, port);
      yield {
        ...podField(workload, 'spec', 'hostNetwork'),
        actual: 'true',
        expected: 'false for a workload of the mesh',
        because: `${webhook.because}, but the injector passes over pods on the host's network: port ${port} of ${objectText(workload)} takes plaintext from anybody`
          + `${enforced!.mode === 'STRICT' ? `, though ${objectText(enforced!.policy!.object)} is STRICT` : ''}`,
        fix: `take it off the host's network, or label its pods ${INJECT}: 'false' if that is meant`,
      };
    }
  },
};
