import { Area, Areas } from './areas';
import { floorAt, Floors, floorsOf, outcomesIn, standing } from './floors';
import { ANY_OTHER, CallRecord, ClientHalf, generalHalf, halfOfClient, NOT_CALLED, outcomeAt, PathHalf, StateRecord } from './state-record';
import { Presence, presences, State, States } from './states';
import { isRollout, Unit } from './unit';
import { Outcome } from '../calls/outcome';
import { portsOf, RANKS } from '../change/acceptance';
import { callKey } from '../compare/connection-changes';
import { Receiver } from '../dataplane/inbound';
import { grouped } from '../inventory/collections';
import { compareNames, idKey } from '../inventory/object';
import { Mesh } from '../mesh';
import { selects } from '../names/labels';
import { readPeerPolicy, ServerMode } from '../policies/peer-authentication';
import { Workload } from '../workloads/workload';

/** A unit that goes from one of its versions to another. */
export interface Move {
  readonly unit: number;
  readonly from: number;
  readonly to: number;
}

/** The version of each unit, by its index. */
export type Versions = readonly number[];

/** What falls below its floor, or may, and in which states of clients and servers. */
export type Witness = BrokenCall | OpenedPort | { readonly kind: 'too-many'; readonly units: readonly number[] };

/** A call while its client is configured as in one state, and its server as in another. */
export interface BrokenCall {
  readonly kind: 'call';
  readonly client: Workload;
  readonly host: string;
  readonly port: number;
  readonly path: PathHalf;
  readonly outcome: Outcome;
  readonly mode?: ServerMode;
  /** The units that have a part in it. */
  readonly units: readonly number[];
  readonly clientState: State;
  readonly serverState: State;
}

/** A port that takes more plaintext for a time than before and after. */
export interface OpenedPort {
  readonly kind: 'port';
  readonly server: Workload;
  /** 0: those that no manifest names. */
  readonly port: number;
  readonly mode: ServerMode;
  readonly units: readonly number[];
  readonly serverState: State;
}

/** What is known of a stage: whether any call falls below its floor, whichever proxies have which of its changes. */
export type Verdict = { readonly verdict: 'safe'; readonly witness?: undefined } | { readonly verdict: 'unsafe' | 'unproven'; readonly witness: Witness };

const SAFE: Verdict = Object.freeze({ verdict: 'safe' });

/** How many states of an area a stage may go through. */
const MOST_STATES_OF_AREA = 256;

/** A workload before and after the change, and the unit by which it changes. */
interface Client {
  readonly before: Workload;
  readonly after: Workload;
  readonly unit?: number;
}

/** The states that an area goes through, with those before and after the whole change. */
interface Passage {
  readonly states: readonly State[];
  readonly records: readonly StateRecord[];
  readonly before: StateRecord;
  readonly after: StateRecord;
}

/** Says of stages of a change whether they are safe. */
export class StageCheck {
  private readonly stable: readonly Client[];
  private readonly rolling: readonly Client[];
  private readonly callsByHost: ReadonlyMap<string, readonly string[]>;
  private readonly verdicts = new Map<string, Verdict>();
  private readonly classes = new Map<string, readonly (readonly Client[])[]>();
  private readonly servers: readonly GuardedServers[];

  constructor(before: Mesh, after: Mesh, private readonly units: readonly Unit[], private readonly areas: Areas, private readonly states: States) {
    const unitOf = new Map(units.flatMap((unit, index) => (isRollout(unit) ? [[idKey(unit.versions.find(({ pods }) => pods)!.pods!), index] as const] : [])));
    const former = new Map(before.workloads.map((workload) => [idKey(workload), workload]));
    const clients = after.workloads.flatMap((workload): readonly Client[] => {
      const same = former.get(idKey(workload));
      const unit = unitOf.get(idKey(workload));
      return same ? [{ before: same, after: unit === undefined ? same : workload, unit }] : [];
    }).sort((one, other) => compareNames(one.after, other.after));
    this.stable = clients.filter(({ unit }) => unit === undefined);
    this.rolling = clients.filter(({ unit }) => unit !== undefined);
    const calls = new Set(before.decisions.calls.map(callKey));
    this.callsByHost = new Map([...grouped(after.decisions.calls, ({ host }) => host)]
      .map(([host, ofHost]) => [host, ofHost.map(callKey).filter((key) => calls.has(key)).sort()]));
    this.servers = this.guarded(clients, [before, after]);
  }

