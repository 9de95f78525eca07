import { Endpoint, machineEndpoint, podPort, workloadEndpoint } from './endpoint';
import { hasIpAddress, Machine } from './machine';
import { firstPort, Service, ServicePort } from './service';
import { SelectorIndex } from '../names/selector';
import { Workload } from '../workloads/workload';

/** Is told of each endpoint of a service. */
export type FoundEndpoint = (service: Service, port: ServicePort, endpoint: Endpoint) => void;

/** What selectors find besides what is of their own kind. */
export interface Selecting {
  /** Whether Services select WorkloadEntries. */
  readonly selectMachines: boolean;
  /** Whether ServiceEntries select pods. */
  readonly selectPods: boolean;
}

/** The endpoints of services with a selector: the pods of their namespace, and its WorkloadEntries. */
export function findSelectedEndpoints(
  services: readonly Service[], workloads: readonly Workload[], machines: readonly Machine[],
  { selectMachines, selectPods }: Selecting, found: FoundEndpoint,
): void {
  const byNamespace = new Map<string, SelectorIndex<Service>>();
  for (const service of services) {
    if (!service.selector) continue;
    let index = byNamespace.get(service.namespace);
    if (!index) byNamespace.set(service.namespace, index = new SelectorIndex());
    index.add(service.selector, service);
  }
  for (const workload of workloads) {
    for (const service of byNamespace.get(workload.namespace)?.matching(workload.labels) ?? []) {
      if (selectPods || service.registry === 'Kubernetes') addPod(service, workload, found);
    }
  }
  for (const machine of machines) {
    for (const service of byNamespace.get(machine.namespace)?.matching(machine.labels) ?? []) {
      if (selectMachines || service.registry === 'ServiceEntry') addMachine(service, machine, found);
    }
  }
}

function addPod(service: Service, workload: Workload, found: FoundEndpoint): void {
  for (const port of service.ports) {
    const number = podPort(workload, port);
    if (number !== undefined) found(service, port, workloadEndpoint(workload, number));
  }
}

function addMachine(service: Service, machine: Machine, found: FoundEndpoint): void {
  if (service.registry === 'Kubernetes' && service.resolution !== 'STATIC') return;
  if (!hasIpAddress(machine) && service.resolution !== 'DNS') return;
  for (const port of service.ports) {
    if (service.registry === 'ServiceEntry') found(service, port, machineEndpoint(machine, portForEntry(machine, port)));
    else addToService(service, port, machine, found);
  }
}

/**
 * Behind a Service: the entry's port of the target's name, or of the port's name, or the target's number. istiod finds
 * ports by their number alone: of UDP and TCP on one, the first stands for both.
 */
function addToService(service: Service, { number }: ServicePort, machine: Machine, found: FoundEndpoint): void {
  const first = firstPort(service, number)!;
  const { name, target } = first;
  const port = typeof target === 'string' ? machine.ports.get(target) : machine.ports.get(name) || target || number;
  if (port) found(service, first, machineEndpoint(machine, port));
}

/** Behind a ServiceEntry: the entry's port of the port's name, or the target port, or the port itself. */
export function portForEntry({ ports }: Machine, { name, number, target }: ServicePort): number {
  return ports.get(name) || Number(target) || number;
}
