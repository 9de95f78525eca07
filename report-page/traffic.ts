import { numeral } from './words';
import type { BranchesData, PathData, ServerData, Traffic, WorkloadData } from '../src/report/data';

/** As `OUTCOMES` of the model has them: paths tell theirs by number. */
export const OUTCOMES = ['mtls', 'tls', 'plaintext', 'broken', 'undecided'] as const;

export type Outcome = typeof OUTCOMES[number];

/** How many connections come to each outcome, in the order of `OUTCOMES`. */
export type Counts = number[];

/** The worst first: what somebody looks for. */
const FROM_WORST: readonly number[] = [3, 2, 4, 1, 0];

export function none(): Counts {
  return OUTCOMES.map(() => 0);
}

export function sum(counts: Counts): number {
  return counts.reduce((total, count) => total + count, 0);
}

/** The worst outcome that there is; undefined if there is none. */
export function worstOf(counts: Counts): number | undefined {
  return FROM_WORST.find((outcome) => counts[outcome] > 0);
}

/** Which part of the connections is mutual TLS, in percent; rounded down, so that only all of them are 100. */
export function share(counts: Counts): number {
  return Math.floor((100 * counts[0]) / sum(counts));
}

/** More broken, then more in plaintext, then more undecided first. */
export function byWorst(left: Counts, right: Counts): number {
  for (const outcome of FROM_WORST.slice(0, 3)) if (left[outcome] !== right[outcome]) return right[outcome] - left[outcome];
  return sum(right) - sum(left);
}

/** A path that the calls of some clients take. */
export interface Path {
  readonly call: string;
  /** Number of the client set. */
  readonly clients: number;
  readonly server: ServerData;
  readonly serverNumber: number;
  readonly port: number;
  readonly outcome: number;
  readonly clientTls: string;
  readonly serverMode: string;
  readonly because: string;
  /** What the outcome depends on; such a path counts as undecided. */
  readonly branches?: BranchesData;
}

/** How many namespaces of clients are named. */
const NAMED = 3;

/** The outcomes of calls, counted by decisions: a mesh may have millions of connections, and none is looked at by itself. */
export class TrafficModel {
  readonly paths: readonly Path[];
  readonly workloads: readonly WorkloadData[];
  readonly namespaces: readonly string[];
  /** Of the calls into each namespace, and out of each. */
  readonly into: readonly Counts[];
  readonly outOf: readonly Counts[];
  private readonly bases: readonly ReadonlySet<number>[];
  /** Of each base, how many of its workloads each namespace has. */
  private readonly basesByNamespace: readonly ReadonlyMap<number, number>[];

  constructor(private readonly data: Traffic) {
    this.workloads = data.workloads;
    this.namespaces = data.namespaces;
    this.paths = data.paths.map((path) => decoded(path, data));
    this.bases = data.bases.map((runs) => new Set(membersOf(runs)));
    this.basesByNamespace = this.bases.map((members) => this.byNamespace(members));
    this.into = this.namespaces.map(none);
    this.outOf = this.namespaces.map(none);
    for (const { clients, server, outcome } of this.paths) this.into[server.namespace][outcome] += this.sizeOf(clients);
    this.count(this.paths, (from, _, outcome, count) => { this.outOf[from][outcome] += count; });
  }

  /** How many clients a set has. */
  sizeOf(clients: number): number {
    const set = this.data.clients[clients];
    return 'only' in set ? set.only.length : this.bases[set.base].size - (set.without?.length ?? 0);
  }

  has(clients: number, workload: number): boolean {
    const set = this.data.clients[clients];
    return 'only' in set ? set.only.includes(workload) : this.bases[set.base].has(workload) && !(set.without?.includes(workload) ?? false);
  }

  membersOf(clients: number): readonly number[] {
    const set = this.data.clients[clients];
    if ('only' in set) return set.only;
    const without = new Set(set.without);
    return [...this.bases[set.base]].filter((workload) => !without.has(workload));
  }

