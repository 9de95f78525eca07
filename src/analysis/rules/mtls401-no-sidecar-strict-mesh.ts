import { objectText } from '../../mesh/inventory/object';
import { EnforcedMode } from '../../mesh/policies/peer-authentication';
import { Workload } from '../../mesh/workloads/workload';
import { Evidence } from '../evidence';
import { FieldFault } from '../fields';
import { fieldRefText } from '../mesh-finding';
import { missingSidecar, namespacesOutOfMesh } from '../missing-sidecar';
import { Rule } from '../rule';
import { policyText, workloadsText } from '../texts';

/** Workloads without a sidecar for the same reason, and a port of the first that should be STRICT. */
interface Exposed {
  readonly why: FieldFault;
  readonly port: number;
  readonly enforced: EnforcedMode;
  readonly workloads: Workload[];
}

export const noSidecarStrictMesh: Rule = {
  code: 'MTLS401',
  name: 'no-sidecar-strict-mesh',
  severity: 'warning',
  title: 'A workload without a sidecar accepts plaintext where the policy is STRICT',
  reads: ['Namespace', 'workload'],
  * find(evidence: Evidence) {
    for (const { why, port, enforced, workloads } of exposed(evidence)) {
      yield {
        ...why,
        because: `without a sidecar, ${workloadsText(workloads)} accept${workloads.length === 1 ? 's' : ''} plaintext from anyone, `
          + `although port ${port} of ${objectText(workloads[0])} should be STRICT${policyText(enforced)}`,
      };
    }
  },
};

function exposed(evidence: Evidence): Iterable<Exposed> {
  const outside = namespacesOutOfMesh(evidence);
  const groups = new Map<string, Exposed>();
  for (const workload of evidence.mesh.workloads) {
    if (workload.proxy.encrypts !== false || evidence.isRoot(workload.namespace)) continue; // Istio's own workloads need no sidecar.
    const strict = strictPort(evidence, workload, outside);
    const why = strict && missingSidecar(evidence, workload);
    if (!why) continue;
    const key = fieldRefText(why);
    const known = groups.get(key);
    if (known) known.workloads.push(workload);
    else groups.set(key, { why, ...strict, workloads: [workload] });
  }
  return groups.values();
}

/** A port that the mesh's policy sets to STRICT, or that of a namespace in the mesh; MTLS208 reports other policies. */
function strictPort(evidence: Evidence, workload: Workload, outside: ReadonlySet<string>): Pick<Exposed, 'port' | 'enforced'> | undefined {
  for (const port of evidence.servedPorts.of(workload)) {
    const enforced = evidence.receiverAt(workload, port).enforced!;
    const tells = enforced.level === 'mesh' || (enforced.level === 'namespace' && !outside.has(workload.namespace));
    if (enforced.mode === 'STRICT' && tells) return { port, enforced };
  }
  return undefined;
}
