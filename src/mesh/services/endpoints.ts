import { addressEndpoint, Endpoint, machineEndpoint, workloadEndpoint } from './endpoint';
import { isIpAddress, Machine, machineOfEndpoint } from './machine';
import { findSelectedEndpoints, FoundEndpoint, portForEntry } from './selected-endpoints';
import { Service, serviceKey, ServicePort } from './service';
import { slicesOf } from './slices';
import { addTo } from '../grouped';
import { Objects } from '../objects/objects';
import { integer, shapes, text } from '../objects/shape';
import { Workload } from '../workloads/workload';

const NONE: readonly Endpoint[] = Object.freeze([]);

/** All servers of a mesh, by service and port. */
export class Endpoints {
  private readonly byKey = new Map<string, Endpoint[]>();
  private readonly listed = new Map<Service, (Workload | string)[]>();
  private readonly byPort = new Map<ServicePort, readonly Endpoint[]>();

  constructor(objects: Objects, services: readonly Service[], workloads: readonly Workload[], machines: readonly Machine[]) {
    const add: FoundEndpoint = (service, port, endpoint) => this.add(service, port, endpoint);
    findSelectedEndpoints(services, workloads, machines, add);
    for (const service of services) {
      if (service.registry === 'ServiceEntry' && !service.selector) addListed(service, add);
    }
    this.addSlices(objects, services, workloads);
  }

  /** The servers behind a port; services of one host and namespace share those of a port's name. */
  of(service: Service, port: ServicePort): readonly Endpoint[] {
    let found = this.byPort.get(port);
    if (!found) this.byPort.set(port, found = this.byKey.get(portKey(service, port)) ?? NONE);
    return found;
  }

  /** The pods and addresses that manifests list for a Service without a selector, also those without its ports. */
  listedFor(service: Service): readonly (Workload | string)[] {
    return this.listed.get(service) ?? [];
  }

  /**
   * The servers that manifests list for Services without a selector. One that is said to be a pod that isn't there
   * is left out, as istiod does it.
   */
  private addSlices(objects: Objects, services: readonly Service[], workloads: readonly Workload[]): void {
    const slices = slicesOf(objects);
    if (slices.length === 0) return;
    const unselective = services.filter(({ registry, selector }) => registry === 'Kubernetes' && !selector);
    const bare = new Map(unselective.map((service) => [`${service.namespace}/${service.name}`, service]));
    const pods = new Map(workloads.filter(({ kind }) => kind === 'Pod').map((pod) => [`${pod.namespace}/${pod.name}`, pod]));
    for (const { namespace, service: name, ports, servers } of slices) {
      const service = bare.get(`${namespace}/${name}`);
      if (!service) continue;
      const found = servers.flatMap(({ pod, addresses }): readonly (Workload | string | undefined)[] =>
        (pod === undefined ? addresses.filter(isIpAddress) : [pods.get(`${namespace}/${pod}`)])).filter((server) => server !== undefined);
      for (const server of found) addTo(this.listed, service, server);
      for (const port of service.ports) {
        const number = integer(ports.find((listed) => (text(listed.name) ?? '') === port.name)?.port);
        for (const server of number === undefined ? [] : found) {
          this.add(service, port, typeof server === 'string' ? addressEndpoint(server, number!, namespace) : workloadEndpoint(server, number!));
        }
      }
    }
  }

  private add(service: Service, port: ServicePort, endpoint: Endpoint): void {
    addTo(this.byKey, portKey(service, port), endpoint);
  }
}

function portKey(service: Service, { name }: ServicePort): string {
  return `${serviceKey(service)}|${name}`;
}

/** What a ServiceEntry lists; with resolution DNS and nothing listed, its own host. */
function addListed(service: Service, add: FoundEndpoint): void {
  const listed = shapes(service.object.spec.endpoints).map((endpoint) => machineOfEndpoint(endpoint, service.namespace));
  for (const port of service.ports) {
    for (const machine of listed) add(service, port, machineEndpoint(machine, portForEntry(machine, port)));
    if (listed.length === 0 && service.resolution === 'DNS') {
      add(service, port, addressEndpoint(service.host, Number(port.target) || port.number, service.namespace));
    }
  }
}
