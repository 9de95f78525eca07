import { Branch, BranchedConnection, Branches, dependsOnFacts } from './branches';
import { connectionOfAll, PathCase, pathCasesOf, PathInWorld, tracedOfAll } from './cases-of-connection';
import { judgedMeshOf, Worlds } from './worlds';
import { Condition } from '../../findings/condition';
import { comparePaths, Connection, ConnectionFilter } from '../calls/connections';
import { TracedBranch, TracedConnection, tracedConnectionOf } from '../calls/traced-connection';
import { MeshChange } from '../change/mesh-change';
import { Mesh } from '../mesh';
import { Call } from '../model/call';
import { Path, serverOf, transportOf } from '../model/path';
import { CallOfClient } from '../reasons/reasons';
import { missingOf } from '../workloads/missing-injection';
import { Workload } from '../workloads/workload';

/** A connection, with what its outcome depends on, if it does. */
export interface ConditionalConnection extends Connection {
  readonly branches?: readonly Branch[];
  /** Of a connection with the same outcome in every case, what else differs between cases: at least two, if anything does. */
  readonly cases?: readonly ConnectionInCase[];
}

/** A connection with some values of missing facts. */
export interface ConnectionInCase {
  /** All of them hold. The cases of a connection exclude each other, and one of them always holds. */
  readonly conditions: readonly Condition[];
  readonly connection: Connection;
}

/** A path of a client's call; with branches if its outcome differs between them. */
interface Row extends PathInWorld {
  /** What it is in each case. */
  readonly cases: readonly PathCase[];
  readonly branches?: readonly Branch[];
  /** The outcome depends on missing facts, though the path alone may look decided. */
  readonly isOpen?: boolean;
}

/**
 * Lists the connections of a mesh like the mesh itself, or those that a change concerns in some case, but decides them both ways where it
 * isn't known who has a sidecar.
 */
export class ConnectionsBothWays {
  /** Undefined: it is known of all workloads whether they have a sidecar. */
  static of(judged: Mesh | MeshChange): ConnectionsBothWays | undefined {
    const [mesh, worlds] = [judgedMeshOf(judged), Worlds.of(judged)];
    return worlds && new ConnectionsBothWays(mesh, new Branches(mesh, worlds));
  }

  constructor(private readonly mesh: Mesh, private readonly branches: Branches) {}

  * connections(filter: ConnectionFilter): Generator<ConditionalConnection> {
    for (const row of this.rows(filter)) yield connectionIn(row);
  }

  /** The connections of one client's call, with their paths. */
  ofCall(client: Workload, call: Call): readonly { readonly connection: ConditionalConnection; readonly path: Path }[] {
    return this.branches.of(client, call).flatMap(rowsOf).map((row) => ({ connection: connectionIn(row), path: row.path }));
  }

  /** How many connections depend on the missing facts. */
  depending(): number {
    const { callers, decisions: { calls } } = this.mesh;
    return callers.reduce((all, client) => calls.reduce((sum, call) => (
      sum + this.branches.of(client, call).filter((one) => isConcerned(one) && dependsOnFacts(one)).length), all), 0);
  }

  * tracedConnections(filter: ConnectionFilter): Generator<TracedConnection> {
    for (const row of this.rows(filter)) yield tracedIn(row);
  }

  private* rows(filter: ConnectionFilter): Generator<Row> {
    const { callers, decisions: { calls } } = this.mesh;
    const wanted = calls.filter((call) => filter.requested?.(call) ?? true);
    for (const client of callers) {
      if (filter.client && !filter.client(client)) continue;
      for (const call of wanted) {
        const rows = this.branches.of(client, call).filter(isConcerned).flatMap(rowsOf).filter((row) => isWanted(row, filter));
        yield* rows.sort((one, other) => comparePaths(one.path, other.path));
      }
    }
  }
}

/** Whether a judged change concerns the connection in some world. */
function isConcerned({ everywhere }: BranchedConnection): boolean {
  return everywhere.some(({ change, caller: { client, one, call }, paths }) => !change || paths.some((path) => (
    change.holds(client, { decision: change.after.decisions.ofSender(call, one)!, path }))));
}

/** With a single branch, the connection is decided as in each world. It is open if the worlds disagree by other facts than its ends'. */
function rowsOf(connection: BranchedConnection): readonly Row[] {
  const { caller, path, branches, everywhere } = connection;
  const [{ outcome, taken }] = branches;
  const inWorlds = everywhere.flatMap(({ paths, ...world }) => paths.map((one): PathInWorld => ({ caller: world.caller, path: one })));
  const cases = [{ conditions: [], value: [{ caller, path }, ...inWorlds] }];
  const open = { caller, path, cases, isOpen: transportOf(path).outcome !== 'undecided' };
  if (branches.length > 1) return [{ ...open, branches }];
  if (outcome === 'absent') return [];
  if (!taken) return [open];
  return taken.paths.map((one) => {
    const row = { caller: taken.caller, path: one };
    return { ...row, cases: pathCasesOf(connection, row) };
  });
}

function connectionIn({ caller, branches, cases, isOpen }: Row): ConditionalConnection {
  const connection = { ...connectionOfAll(cases.flatMap(({ value }) => value)), ...isOpen && openFor(caller) };
  if (branches) return { ...connection, branches };
  return cases.length === 1 ? connection : {
    ...connection, cases: cases.map(({ conditions, value }) => ({ conditions, connection: connectionOfAll(value) })),
  };
}

function tracedIn({ caller, branches, cases, isOpen }: Row): TracedConnection {
  const traced = tracedOfAll(cases.flatMap(({ value }) => value));
  const connection = isOpen ? openOf(traced, caller) : traced;
  if (branches) return { ...connection, branches: branches.map(tracedBranch) };
  return cases.length === 1 ? connection : {
    ...connection, cases: cases.map(({ conditions, value }) => ({ if: conditions, hops: tracedOfAll(value).hops })),
  };
}

/** In place of the decision on a path that only looks decided. */
function openFor({ client }: CallOfClient): Pick<Connection, 'clientTls' | 'serverMode' | 'outcome' | 'undecidedBecause' | 'because'> {
  const undecidedBecause = missingOf(client) ? 'client-proxy-unknown' : 'server-proxy-unknown';
  return { clientTls: 'UNKNOWN', serverMode: 'UNKNOWN', outcome: 'undecided', undecidedBecause, because: [] };
}

/** The same hop by hop. */
function openOf(connection: TracedConnection, caller: CallOfClient): TracedConnection {
  const { clientTls, serverMode, outcome, undecidedBecause } = openFor(caller);
  const transport = { outcome, undecidedBecause, because: [] };
  return { ...connection, hops: connection.hops.map((hop) => ({ ...hop, clientTls, serverMode, transport })), transport };
}

function isWanted({ path, branches, isOpen }: Row, { outcome: wanted, server }: ConnectionFilter): boolean {
  const own = isOpen ? 'undecided' : transportOf(path).outcome;
  const outcomes: readonly Branch['outcome'][] = branches?.map(({ outcome }) => outcome) ?? [own];
  const workload = serverOf(path).endpoint?.workload;
  return (wanted === undefined || outcomes.includes(wanted)) && (!server || (workload !== undefined && server(workload)));
}

export function tracedBranch({ conditions, outcome, undecidedBecause, taken }: Branch): TracedBranch {
  const deciding = taken?.paths.find((path) => transportOf(path).outcome === outcome);
  const because = taken && deciding ? tracedConnectionOf(taken.caller, deciding).transport.because : [];
  return { if: conditions, outcome, ...undecidedBecause !== undefined && { undecidedBecause }, because };
}
