import { addressEndpoint, Endpoint, workloadEndpoint } from './endpoint';
import { EndpointList } from './endpoint-list';
import { ListedMachines } from './listed-machines';
import { isIpAddress, Machine } from './machine';
import { findSelectedEndpoints, Selecting } from './selected-endpoints';
import { Service, serviceKey, ServicePort } from './service';
import { Slice, slicesOf } from './slices';
import { limitError } from '../../findings/refusal';
import { shown } from '../../findings/shown';
import { addTo } from '../grouped';
import { Inventory } from '../objects/inventory';
import { integer, text } from '../objects/shape';
import { Workload } from '../workloads/workload';

const NONE: readonly Endpoint[] = Object.freeze([]);

/**
 * How many pairs of a service's port and a server behind it a mesh may have: so many, and so many more for each server. In
 * real meshes a server is behind a few ports; each pair is a way that calls can take.
 */
const [ALWAYS, FOR_EACH_SERVER] = [50_000, 30];

/** All servers of a mesh, by service and port. */
export class Endpoints {
  private readonly byKey = new Map<string, EndpointList>();
  private readonly listed = new Map<Service, (Workload | string)[]>();
  private readonly most: number;
  private pairs = 0;
  private readonly byPort = new Map<ServicePort, readonly Endpoint[]>();

  constructor(objects: Inventory, services: readonly Service[], workloads: readonly Workload[], machines: readonly Machine[], selecting: Selecting) {
    const slices = slicesOf(objects);
    const lists = new ListedMachines();
    const listing = services.filter(({ registry, selector }) => registry === 'ServiceEntry' && !selector);
    const listed = slices.flatMap(({ servers }) => servers).reduce((sum, { addresses }) => sum + 1 + addresses.length, lists.countOf(listing));
    this.most = ALWAYS + FOR_EACH_SERVER * (workloads.length + machines.length + listed);
    findSelectedEndpoints(services, workloads, machines, selecting, (service, port, endpoint) => this.add(service, port, endpoint));
    for (const service of listing) this.addListed(service, lists);
    this.addSlices(slices, services, workloads);
  }

  /** The servers behind a port; services of one host and namespace share those of a port's name. */
  of(service: Service, port: ServicePort): readonly Endpoint[] {
    let found = this.byPort.get(port);
    if (!found) this.byPort.set(port, found = this.byKey.get(portKey(service, port))?.all ?? NONE);
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
  private addSlices(slices: readonly Slice[], services: readonly Service[], workloads: readonly Workload[]): void {
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

  /** What a ServiceEntry lists; with resolution DNS and nothing listed, its own host. */
  private addListed(service: Service, lists: ListedMachines): void {
    for (const port of service.ports) {
      const listed = lists.endpointsOf(service, port);
      // Calls to each of the service's addresses go to each of them.
      if (listed.length > 0) this.listOf(service, port, listed.length * Math.max(1, service.addresses.length)).addAll(listed);
      else if (service.resolution === 'DNS') this.add(service, port, addressEndpoint(service.host, Number(port.target) || port.number, service.namespace));
    }
  }

  private add(service: Service, port: ServicePort, endpoint: Endpoint): void {
    this.listOf(service, port, 1).add(endpoint);
  }

  /** The list to which a number of servers is to be added. */
  private listOf(service: Service, port: ServicePort, added: number): EndpointList {
    this.pairs += added;
    if (this.pairs > this.most) throw tooManyPairs(service, this.most);
    const key = portKey(service, port);
    let list = this.byKey.get(key);
    if (!list) this.byKey.set(key, list = new EndpointList());
    return list;
  }
}

function portKey(service: Service, { name }: ServicePort): string {
  return `${serviceKey(service)}|${name}`;
}

function tooManyPairs({ object: { kind, namespace, name }, host }: Service, most: number): Error {
  return limitError({
    kind,
    name: `${namespace}/${name}`,
    field: 'spec',
    actual: `what brings the servers of all service ports, counted together, to more than ${most}, at ${shown(host)}`,
    expected: 'servers that are behind a few ports each',
    because: 'every server of every port is a way that calls can take',
    fix: 'narrow the selectors, or list fewer hosts, ports or endpoints',
  });
}
