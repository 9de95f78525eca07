import { Endpoint, machineEndpoint, podPort, workloadEndpoint, addressEndpoint, EndpointList, listedEndpoint } from './endpoint';
import { KnownAddresses } from './known-addresses';
import { Machine, machinesListedBy, hasIpAddress } from './machine';
import { withRivals } from './rival-lists';
import { Service, ServicePort, firstPort, serviceKey } from './service';
import { isListFor, Listed, Slice, slicesOf } from './slices';
import { limitError } from '../../findings/refusal';
import { shown } from '../../findings/safe-text';
import { integer, text } from '../../manifests/mapping';
import { addTo } from '../collections';
import { FieldRef } from '../inventory/field-ref';
import { Inventory } from '../inventory/inventory';
import { isOf, KIND } from '../inventory/kinds';
import { MeshObject } from '../inventory/object';
import { SelectorIndex } from '../names/labels';
import { Workload } from '../workloads/workload';

/** The machines in ServiceEntries: all hosts of an entry share them; each has endpoints on every port. */
class ListedMachines {
  private readonly byPort = new Map<MeshObject, Map<string, readonly Endpoint[]>>();

  constructor(private readonly known: KnownAddresses) {}

  countOf(services: readonly Service[]): number {
    const entries = new Set(services.map(({ object }) => object));
    return [...entries].reduce((sum, entry) => sum + machinesListedBy(entry).length, 0);
  }

  endpointsOf(service: Service, port: ServicePort): readonly Endpoint[] {
    let ports = this.byPort.get(service.object);
    if (!ports) this.byPort.set(service.object, ports = new Map());
    const key = `${port.number} ${port.target} ${port.name}`;
    let found = ports.get(key);
    if (!found) {
      const endpoint = (machine: Machine) => machineEndpoint(machine, portForEntry(machine, port), this.known.at(machine.address));
      found = machinesListedBy(service.object).map(endpoint);
      ports.set(key, found);
    }
    return found;
  }
}

/** Called for each endpoint of a service. */
type FoundEndpoint = (service: Service, port: ServicePort, endpoint: Endpoint) => void;

/** Called for each WorkloadEntry with a Service's labels that isn't one of its servers. */
type FoundNamesake = (service: Service, machine: Machine) => void;

/** Which objects of other kinds selectors match, by istiod's flags. */
export interface Selecting {
  /** Whether Services select WorkloadEntries. */
  readonly selectMachines: boolean;
  /** Whether ServiceEntries select pods. */
  readonly selectPods: boolean;
}

/** The endpoints of services with a selector: the pods of their namespace, and its WorkloadEntries. */
function findSelectedEndpoints(
  services: readonly Service[], workloads: readonly Workload[], machines: readonly Machine[], known: KnownAddresses,
  { selectMachines, selectPods }: Selecting, found: FoundEndpoint, foundNamesake: FoundNamesake,
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
      if (selectMachines || service.registry === 'ServiceEntry') addMachine(service, machine, known, found);
      else foundNamesake(service, machine);
    }
  }
}

function addPod(service: Service, workload: Workload, found: FoundEndpoint): void {
  for (const port of service.ports) {
    const number = podPort(workload, port);
    if (number !== undefined) found(service, port, workloadEndpoint(workload, number));
  }
}

function addMachine(service: Service, machine: Machine, known: KnownAddresses, found: FoundEndpoint): void {
  if (service.registry === 'Kubernetes' && service.resolution !== 'STATIC') return;
  if (!hasIpAddress(machine) && service.resolution !== 'DNS') return;
  for (const port of service.ports) {
    if (service.registry === 'ServiceEntry') {
      found(service, port, machineEndpoint(machine, portForEntry(machine, port), known.at(machine.address)));
    } else {
      addToService(service, port, machine, known, found);
    }
  }
}

/**
 * The port of a machine behind a Service: the WorkloadEntry's port with the target's name or the port's name, or else the
 * target number. istiod looks ports up by number only: if UDP and TCP have the same number, the first stands for both.
 */
