import { shown } from '../../findings/safe-text';
import { objectText } from '../../mesh/inventory/object';
import { INBOUND_ANNOTATIONS } from '../../mesh/workloads/interception';
import { Workload } from '../../mesh/workloads/workload';
import { Evidence } from '../evidence';
import { podField } from '../fields';
import { letSidecarHave } from '../remedies';
import { Rule } from '../rule';
import { policyText } from '../texts';

export const excludedPorts: Rule = {
  code: 'MTLS403',
  name: 'excluded-ports',
  severity: 'warning',
  title: 'A port bypasses the sidecar and accepts plaintext although its policy is STRICT',
  reads: ['workload'],
  * find(evidence: Evidence) {
    const broken = brokenPorts(evidence);
    for (const workload of evidence.mesh.workloads) {
      if (!INBOUND_ANNOTATIONS.some((name) => name in workload.annotations)) continue;
      // If clients send mutual TLS nevertheless, the calls are broken, which another rule reports.
      const open = evidence.servedPorts.of(workload).filter((port) => isOpen(evidence, workload, port) && !broken.get(workload)?.has(port));
      if (open.length === 0) continue;
      const server = evidence.receiverAt(workload, open[0]);
      const name = server.annotation!;
      yield {
        ...podField(workload, 'metadata', 'annotations', name),
        actual: shown(workload.annotations[name]),
        expected: `ports ${name === INBOUND_ANNOTATIONS[0] ? 'that include' : 'without'} ${open.join(', ')}`,
        because: `port ${open[0]} of ${objectText(workload)} should be STRICT${policyText(server.enforced!)}, `
          + 'but the port bypasses the sidecar, and the application accepts plaintext from anyone',
        fix: letSidecarHave(open),
      };
    }
  },
};

function isOpen(evidence: Evidence, workload: Workload, port: number): boolean {
  const server = evidence.receiverAt(workload, port);
  return server.mode === 'NO_PROXY' && server.enforced?.mode === 'STRICT' && server.annotation !== undefined;
}

function brokenPorts(evidence: Evidence): ReadonlyMap<Workload, ReadonlySet<number>> {
  const ports = new Map<Workload, Set<number>>();
  for (const { hop: { received: { endpoint } } } of evidence.hopsTo('broken')) {
    if (endpoint?.workload) ports.set(endpoint.workload, (ports.get(endpoint.workload) ?? new Set()).add(endpoint.port));
  }
  return ports;
}
