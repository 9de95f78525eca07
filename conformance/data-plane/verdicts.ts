// Holds the model's connections against what was seen of calls, for one mesh.
import type { SeenCall, SeenFlow, SeenServer, Wire } from './report';
import type { Connection } from '../../src/mesh/calls/connections';
import type { Mesh } from '../../src/mesh/mesh';
import type { BrokenReason, UndecidedReason } from '../../src/mesh/model/transport';
import type { CallKind } from '../../src/mesh/routes/route';
import { libraryModule } from '../library';

/** A connection of the model, with the ways in which its application talks; none where it reaches no server. */
export interface Expected {
  readonly connection: Connection;
  readonly kinds: readonly CallKind[];
  /** Whether the client's proxy itself ends the call, and sends nothing. */
  readonly ends: boolean;
}

export type CallVerdict =
  | { readonly agreed: Connection }
  /** The model leaves it undecided. */
  | { readonly undecided: UndecidedReason }
  /** It isn't compared: by reason. */
  | { readonly apart: string }
  | { readonly seen: string; readonly ours: string };

/** The model's connections, call by call. */
export class Expectations {
  private readonly byCall = new Map<string, Expected[]>();
  /** Calls that may come back to their clients, of which the model has no connections. */
  private readonly returning = new Set<string>();

  /** Calls of a workload to its own other pods, which don't run, that are undecided: its proxy may send them elsewhere, and why. */
  private readonly ownUndecided = new Map<string, UndecidedReason>();

  /** @param replicas whether workloads run a second pod, where they run several */
  constructor({ decisions, workloads }: Mesh, replicas = false) {
    const { listConnections, connectionOf } = libraryModule('mesh/calls/connections');
    const { decisiveHop, directServer, kindsOf } = libraryModule('mesh/model/path');
    const listed = listConnections(decisions, workloads, {}, (caller, path) => {
      const { travel, brokenBecause } = decisiveHop(path);
      const ends = travel === 'blocked' || ENDED.some((reason) => reason === brokenBecause);
      return { connection: connectionOf(caller, path), kinds: kindsOf(path), ends };
    });
    for (const one of listed) {
      const { client, server, undecidedBecause } = one.connection;
      const key = keyOf(one.connection);
      if (!replicas && server && isSame(server, client)) {
        if (undecidedBecause) this.ownUndecided.set(key, undecidedBecause);
        continue;
      }
      this.byCall.set(key, [...this.byCall.get(key) ?? [], one]);
    }
    for (const { call, senders, paths } of decisions.all()) {
      for (const client of paths.map(directServer)) {
        if (client && senders.has(decisions.senderOf(client))) this.returning.add(keyOf({ client, requested: call }));
      }
    }
  }

  of({ kind, ...call }: SeenCall): readonly Expected[] {
    return (this.byCall.get(keyOf(call)) ?? []).filter(({ kinds }) => kinds.length === 0 || kinds.includes(kind));
  }

  /** By calls, each as `keyOf` names it. */
  get all(): ReadonlyMap<string, readonly Expected[]> {
    return this.byCall;
  }

  mayReturn(call: Pick<SeenCall, 'client' | 'requested'>): boolean {
    return this.returning.has(keyOf(call));
  }

  undecidedAmongReplicas(call: Pick<SeenCall, 'client' | 'requested'>): UndecidedReason | undefined {
    return this.ownUndecided.get(keyOf(call));
  }

  /** Those whose outcome the model decides. */
  get decided(): readonly Connection[] {
    return [...this.byCall.values()].flat().map(({ connection }) => connection).filter(({ outcome }) => outcome !== 'undecided');
  }
}

/** Why a client's proxy has no server to send a call to. */
const ENDED: readonly BrokenReason[] = ['forbidden-destination', 'unknown-destination', 'undefined-subset', 'no-servers'];

/** Which call of which client. */
export function keyOf({ client: { kind, namespace, name }, requested: { host, port } }: Pick<Connection, 'client' | 'requested'>): string {
  return JSON.stringify([kind, namespace, name, host, port]);
}