function addToService(service: Service, { number }: ServicePort, machine: Machine, known: KnownAddresses, found: FoundEndpoint): void {
  const first = firstPort(service, number)!;
  const { name, target } = first;
  const port = typeof target === 'string' ? machine.ports.get(target) : machine.ports.get(name) || target || number;
  if (port) found(service, first, machineEndpoint(machine, port, known.at(machine.address)));
}

/**
 * The port of a machine behind a ServiceEntry: the WorkloadEntry's port with
 * the port's name, or else the target port, or else the port itself.
 */
function portForEntry({ ports }: Machine, { name, number, target }: ServicePort): number {
  return ports.get(name) || Number(target) || number;
}

const NONE: readonly Endpoint[] = Object.freeze([]);

/**
 * The maximum number of pairs of a service's port and a server: a base, and more for each
 * server. In real meshes a server is behind a few ports. Calls can go to each pair.
 */
const [ALWAYS, FOR_EACH_SERVER] = [50_000, 30];

/** All servers of a mesh, by service and port. */
export class Endpoints {
  private readonly byKey = new Map<string, EndpointList>();
  private readonly listed = new Map<Service, (Workload | string)[]>();
  private readonly unready = new Map<string, Endpoint[]>();
  private readonly namesakes = new Map<Service, Machine[]>();
  /** WorkloadEntries that Services may select. */
  readonly selectable: readonly Machine[];
  private readonly most: number;
  private pairs = 0;
  /** Whether the manifests contain addresses, so that an address may be listed several times. */
  private readonly mayRepeat: boolean;
  private readonly byPort = new Map<ServicePort, readonly Endpoint[]>();

  constructor(
    objects: Inventory, services: readonly Service[], workloads: readonly Workload[], machines: readonly Machine[], selecting: Selecting,
    readonly known: KnownAddresses,
  ) {
    this.selectable = selecting.selectMachines ? machines : [];
    const slices = slicesOf(objects);
    const lists = new ListedMachines(known);
    this.mayRepeat = slices.length + machines.length > 0
      || services.some(({ registry, object }) => registry === 'ServiceEntry' && machinesListedBy(object).length > 1);
    const listing = services.filter(({ registry, selector }) => registry === 'ServiceEntry' && !selector);
    const inSlices = slices.flatMap(({ servers, unready }) => [...servers, ...unready]);
    const listed = inSlices.reduce((sum, { addresses }) => sum + 1 + addresses.length, lists.countOf(listing));
    this.most = ALWAYS + FOR_EACH_SERVER * (workloads.length + machines.length + listed);
    const found: FoundEndpoint = (service, port, endpoint) => this.add(service, port, endpoint);
    findSelectedEndpoints(services, workloads, machines, known, selecting, found, (service, machine) => this.addNamesake(service, machine));
    for (const service of listing) this.addListed(service, lists);
    this.addSlices(slices, services, workloads);
  }

  /** The servers behind a port. Services with the same host and namespace share the servers of a port's name. */
  of(service: Service, port: ServicePort): readonly Endpoint[] {
    let found = this.byPort.get(port);
    if (!found) {
      const all = this.byKey.get(portKey(service, port))?.all ?? NONE;
      this.byPort.set(port, found = this.mayRepeat ? withRivals(all, this.listedUnready(service, port), this.known) : all);
    }
    return found;
  }

  /** WorkloadEntries with a Service's labels that aren't its servers because istiod's flags keep Services from selecting them. */
  namesakesOf(service: Service): readonly Machine[] {
    return this.namesakes.get(service) ?? [];
  }

  /** The pods and addresses that EndpointSlices list for a Service, even without its ports. */
  listedFor(service: Service): readonly (Workload | string)[] {
    return this.listed.get(service) ?? [];
  }

  /** The listed servers behind a port that aren't ready. */
  unreadyOf(service: Service, port: ServicePort): readonly Endpoint[] {
    const unready = this.listedUnready(service, port);
    return unready.length === 0 ? unready : withRivals(unready, this.of(service, port), this.known);
  }