  /** @param at the versions before the stage */
  check(at: Versions, moves: readonly Move[]): Verdict {
    const to = [...at];
    for (const move of moves) to[move.unit] = move.to;
    const moving = new Set(moves.map(({ unit }) => unit));
    let unproven: Verdict | undefined;
    for (const verdict of this.parts(at, to, moving)) {
      if (verdict.verdict === 'unsafe') return verdict;
      if (verdict.verdict === 'unproven') unproven ??= verdict;
    }
    return unproven ?? SAFE;
  }

  private* parts(at: Versions, to: Versions, moving: ReadonlySet<number>): Generator<Verdict> {
    for (const servers of this.servers) if (servers.units.some((unit) => moving.has(unit))) yield this.ofServers(servers, at, to);
    for (const area of this.areas.touched) {
      const isMoving = area.units.some((unit) => moving.has(unit));
      if (isMoving) yield this.ofArea(area, at, to);
      for (const client of this.rolling) if (isMoving || moving.has(client.unit!)) yield this.ofRolling(area, client, at, to);
    }
  }

  private ofArea(area: Area, at: Versions, to: Versions): Verdict {
    return this.once(`${this.areas.touched.indexOf(area)} ${rangesOf(area.units, at, to)}`, () => {
      const passage = this.passage(area.units, at, to);
      if (!passage) return { verdict: 'unproven', witness: { kind: 'too-many', units: area.units } };
      return worstVerdict(this.callsOf(area).map((call) => this.ofCall(call, area, passage)));
    });
  }

  private ofRolling(area: Area, client: Client, at: Versions, to: Versions): Verdict {
    const unit = client.unit!;
    return this.once(`${this.areas.touched.indexOf(area)} ${rangesOf(area.units, at, to)} ${unit}:${at[unit]}-${to[unit]}`, () => {
      const passage = this.passage(area.units, at, to);
      if (!passage) return { verdict: 'unproven', witness: { kind: 'too-many', units: area.units } };
      const running = [...new Set([at[unit], to[unit]])].flatMap((version) => this.units[unit].versions[version].pods ?? []);
      return worstVerdict(this.callsOf(area).map((call) => this.ofClient(call, area, passage, client, running)));
    });
  }

  private callsOf({ hosts }: Area): readonly string[] {
    return [...hosts].flatMap((host) => this.callsByHost.get(host) ?? []);
  }

  /** Undefined: there are too many states. */
  private passage(some: readonly number[], at: Versions, to: Versions): Passage | undefined {
    let partial: Presence[][] = [[]];
    for (const unit of some) {
      const possible = presences(this.units[unit], at[unit], to[unit]);
      partial = partial.flatMap((state) => possible.map((presence) => [...state, presence]));
      if (partial.length > MOST_STATES_OF_AREA) return undefined;
    }
    const full = (presence: (position: number, unit: number) => Presence): State => {
      const state: Presence[] = this.units.map(() => [0]);
      for (const [position, unit] of some.entries()) state[unit] = presence(position, unit);
      return state;
    };
    const states = partial.map((chosen) => full((position) => chosen[position]));
    const ends = [full(() => [0]), full((_, unit) => [this.units[unit].goal])];
    const records = [...ends, ...states].map((state) => this.states.of(some, state));
    if (records.some((record) => record === undefined)) return undefined;
    const [before, after, ...others] = records as StateRecord[];
    return { states, records: others, before, after };
  }

