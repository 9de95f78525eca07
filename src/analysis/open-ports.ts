import { Evidence } from './evidence';
import { ServerPort } from '../mesh/server/server-port';
import { Workload } from '../mesh/workloads/workload';

/** A port of a workload whose sidecar lets anybody in without a certificate. */
export interface OpenPort {
  readonly workload: Workload;
  readonly port: number;
  readonly server: ServerPort;
}

/** Finds the ports that take plaintext: of those that a container or a service names. */
export class OpenPorts {
  private readonly known = new Map<Workload, readonly OpenPort[]>();

  constructor(private readonly evidence: Evidence) {}

  of(workload: Workload): readonly OpenPort[] {
    let found = this.known.get(workload);
    if (!found) this.known.set(workload, found = this.find(workload));
    return found;
  }

  private find(workload: Workload): readonly OpenPort[] {
    const { servedPorts } = this.evidence;
    return servedPorts.of(workload)
      .map((port) => ({ workload, port, server: this.evidence.serverPort(workload, port) }))
      .filter((open) => this.isOpen(open));
  }

  /** PERMISSIVE for want of a policy is only certain if the policies of the namespace and of the mesh would be in the manifests. */
  private isOpen({ workload, server: { mode, enforced } }: OpenPort): boolean {
    if (mode !== 'PERMISSIVE' && mode !== 'DISABLE') return false;
    return enforced!.level !== 'default' || this.holdsPoliciesFor(workload);
  }

  private holdsPoliciesFor(workload: Workload): boolean {
    const { config } = this.evidence.planeOf(workload);
    const { view } = this.evidence.mesh;
    if (view.isPartial(workload.namespace) || view.isPartial(config.rootNamespace)) return false;
    return config.object !== undefined || this.evidence.mesh.namespaces.labelsOf(config.rootNamespace) !== undefined
      || this.evidence.workloadsIn(config.rootNamespace).length > 0;
  }
}