  /** How many clients of a set are in a namespace. */
  sizeIn(clients: number, namespace: number): number {
    const set = this.data.clients[clients];
    const isIn = (workload: number): boolean => this.workloads[workload].namespace === namespace;
    if ('only' in set) return set.only.filter(isIn).length;
    return (this.basesByNamespace[set.base].get(namespace) ?? 0) - (set.without?.filter(isIn).length ?? 0);
  }

  /** The outcomes of calls between namespaces: by the namespace called from, then by the one called. */
  cells(from: readonly number[], to: readonly number[]): ReadonlyMap<number, ReadonlyMap<number, Counts>> {
    const wanted = new Set(to);
    const cells = new Map(from.map((one) => [one, new Map(to.map((other) => [other, none()]))]));
    this.count(this.paths.filter(({ server }) => wanted.has(server.namespace)), (client, server, outcome, count) => {
      const cell = cells.get(client)?.get(server);
      if (cell) cell[outcome] += count;
    });
    return cells;
  }

  nameOf(workload: number): string {
    const { kind, namespace, name } = this.workloads[workload];
    return `${kind === 'Deployment' ? '' : `${kind} `}${this.namespaces[namespace]}/${name}`;
  }

  serverName({ namespace, name }: ServerData): string {
    return this.namespaces[namespace] === '' ? name : `${this.namespaces[namespace]}/${name}`;
  }

  /** Who a set of clients is, in a few words. */
  clientsText(clients: readonly number[]): string {
    if (clients.length <= 2) return clients.map((one) => this.nameOf(one)).join(', ');
    const namespaces = new Set(clients.map((one) => this.workloads[one].namespace));
    const where = namespaces.size <= NAMED ? [...namespaces].map((one) => this.namespaces[one]).sort().join(', ') : `${namespaces.size} namespaces`;
    return `${numeral(clients.length)} workloads of ${where}`;
  }

  /** Adds up paths of one base, server's namespace and outcome before they are counted by the clients' namespaces. */
  private count(paths: readonly Path[], add: (from: number, to: number, outcome: number, count: number) => void): void {
    const whole = new Map<string, number>();
    for (const { clients, server: { namespace }, outcome } of paths) {
      const set = this.data.clients[clients];
      if ('only' in set) {
        for (const one of set.only) add(this.workloads[one].namespace, namespace, outcome, 1);
        continue;
      }
      const key = `${set.base} ${namespace} ${outcome}`;
      whole.set(key, (whole.get(key) ?? 0) + 1);
      for (const one of set.without ?? []) add(this.workloads[one].namespace, namespace, outcome, -1);
    }
    for (const [key, times] of whole) {
      const [base, to, outcome] = key.split(' ').map(Number);
      for (const [from, clients] of this.basesByNamespace[base]) add(from, to, outcome, times * clients);
    }
  }

  private byNamespace(members: Iterable<number>): ReadonlyMap<number, number> {
    const counts = new Map<number, number>();
    for (const one of members) counts.set(this.workloads[one].namespace, (counts.get(this.workloads[one].namespace) ?? 0) + 1);
    return counts;
  }
}

function decoded(path: PathData, { calls, servers, texts, branches }: Traffic): Path {
  const [call, clients, server, port, outcome, clientTls, serverMode, because, depends] = path;
  return {
    call: calls[call],
    clients,
    server: servers[server],
    serverNumber: server,
    port,
    outcome,
    clientTls: texts[clientTls],
    serverMode: texts[serverMode],
    because: texts[because],
    branches: depends === undefined ? undefined : branches?.[depends],
  };
}

/** How bad a path is in its worst case: the lower, the worse. */
export function badnessOf(path: Pick<Path, 'outcome' | 'branches'>): number {
  return Math.min(...outcomesOf(path).map((outcome) => FROM_WORST.indexOf(outcome)));
}

/** The outcomes that a path counts as, or has in some case. */
export function outcomesOf({ outcome, branches = [] }: Pick<Path, 'outcome' | 'branches'>): readonly number[] {
  return [outcome, ...branches.flatMap(([one]) => (one < 0 ? [] : [one]))];
}

function membersOf(runs: readonly number[]): readonly number[] {
  const members: number[] = [];
  for (let run = 0; run < runs.length; run += 2) for (let one = runs[run]; one <= runs[run + 1]; one++) members.push(one);
  return members;
}
