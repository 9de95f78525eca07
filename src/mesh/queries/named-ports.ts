import { idKey } from '../inventory/object';
import { Mesh } from '../mesh';
import { connectable } from '../services/service';
import { portsInAnnotations } from '../workloads/interception';
import { Workload } from '../workloads/workload';

const MOST = 65_535;

/** Stands for all ports that no manifest names. */
export const ANY_OTHER = 0;

/** The ports named by containers, policies, Services, a Sidecar's listeners and the interception annotations. */
export function portsOf({ workloads, registry, planes }: Mesh): ReadonlyMap<Workload, ReadonlySet<number>> {
  const ports = new Map(workloads.map((workload) => {
    const { policies, sidecars } = planes.of(workload.proxy.revision);
    return [workload, new Set([
      ...workload.ports.map(({ number }) => number),
      ...policies.ofWorkload(workload).winner?.ports.keys() ?? [],
      ...portsInAnnotations(workload.annotations),
      // Ingress listeners may be bound to another address.
      ...sidecars.of(workload)?.ingress.map(({ number }) => number) ?? [],
    ])];
  }));
  for (const service of registry.services) {
    for (const port of connectable(service)) {
      for (const { workload, port: number } of registry.endpointsOf(service, port)) if (workload) ports.get(workload)!.add(number);
    }
  }
  return ports;
}

/**
 * The ports on which states of a mesh may differ, by the workload's id: those that some state names. Includes the port
 * after the end of an annotation's range, since another state's range may end later, and no state names that port.
 */
export function portsIn(states: readonly Mesh[]): ReadonlyMap<string, Set<number>> {
  const ports = new Map<string, Set<number>>();
  for (const mesh of states) {
    for (const [workload, named] of portsOf(mesh)) {
      const all = ports.get(idKey(workload)) ?? new Set();
      ports.set(idKey(workload), all);
      for (const port of named) all.add(port);
      for (const port of portsInAnnotations(workload.annotations)) if (port < MOST) all.add(port + 1);
    }
  }
  return ports;
}
