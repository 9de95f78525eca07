import { concerns, Path, selfOf } from '../mesh/connections/path';
import { Sender } from '../mesh/connections/sender';
import { Mesh } from '../mesh/mesh';
import { Workload } from '../mesh/workloads/workload';

/** The clients that go any of some paths. */
export class Clients {
  first: Workload | undefined;
  private readonly paths: { readonly path: Path; readonly senders: Iterable<Sender>; readonly clients: number }[] = [];

  constructor(private readonly mesh: Mesh) {}

  /** @param clients how many of them take the path: at least one */
  add(path: Path, senders: Iterable<Sender>, clients: number): void {
    this.paths.push({ path, senders, clients });
    if (this.first) return;
    for (const { workloads } of senders) this.first ??= workloads.find((client) => concerns(path, client));
  }

  get count(): number {
    if (this.paths.length === 1) return this.paths[0].clients;
    let count = 0;
    for (const [{ workloads }, tally] of this.tallies()) {
      count += tally.isWhole ? workloads.length : workloads.filter((client) => tally.has(client)).length;
    }
    return count;
  }

  private tallies(): ReadonlyMap<Sender, Tally> {
    const tallies = new Map<Sender, Tally>();
    for (const { path, senders } of this.paths) {
      for (const one of senders) {
        let tally = tallies.get(one);
        if (!tally) tallies.set(one, tally = new Tally());
        if (!tally.isWhole) tally.add(path, this.mesh, one);
      }
    }
    return tallies;
  }
}

/** Which clients of a sender there are: after a few paths all of them, since each takes one that isn't to itself. */
class Tally {
  isWhole = false;
  private paths = 0;
  /** Clients that take fewer paths than the others, or more; most senders have none. */
  private apart: Map<Workload, number> | undefined;

  has(client: Workload): boolean {
    return this.paths + (this.apart?.get(client) ?? 0) > 0;
  }

  add(path: Path, mesh: Mesh, one: Sender): void {
    const { only, except } = path;
    const self = selfOf(path);
    const isIn = (workload: Workload): boolean => mesh.decisions.senderOf(workload) === one;
    if (!only) this.paths++;
    if (only && self !== only && isIn(only)) this.count(only, 1);
    if (!only && self && isIn(self)) this.count(self, -1);
    if (!only && except && except !== self && isIn(except)) this.count(except, -1);
    this.isWhole = this.paths > 0 && (this.apart === undefined || [...this.apart.keys()].every((client) => this.has(client)));
  }

  private count(client: Workload, by: number): void {
    this.apart ??= new Map();
    this.apart.set(client, (this.apart.get(client) ?? 0) + by);
  }
}
