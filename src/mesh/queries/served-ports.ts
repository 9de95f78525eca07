import { ANY_OTHER, portsOf } from './named-ports';
import { compareNames, ObjectId } from '../inventory/object';
import { Mesh } from '../mesh';
import { Reason } from '../model/reason';
import { Receiver } from '../model/receiver';
import { UndecidedReason } from '../model/transport';
import { portReasons } from '../reasons/reasons';
import { Endpoint, machineEndpoint, endpointOwner, workloadEndpoint } from '../services/endpoint';
import { Machine } from '../services/machine';
import { connectable } from '../services/service';

/** A port of a server, and the mode with which it accepts calls of any client. */
export interface ServedPort {
  /** The workload or WorkloadEntry. */
  readonly server: ObjectId;
  /** Undefined for all ports that no manifest names. */
  readonly port?: number;
  /** `UNKNOWN` if the manifests don't decide it. */
  readonly mode: Receiver['mode'];
  readonly undecidedBecause?: UndecidedReason;
  /** The objects that decide the mode, or leave it undecided. */
  readonly because: readonly Reason[];
}

/** All ports of a mesh's servers, by namespace, name and kind of the server, unnamed ports last. */
export function servedPorts(mesh: Mesh): readonly ServedPort[] {
  const endpoints = [
    ...[...portsOf(mesh)].flatMap(([workload, ports]) => inOrder(ports).map((port) => workloadEndpoint(workload, port))),
    ...[...portsOfMachines(mesh)].flatMap(([machine, ports]) => inOrder(ports).map((port) => machineEndpoint(machine, port))),
  ];
  return endpoints.map((endpoint) => servedPort(mesh, endpoint)).sort((one, other) => compareNames(one.server, other.server));
}

function inOrder(ports: Iterable<number>): readonly number[] {
  return [...[...new Set(ports)].sort((left, right) => left - right), ANY_OTHER];
}

function servedPort(mesh: Mesh, endpoint: Endpoint): ServedPort {
  const receiver = mesh.dataPlanes.receivers.receiverAt(endpoint);
  const doubt = mesh.doubts.ofPort(endpoint, receiver);
  const undecidedBecause = receiver.undecidedBecause ?? doubt?.because;
  return {
    server: endpointOwner(endpoint)!,
    port: endpoint.port === ANY_OTHER ? undefined : endpoint.port,
    mode: undecidedBecause ? 'UNKNOWN' : receiver.mode,
    undecidedBecause,
    because: [...doubt?.unmodelled ? [doubt.unmodelled] : [], ...portReasons(endpoint, receiver)],
  };
}

/** The WorkloadEntries, each with the ports that services lead to. */
function portsOfMachines({ registry }: Mesh): ReadonlyMap<Machine, ReadonlySet<number>> {
  const ports = new Map<Machine, Set<number>>(registry.machines.map((machine) => [machine, new Set()]));
  for (const service of registry.services) {
    for (const port of connectable(service)) {
      for (const { machine, port: number } of registry.endpointsOf(service, port)) if (machine?.entry) ports.get(machine)?.add(number);
    }
  }
  return ports;
}
