import { oncePerObject } from '../../collections';
import { MeshObject, compareAges, compareTexts } from '../../inventory/object';
import { InboundProtocol } from '../../model/receiver';
import { Endpoint } from '../../services/endpoint';
import { Machine } from '../../services/machine';
import { ServiceRegistry } from '../../services/registry';
import { firstPort, isRedis, Service, ServicePort } from '../../services/service';
import { Workload } from '../../workloads/workload';

/** The protocol of ports that no service names. */
export const SNIFFED: InboundProtocol = Object.freeze({ protocol: 'AUTO' });

/** Whether an istiod reads an object; undefined if that isn't known. */
type Reads = (object: MeshObject) => boolean | undefined;

/**
 * The protocols of all workloads' ports, for all istiods. If istiod reads several
 * services with a port, the oldest one decides, then the first by host.
 */
export class InboundProtocols {
  /** By server and port; a list only if several services name a port, since most are named by one. */
  private readonly byServer = new Map<Workload | Machine, Map<number, InboundProtocol | InboundProtocol[]>>();
  /** The WorkloadEntries at the addresses of workloads with a protocol from a Service. */
  private readonly standIns = new Map<Workload | Machine, readonly Machine[]>();

  constructor(registry: ServiceRegistry) {
    const services = [...registry.services].sort((left, right) =>
      compareAges(left.object, right.object) || compareTexts(left.host, right.host));
    // Services of one host share their servers, so later services have nothing to add.
    const told = new Set<readonly Endpoint[]>();
    for (const service of services) {
      for (const port of service.ports) {
        const endpoints = registry.endpointsOf(service, port);
        if (!told.has(endpoints) && this.addAll(endpoints, service, port, registry)) told.add(endpoints);
        this.addAll(registry.unreadyOf(service, port), service, port, registry);
        this.addAll(machinesListedElsewhere(registry, service, port), service, port, registry);
        for (const machine of registry.namesakesOf(service)) this.addNamesake(machine, service, port);
      }
    }
  }

  /** A machine whose WorkloadEntry istiod doesn't have gets the Services for its labels like a pod, except for named ports. */
  private addNamesake(machine: Machine, service: Service, port: ServicePort): void {
    const { number, target, protocol, at } = port;
    const own = target === 0 ? number : Number(target);
    if (own) this.add(machine, own, { protocol, service, at, redis: isRedis(port) });
  }

  /** Adds a port's protocol to its servers; returns whether all of them now have one. */
  private addAll(endpoints: readonly Endpoint[], service: Service, port: ServicePort, registry: ServiceRegistry): boolean {
    const ofWorkloads = { protocol: port.protocol, service, at: port.at, redis: isRedis(port) };
    // Machines behind a Service don't serve UDP ports.
    const ofMachines = service.registry === 'Kubernetes' && port.protocol === 'UDP' ? undefined : ofWorkloads;
    let isWhole = true;
    for (const endpoint of endpoints) {
      const { workload, machine, port: number } = endpoint;
      const protocol = machine ? ofMachines : ofWorkloads;
      const server = workload ?? machine;
      const told = protocol && (workload ? this.asTarget(protocol, workload, endpoint, registry) : protocol);
      if (server && told) this.add(server, number, told);
      else isWhole &&= !server;
    }
    return isWhole;
  }

  /** @param reads whether the server's istiod reads an object; undefined if that isn't known */
  of(server: Workload | Machine, port: number, reads: Reads): InboundProtocol {
    const known = this.byServer.get(server)?.get(port);
    if (!known) return SNIFFED;
    if (this.isAlone(server, known)) return reads(known.service!.object) === false ? SNIFFED : known;
    const read = (Array.isArray(known) ? known : [known]).filter(({ service }) => reads(service!.object) !== false);
    const identities = this.identitiesOf(server, reads);
    const protocol = oneOf(identities.flatMap((identity) => (
      possibleAmong(read.filter(({ servedAs }) => !servedAs || servedAs === identity), ({ isByChance }) => !isByChance, SNIFFED))));
    if (identities.length === 1) return protocol;
    return { ...protocol, dependsOn: identities.flatMap((identity) => (identity && reads(identity) === undefined ? identity : [])) };
  }

  /** Whether one Service alone names a port's protocol, and nothing else is at the server's address: so it is for most ports. */
  private isAlone(server: Workload | Machine, known: InboundProtocol | InboundProtocol[]): known is InboundProtocol {
    return !Array.isArray(known) && !known.servedAs && !known.isByChance && !this.standIns.get(server)?.length;
  }

