import { ClientSets, Numbered } from './client-sets';
import { BranchesData, PathData, ServerData, Traffic, WorkloadData } from './data';
import { printable, redacted } from '../findings/safe-text';
import { Connection } from '../mesh/calls/connections';
import { Mesh } from '../mesh/mesh';
import { Call } from '../mesh/model/call';
import { directServer, Path } from '../mesh/model/path';
import { OUTCOMES } from '../mesh/model/transport';
import { becauseText, callText, workloadText } from '../mesh/queries/connection-text';
import { Workload } from '../mesh/workloads/workload';
import { BranchPart, branchParts } from '../mesh/worlds/branches-text';
import { casesText } from '../mesh/worlds/cases-text';
import { ConditionalConnection } from '../mesh/worlds/connections-both-ways';

/** A text as a page may show it. */
export function pageText(text: string): string {
  return printable(redacted(text));
}

/** The connection of one client by a path that others may take, too. */
export interface TakenPath {
  readonly call: Call;
  readonly path: Path;
  readonly connection: ConditionalConnection;
}

/** The workloads of a mesh and the paths of their calls, each text once. */
export class TrafficTables {
  readonly clients: ClientSets;
  private readonly namespaces = new Numbered<string>();
  private readonly servers = new Numbered<ServerData>();
  private readonly calls = new Numbered<string>();
  private readonly texts = new Numbered<string>();
  private readonly branches = new Numbered<BranchesData>();
  private readonly paths: PathData[] = [];

  constructor(private readonly mesh: Pick<Mesh, 'workloads' | 'callers' | 'registry'>) {
    const { workloads, callers, registry } = mesh;
    for (const name of [...new Set([...workloads, ...registry.services].map(({ namespace }) => namespace))].sort()) {
      this.namespaces.of(pageText(name));
    }
    this.clients = new ClientSets(callers);
  }

  /** The path without its clients, as numbers. */
  numbered({ call, path: taken, connection }: TakenPath): NumberedPath {
    const { server, service, outcome, clientTls, serverMode, branches } = connection;
    const called = this.calls.of(pageText(callText(call)));
    const named = this.serverOf(connection, call.services[0].namespace, taken);
    const path = [
      called, this.servers.of({ ...named, namespace: this.namespaces.of(pageText(named.namespace)) }), server?.port ?? service.port,
      OUTCOMES.indexOf(outcome), this.texts.of(clientTls), this.texts.of(serverMode), this.texts.of(pageText(whyText(connection))),
    ] as const;
    // Branches may be undecided for different reasons: then the outcome depends on nothing.
    const parts = branches ? branchParts(branches) : [];
    return parts.length > 1 ? [...path, this.branches.of(branchesData(parts))] : path;
  }

  /** @param clients the index of their set */
  add([call, ...path]: NumberedPath, clients: number): void {
    this.paths.push([call, clients, ...path]);
  }

  data(): Traffic {
    return {
      namespaces: this.namespaces.values,
      workloads: this.mesh.workloads.map((workload) => this.workloadData(workload)),
      servers: this.servers.values,
      calls: this.calls.values,
      bases: this.clients.bases,
      clients: this.clients.all,
      texts: this.texts.values,
      paths: this.paths,
      ...this.branches.values.length > 0 && { branches: this.branches.values },
    };
  }

  private workloadData({ kind, namespace, name, proxy, identity }: Workload): WorkloadData {
    return {
      kind: pageText(kind),
      namespace: this.namespaces.of(pageText(namespace)),
      name: pageText(name),
      proxy: proxy.kind,
      identity: pageText(identity),
    };
  }

  /** The server at the end of a path, or a stand-in if the manifests lack it. */
  private serverOf({ server, service }: Connection, calledIn: string, path: Path): NamedServer {
    if (!server) {
      return service.name === ''
        ? { name: pageText(service.host), namespace: calledIn }
        : { name: pageText(service.name), namespace: service.namespace };
    }
    const workload = directServer(path);
    return {
      name: pageText(workloadText({ ...server, namespace: '' })),
      namespace: server.namespace,
      ...workload && { workload: this.clients.numberOf(workload) },
    };
  }
}

/** As in `PathData`, but without the clients. */
export type NumberedPath = readonly [
  call: number, server: number, port: number, outcome: number, clientTls: number, serverMode: number, because: number, branches?: number,
];

type NamedServer = Omit<ServerData, 'namespace'> & { readonly namespace: string };

/** Why the connection has its outcome, with what differs between cases; of one that no case decides, only why. */
function whyText(connection: ConditionalConnection): string {
  const cases = connection.outcome === 'undecided' ? undefined : casesText(connection);
  return [becauseText(connection), cases].filter(Boolean).join('; ');
}

function branchesData(parts: readonly BranchPart[]): BranchesData {
  return parts.map(({ outcome, condition }) => (
    [outcome === 'absent' ? -1 : OUTCOMES.indexOf(outcome), pageText(condition)] as const));
}
