import { RANKS } from '../change/acceptance';
import { idKey, MeshObject } from '../inventory/object';
import { Mesh } from '../mesh';
import { ServerMode } from '../policies/peer-authentication';
import { ANY_OTHER, portsIn } from '../queries/named-ports';
import { Workload } from '../workloads/workload';

/** Ports of a server whose mode differs between two states of the mesh. */
export interface AcceptanceChange {
  readonly before: Workload;
  readonly after: Workload;
  /** Sorted port numbers; empty for all ports that no manifest names. */
  readonly ports: readonly number[];
  readonly from: ServerMode;
  readonly to: ServerMode;
  /** The policies that decide the mode of one of the ports before or after. */
  readonly policies: readonly MeshObject[];
}

/** A workload whose certificate has another identity in the other state. */
export interface IdentityChange {
  readonly before: Workload;
  readonly after: Workload;
}

/** The differing modes of ports of servers that exist in both states. */
export function acceptanceChanges(before: Mesh, after: Mesh): readonly AcceptanceChange[] {
  const named = portsIn([before, after]);
  return inBoth(before, after).flatMap(([one, other]) => {
    const ports = [...named.get(idKey(one))!].sort((left, right) => left - right);
    const groups = new Map<string, AcceptanceChange & { readonly ports: number[]; readonly policies: MeshObject[] }>();
    for (const port of [...ports, ANY_OTHER]) {
      const taken = [before.dataPlanes.accept(one, port), after.dataPlanes.accept(other, port)];
      const [from, to] = taken.map(({ mode }) => mode);
      if (from === to) continue;
      const group = groups.get(`${from} ${to}`) ?? { before: one, after: other, ports: [], from, to, policies: [] };
      groups.set(`${from} ${to}`, group);
      if (port !== ANY_OTHER) group.ports.push(port);
      for (const { enforced } of taken) if (enforced?.by) group.policies.push(enforced.by.object);
    }
    return [...groups.values()];
  });
}

/** Whether ports newly accept, or may accept, plaintext. */
export function isExposed({ from, to }: AcceptanceChange): boolean {
  return from === 'STRICT' && RANKS[to] < RANKS[from];
}

/** The workloads whose certificates change their identities. */
export function identityChanges(before: Mesh, after: Mesh): readonly IdentityChange[] {
  return inBoth(before, after)
    .filter(([one, other]) => one.proxy.encrypts !== false && other.proxy.encrypts !== false && one.identity !== other.identity)
    .map(([one, other]) => ({ before: one, after: other }));
}

/** The workloads of both states, in the order of the state after. */
function inBoth(before: Mesh, after: Mesh): readonly (readonly [Workload, Workload])[] {
  const former = new Map(before.workloads.map((workload) => [idKey(workload), workload]));
  return after.workloads.flatMap((workload) => {
    const same = former.get(idKey(workload));
    return same ? [[same, workload] as const] : [];
  });
}