/** What the model's connections are to one call that was made. */
export function judgeCall(call: SeenCall, known: Expectations, notRun: ReadonlySet<string>): CallVerdict {
  const { arrived, failed, flows } = call;
  if (call.returned) return { apart: 'the call came back to its client' };
  const met = [arrived, ...flows.map(({ server }) => server)];
  if (met.some((server) => server && notRun.has(nameOf(server)))) return { apart: 'a server whose proxy wasn\'t run' };
  const expected = known.of(call);
  if (expected.length === 0 && !arrived && flows.length === 0) return { apart: 'no connection, and nothing was sent' };
  const fits = expected.find((one) => (arrived ? isArrival(call, arrived, one) : isFailure(call, one)));
  if (fits) return { agreed: fits.connection };
  if (!arrived && flows.length === 0 && known.mayReturn(call)) return { apart: 'a failed call that may have come back to its client' };
  if (failed?.startsWith('HTTP 404') && flows.length === 0) return { apart: 'a request for which the client\'s proxy has no route' };
  const connections = expected.map(({ connection }) => connection);
  if (connections.some(({ server, serverMode }) => server?.kind === 'WorkloadEntry' && serverMode !== 'NO_PROXY' && met.some((one) => one && isSame(one, server)))) {
    return { apart: 'a machine, whose proxy isn\'t run' };
  }
  if (arrived && flows.some(({ proxyHeader }) => proxyHeader) && connections.some(({ outcome }) => outcome === 'broken')) {
    return { apart: 'a PROXY protocol header that a sidecar passes on, and the application reads' };
  }
  const undecided = connections.find(({ outcome }) => outcome === 'undecided')?.undecidedBecause
    ?? (connections.length === 0 ? known.undecidedAmongReplicas(call) : undefined);
  if (undecided) return { undecided };
  return { seen: shown(call), ours: connections.map(said).join(' or ') || 'no such connection' };
}

/** A connection in one line. */
export function lineOf({ client, requested, clientTls, serverMode, outcome }: Connection): string {
  return `${client.namespace}/${client.name} ${requested.host}:${requested.port} ${clientTls} ${serverMode} ${outcome}`;
}

function said({ server, clientTls, serverMode, outcome }: Connection): string {
  return `${clientTls} ${serverMode} ${outcome}${server ? ` at ${nameOf(server)}:${server.port}` : ''}`;
}

/** Whether a call that arrived is a connection of the model. */
function isArrival({ kind, flows }: SeenCall, arrived: SeenServer, { connection }: Expected): boolean {
  // The port is that of the wire: a Sidecar may lead what arrives to another one.
  if (!isAt({ ...arrived, port: connection.server?.port ?? arrived.port }, connection.server)) return false;
  return flows.some((flow) => isAt(flow.server, connection.server) && flow.wire === connection.outcome && isSentAs(flow, kind, connection));
}

/** Whether a call that failed is a connection of the model. */
function isFailure({ kind, flows }: SeenCall, { connection, ends }: Expected): boolean {
  if (connection.outcome !== 'broken') return false;
  return ends ? flows.length === 0 : flows.some((flow) => isAt(flow.server, connection.server) && (flow.wire === 'silence' || isSentAs(flow, kind, connection)));
}

const SENT: Readonly<Record<Connection['clientTls'], Wire>> = { ISTIO_MUTUAL: 'mtls', MUTUAL: 'tls', SIMPLE: 'tls', PLAINTEXT: 'plaintext', UNKNOWN: 'silence' };

/** Whether the wire shows what the client's side makes of a call: TLS of the application's own shows where it adds none. */
function isSentAs({ wire }: SeenFlow, kind: CallKind, { clientTls }: Connection): boolean {
  return wire === (clientTls === 'PLAINTEXT' && kind === 'tls' ? 'tls' : SENT[clientTls]);
}

function isAt(seen: SeenServer | null | undefined, server: Connection['server']): boolean {
  if (!seen || seen.name === '') return server === null;
  return server !== null && nameOf(seen) === nameOf(server) && seen.port === server.port;
}

type Named = Pick<SeenServer, 'kind' | 'namespace' | 'name'>;

export const nameOf = ({ kind, namespace, name }: Named) => `${kind}/${namespace}/${name}`;

export const isSame = (one: Named, other: Named) => nameOf(one) === nameOf(other);

/** What was seen, in one line. */
export function shown({ kind, arrived, failed, flows }: SeenCall): string {
  const sent = flows.map(({ server, wire, refused }) => `${wire}${refused ? ' refused' : ''} to ${server ? `${nameOf(server)}:${server.port}` : 'the world'}`);
  const came = arrived && `arrived at ${arrived.name === '' ? 'the world' : `${nameOf(arrived)}:${arrived.port}`}${arrived.encrypted ? ` with TLS ${arrived.encrypted}` : ''}`;
  return `${kind}: ${sent.join(', ') || 'nothing sent'}; ${came ?? `failed: ${failed}`}`;
}
