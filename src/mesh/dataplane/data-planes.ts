import { ClusterResolver } from './cluster';
import { DataPlane, Departure, SidecarDataPlane } from './data-plane';
import { InboundResolver } from './inbound';
import { Sidecar } from './sidecar/sidecar';
import { Unmodelled, Unproxied } from './unproxied';
import { ControlPlane } from '../control-planes/control-plane';
import { ControlPlanes } from '../control-planes/control-planes';
import { OutboundRoutes } from './sidecar/outbound-routes';
import { Call } from '../model/call';
import { Path } from '../model/path';
import { NOT_KNOWN, NOT_MODELLED, ServerPort } from '../model/receiver';
import { OtherSender, Sender } from '../model/sender';
import { Address, Addresses } from '../services/addresses';
import { Coverage } from '../services/coverage';
import { Workload } from '../workloads/workload';

/** What data planes are built from. */
export interface DataPlaneParts {
  readonly planes: ControlPlanes;
  readonly ways: OutboundRoutes;
  readonly addresses: Addresses;
  readonly inbound: InboundResolver;
  readonly clusters: ClusterResolver;
}

export type DataPlaneTable = Readonly<Record<OtherSender['kind'], DataPlane>> & { readonly sidecar: SidecarDataPlane };

/** What each kind of proxy does. */
export function dataPlaneTable({ planes, ways, addresses, inbound, clusters }: DataPlaneParts): DataPlaneTable {
  const none = new Unproxied(addresses, inbound);
  const unknown = new Unmodelled('client-proxy-unknown', NOT_KNOWN, none, inbound);
  const notModelled = new Unmodelled('client-proxy-not-modelled', NOT_MODELLED, none, inbound);
  return {
    none,
    sidecar: new Sidecar(planes, ways, clusters, none),
    custom: notModelled,
    router: notModelled,
    waypoint: notModelled,
    ztunnel: notModelled,
    grpc: notModelled,
    unknown,
  };
}

/** The data plane of each workload. */
export class DataPlanes {
  /** What receives connections in this mesh. */
  readonly inbound: InboundResolver;
  private readonly table: DataPlaneTable;
  private readonly known = new Map<Workload, Map<number, ServerPort>>();

  /**
   * @param tableOf what each kind of proxy does, from the parts that all of them share
   * @param servers what receives connections, if the servers are those of another state of the mesh
   */
  constructor(
    planes: ControlPlanes, ways: OutboundRoutes, addresses: Addresses, coverage: Coverage, tableOf = dataPlaneTable,
    servers?: InboundResolver,
  ) {
    this.inbound = servers ?? new InboundResolver(planes, (workload, port) => this.accept(workload, port));
    this.table = tableOf({
      planes, ways, addresses, inbound: this.inbound, clusters: new ClusterResolver(addresses, this.inbound, coverage),
    });
  }

  /** How workloads are grouped that send alike: the istiod of their sidecars, undefined without one, and a key. */
  groupOf(workload: Workload): { readonly plane?: ControlPlane; readonly key: string } {
    const { kind } = workload.proxy;
    const key = this.table[kind].senderKey(workload);
    return kind === 'sidecar' ? { plane: this.table.sidecar.planeOf(workload), key } : { key };
  }

  /** The ways that a sender's call to one address can take. */
  originate(sender: Sender, call: Call, address: Address): readonly Path[] {
    return sender.kind === 'sidecar'
      ? this.table.sidecar.originate(sender, call, address)
      : this.table[sender.kind].originate(sender, call, address);
  }

  /** The same ways as the client's proxy handles them; none if no proxy of its own handles calls, or none that is modelled. */
  departures(sender: Sender, client: Workload, call: Call, address: Address): readonly Departure[] {
    return sender.kind === 'sidecar' ? this.table.sidecar.departures(sender, client, call, address) : [];
  }

  /** Where a workload's proxy forwards what it receives; undefined: calls end there. */
  forwarderAt({ proxy: { kind } }: Workload): DataPlane['forward'] {
    return this.table[kind].forward;
  }

  /** What receives connections on a workload's port. */
  accept(workload: Workload, port: number): ServerPort {
    let ports = this.known.get(workload);
    if (!ports) this.known.set(workload, ports = new Map());
    let found = ports.get(port);
    if (!found) ports.set(port, found = this.table[workload.proxy.kind].accept(workload, port));
    return found;
  }
}
