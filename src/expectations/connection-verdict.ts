import { ClientSet, ClientsWithout, EVERYBODY, SomeClients } from './clients';
import { Exception, Expectation, Selection } from './expectation';
import { allLeftOut, ambiguities, unmatchedConnections, uselessException } from './unmatched';
import { ConnectionWitness, Ended, Failure, Tally, ExpectationVerdict } from './verdict';
import { CalendarDate } from '../findings/acknowledgement';
import { DecidedPath } from '../mesh/calls/decisions';
import { tracedConnectionOf } from '../mesh/calls/traced-connection';
import { compareNames } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';
import { Call } from '../mesh/model/call';
import { concerns, Path, serverOf, transportOf } from '../mesh/model/path';
import { UndecidedReason } from '../mesh/model/transport';
import { callText } from '../mesh/queries/connection-text';
import { endpointOwner } from '../mesh/services/endpoint';
import { Workload } from '../mesh/workloads/workload';

/** Why it isn't known where a call ends: at any server, whatever the path says. */
const ENDS_ANYWHERE: ReadonlySet<UndecidedReason | undefined> = new Set<UndecidedReason | undefined>([
  'gateway-api-route', 'refused-routes', 'delegate', 'dns-capture', 'destination-subnets', 'ambiguous-service',
]);

/** Judges all connections that an expectation is about, by decisions: clients that are decided together aren't looked at one by one. */
export function connectionVerdict(expectation: Expectation, mesh: Mesh, today: CalendarDate): ExpectationVerdict {
  const { demand, except } = expectation;
  const unclear = ambiguities(expectation, mesh);
  if (unclear.length > 0) return { expectation, count: 0, excepted: 0, counts: {}, failures: unclear };
  const ended = endedOf(except, today);
  const meant = meantBy(expectation, mesh, today);
  const tally = new Tally<MeantPath>(demand);
  for (const { decided, clients, count, excepted } of meant.paths()) {
    const { outcome, undecidedBecause } = transportOf(decided.path);
    tally.excepted += excepted;
    if (count > 0) tally.add({ decided, clients, count, excepted }, count, outcome, undecidedBecause);
  }
  const { count, excepted, counts } = tally;
  const failures: Failure[] = [
    ...count === 0 ? [excepted === 0 ? unmatchedConnections(expectation, mesh) : allLeftOut(excepted, 'connection')] : [],
    ...tally.failures((some) => witnessOf(some, mesh)),
    ...meant.useless().map(uselessException),
    ...ended.map((exception): Ended => ({ kind: 'ended', exception })),
  ];
  return { expectation, count, excepted, counts, failures };
}

/** The clients and calls of the undecided connections that an expectation is about; one may come several times. */
export function* openCalls(expectation: Expectation, mesh: Mesh, today: CalendarDate): Generator<readonly [Workload, Call]> {
  for (const { decided: { decision: { call, senders }, path }, clients, count } of meantBy(expectation, mesh, today).paths()) {
    if (count === 0 || transportOf(path).outcome !== 'undecided') continue;
    for (const client of clients.in(senders)) if (concerns(path, client)) yield [client, call];
  }
}

function meantBy(expectation: Expectation, mesh: Mesh, today: CalendarDate): Meant {
  const ended = endedOf(expectation.except, today);
  return new Meant(expectation, expectation.except.filter((one) => !ended.includes(one)), mesh);
}

function endedOf(except: readonly Exception[], today: CalendarDate): readonly Exception[] {
  return except.filter(({ until }) => until !== undefined && until < today);
}

/** A path that selected calls take. */
interface MeantPath {
  readonly decided: DecidedPath;
  /** The selected clients, whether or not they make the call. */
  readonly clients: ClientSet;
  readonly count: number;
  readonly excepted: number;
}

/** The connections that an expectation is about. */
class Meant {
  private readonly clients: ClientSet;
  private readonly clientsOf: ReadonlyMap<Exception, ClientSet>;
  private readonly used = new Set<Exception>();
  /** By the exceptions that apply to them. */
  private readonly left = new Map<string, ClientSet>();

