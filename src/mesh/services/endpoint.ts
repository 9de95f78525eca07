import { AddressHolder } from './known-addresses';
import { Machine, machinesListedBy } from './machine';
import { Service, ServicePort } from './service';
import { FirstBy, oncePerObject } from '../collections';
import { FieldRef, wholeOf } from '../inventory/field-ref';
import { MeshObject, ObjectId } from '../inventory/object';
import { Labels, NO_LABELS } from '../names/labels';
import { TLS_MODE } from '../workloads/injected-labels';
import { ContainerPort, podMetadataAt } from '../workloads/pod-template';
import { Workload } from '../workloads/workload';

/** One server behind a service's port: a workload, a machine, or an address; later, a gateway's listener. */
export interface Endpoint {
  /** The workload of the pod that has the address, for a machine and for a bare address, too, if the manifests say which pod that is. */
  readonly workload?: Workload;
  readonly machine?: Machine;
  /** A host or an address that istiod knows neither as a pod's nor as a machine's. */
  readonly address?: string;
  /** Whether the address is a node's: the manifests don't say who answers there. */
  readonly onNode?: boolean;
  /**
   * How an EndpointSlice or an Endpoints object of the manifests lists it, if one does: a
   * pod by reference, anything else by its address alone.
   */
  readonly listed?: 'pod' | 'address';
  /** The entry that lists its address. */
  readonly listedAt?: FieldRef;
  /** Whether its address is listed for the port in another way, too: a proxy takes one of them. */
  readonly hasRivals?: boolean;
  /** Whether one of these ways names another port: istiod may not know the address at this one. */
  readonly isElsewhereByChance?: boolean;
  readonly port: number;
  readonly namespace: string;
  readonly labels: Labels;
  /** The endpoint's own label: `istio` means the mesh's TLS, `disabled` none. */
  readonly tlsMode: string;
}

export function workloadEndpoint(workload: Workload, port: number): Endpoint {
  return { workload, port, namespace: workload.namespace, labels: workload.labels, tlsMode: workload.labels[TLS_MODE] ?? 'disabled' };
}

/** @param holder who has its address; undefined: nobody in the manifests */
export function machineEndpoint(machine: Machine, port: number, holder?: AddressHolder): Endpoint {
  return { machine, port, namespace: machine.namespace, labels: machine.labels, tlsMode: machine.tlsMode, ...placeOf(holder) };
}

/** @param holder who has the address; undefined: nobody in the manifests */
export function addressEndpoint(address: string, port: number, namespace = '', holder?: AddressHolder): Endpoint {
  return { address, port, namespace, labels: NO_LABELS, tlsMode: 'disabled', ...placeOf(holder) };
}

const NOWHERE = Object.freeze({});

function placeOf(holder: AddressHolder | undefined): Pick<Endpoint, 'workload' | 'onNode'> {
  if (!holder || 'service' in holder) return NOWHERE;
  return 'pod' in holder ? { workload: holder.pod } : { onNode: true };
}

/** An endpoint that a slice of the namespace lists: istiod knows pods of its own namespace by their addresses. */
export function listedEndpoint(
  address: string, port: number, namespace: string, holder: AddressHolder | undefined, listedAt: FieldRef,
): Endpoint {
  const isPod = holder && 'pod' in holder && holder.pod.namespace === namespace;
  return { ...isPod ? workloadEndpoint(holder.pod, port) : addressEndpoint(address, port, namespace, holder), listed: 'address', listedAt };
}

/**
 * Whether it is chance if istiod knows that an endpoint is a pod's: without a reference to the pod, it only knows the pods that it
 * has read before the slice.
 */
export function isKnownByChance({ listed, tlsMode }: Endpoint): boolean {
  return listed === 'address' && tlsMode !== 'disabled';
}

const listingAt = oncePerObject(
  (object: MeshObject): FieldRef => ({ object, field: machinesListedBy(object).length > 0 ? ['spec', 'endpoints'] : ['spec'] }),
);

/**
 * What says, or leaves unsaid, that an endpoint of a service takes the mesh's TLS: a pod's
 * label or proxy, a WorkloadEntry, or what lists it.
 */
export function tlsModeAt({ workload, machine, address, listedAt }: Endpoint, { object }: Service): FieldRef {
  if (machine?.entry) return wholeOf(machine.entry.object);
  if (!workload || machine || address !== undefined) return listedAt ?? listingAt(object);
  const { labels, podSource } = workload;
  return labels[TLS_MODE] === undefined ? wholeOf(workload.object) : podMetadataAt(podSource, 'labels', TLS_MODE);
}

type Owner = ObjectId & { readonly object: MeshObject };

/** The object in the manifests behind an endpoint: a workload or a WorkloadEntry. */
export function endpointOwner({ workload, machine }: Endpoint): Owner | undefined {
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
