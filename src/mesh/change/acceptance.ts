import { Guards } from './guards';
import { Mesh } from '../mesh';
import { idKey } from '../objects/object-id';
import { ServerMode } from '../server/server-mode';
import { connectable } from '../services/service';
import { Workload } from '../workloads/workload';

/** How much a port asks of who connects to it. */
const RANKS: Readonly<Record<ServerMode, number>> = { UNKNOWN: -1, NO_PROXY: 0, DISABLE: 0, PERMISSIVE: 1, STRICT: 2 };

/** A port that no manifest names: what holds for all of these. */
const ANY_OTHER = 0;

/**
 * Whether no port of a mesh lets in more than before: none takes plaintext that took none, and whom AuthorizationPolicies kept
 * out of it they still do.
 *
 * @param opened ports that may take more plaintext, since the change says so
 */
export function acceptsNoMore(after: Mesh, before: Mesh, opened: ReadonlySet<number> = new Set()): boolean {
  const later = new Map(after.workloads.map((workload) => [idKey(workload), workload]));
  const ports = portsOf(before);
  const [former, latter] = [new Guards(before), new Guards(after)];
  return before.workloads.every((one) => {
    const other = later.get(idKey(one))!;
    const guard = former.at(one).policies;
    const isGuarded = guard === '' || guard === latter.at(other).policies;
    return isGuarded && [ANY_OTHER, ...ports.get(one) ?? []].every((port) => {
      const [floor, rank] = [rankOf(before, one, port), rankOf(after, other, port)];
      return rank >= floor || (rank >= 0 && opened.has(port));
    });
  });
}

function rankOf({ dataPlanes }: Mesh, workload: Workload, port: number): number {
  return RANKS[dataPlanes.accept(workload, port).mode];
}

/** The ports that containers, policies and services name. */
function portsOf({ workloads, registry, planes }: Mesh): ReadonlyMap<Workload, ReadonlySet<number>> {
  const ports = new Map(workloads.map((workload) => {
    const policy = planes.of(workload.proxy.revision).policies.ofWorkload(workload).winner;
    return [workload, new Set([...workload.ports.map(({ number }) => number), ...policy?.ports.keys() ?? []])];
  }));
  for (const service of registry.services) {
    for (const port of connectable(service)) {
      for (const { workload, port: number } of registry.endpointsOf(service, port)) if (workload) ports.get(workload)!.add(number);
    }
  }
  return ports;
}
