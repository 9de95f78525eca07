import { grouped } from '../mesh/collections';
import { ControlPlane } from '../mesh/control-planes/control-plane';
import { Mesh } from '../mesh/mesh';
import { ServiceRegistry } from '../mesh/services/registry';
import { connectable, Service } from '../mesh/services/service';
import { Workload } from '../mesh/workloads/workload';

/** Lookups of a mesh that don't depend on which decisions count. */
export class MeshLookup {
  readonly planes: ReadonlyMap<ControlPlane, readonly string[]>;
  readonly servedPorts: ServedPorts;
  readonly workloadsByNamespace: ReadonlyMap<string, readonly Workload[]>;
  readonly servicesByNamespace: ReadonlyMap<string, readonly Service[]>;

  constructor({ planes, registry, workloads }: Mesh) {
    this.planes = planes.inUse(workloads.flatMap(({ proxy: { encrypts, revision } }) => (encrypts === false ? [] : [revision])));
    this.servedPorts = new ServedPorts(registry);
    this.workloadsByNamespace = grouped(workloads, ({ namespace }) => namespace);
    this.servicesByNamespace = grouped(registry.services, ({ namespace }) => namespace);
  }
}

const LOOKUPS = new WeakMap<Mesh, MeshLookup>();

/** Cached for each mesh: `explain` asks about each of a call's servers separately. */
export function lookupOf(mesh: Mesh): MeshLookup {
  let lookup = LOOKUPS.get(mesh);
  if (!lookup) LOOKUPS.set(mesh, lookup = new MeshLookup(mesh));
  return lookup;
}

/** The TCP ports on which workloads serve: those that containers declare, and those that services lead to. */
export class ServedPorts {
  private known?: ReadonlyMap<Workload, ReadonlySet<number>>;

  constructor(private readonly registry: ServiceRegistry) {}

  /** In ascending order. */
  of(workload: Workload): readonly number[] {
    const declared = workload.ports.filter(({ protocol }) => protocol === 'TCP').map(({ number }) => number);
    return [...new Set([...declared, ...this.led.get(workload) ?? []])].sort((left, right) => left - right);
  }

  has(workload: Workload, port: number): boolean {
    return workload.ports.some(({ number, protocol }) => number === port && protocol === 'TCP')
      || (this.led.get(workload)?.has(port) ?? false);
  }

  /** The ports that services lead to, by workload. */
  private get led(): ReadonlyMap<Workload, ReadonlySet<number>> {
    return this.known ??= ledPorts(this.registry);
  }
}

function ledPorts(registry: ServiceRegistry): ReadonlyMap<Workload, ReadonlySet<number>> {
  const led = new Map<Workload, Set<number>>();
  for (const service of registry.services) {
    for (const port of connectable(service)) {
      for (const { workload, port: number } of registry.endpointsOf(service, port)) {
        if (workload) led.set(workload, (led.get(workload) ?? new Set()).add(number));
      }
    }
  }
  return led;
}
