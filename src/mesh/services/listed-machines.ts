import { Endpoint, machineEndpoint } from './endpoint';
import { Machine, machineOfEndpoint } from './machine';
import { portForEntry } from './selected-endpoints';
import { Service, ServicePort } from './service';
import { MeshObject } from '../objects/mesh-object';
import { shapes } from '../objects/shape';

/** The machines that ServiceEntries list: the hosts of an entry share them, and the endpoints on each of its ports. */
export class ListedMachines {
  private readonly byEntry = new Map<MeshObject, readonly Machine[]>();
  private readonly byPort = new Map<MeshObject, Map<string, readonly Endpoint[]>>();

  countOf(services: readonly Service[]): number {
    const entries = new Map(services.map((service) => [service.object, service]));
    return [...entries.values()].reduce((sum, service) => sum + this.of(service).length, 0);
  }

  endpointsOf(service: Service, port: ServicePort): readonly Endpoint[] {
    let ports = this.byPort.get(service.object);
    if (!ports) this.byPort.set(service.object, ports = new Map());
    const key = `${port.number} ${port.target} ${port.name}`;
    let found = ports.get(key);
    if (!found) ports.set(key, found = this.of(service).map((machine) => machineEndpoint(machine, portForEntry(machine, port))));
    return found;
  }

  private of({ object }: Service): readonly Machine[] {
    let machines = this.byEntry.get(object);
    if (machines) return machines;
    machines = shapes(object.spec.endpoints).map((endpoint) => machineOfEndpoint(endpoint, object.namespace));
    this.byEntry.set(object, machines);
    return machines;
  }
}
