import { ObjectChange, valueAt } from '../../findings/finding';
import { MeshObject, objectText } from '../../mesh/inventory/object';
import { PolicyMode } from '../../mesh/policies/peer-authentication';
import { podPort } from '../../mesh/services/endpoint';
import { portOf } from '../../mesh/services/service';
import { Workload } from '../../mesh/workloads/workload';
import { Evidence } from '../evidence';
import { Found } from '../mesh-finding';
import { PolicyTarget } from '../policy-targets';
import { change } from '../remedies';
import { Rule } from '../rule';
import { workloadsText } from '../texts';

export const portExceptionWithoutContainerPort: Rule = {
  code: 'MTLS205',
  name: 'port-exception-without-container-port',
  severity: 'warning',
  title: 'A PeerAuthentication sets the mode of a port that no container has',
  reads: ['PeerAuthentication'],
  * find(evidence: Evidence) {
    for (const target of evidence.policyTargets) {
      for (const [port, mode] of target.policy.ports) {
        const found = mode === 'UNSET' || Number.isNaN(port) ? undefined : missingPort(evidence, target, port, mode);
        if (found) yield found;
      }
    }
  },
};

function missingPort(evidence: Evidence, target: PolicyTarget, port: number, mode: PolicyMode): Found | undefined {
  const { policy: { object }, machines } = target;
  const governed = [...target.governed];
  if (governed.length === 0 || machines.length > 0 || governed.some((workload) => mayServe(evidence, workload, port))) return undefined;
  const mistaken = governed.map((workload) => mistakenFor(evidence, workload, port)).find((found) => found !== undefined);
  // Containers may serve undeclared ports, and other manifests may have a Service for the port.
  if (!mistaken && (governed.some(({ ports }) => ports.length === 0) || evidence.mesh.coverage.mayHoldMoreServers(object.namespace))) {
    return undefined;
  }
  return {
    object,
    field: ['spec', 'portLevelMtls', String(port)],
    actual: mode,
    expected: 'a port of the workload\'s containers',
    because: mistaken?.because
      ?? `no container of ${workloadsText(governed)} has port ${port}, and no Service targets it; known ports: `
        + `${portsText(evidence, governed[0])}`,
    fix: mistaken ? `use ${mistaken.meant} instead` : 'use the port on which the container listens',
    remedies: mistaken?.meant === undefined ? undefined : [renamed(object, port, mistaken.meant)],
  };
}

/** The exception moved to the intended port, unless that already has one. */
function renamed(object: MeshObject, port: number, meant: number): ObjectChange {
  const [from, to] = [port, meant].map((number) => ['spec', 'portLevelMtls', String(number)]);
  return change(
    object, { op: 'remove', path: from }, { op: 'set', path: to, value: valueAt(object.source, to) ?? valueAt(object.source, from) },
  );
}

function mayServe(evidence: Evidence, workload: Workload, port: number): boolean {
  return evidence.servedPorts.has(workload, port)
    || (evidence.planeOf(workload).sidecars.of(workload)?.ingress ?? []).some(({ number }) => number === port);
}

/** The Service's port that was mistaken for the container's. */
function mistakenFor(
  evidence: Evidence, workload: Workload, number: number,
): { readonly because: string; readonly meant?: number } | undefined {
  for (const service of evidence.servicesIn(workload.namespace)) {
    const port = portOf(service, number);
    const leads = port && evidence.mesh.registry.endpointsOf(service, port).some((endpoint) => endpoint.workload === workload);
    if (!leads) continue;
    const meant = podPort(workload, port);
    return {
      because: `port ${number} is the port of ${objectText(service.object)}, which targets port ${meant} of ${objectText(workload)}`, meant,
    };
  }
  return undefined;
}

function portsText(evidence: Evidence, workload: Workload): string {
  return evidence.servedPorts.of(workload).join(', ');
}
