import { ClusterResolver } from './cluster';
import { DataPlane } from './data-plane';
import { InboundResolver } from './inbound';
import { Sidecar } from './sidecar/sidecar';
import { Unmodelled, Unproxied } from './unproxied';
import { ControlPlanes } from '../control-planes/control-planes';
import { OutboundRoutes } from './sidecar/outbound-routes';
import { NOT_KNOWN, NOT_MODELLED, ServerPort } from '../model/receiver';
import { Addresses } from '../services/addresses';
import { Coverage } from '../services/coverage';
import { ProxyKind } from '../workloads/injection';
import { Workload } from '../workloads/workload';

/** What data planes are built from. */
export interface DataPlaneParts {
  readonly planes: ControlPlanes;
  readonly ways: OutboundRoutes;
  readonly addresses: Addresses;
  readonly inbound: InboundResolver;
  readonly clusters: ClusterResolver;
}

export type DataPlaneTable = Readonly<Record<ProxyKind, DataPlane>>;

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
    planes: ControlPlanes, ways: OutboundRoutes, addresses: Addresses, coverage: Coverage, tableOf = dataPlaneTable, servers?: InboundResolver,
  ) {
    this.inbound = servers ?? new InboundResolver(planes, (workload, port) => this.accept(workload, port));
    this.table = tableOf({ planes, ways, addresses, inbound: this.inbound, clusters: new ClusterResolver(addresses, this.inbound, coverage) });
  }

  of({ proxy: { kind } }: Workload): DataPlane {
    return this.table[kind];
  }

  /** What receives connections on a workload's port. */
  accept(workload: Workload, port: number): ServerPort {
    let ports = this.known.get(workload);
    if (!ports) this.known.set(workload, ports = new Map());
    let found = ports.get(port);
    if (!found) ports.set(port, found = this.of(workload).accept(workload, port));
    return found;
  }
}
