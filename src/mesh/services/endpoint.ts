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

/** One server behind a service's port: a workload, a machine, or an address. */
export interface Endpoint {
  /** The workload whose pod has the address, also for a machine or bare address if the manifests show whose it is. */
  readonly workload?: Workload;
  readonly machine?: Machine;
  /** A host, or an address that istiod knows neither as a pod's nor as a machine's. */
  readonly address?: string;
  /** Whether the address is a node's, where any process may answer. */
  readonly onNode?: boolean;
  /** How an EndpointSlice or Endpoints object lists it: a pod by reference, or only an address. Undefined if none does. */
  readonly listed?: 'pod' | 'address';
  /** The entry that lists its address. */
  readonly listedAt?: FieldRef;
  /** Whether its address is also listed in another way for the port: proxies use only one of them. */
  readonly hasRivals?: boolean;
  /** Whether one of these ways has another port: istiod may not know the address at this port. */
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

/** @param holder the holder of its address; undefined if the manifests have none */
export function machineEndpoint(machine: Machine, port: number, holder?: AddressHolder): Endpoint {
  return { machine, port, namespace: machine.namespace, labels: machine.labels, tlsMode: machine.tlsMode, ...placeOf(holder) };
}

/** @param holder the holder of the address; undefined if the manifests have none */
export function addressEndpoint(address: string, port: number, namespace = '', holder?: AddressHolder): Endpoint {
  return { address, port, namespace, labels: NO_LABELS, tlsMode: 'disabled', ...placeOf(holder) };
}

const NOWHERE = Object.freeze({});

function placeOf(holder: AddressHolder | undefined): Pick<Endpoint, 'workload' | 'onNode'> {
  if (!holder || 'service' in holder) return NOWHERE;
  return 'pod' in holder ? { workload: holder.pod } : { onNode: true };
}

/** An endpoint that a slice of the namespace lists: istiod recognizes pods of that namespace by their addresses. */
export function listedEndpoint(
  address: string, port: number, namespace: string, holder: AddressHolder | undefined, listedAt: FieldRef,
): Endpoint {
  const isPod = holder && 'pod' in holder && holder.pod.namespace === namespace;
  return { ...isPod ? workloadEndpoint(holder.pod, port) : addressEndpoint(address, port, namespace, holder), listed: 'address', listedAt };
}

/**
 * Whether istiod may not recognize an endpoint as a pod: without a reference to
 * it, istiod only knows pods that it has read before the slice.
 */
export function isKnownByChance({ listed, tlsMode }: Endpoint): boolean {
  return listed === 'address' && tlsMode !== 'disabled';
}

const listingAt = oncePerObject(
  (object: MeshObject): FieldRef => ({ object, field: machinesListedBy(object).length > 0 ? ['spec', 'endpoints'] : ['spec'] }),
);

/**
 * The field that decides whether an endpoint of a service accepts the mesh's TLS, even if it
 * isn't set: a pod's label or proxy, a WorkloadEntry, or the object that lists the endpoint.
 */
export function tlsModeAt({ workload, machine, address, listedAt }: Endpoint, { object }: Service): FieldRef {
  if (machine?.entry) return wholeOf(machine.entry.object);
  if (!workload || machine || address !== undefined) return listedAt ?? listingAt(object);
  const { labels, podSource } = workload;
  return labels[TLS_MODE] === undefined ? wholeOf(workload.object) : podMetadataAt(podSource, 'labels', TLS_MODE);
}

type Owner = ObjectId & { readonly object: MeshObject };

/** The object behind an endpoint: a workload or a WorkloadEntry. */
export function endpointOwner({ workload, machine }: Endpoint): Owner | undefined {
  return workload ?? machine?.entry;
}

const NAMED = new FirstBy<ContainerPort, string>(({ protocol, name }) => `${protocol} ${name}`);

/** The container port of a Service's port; undefined if no container has a port of that name. */
export function podPort(workload: Workload, { target, number, transport }: ServicePort): number | undefined {
  if (typeof target === 'number') return target === 0 ? number : target;
  return NAMED.in(workload.ports, `${transport} ${target}`)?.number;
}

/** The servers behind a port, in the order of adding. Parts that several ports share are stored once. */
export class EndpointList {
  private parts: (readonly Endpoint[])[] = [];
  private last: Endpoint[] | undefined;
  private known: readonly Endpoint[] | undefined;

  add(endpoint: Endpoint): void {
    if (!this.last) this.parts.push(this.last = []);
    this.last.push(endpoint);
    this.known = undefined;
  }

  /** @param endpoints a list that no longer changes */
  addAll(endpoints: readonly Endpoint[]): void {
    // Most have one part: a list of it alone has no room to grow.
    if (this.parts.length === 0) this.parts = [endpoints];
    else this.parts.push(endpoints);
    this.last = this.known = undefined;
  }

  get all(): readonly Endpoint[] {
    return this.known ??= this.parts.length === 1 ? this.parts[0] : this.parts.flat();
  }
}
