// Holds what was seen while a plan was carried out to what the plan promises.
import type { Connection } from '../../src/mesh/calls/connections';
import type { Outcome } from '../../src/mesh/model/transport';
import type { ChangePlan } from '../../src/mesh/plan/stages';
import type { CallKind } from '../../src/mesh/routes/route';
import type { RunReport, SeenCall, SeenServer, Wire } from '../data-plane/report';
import type { Calling } from '../data-plane/runner';
import { Expectations, isSame, keyOf, nameOf, type Expected } from '../data-plane/verdicts';

/** How well a connection is protected. */
const PROTECTION: Readonly<Partial<Record<Outcome, number>>> = { plaintext: 1, tls: 2, mtls: 3 };
const SENT: Readonly<Partial<Record<Wire, number>>> = { plaintext: 1, tls: 2, mtls: 3 };

/** What must hold of a call. */
interface Floor {
  /** Below what it must not fall; 0: one of its connections doesn't work before or after the change. */
  readonly call: number;
  /** The same of its connections to each server. */
  readonly servers: ReadonlyMap<string, number>;
  /** The servers that refuse its plaintext both before and after. */
  readonly refusing: ReadonlySet<string>;
}

/** What is seen of a call of which the plan promises something. */
export type Standing =
  | 'holds'
  /** It doesn't get through. */
  | 'broken'
  /** It is less protected than before and after. */
  | 'exposed'
  /** A server that is STRICT before and after took its plaintext. */
  | 'let in'
  /** It met a machine or another proxy that isn't run, or came back to its client. */
  | 'apart';

/** What must hold of calls while a change converges: what holds before and after it, by the model. */
export class Promises {
  private readonly floors = new Map<string, Floor>();
  private readonly states: readonly Expectations[];

  constructor({ before, after }: Pick<ChangePlan, 'before' | 'after'>) {
    this.states = [before, after].map((mesh) => new Expectations(mesh));
    const [former, latter] = this.states.map(({ all }) => all);
    for (const [key, connections] of former) {
      const floor = floorOf(connections, latter.get(key) ?? []);
      if (floor.refusing.size > 0 || [floor.call, ...floor.servers.values()].some((rank) => rank > 0)) this.floors.set(key, floor);
    }
  }

  /** The calls of which something is promised, in each way in which applications talk. */
  get calls(): readonly Calling[] {
    const [former] = this.states;
    return [...this.floors].flatMap(([key, { refusing }]) => {
      const all = former.all.get(key)!;
      const { client, requested } = all[0].connection;
      const kinds = new Set<CallKind>(all.flatMap(({ kinds: of }) => (of.length > 0 ? of : EVERY_KIND)));
      return [...kinds].sort().map((kind) => ({ client, requested, kind, refused: refusing.size > 0 }));
    });
  }

  standing(call: SeenCall, notRun: ReadonlySet<string>): Standing {
    const floor = this.floors.get(keyOf(call));
    const { arrived, flows, client } = call;
    const met = [arrived, ...flows.map(({ server }) => server)];
    // Machines have no proxies here.
    const isApart = met.some((server) => server && (server.kind === 'WorkloadEntry' || notRun.has(nameOf(server))));
    if (!floor || isApart || (arrived && isSame(arrived, client))) return 'apart';
    return arrived ? standingOfArrival(floor, call) : this.standingOfFailure(floor, call);
  }

  private standingOfFailure({ call: rank, servers, refusing }: Floor, call: SeenCall): Standing {
    const { flows } = call;
    if (flows.length === 0 && this.states.some((state) => state.mayReturn(call))) return 'apart';
    if (rank > 0) return 'broken';
    // Of several connections it isn't known which is a copy.
    if (flows.length !== 1) return 'apart';
    const place = placeOf(flows[0].server);
    if (refusing.has(place)) return 'holds';
    return (servers.get(place) ?? 0) > 0 ? 'broken' : 'apart';
  }
}

function standingOfArrival({ call, servers, refusing }: Floor, { flows }: SeenCall): Standing {
  const isLetIn = flows.length === 1 && flows[0].wire === 'plaintext' && refusing.has(placeOf(flows[0].server));
  if (isLetIn) return 'let in';
  return flows.some(({ server, wire }) => (SENT[wire] ?? Infinity) < Math.max(call, servers.get(placeOf(server)) ?? 0)) ? 'exposed' : 'holds';
}

const EVERY_KIND: readonly CallKind[] = ['http', 'tcp', 'tls'];

function floorOf(former: readonly Expected[], latter: readonly Expected[]): Floor {
  const places = [...new Set(former.map(({ connection: { server } }) => placeOf(server)))];
  const at = (place: string) => [former, latter].map((all) => all.filter(({ connection: { server } }) => placeOf(server) === place));
  return {
    call: Math.min(rankOf(former), rankOf(latter)),
    servers: new Map(places.map((place) => [place, Math.min(...at(place).map(rankOf))])),
    refusing: new Set(places.filter((place) => at(place).every(isRefused))),
  };
}

/** The least protection of some connections; 0: one of them doesn't work, or isn't decided, or there is none. */
function rankOf(connections: readonly Expected[]): number {
  return connections.length === 0 ? 0 : Math.min(...connections.map(({ connection: { outcome } }) => PROTECTION[outcome] ?? 0));
}

function isRefused(connections: readonly Expected[]): boolean {
  return connections.length > 0 && connections.every(({ connection: { clientTls, serverMode, outcome } }) => (
    outcome === 'broken' && clientTls === 'PLAINTEXT' && serverMode === 'STRICT'));
}

function placeOf(server: SeenServer | Connection['server']): string {
  return server ? `${nameOf(server)}:${server.port}` : '';
}

/** What a call comes to both before and after the change. */
export type Steady = 'works' | 'refused';

/**
 * The calls that came to the same before and after the change, for real, too: that work, or are refused. Of the others,
 * their outcomes on the way say nothing.
 *
 * @param lastForth the step with which the change is made
 * @returns what each comes to, by its place among the calls
 */
export function steadyCalls({ convergence, notRun }: RunReport, promises: Promises, lastForth: number): ReadonlyMap<number, Steady> {
  const out = new Set(notRun.map(nameOf));
  const { before, steps } = convergence!;
  const outcome = (call: SeenCall): Steady | undefined => {
    const standing = promises.standing(call, out);
    if (call.arrived) return standing === 'holds' || standing === 'apart' ? 'works' : undefined;
    return standing === 'holds' ? 'refused' : undefined;
  };
  const steady = new Map<number, Steady>();
  for (const call of steps[lastForth].then) {
    const first = outcome(before[call.of]);
    if (first !== undefined && first === outcome(call)) steady.set(call.of, first);
  }
  return steady;
}
