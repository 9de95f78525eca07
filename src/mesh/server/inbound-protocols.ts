import { FieldRef } from '../objects/field-ref';
import { compareAges, MeshObject } from '../objects/mesh-object';
import { compareTexts } from '../objects/object-id';
import { Endpoint } from '../services/endpoint';
import { Machine } from '../services/machine';
import { Protocol } from '../services/protocol';
import { Registry } from '../services/registry';
import { portOf, Service, ServicePort } from '../services/service';
import { Workload } from '../workloads/workload';

/** What a port of a workload is served as, and by whose word. */
export interface InboundProtocol {
  readonly protocol: Protocol;
  /** The service that names the protocol, or the Sidecar whose `ingress` does; neither: it is sniffed. */
  readonly service?: Service;
  readonly sidecar?: MeshObject;
  /** The port or the listener that names it. */
  readonly at?: FieldRef;
  /** Other protocols that it may be served as: of two ports of one ServiceEntry that lead here istiod takes either, by chance. */
  readonly others?: readonly Protocol[];
}

/** What no service names. */
export const SNIFFED: InboundProtocol = Object.freeze({ protocol: 'AUTO' });

/** The protocols of all workloads' ports. Of several services on one port that istiod reads the oldest counts, then the first by host. */
export class InboundProtocols {
  /** By server and port; a list only where several services name a port, since most are named by one. */
  private readonly byServer = new Map<Workload | Machine, Map<number, InboundProtocol | InboundProtocol[]>>();

  constructor(registry: Registry) {
    const services = [...registry.services].sort((left, right) =>
      compareAges(left.object, right.object) || compareTexts(left.host, right.host));
    // Services of one host share their servers: who comes later finds nothing left to say.
    const told = new Set<readonly Endpoint[]>();
    for (const service of services) {
      for (const port of service.ports) {
        const endpoints = registry.endpointsOf(service, port);
        if (!told.has(endpoints) && this.addAll(endpoints, service, port)) told.add(endpoints);
      }
    }
  }

  /** Whether each of the servers has a protocol then. */
  private addAll(endpoints: readonly Endpoint[], service: Service, port: ServicePort): boolean {
    const ofWorkloads = { protocol: port.protocol, service, at: port.at };
    const forMachines = protocolForMachines(service, port);
    const ofMachines = forMachines && { protocol: forMachines, service, at: port.at };
    let isWhole = true;
    for (const { workload, machine, port: number } of endpoints) {
      const protocol = machine ? ofMachines : ofWorkloads;
      const server = workload ?? machine;
      if (server && protocol) this.add(server, number, protocol);
      else isWhole &&= !server;
    }
    return isWhole;
  }

  /** @param reads whether the server's istiod reads an object */
  of(server: Workload | Machine, port: number, reads: (object: MeshObject) => boolean): InboundProtocol {
    const known = this.byServer.get(server)?.get(port);
    if (Array.isArray(known)) return known.find(({ service }) => reads(service!.object)) ?? SNIFFED;
    return known && reads(known.service!.object) ? known : SNIFFED;
  }

  private add(server: Workload | Machine, port: number, protocol: InboundProtocol): void {
    let ports = this.byServer.get(server);
    if (!ports) this.byServer.set(server, ports = new Map());
    const known = ports.get(port);
    const last = Array.isArray(known) ? known.at(-1) : known;
    if (!last) {
      ports.set(port, protocol);
    } else if (last.service !== protocol.service) {
      ports.set(port, Array.isArray(known) ? addedTo(known, protocol) : [last, protocol]);
    } else if (last.service?.registry === 'ServiceEntry') {
      const either = { ...last, others: [...last.others ?? [], protocol.protocol] };
      ports.set(port, Array.isArray(known) ? addedTo(known.slice(0, -1), either) : either);
    }
  }
}

function addedTo(known: InboundProtocol[], protocol: InboundProtocol): InboundProtocol[] {
  known.push(protocol);
  return known;
}

/** Machines behind a Service serve nothing for UDP; of UDP and TCP on one port it is TCP, whichever comes first. */
function protocolForMachines(service: Service, port: ServicePort): Protocol | undefined {
  return service.registry === 'Kubernetes' ? portOf(service, port.number)?.protocol : port.protocol;
}