  constructor(private readonly selection: Selection, private readonly except: readonly Exception[], private readonly mesh: Mesh) {
    this.clients = selection.from ? SomeClients.of(mesh.callers.filter(selection.from.matches), mesh) : EVERYBODY;
    this.clientsOf = new Map(except.map((exception) => [exception, this.clientsLeftOutBy([exception])]));
  }

  * paths(): Generator<MeantPath> {
    const { selection: { to, server }, mesh: { decisions } } = this;
    for (const call of decisions.calls) {
      if (to && !to.matches(call)) continue;
      const except = this.except.filter((exception) => exception.to?.matches(call) ?? true);
      for (const decision of decisions.of(call)) {
        for (const path of decision.paths) {
          if (!server || endsAt(path, server) || endsAnywhere(path)) yield this.meant({ decision, path }, except);
        }
      }
    }
  }

  /** Exceptions that excluded nothing. */
  useless(): readonly Exception[] {
    return this.except.filter((exception) => !this.used.has(exception));
  }

  private meant(decided: DecidedPath, ofCall: readonly Exception[]): MeantPath {
    const except = ofCall.filter(({ server }) => !server || (endsAt(decided.path, server) && !endsAnywhere(decided.path)));
    const all = this.count(decided, this.clients);
    if (except.length === 0 || all === 0) return { decided, clients: this.clients, count: all, excepted: 0 };
    for (const exception of except) {
      if (!this.used.has(exception) && this.count(decided, this.clientsOf.get(exception)!) > 0) this.used.add(exception);
    }
    const clients = this.clientsWithout(except);
    const count = this.count(decided, clients);
    return { decided, clients, count, excepted: all - count };
  }

  private clientsWithout(except: readonly Exception[]): ClientSet {
    const key = except.map((exception) => this.except.indexOf(exception)).join();
    let clients = this.left.get(key);
    if (!clients) this.left.set(key, clients = new ClientsWithout(this.clients, this.clientsLeftOutBy(except)));
    return clients;
  }

  private clientsLeftOutBy(except: readonly Exception[]): ClientSet {
    if (except.some(({ from }) => !from)) return this.clients;
    const isLeftOut = (client: Workload): boolean => this.clients.has(client) && except.some(({ from }) => from!.matches(client));
    return SomeClients.of(this.mesh.callers.filter(isLeftOut), this.mesh);
  }

  private count({ decision: { senders }, path }: DecidedPath, clients: ClientSet): number {
    const { decisions } = this.mesh;
    return decisions.countAmong(path, clients.countIn(senders), (client) => clients.has(client) && senders.has(decisions.senderOf(client)));
  }
}

function endsAt(path: Path, server: NonNullable<Selection['server']>): boolean {
  const { endpoint } = serverOf(path);
  const owner = endpoint && endpointOwner(endpoint);
  return owner !== undefined && server.matches(owner) && (server.port === undefined || server.port === endpoint!.port);
}

function endsAnywhere(path: Path): boolean {
  return ENDS_ANYWHERE.has(transportOf(path).undecidedBecause);
}

/** The connection of the first client, by name, of the first call. */
function witnessOf(paths: readonly MeantPath[], { decisions }: Mesh): ConnectionWitness {
  const [{ decided: { decision: { call } } }] = paths;
  const ofCall = paths.filter(({ decided }) => decided.decision.call === call)
    .map((one) => ({ client: firstClient(one), path: one.decided.path }));
  const { client, path } = ofCall.reduce((first, one) => (compareNames(one.client, first.client) < 0 ? one : first));
  return { connection: tracedConnectionOf({ client, one: decisions.senderOf(client), call }, path), calls: callText(call) };
}

function firstClient({ decided: { decision: { senders }, path }, clients }: MeantPath): Workload {
  return [...clients.in(senders)].filter((client) => concerns(path, client))
    .reduce((first, one) => (compareNames(one, first) < 0 ? one : first));
}