  /** One call of all clients whose pods stay. */
  private ofCall(key: string, area: Area, passage: Passage): Verdict {
    const records = [passage.before, passage.after, ...passage.records];
    const calls = records.map(({ calls: of }) => of.get(key) ?? NOT_CALLED);
    const named = new Set(calls.flatMap((call) => [...call.named]));
    const judged = new Map<string, Verdict>();
    const verdicts: Verdict[] = [];
    for (const together of this.classesOf(records)) {
      const [{ before: one }] = together;
      const halves = calls.map((call, index) => halfIn(call, records[index], one));
      const general = together.find(({ before }) => !named.has(before));
      if (general && !judged.has(this.states.keyOf(halves))) {
        const verdict = this.ofHalves(halves.map(generalHalf), passage, { key, client: general.before, area });
        judged.set(this.states.keyOf(halves), verdict);
        verdicts.push(verdict);
      }
      if (named.size === 0) continue;
      for (const { before: client } of together) {
        if (named.has(client)) verdicts.push(this.ofHalves(halves.map((half) => halfOfClient(half, client)), passage, { key, client, area }));
      }
    }
    return worstVerdict(verdicts);
  }

  /** One call of a client whose pods are replaced. */
  private ofClient(key: string, area: Area, passage: Passage, client: Client, running: readonly Workload[]): Verdict {
    const halfOf = (record: StateRecord, pods: Workload): ClientHalf => halfOfClient(halfIn(record.calls.get(key) ?? NOT_CALLED, record, pods), pods);
    const ends = [halfOf(passage.before, client.before), halfOf(passage.after, client.after)];
    return worstVerdict(running.map((pods) =>
      this.ofHalves([...ends, ...passage.records.map((record) => halfOf(record, pods))], passage, { key, client: pods, area })));
  }

  /** @param halves what is sent before and after the whole change, then in each state */
  private ofHalves([former, latter, ...halves]: readonly ClientHalf[], passage: Passage, about: About): Verdict {
    const floors = floorsOf(outcomesIn(former, passage.before), outcomesIn(latter, passage.after));
    if (floors.call === undefined && floors.places.size === 0) return SAFE;
    const verdicts: Verdict[] = [];
    const seen = new Set<ClientHalf>();
    for (const [index, half] of halves.entries()) {
      if (seen.has(half)) continue;
      seen.add(half);
      for (const path of half) verdicts.push(this.ofPath(path, floors, passage, { ...about, clientState: passage.states[index] }));
    }
    return worstVerdict(verdicts);
  }

  private ofPath(path: PathHalf, floors: Floors, { states, records }: Passage, about: About & { clientState: State }): Verdict {
    const floor = floorAt(floors, path.place);
    if (floor === undefined || path.place === idKey(about.client)) return SAFE;
    const verdicts: Verdict[] = [];
    const seen = new Set<Receiver | undefined>();
    for (const [index, record] of records.entries()) {
      if (path.server && !record.running.has(path.server)) continue;
      const receiver = path.receiver === undefined ? undefined : record.receivers.get(path.receiver);
      if (seen.has(receiver)) continue;
      seen.add(receiver);
      const outcome = path.receiver === undefined ? path.outcome : receiver ? outcomeAt(path, receiver) : 'undecided';
      const verdict = standing(outcome, floor);
      if (verdict === 'safe') continue;
      const { key, client, area: { units }, clientState } = about;
      const [host, port] = [key.slice(0, key.lastIndexOf(':')), Number(key.slice(key.lastIndexOf(':') + 1))];
      verdicts.push({ verdict, witness: { kind: 'call', client, host, port, path, outcome, mode: receiver?.server.mode, units, clientState, serverState: states[index] } });
    }
    return worstVerdict(verdicts);
  }

  /** Clients of which every state looked at says the same. */
  private classesOf(records: readonly StateRecord[]): readonly (readonly Client[])[] {
    const key = records.map(({ number }) => number).join(' ');
    let classes = this.classes.get(key);
    if (!classes) {
      classes = [...grouped(this.stable, ({ before }) => records.map(({ senderOf }) => senderOf.get(before)).join(' ')).values()];
      this.classes.set(key, classes);
    }
    return classes;
  }

