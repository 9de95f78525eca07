import { ControlPlane } from '../control-plane';
import { Call } from './call';
import { isWildcard } from '../names/hosts';
import { Registry } from '../services/registry';
import { portOf, Service } from '../services/service';

/** Calls that clients may see in different ways by what else they know: to hidden hosts with public routes, or without a listener of their own. */
export class HiddenCalls {
  private readonly openPorts = new Map<ControlPlane, ReadonlySet<number>>();

  constructor(private readonly registry: Registry) {}

  /** Whether what comes of a call may depend on which other services of its port a client knows. */
  dependOnPort({ host, port }: Call, plane: ControlPlane): boolean {
    const services = this.registry.byHost.get(host)!;
    if (services.some((service) => mayLackListener(service, port)) && !this.openPortsOf(plane).has(port)) return true;
    if (services.every((service) => portOf(service, port) && isPublic(service, plane))) return false;
    const routes = plane.routes.touching(host).filter(({ exportTo }) => exportTo.isPublic);
    if (routes.length === 0) return false;
    return !this.openPortsOf(plane).has(port) || routes.some(({ route: { hosts } }) => hosts.length > 1 || isWildcard(hosts[0]));
  }

  /** Ports that every client listens on for HTTP. */
  private openPortsOf(plane: ControlPlane): ReadonlySet<number> {
    let open = this.openPorts.get(plane);
    if (!open) {
      const services = [...this.registry.byHost.values()].flatMap((known) => (known.length === 1 && isPublic(known[0], plane) ? known : []));
      const ports = services.flatMap((service) => (service.resolution === 'ALIAS' ? [] : service.ports));
      this.openPorts.set(plane, open = new Set(ports.filter(({ protocol }) => protocol === 'HTTP').map(({ number }) => number)));
    }
    return open;
  }
}

/**
 * Whether some address of a service may have no listener: a pod without the port that is named. HTTP calls there are told
 * by their name, if any service that the client knows is HTTP on the port.
 */
function mayLackListener(service: Service, number: number): boolean {
  const port = portOf(service, number);
  const mayLackPort = service.registry === 'ServiceEntry' || !service.selector || typeof port?.target === 'string';
  return service.resolution === 'PASSTHROUGH' && port?.protocol === 'AUTO' && mayLackPort;
}

/** Whether all clients of an istiod see a service. */
export function isPublic(service: Service, plane: ControlPlane): boolean {
  return plane.discovers(service.namespace) === true && plane.reads(service.object) && plane.exportOf(service).isPublic;
}
