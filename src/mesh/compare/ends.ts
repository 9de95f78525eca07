import { ChangeSide, ChangedConnections } from './connection-changes';
import { KIND } from '../inventory/kinds';
import { idKey } from '../inventory/object';
import { Mesh } from '../mesh';
import { serverOf } from '../model/path';
import { endpointOwner } from '../services/endpoint';

/** Whether the ends of a connection exist in each of two states. */
export class Ends {
  private readonly servers = new Map<Mesh, ReadonlySet<string>>();

  constructor(private readonly before: Mesh, private readonly after: Mesh) {}

  /** Whether client, call and server of a connection exist in the state before. */
  existBefore({ clients: [client], isCalledBefore, after }: ChangedConnections): boolean {
    return client.before !== undefined && isCalledBefore && this.hasServerOf(after, this.before);
  }

  /** Whether client and server exist in the state after; a removed call is a change of its own. */
  existAfter({ clients: [client], before }: ChangedConnections): boolean {
    return client.after !== undefined && this.hasServerOf(before, this.after);
  }

  /** Whether a state has the server of a connection in the other state; true if it reaches none. */
  private hasServerOf(side: ChangeSide | undefined, mesh: Mesh): boolean {
    const endpoint = side && serverOf(side.path).endpoint;
    const server = endpoint && endpointOwner(endpoint);
    if (!server) return true;
    let servers = this.servers.get(mesh);
    if (!servers) this.servers.set(mesh, servers = new Set([...mesh.workloads, ...mesh.objects.of(KIND.WorkloadEntry)].map(idKey)));
    return servers.has(idKey(server));
  }
}