  /** Servers by the units that may change what their ports take. */
  private guarded(clients: readonly Client[], meshes: readonly Mesh[]): readonly GuardedServers[] {
    const ports = meshes.map(portsOf);
    const groups = new Map<string, GuardedServers & { readonly servers: GuardedServer[] }>();
    for (const client of clients) {
      const units = this.units.flatMap((unit, index) => (index === client.unit || mayGuard(unit, client, meshes) ? [index] : []));
      if (units.length === 0) continue;
      const group = groups.get(units.join(' ')) ?? { units, servers: [] };
      groups.set(units.join(' '), group);
      const named = [client.before, client.after].flatMap((workload) => ports.flatMap((of) => [...of.get(workload) ?? []]));
      group.servers.push({ client, ports: [...new Set([...named, ANY_OTHER])].sort((one, other) => one - other) });
    }
    return [...groups.values()];
  }

  private ofServers({ units, servers }: GuardedServers, at: Versions, to: Versions): Verdict {
    return this.once(`servers ${rangesOf(units, at, to)} ${units.join(' ')}`, () => {
      const passage = this.passage(units, at, to);
      if (!passage) return { verdict: 'unproven', witness: { kind: 'too-many', units } };
      return worstVerdict(servers.flatMap((server) => server.ports.map((port) => this.ofPort(server.client, port, units, passage))));
    });
  }

  private ofPort(client: Client, port: number, units: readonly number[], { before, after, states, records }: Passage): Verdict {
    const modeIn = ({ receivers }: StateRecord, server: Workload): ServerMode | undefined => receivers.get(this.states.receiverKey(server, port))?.server.mode;
    const [former, latter] = [modeIn(before, client.before), modeIn(after, client.after)];
    const floor = Math.min(RANKS[former ?? 'UNKNOWN'], RANKS[latter ?? 'UNKNOWN']);
    for (const [index, record] of records.entries()) {
      for (const server of new Set([client.before, client.after])) {
        const mode = modeIn(record, server);
        if (mode === undefined || RANKS[mode] >= floor) continue;
        const verdict = mode === 'UNKNOWN' ? 'unproven' : 'unsafe';
        return { verdict, witness: { kind: 'port', server, port, mode, units, serverState: states[index] } };
      }
    }
    return SAFE;
  }

  private once(key: string, make: () => Verdict): Verdict {
    let verdict = this.verdicts.get(key);
    if (!verdict) this.verdicts.set(key, verdict = make());
    return verdict;
  }
}

interface GuardedServer {
  readonly client: Client;
  readonly ports: readonly number[];
}

interface GuardedServers {
  readonly units: readonly number[];
  readonly servers: readonly GuardedServer[];
}

interface About {
  readonly key: string;
  readonly client: Workload;
  readonly area: Area;
}

function mayGuard(unit: Unit, { before, after }: Client, meshes: readonly Mesh[]): boolean {
  const { object, change } = unit;
  if (!change || isRollout(unit) || object.kind === 'DestinationRule' || object.kind === 'VirtualService') return false;
  if (object.kind !== 'PeerAuthentication') return true;
  if (meshes.some(({ planes }) => planes.default.config.rootNamespace === object.namespace)) return true;
  return object.namespace === before.namespace && [change.before, change.after].some((policy) =>
    policy !== undefined && [before, after].some(({ labels }) => selects(readPeerPolicy(policy).selector ?? {}, labels)));
}

function rangesOf(units: readonly number[], at: Versions, to: Versions): string {
  return units.map((unit) => `${at[unit]}-${to[unit]}`).join(' ');
}

function halfIn({ usual, others }: CallRecord, { senderOf }: StateRecord, client: Workload): ClientHalf {
  return others.get(senderOf.get(client)!) ?? usual;
}

function worstVerdict(verdicts: Iterable<Verdict>): Verdict {
  let unproven: Verdict | undefined;
  for (const verdict of verdicts) {
    if (verdict.verdict === 'unsafe') return verdict;
    if (verdict.verdict === 'unproven') unproven ??= verdict;
  }
  return unproven ?? SAFE;
}
