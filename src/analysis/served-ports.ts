import { Registry } from '../mesh/services/registry';
import { connectable } from '../mesh/services/service';
import { Workload } from '../mesh/workloads/workload';

/** The TCP ports on which workloads serve, as far as manifests say: those that containers declare, and those that services lead to. */
export class ServedPorts {
  private known?: ReadonlyMap<Workload, ReadonlySet<number>>;

  constructor(private readonly registry: Registry) {}

  /** In ascending order. */
  of(workload: Workload): readonly number[] {
    const declared = workload.ports.filter(({ protocol }) => protocol === 'TCP').map(({ number }) => number);
    return [...new Set([...declared, ...this.led.get(workload) ?? []])].sort((left, right) => left - right);
  }

  has(workload: Workload, port: number): boolean {
    return workload.ports.some(({ number, protocol }) => number === port && protocol === 'TCP') || (this.led.get(workload)?.has(port) ?? false);
  }

  /** The ports that services lead to. */
  private get led(): ReadonlyMap<Workload, ReadonlySet<number>> {
    return this.known ??= ledPorts(this.registry);
  }
}

function ledPorts(registry: Registry): ReadonlyMap<Workload, ReadonlySet<number>> {
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
