import { ClientClass } from '../mesh/connections/client-class';
import { concerns, Leg } from '../mesh/connections/leg';
import { Mesh } from '../mesh/mesh';
import { Workload } from '../mesh/workloads/workload';

/** The clients that go any of some ways. */
export class Clients {
  first: Workload | undefined;
  private readonly ways: { readonly leg: Leg; readonly classes: Iterable<ClientClass>; readonly clients: number }[] = [];

  constructor(private readonly mesh: Mesh) {}

  /** @param clients how many of the classes go the way: at least one */
  add(leg: Leg, classes: Iterable<ClientClass>, clients: number): void {
    this.ways.push({ leg, classes, clients });
    if (this.first) return;
    for (const { workloads } of classes) this.first ??= workloads.find((client) => concerns(leg, client));
  }

  get count(): number {
    if (this.ways.length === 1) return this.ways[0].clients;
    let count = 0;
    for (const [{ workloads }, tally] of this.tallies()) {
      count += tally.isWhole ? workloads.length : workloads.filter((client) => tally.has(client)).length;
    }
    return count;
  }

  private tallies(): ReadonlyMap<ClientClass, Tally> {
    const tallies = new Map<ClientClass, Tally>();
    for (const { leg, classes } of this.ways) {
      for (const one of classes) {
        let tally = tallies.get(one);
        if (!tally) tallies.set(one, tally = new Tally());
        if (!tally.isWhole) tally.add(leg, this.mesh, one);
      }
    }
    return tallies;
  }
}

/** Which clients of a class there are: after a few ways all of them, since each goes some way that isn't to itself. */
class Tally {
  isWhole = false;
  private ways = 0;
  /** Clients that go fewer ways than the others, or more; most classes have none. */
  private apart: Map<Workload, number> | undefined;

  has(client: Workload): boolean {
    return this.ways + (this.apart?.get(client) ?? 0) > 0;
  }

  add({ only, except, endpoint }: Leg, mesh: Mesh, one: ClientClass): void {
    const isIn = (workload: Workload): boolean => mesh.decisions.classOf(workload) === one;
    if (!only) this.ways++;
    if (only && endpoint?.workload !== only && isIn(only)) this.count(only, 1);
    if (!only && endpoint?.workload && isIn(endpoint.workload)) this.count(endpoint.workload, -1);
    if (!only && except && except !== endpoint?.workload && isIn(except)) this.count(except, -1);
    this.isWhole = this.ways > 0 && (this.apart === undefined || [...this.apart.keys()].every((client) => this.has(client)));
  }

  private count(client: Workload, by: number): void {
    this.apart ??= new Map();
    this.apart.set(client, (this.apart.get(client) ?? 0) + by);
  }
}
