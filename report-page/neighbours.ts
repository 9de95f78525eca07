import { byWorst, Counts, none, Path, sum, TrafficModel } from './traffic';

/** Who calls whom around a namespace, with clients that fare alike as one. */
export interface Neighbourhood {
  readonly clients: readonly GraphNode[];
  readonly servers: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** How many servers, or clients, aren't shown: those whose calls fare best. */
  readonly hidden: number;
}

export interface GraphNode {
  readonly label: string;
  /** What it stands for. */
  readonly names: readonly string[];
  /** Of a server: whether the manifests hold no workload for it. */
  readonly isOutside?: boolean;
  /** What is selected with it: the namespace of its clients or servers, if it is but one. */
  readonly namespace?: number;
}

export interface GraphEdge {
  readonly from: number;
  readonly to: number;
  readonly counts: Counts;
}

/** How many nodes are shown on a side: more than that nobody reads. */
const MOST = 40;

/** How many of a namespace's workloads are told apart as clients. */
const MOST_CLIENTS = 200;

/** The calls to the servers of a namespace. */
export function callsInto(model: TrafficModel, namespace: number): Neighbourhood {
  const byServer = grouped(model.paths.filter(({ server }) => server.namespace === namespace), ({ serverNumber }) => serverNumber);
  const ranked = [...byServer.values()].map((paths) => ({ paths, counts: countsOf(model, paths) }))
    .sort((left, right) => byWorst(left.counts, right.counts) || compare(left.paths[0].server.name, right.paths[0].server.name));
  const shown = ranked.slice(0, MOST).map(({ paths }) => paths).sort((left, right) => compare(left[0].server.name, right[0].server.name));
  const groups = clientsAlike(model, shown);
  const ordered = groups.sort((left, right) => right.length - left.length);
  const edges = ordered.flatMap((members, from) => shown.flatMap((paths, to) => {
    const counts = none();
    for (const { clients, outcome } of paths) counts[outcome] += members.filter((one) => model.has(clients, one)).length;
    return sum(counts) > 0 ? [{ from, to, counts }] : [];
  }));
  return {
    clients: ordered.map((members) => clientNode(model, members)),
    servers: shown.map(([{ server }]) => ({
      label: server.name, names: [model.serverName(server)], isOutside: server.workload === undefined, namespace: server.namespace,
    })),
    edges,
    hidden: ranked.length - shown.length,
  };
}

/** The calls of a namespace's workloads to other namespaces, with namespaces that are called alike as one. */
export function callsOutOf(model: TrafficModel, namespace: number): Neighbourhood {
  const all = model.workloads.flatMap((workload, index) => (workload.namespace === namespace ? [index] : []));
  const own = all.slice(0, MOST_CLIENTS);
  const fates = own.map((): Map<number, Counts> => new Map());
  for (const { clients, server, outcome } of model.paths) {
    if (server.namespace === namespace || model.sizeIn(clients, namespace) === 0) continue;
    for (const [index, one] of own.entries()) {
      if (!model.has(clients, one)) continue;
      const counts = fates[index].get(server.namespace) ?? none();
      counts[outcome]++;
      fates[index].set(server.namespace, counts);
    }
  }
  const keyOf = (index: number): string => JSON.stringify([...fates[index]].sort(([left], [right]) => left - right));
  const groups = [...grouped(own.map((_, index) => index), keyOf).values()].slice(0, MOST);
  const called = [...new Set(fates.flatMap((fate) => [...fate.keys()]))].sort((left, right) => left - right);
  const outcomesOf = (counts: Counts | undefined): string => (counts ?? none()).map((count) => Number(count > 0)).join('');
  const targets = [...grouped(called, (to) => groups.map(([first]) => outcomesOf(fates[first].get(to))).join()).values()].slice(0, MOST);
  const edges = groups.flatMap((members, from) => targets.flatMap((namespaces, to) => {
    const counts = none();
    for (const index of members) {
      for (const one of namespaces) for (const [outcome, count] of (fates[index].get(one) ?? none()).entries()) counts[outcome] += count;
    }
    return sum(counts) > 0 ? [{ from, to, counts }] : [];
  }));
  return {
    clients: groups.map((members) => clientNode(model, members.map((index) => own[index]))),
    servers: targets.map((namespaces) => ({
      label: namespaces.length === 1 ? nameOf(model, namespaces[0]) : `${namespaces.length} namespaces`,
      names: namespaces.map((one) => nameOf(model, one)),
      namespace: namespaces.length === 1 ? namespaces[0] : undefined,
    })),
    edges,
    hidden: all.length - own.length,
  };
}

export function nameOf(model: TrafficModel, namespace: number): string {
  return model.namespaces[namespace] || '(no namespace)';
}

function clientNode(model: TrafficModel, members: readonly number[]): GraphNode {
  const namespaces = new Set(members.map((one) => model.workloads[one].namespace));
  return {
    label: model.clientsText(members),
    names: members.map((one) => model.nameOf(one)),
    namespace: namespaces.size === 1 ? [...namespaces][0] : undefined,
  };
}

function countsOf(model: TrafficModel, paths: readonly Path[]): Counts {
  const counts = none();
  for (const { clients, outcome } of paths) counts[outcome] += model.sizeOf(clients);
  return counts;
}

/** Clients whose calls to all servers fare alike. What a server would come to that calls itself doesn't set it apart. */
function clientsAlike(model: TrafficModel, servers: readonly (readonly Path[])[]): number[][] {
  const fates = model.workloads.map((): string[] => servers.map(() => ''));
  const callers = new Set<number>();
  for (const [index, paths] of servers.entries()) {
    for (const { clients, call, port, outcome } of paths) {
      for (const one of model.membersOf(clients)) {
        callers.add(one);
        fates[one][index] += `${call} ${port} ${outcome};`;
      }
    }
  }
  const ownIndex = new Map(servers.flatMap(([{ server }], index) => (server.workload === undefined ? [] : [[server.workload, index] as const])));
  const all = [...callers].sort((left, right) => left - right);
  const alike = grouped(all.filter((one) => !ownIndex.has(one)), (one) => fates[one].join('|'));
  const groups = [...alike.values()].map((members): Alike => ({ members, fates: fates[members[0]] }));
  for (const one of all) {
    const own = ownIndex.get(one);
    if (own !== undefined) addServer(groups, one, fates[one].map((fate, index) => (index === own ? undefined : fate)));
  }
  return groups.map(({ members }) => [...members].sort((left, right) => left - right));
}

/** Clients that fare alike, by server; undefined: it is none of them, or only the server itself. */
interface Alike {
  readonly members: number[];
  fates: readonly (string | undefined)[];
}

function addServer(groups: Alike[], one: number, fates: readonly (string | undefined)[]): void {
  const group = groups.find((known) => known.fates.every((fate, index) => fate === undefined || fates[index] === undefined || fate === fates[index]));
  if (!group) {
    groups.push({ members: [one], fates });
    return;
  }
  group.members.push(one);
  group.fates = group.fates.map((fate, index) => fate ?? fates[index]);
}

function grouped<T, K>(values: readonly T[], keyOf: (value: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
