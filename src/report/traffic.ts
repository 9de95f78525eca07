import { ClientsData, PathData, ServerData, Traffic, WorkloadData } from './data';
import { printable, redacted } from '../findings/safe-text';
import { Connection, connectionOf } from '../mesh/calls/connections';
import { Counting, Decision, Decisions } from '../mesh/calls/decisions';
import { Mesh } from '../mesh/mesh';
import { concerns, directServer, losesCopies, Path, selfOf } from '../mesh/model/path';
import { Sender, SenderSet } from '../mesh/model/sender';
import { OUTCOMES } from '../mesh/model/transport';
import { becauseText, callText, workloadText } from '../mesh/queries/connection-text';
import { Workload } from '../mesh/workloads/workload';

/** A text as a page may show it. */
export function pageText(text: string): string {
  return printable(redacted(text));
}

/**
 * The workloads of a mesh and the outcomes of their calls, stored by
 * decisions: a mesh of thousands of services has millions of connections.
 *
 * @param counting selects the connections that count
 */
export function trafficOf({ workloads, callers, decisions, registry }: Mesh, counting: Counting): Traffic {
  const namespaces = new Numbered<string>();
  for (const name of [...new Set([...workloads, ...registry.services].map(({ namespace }) => namespace))].sort()) {
    namespaces.of(pageText(name));
  }
  const clients = new ClientSets(callers, decisions, counting);
  const servers = new Numbered<ServerData>();
  const calls = new Numbered<string>();
  const texts = new Numbered<string>();
  const paths: PathData[] = [];
  for (const decision of decisions.all()) {
    for (const path of decision.paths) {
      const taking = losesCopies(path) ? undefined : clients.of(decision, path);
      if (!taking) continue;
      const { call } = decision;
      const connection = connectionOf({ client: taking.one, one: decisions.senderOf(taking.one), call }, path);
      const server = serverOf(connection, call.services[0].namespace, clients, path);
      paths.push([
        calls.of(pageText(callText(call))), taking.number,
        servers.of({ ...server, namespace: namespaces.of(pageText(server.namespace)) }), connection.server?.port ?? connection.service.port,
        OUTCOMES.indexOf(connection.outcome), texts.of(connection.clientTls), texts.of(connection.serverMode),
        texts.of(pageText(becauseText(connection))),
      ]);
    }
  }
  return {
    namespaces: namespaces.values,
    workloads: workloads.map((workload) => workloadData(workload, namespaces)),
    servers: servers.values,
    calls: calls.values,
    bases: clients.bases,
    clients: clients.sets.values,
    texts: texts.values,
    paths,
  };
}

function workloadData({ kind, namespace, name, proxy, identity }: Workload, namespaces: Numbered<string>): WorkloadData {
  return {
    kind: pageText(kind),
    namespace: namespaces.of(pageText(namespace)),
    name: pageText(name),
    proxy: proxy.kind,
    identity: pageText(identity),
  };
}

type NamedServer = Omit<ServerData, 'namespace'> & { readonly namespace: string };

/** The server at the end of a path, or a stand-in if the manifests lack it. */
function serverOf({ server, service }: Connection, calledIn: string, clients: ClientSets, path: Path): NamedServer {
  if (!server) {
    return service.name === ''
      ? { name: pageText(service.host), namespace: calledIn }
      : { name: pageText(service.name), namespace: service.namespace };
  }
  const workload = directServer(path);
  return {
    name: pageText(workloadText({ ...server, namespace: '' })),
    namespace: server.namespace,
    ...workload && { workload: clients.numberOf(workload) },
  };
}

/** Values that are referred to by index, each stored once. */
class Numbered<T> {
  readonly values: T[] = [];
  private readonly numbers = new Map<string, number>();

  of(value: T): number {
    const key = typeof value === 'string' ? value : JSON.stringify(value);
    let known = this.numbers.get(key);
    if (known === undefined) this.numbers.set(key, known = this.values.push(value) - 1);
    return known;
  }
}

/** The largest client set that is stored as a list. */
const FEW = 8;

/** Client sets by path, large ones stored as a shared base minus exceptions. */
class ClientSets {
  readonly bases: (readonly number[])[] = [];
  readonly sets = new Numbered<ClientsData>();
  private readonly numbers: ReadonlyMap<Workload, number>;
  /** Keyed by the set itself, or by its only sender. */
  private readonly baseNumbers = new Map<object, number>();

  constructor(workloads: readonly Workload[], private readonly decisions: Decisions, private readonly counting: Counting) {
    this.numbers = new Map(workloads.map((workload, index) => [workload, index]));
  }

  numberOf(workload: Workload): number {
    return this.numbers.get(workload)!;
  }

  /** The index of a path's client set, and any one of the clients; undefined without clients. */
  of(decision: Decision, path: Path): { readonly number: number; readonly one: Workload } | undefined {
    const count = this.counting.count(decision, path);
    if (count === 0) return undefined;
    if (path.only) return { one: path.only, number: this.sets.of({ only: [this.numberOf(path.only)] }) };
    const isWhole = count === this.decisions.count(decision, path);
    const one = this.clientsOf(isWhole ? decision.senders : this.counting.sendersOf(decision, path), path).next().value!;
    return {
      one, number: this.sets.of(isWhole && count > FEW ? this.largeSet(decision.senders, path) : this.list(decision, path, isWhole)),
    };
  }

  private list(decision: Decision, path: Path, isWhole: boolean): ClientsData {
    const clients = [...this.clientsOf(isWhole ? decision.senders : this.counting.sendersOf(decision, path), path)];
    return { only: sorted(clients.map((client) => this.numberOf(client))) };
  }

  private largeSet(senders: SenderSet, { except, ...path }: Path): ClientsData {
    const lone = senders.all.size === 1 ? senders.one! : senders.all;
    let base = this.baseNumbers.get(lone);
    if (base === undefined) {
      const numbers = [...senders.all].flatMap(({ members: workloads }) => workloads.map((client) => this.numberOf(client)));
      this.baseNumbers.set(lone, base = this.bases.push(runsOf(sorted(numbers))) - 1);
    }
    const left = [...senders.left].flatMap(({ members: workloads }) => workloads);
    const selves = [selfOf(path), except].filter((client) => client !== undefined && senders.has(this.decisions.senderOf(client)));
    const without = sorted([...new Set([...left, ...selves])].map((client) => this.numberOf(client!)));
    return without.length === 0 ? { base } : { base, without };
  }

  private * clientsOf(senders: Iterable<Sender>, path: Path): Generator<Workload, undefined> {
    for (const { members: workloads } of senders) for (const client of workloads) if (concerns(path, client)) yield client;
    return undefined;
  }
}

function sorted(numbers: readonly number[]): readonly number[] {
  return [...numbers].sort((left, right) => left - right);
}

/** Ranges of ascending numbers, as first and last. */
function runsOf(numbers: readonly number[]): readonly number[] {
  const runs: number[] = [];
  for (const number of numbers) {
    if (runs.length > 0 && runs[runs.length - 1] === number - 1) runs[runs.length - 1] = number;
    else runs.push(number, number);
  }
  return runs;
}
