import { ClusterResolver } from './cluster';
import { DataPlane, OutboundMatch, SidecarDataPlane } from './data-plane';
import { Unmodelled, NoProxy } from './no-proxy';
import { Receivers } from './receivers';
import { Sidecar } from './sidecar/sidecar';
import { ControlPlane } from '../control-planes/control-plane';
import { ControlPlanes } from '../control-planes/control-planes';
import { OutboundRoutes } from './sidecar/outbound-routes';
import { Call } from '../model/call';
import { Path } from '../model/path';
import { PeerCalls } from '../model/peer-calls';
import { NOT_KNOWN, NOT_MODELLED, Receiver } from '../model/receiver';
import { OtherSender, Sender } from '../model/sender';
import { Address, Addresses } from '../services/addresses';
import { Coverage } from '../services/coverage';
import { Workload } from '../workloads/workload';

/** The parts that data planes are built from. */
export interface DataPlaneParts {
  readonly planes: ControlPlanes;
  readonly routes: OutboundRoutes;
  readonly addresses: Addresses;
  readonly receivers: Receivers;
  readonly clusters: ClusterResolver;
  readonly peers: PeerCalls;
}

export type DataPlaneTable = Readonly<Record<OtherSender['kind'], DataPlane>> & { readonly sidecar: SidecarDataPlane };

/** The data plane of each kind of proxy. */
export function dataPlaneTable({ planes, routes: ways, addresses, receivers: inbound, clusters, peers }: DataPlaneParts): DataPlaneTable {
  const none = new NoProxy(addresses, inbound, peers);
  const unknown = new Unmodelled('client-proxy-unknown', NOT_KNOWN, none, inbound);
  const notModelled = new Unmodelled('client-proxy-not-modelled', NOT_MODELLED, none, inbound);
  return {
    none,
    sidecar: new Sidecar(planes, ways, clusters, none, peers),
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
  readonly receivers: Receivers;
  private readonly table: DataPlaneTable;
  private readonly known = new Map<Workload, Map<number, Receiver>>();

  /**
   * @param tableOf makes the data plane of each kind of proxy from their shared parts
   * @param servers the receivers, if the servers are those of another state of the mesh
   */
  constructor(
    planes: ControlPlanes, ways: OutboundRoutes, addresses: Addresses, coverage: Coverage, peers: PeerCalls,
    tableOf = dataPlaneTable, servers?: Receivers,
  ) {
    this.receivers = servers ?? new Receivers(planes, (workload, port) => this.accept(workload, port));
    this.table = tableOf({
      planes,
      routes: ways,
      addresses,
      receivers: this.receivers,
      peers,
      clusters: new ClusterResolver(addresses, this.receivers, coverage),
    });
  }

  /** The group of workloads that send in the same way: the istiod of their sidecars (undefined without one), and a key. */
  groupOf(workload: Workload): { readonly plane?: ControlPlane; readonly key: string } {
    const { kind } = workload.proxy;
    const key = this.table[kind].senderKey(workload);
    return kind === 'sidecar' ? { plane: this.table.sidecar.planeOf(workload), key } : { key };
  }

  /** The paths of a sender's call to one address. */
  originate(sender: Sender, call: Call, address: Address): readonly Path[] {
    return sender.kind === 'sidecar'
      ? this.table.sidecar.originate(sender, call, address)
      : this.table[sender.kind].originate(sender, call, address);
  }

  /** How the client's proxy matches the call; empty if the client has no modelled proxy that handles calls. */
  outboundMatches(sender: Sender, client: Workload, call: Call, address: Address): readonly OutboundMatch[] {
    return sender.kind === 'sidecar' ? this.table.sidecar.outboundMatches(sender, client, call, address) : [];
  }

  /** Where a workload's proxy forwards what it receives; undefined if calls end there. */
  forwarderAt({ proxy: { kind } }: Workload): DataPlane['forward'] {
    return this.table[kind].forward;
  }

  /** What receives connections on a workload's port. */
  accept(workload: Workload, port: number): Receiver {
    let ports = this.known.get(workload);
    if (!ports) this.known.set(workload, ports = new Map());
    let found = ports.get(port);
    if (!found) ports.set(port, found = this.table[workload.proxy.kind].accept(workload, port));
    return found;
  }
}