  private listedUnready(service: Service, port: ServicePort): readonly Endpoint[] {
    return this.unready.size === 0 ? NONE : this.unready.get(portKey(service, port)) ?? NONE;
  }

  /** The servers in EndpointSlices of Services. One that refers to a missing pod is left out, as in istiod. */
  private addSlices(slices: readonly Slice[], services: readonly Service[], workloads: readonly Workload[]): void {
    if (slices.length === 0) return;
    const byName = new Map(services.filter(({ registry }) => registry === 'Kubernetes')
      .map((service) => [`${service.namespace}/${service.name}`, service]));
    const pods = new Map(workloads.filter((workload) => isOf(workload, KIND.Pod)).map((pod) => [`${pod.namespace}/${pod.name}`, pod]));
    for (const slice of slices) {
      const { namespace, service: name, ports } = slice;
      const service = byName.get(`${namespace}/${name}`);
      if (!service || !isListFor(slice, service)) continue;
      const [ready, unready] = [slice.servers, slice.unready].map((servers) => listedServers(servers, pods));
      for (const { server } of ready) addTo(this.listed, service, server);
      for (const port of service.ports) {
        const number = integer(ports.find((listed) => (text(listed.name) ?? '') === port.name)?.port);
        if (number === undefined) continue;
        const endpoint = ({ server, at }: ListedServer): Endpoint => (typeof server === 'string'
          ? listedEndpoint(server, number, namespace, this.known.at(server), at) : { ...workloadEndpoint(server, number), listed: 'pod' });
        for (const server of ready) this.add(service, port, endpoint(server));
        for (const server of unready) {
          this.count(service, 1);
          addTo(this.unready, portKey(service, port), endpoint(server));
        }
      }
    }
  }

  /** The endpoints of a ServiceEntry; with resolution DNS and none listed, its own host. */
  private addListed(service: Service, lists: ListedMachines): void {
    for (const port of service.ports) {
      const listed = lists.endpointsOf(service, port);
      // Each of the service's addresses leads to each of its endpoints.
      if (listed.length > 0) {
        this.listOf(service, port, listed.length * Math.max(1, service.addresses.length)).addAll(listed);
      } else if (service.resolution === 'DNS') {
        this.add(service, port, addressEndpoint(service.host, Number(port.target) || port.number, service.namespace));
      }
    }
  }

  private add(service: Service, port: ServicePort, endpoint: Endpoint): void {
    this.listOf(service, port, 1).add(endpoint);
  }

  private addNamesake(service: Service, machine: Machine): void {
    this.count(service, service.ports.length);
    addTo(this.namesakes, service, machine);
  }

  /** The list of a port's servers, after counting those to be added. */
  private listOf(service: Service, port: ServicePort, added: number): EndpointList {
    this.count(service, added);
    const key = portKey(service, port);
    let list = this.byKey.get(key);
    if (!list) this.byKey.set(key, list = new EndpointList());
    return list;
  }

  private count(service: Service, added: number): void {
    this.pairs += added;
    if (this.pairs > this.most) throw tooManyPairs(service, this.most);
  }
}

/** A listed pod, or an address without a reference. */
interface ListedServer {
  readonly server: Workload | string;
  readonly at: FieldRef;
}

function listedServers(servers: readonly Listed[], pods: ReadonlyMap<string, Workload>): readonly ListedServer[] {
  return servers.flatMap(({ pod, addresses, at }) => {
    const listed = pod === undefined ? addresses : [pods.get(pod)];
    return listed.flatMap((server) => (server === undefined ? [] : [{ server, at }]));
  });
}

function portKey(service: Service, { name }: ServicePort): string {
  return `${serviceKey(service)}|${name}`;
}

function tooManyPairs({ object: { kind, namespace, name }, host }: Service, most: number): Error {
  return limitError({
    kind,
    name: `${namespace}/${name}`,
    field: 'spec',
    actual: `too large: with ${shown(host)}, the servers of all service ports add up to more than ${most}`,
    expected: 'servers behind a few ports each',
    because: 'calls can go to every server of every port',
    fix: 'narrow the selectors, or list fewer hosts, ports or endpoints',
  });
}
