import { namedCallsOf } from './named-calls';
import { Evidence, strictServersBehind } from '../analysis/evidence';
import { apiServerCalls, hasMeshedController, isServedByIstio, scrapesOf, targetsOf } from '../analysis/outside';
import { lastHop } from '../mesh/calls/path';
import { ChangeSide, connectionChanges } from '../mesh/compare/connection-changes';
import { idKey, objectText } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';
import { readIngress } from '../mesh/services/ingress';
import { Workload } from '../mesh/workloads/workload';

/** How it is known that a client makes a call: it was seen to, its manifest names it, or nothing more than that it could. */
export type CallEvidence = 'measured' | 'named' | 'possible';

/** Who was seen to call whom. */
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
  /** What names it. */
  readonly by?: string;
}

/** A caller without a certificate of the mesh, which no manifest runs: the API server, Prometheus, an ingress controller, whoever is outside. */
export interface OutsideCaller {
  /** In words. */
  readonly caller: string;
  /** What says that it calls. */
  readonly by: string;
  readonly server: Workload;
  readonly port: number;
}

/** The connections that arrive in one state and are broken in another, by what is known of who makes them. */
export function lostCalls(before: Mesh, after: Mesh, seen?: SeenCalls): readonly LostCall[] {
  return changedCalls(before, after, isBroken, seen);
}

/** The same, and those that are no longer decided. */
export function doubtfulCalls(before: Mesh, after: Mesh, seen?: SeenCalls): readonly LostCall[] {
  return changedCalls(before, after, (side) => isBroken(side) || lastHop(side.path).outcome === 'undecided', seen);
}

function changedCalls(before: Mesh, after: Mesh, isLost: (side: ChangeSide) => boolean, seen?: SeenCalls): readonly LostCall[] {
  const named = new Map<Workload, ReadonlyMap<string, string>>();
  const namedBy = (client: Workload): ReadonlyMap<string, string> => {
    let calls = named.get(client);
    if (!calls) named.set(client, calls = new Map(namedCallsOf(client, before).map(({ host, port, by }) => [`${host}:${port}`, by])));
    return calls;
  };
  const { changes } = connectionChanges(before, after);
  return changes.flatMap(({ host, port, clients, before: former, after: side }) => {
    if (!former || !side || isBroken(former) || !isLost(side) || lastHop(former.path).outcome === 'undecided') return [];
    return clients.flatMap(({ before: client }) => {
      if (!client) return [];
      const by = namedBy(client).get(`${host}:${port}`);
      const server = lastHop(side.path).endpoint?.workload;
      const isSeen = server !== undefined && seen?.has(client, server);
      return [{ client, host, port, side, by, evidence: isSeen ? 'measured' as const : by === undefined ? 'possible' as const : 'named' as const }];
    });
  });
}

function isBroken({ path }: ChangeSide): boolean {
  return path.hops.some(({ outcome }) => outcome === 'broken');
}

/** Who calls STRICT ports from outside of the mesh, as far as manifests say. */
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
    if (mesh.dataPlanes.accept(workload, port).mode === 'STRICT') add({ caller: 'Prometheus', by: objectText(at.object), server: workload, port });
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
