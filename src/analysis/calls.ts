import { DecidedLeg } from './evidence';
import { concerns } from '../mesh/connections/leg';
import { Mesh } from '../mesh/mesh';
import { ObjectName } from '../mesh/objects/mesh-object';
import { Workload } from '../mesh/workloads/workload';

/** Connections that one finding is about: how many, and of whom. */
export class Calls {
  /** Those of equal keys together, in the order of their first. */
  static grouped<K>(mesh: Mesh, legs: Iterable<DecidedLeg>, keyOf: (leg: DecidedLeg) => K | undefined): ReadonlyMap<K, Calls> {
    const groups = new Map<K, Calls>();
    for (const leg of legs) {
      const key = keyOf(leg);
      if (key === undefined) continue;
      let calls = groups.get(key);
      if (!calls) groups.set(key, calls = new Calls(mesh));
      calls.add(leg);
    }
    return groups;
  }

  connections = 0;
  /** The first way. */
  first!: DecidedLeg;

  private readonly clients = new Set<Workload>();
  private readonly called = new Set<string>();

  private constructor(private readonly mesh: Mesh) {}

  /** `calls of Deployment shop/web and 3 other workloads to ratings.shop.svc.cluster.local:80 and 2 other ports`. */
  toString(): string {
    const [client] = this.clients;
    const [called] = this.called;
    return `calls of ${workloadText(client)}${others(this.clients.size, 'workload')} to ${called}${others(this.called.size, 'service port')}`;
  }

  private add(decided: DecidedLeg): void {
    const { decision, leg } = decided;
    const connections = this.mesh.decisions.count(decision, leg);
    if (connections === 0) return;
    if (this.connections === 0) this.first = decided;
    this.connections += connections;
    this.called.add(`${decision.call.host}:${decision.call.port}`);
    for (const { workloads } of decision.classes) {
      for (const workload of workloads) if (concerns(leg, workload)) this.clients.add(workload);
    }
  }
}

/** `Deployment shop/web`. */
export function workloadText({ kind, namespace, name }: ObjectName): string {
  return `${kind} ${namespace}/${name}`;
}

/** ` and 3 other workloads`: those beside the first; nothing if it is the only one. */
export function others(count: number, noun: string): string {
  if (count <= 1) return '';
  return count === 2 ? ` and another ${noun}` : ` and ${count - 1} other ${noun}s`;
}
