import { Machine } from './machine';
import { ServicePort } from './service';
import { FirstBy } from '../inventory/collections';
import { MeshObject, ObjectId } from '../inventory/object';
import { Labels, NO_LABELS } from '../names/labels';
import { TLS_MODE } from '../workloads/injected-labels';
import { ContainerPort } from '../workloads/pod-template';
import { Workload } from '../workloads/workload';

/** One server behind a service's port: a workload, a machine, or an address; later, a gateway's listener. */
export interface Endpoint {
  /** The pod's workload; undefined for a machine and for a bare address. */
  readonly workload?: Workload;
  readonly machine?: Machine;
  /** A host or an address that is neither pod nor machine. */
  readonly address?: string;
  readonly port: number;
  readonly namespace: string;
  readonly labels: Labels;
  /** The endpoint's own label: `istio` means the mesh's TLS, `disabled` none. */
  readonly tlsMode: string;
}

export function workloadEndpoint(workload: Workload, port: number): Endpoint {
  return { workload, port, namespace: workload.namespace, labels: workload.labels, tlsMode: workload.labels[TLS_MODE] ?? 'disabled' };
}

export function machineEndpoint(machine: Machine, port: number): Endpoint {
  return { machine, port, namespace: machine.namespace, labels: machine.labels, tlsMode: machine.tlsMode };
}

export function addressEndpoint(address: string, port: number, namespace = ''): Endpoint {
  return { address, port, namespace, labels: NO_LABELS, tlsMode: 'disabled' };
}

type Owner = ObjectId & { readonly object: MeshObject };

/** The object in the manifests behind an endpoint: a workload or a WorkloadEntry. */
export function ownerOf({ workload, machine }: Endpoint): Owner | undefined {
  return workload ?? machine?.entry;
}

const NAMED = new FirstBy<ContainerPort, string>(({ protocol, name }) => `${protocol} ${name}`);

/** The container port that a Service's port leads to; undefined if no container has one of that name. */
export function podPort(workload: Workload, { target, number, transport }: ServicePort): number | undefined {
  if (typeof target === 'number') return target === 0 ? number : target;
  return NAMED.in(workload.ports, `${transport} ${target}`)?.number;
}

/** The servers behind a port, in the order of adding. Servers that several ports share stay in one list. */
export class EndpointList {
  private readonly parts: (readonly Endpoint[])[] = [];
  private last: Endpoint[] | undefined;
  private known: readonly Endpoint[] | undefined;

  add(endpoint: Endpoint): void {
    if (!this.last) this.parts.push(this.last = []);
    this.last.push(endpoint);
    this.known = undefined;
  }

  /** @param endpoints a list that no longer changes */
  addAll(endpoints: readonly Endpoint[]): void {
    this.parts.push(endpoints);
    this.last = this.known = undefined;
  }

  get all(): readonly Endpoint[] {
    return this.known ??= this.parts.length === 1 ? this.parts[0] : this.parts.flat();
  }
}