  /** What istiod may take a server for: the first WorkloadEntry at its address that istiod reads, or else the server itself. */
  private identitiesOf(server: Workload | Machine, reads: Reads): readonly (MeshObject | undefined)[] {
    const entries = (this.standIns.get(server) ?? []).map(({ entry }) => entry!.object).filter((entry) => reads(entry) !== false);
    const own = 'object' in server ? server.object : undefined;
    return possibleAmong<MeshObject | undefined>(entries, (entry) => reads(entry!) === true, own);
  }

  /**
   * The protocol, if istiod may count the service among those that the pod serves. istiod looks up the pod's address: a WorkloadEntry
   * comes before the pod, a Service's EndpointSlices count only if no selector matches the pod, and ServiceEntries only in the pod's
   * namespace.
   */
  private asTarget(
    protocol: InboundProtocol, workload: Workload, endpoint: Endpoint, registry: ServiceRegistry,
  ): InboundProtocol | undefined {
    const { machine, listed, isElsewhereByChance } = endpoint;
    const { namespace, registry: from } = protocol.service!;
    if (namespace !== workload.namespace && (!machine || from === 'ServiceEntry')) return undefined;
    if (from === 'ServiceEntry') return protocol;
    const standIns = this.standInsOf(workload, registry);
    const isOf = machine ? standIns.includes(machine) : !(listed && registry.isSelected(workload));
    if (!isOf) return undefined;
    const target = isElsewhereByChance ? { ...protocol, isByChance: true } : protocol;
    return standIns.length > 0 ? { ...target, servedAs: machine ? machine.entry!.object : workload.object } : target;
  }

  private standInsOf(workload: Workload, registry: ServiceRegistry): readonly Machine[] {
    let found = this.standIns.get(workload);
    if (!found) this.standIns.set(workload, found = registry.standInsOf(workload));
    return found;
  }

  private add(server: Workload | Machine, port: number, protocol: InboundProtocol): void {
    let ports = this.byServer.get(server);
    if (!ports) this.byServer.set(server, ports = new Map());
    const known = ports.get(port);
    const last = Array.isArray(known) ? known.at(-1) : known;
    if (!last) {
      ports.set(port, protocol);
    } else if (last.service !== protocol.service || last.servedAs !== protocol.servedAs || last.isByChance) {
      ports.set(port, Array.isArray(known) ? addedTo(known, protocol) : [last, protocol]);
    } else if (last.service?.registry === 'ServiceEntry') {
      const either = { ...last, others: [...last.others ?? [], protocol.protocol], redis: last.redis || protocol.redis };
      ports.set(port, Array.isArray(known) ? addedTo(known.slice(0, -1), either) : either);
    }
  }
}

export const inboundProtocols = oncePerObject((registry: ServiceRegistry) => new InboundProtocols(registry));

/** What istiod may choose, which takes the first that it can: all up to the first that it certainly can, or else up to `otherwise`. */
function possibleAmong<T>(all: readonly T[], isCertain: (one: T) => boolean, otherwise: T): readonly T[] {
  const certain = all.findIndex(isCertain);
  return certain < 0 ? [...all, otherwise] : all.slice(0, certain + 1);
}

/** The first protocol, with the others that are possible. */
function oneOf([first, ...rest]: readonly InboundProtocol[]): InboundProtocol {
  if (rest.length === 0) return first;
  return {
    ...first,
    others: [...first.others ?? [], ...rest.flatMap(({ protocol, others = [] }) => [protocol, ...others])],
    redis: first.redis || rest.some(({ redis }) => redis),
    isByChance: rest.some(({ service }) => (service === undefined) !== (first.service === undefined)),
  };
}

function addedTo(known: InboundProtocol[], protocol: InboundProtocol): InboundProtocol[] {
  known.push(protocol);
  return known;
}

/** The machines that are listed for a UDP port with the same number, if that comes first: they also serve the later port. */
function machinesListedElsewhere(registry: ServiceRegistry, service: Service, port: ServicePort): readonly Endpoint[] {
  const first = firstPort(service, port.number)!;
  if (first === port || port.protocol === 'UDP') return [];
  return registry.endpointsOf(service, first).filter(({ machine }) => machine !== undefined);
}
