import { MeshCases } from './mesh-cases';
import { namedCallsOf } from './named-calls';
import { Evidence, strictServersBehind } from '../analysis/evidence';
import { apiServerCalls, hasMeshedController, isServedByIstio, scrapesOf, targetsOf } from '../analysis/outside';
import { ChangeSide, connectionChanges } from '../mesh/compare/connection-changes';
import { idKey, objectText } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';
import { Hop } from '../mesh/model/hop';
import { decisiveHop, departureOf, transportOf } from '../mesh/model/path';
import { readIngress } from '../mesh/services/ingress';
import { Workload } from '../mesh/workloads/workload';

/** How a client is known to make a call: it was measured, its manifest names the host, or it merely could. */
export type CallEvidence = 'measured' | 'named' | 'possible';

/** Measured callers and servers. */
export interface SeenCalls {
  has(client: Workload, server: Workload): boolean;
}

/** A connection that the target breaks. */
export interface LostCall {
  readonly client: Workload;
  readonly host: string;
  readonly port: number;
  readonly side: ChangeSide;
  readonly evidence: CallEvidence;
  /** The manifest's field that names it. */
  readonly by?: string;
  /** The index of the case in which it is lost. */
  readonly inCase: number;
}

/** The hop on which a call is lost, and its sender: the client, or a gateway on the path. */
export function lostHop({ client, side: { path } }: Pick<LostCall, 'client' | 'side'>): { readonly hop: Hop; readonly sender: Workload } {
  const hop = decisiveHop(path);
  return { hop, sender: hop === departureOf(path) ? client : hop.sender.members[0] };
}

/**
 * A caller without a mesh certificate that no manifest runs: the API server,
 * Prometheus, an ingress controller, or any caller outside the cluster.
 */
export interface OutsideCaller {
  /** A description. */
  readonly caller: string;
  /** The object that makes it call. */
  readonly by: string;
  readonly server: Workload;
  readonly port: number;
}

/** The connections that work in one state and are broken in another, in each case, with the evidence that they are used. */
export function lostCalls(before: MeshCases, after: MeshCases, seen?: SeenCalls): readonly LostCall[] {
  return after.all.flatMap((mesh, index) => lostInCase(index, before.all[index], mesh, seen));
}

/** Those of one case. */
export function lostInCase(inCase: number, before: Mesh, after: Mesh, seen?: SeenCalls): readonly LostCall[] {
  return changedCalls(before, after, isBroken, seen).map((call) => ({ ...call, inCase }));
}

/** The same, and connections that become undecided. */
export function doubtfulCalls(before: MeshCases, after: MeshCases, seen?: SeenCalls): readonly LostCall[] {
  const isDoubtful = (side: ChangeSide): boolean => isBroken(side) || transportOf(side.path).outcome === 'undecided';
  return after.all.flatMap((mesh, inCase) => (
    changedCalls(before.all[inCase], mesh, isDoubtful, seen).map((call) => ({ ...call, inCase }))));
}

function changedCalls(
  before: Mesh, after: Mesh, isLost: (side: ChangeSide) => boolean, seen?: SeenCalls,
): readonly Omit<LostCall, 'inCase'>[] {
  const named = new Map<Workload, ReadonlyMap<string, string>>();
  const namedBy = (client: Workload): ReadonlyMap<string, string> => {
    let calls = named.get(client);
    if (!calls) named.set(client, calls = new Map(namedCallsOf(client, before).map(({ host, port, by }) => [`${host}:${port}`, by])));
    return calls;
  };
  const { changes } = connectionChanges(before, after);
  return changes.flatMap(({ host, port, clients, before: former, after: side }) => {
    if (!former || !side || isBroken(former) || !isLost(side) || transportOf(former.path).outcome === 'undecided') return [];
    return clients.flatMap(({ before: client }) => {
      if (!client) return [];
      const by = namedBy(client).get(`${host}:${port}`);
      const { hop: { received: { endpoint } }, sender } = lostHop({ client, side });
      const isSeen = endpoint?.workload !== undefined && seen?.has(sender, endpoint.workload);
      return [{
        client, host, port, side, by, evidence: isSeen ? 'measured' as const : by === undefined ? 'possible' as const : 'named' as const,
      }];
    });
  });
}

function isBroken({ path }: ChangeSide): boolean {
  return path.hops.some(({ outcome }) => outcome === 'broken');
}

/** The callers of STRICT ports from outside the mesh, according to the manifests. */
export function outsideCallers(mesh: Mesh): readonly OutsideCaller[] {
  const evidence = new Evidence(mesh);
  const found = new Map<string, OutsideCaller>();
  const add = (caller: OutsideCaller): void => {
    const key = `${caller.caller} ${idKey(caller.server)}:${caller.port}`;
    if (!found.has(key)) found.set(key, caller);
  };
  for (const { at, service: { namespace, name, port } } of apiServerCalls(evidence)) {
    const service = mesh.registry.kubernetesService(mesh.registry.hostOf(name, namespace));
    for (const { workload, number } of service ? strictServersBehind(evidence, service, port) : []) {
      add({ caller: 'API server', by: objectText(at.object), server: workload, port: number });
    }
  }
  for (const { at, workload, port } of scrapesOf(evidence)) {
    if (mesh.dataPlanes.accept(workload, port).mode === 'STRICT') {
      add({ caller: 'Prometheus', by: objectText(at.object), server: workload, port });
    }
  }
  for (const ingress of hasMeshedController(evidence) ? [] : evidence.objects('Ingress').map(readIngress)) {
    if (isServedByIstio(ingress, evidence)) continue;
    for (const { service, port } of targetsOf(ingress, evidence)) {
      for (const { workload, number } of strictServersBehind(evidence, service, port)) {
        add({ caller: 'ingress controller', by: objectText(ingress.object), server: workload, port: number });
      }
    }
  }
  for (const service of mesh.registry.services.filter(({ exposed }) => exposed)) {
    for (const { number } of service.ports) {
      for (const { workload, number: port } of strictServersBehind(evidence, service, number)) {
        add({ caller: 'outside', by: `${objectText(service.object)} ${String(service.object.spec.type)}`, server: workload, port });
      }
    }
  }
  return [...found.values()];
}
