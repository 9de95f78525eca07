import { Area } from './areas';
import { Caller, Callers, RunningCallers } from './callers';
import { floorAt, floorsOf, outcomesIn, standing } from './floors';
import { Passage, passageKey, Passages, StateRecords, Versions } from './passage';
import { JointWorkload } from './port-check';
import { ClientHalf, generalHalf, halfIn, halfOfClass, halfOfClient, NOT_CALLED, outcomeAt, PathHalf, StateRecord } from './state-record';
import { State, States } from './states';
import { SAFE, Verdict, worstVerdict } from './verdict';
import { grouped } from '../collections';
import { Receiver } from '../dataplane/inbound';
import { idKey } from '../inventory/object';
import { Mesh } from '../mesh';
import { Outcome } from '../model/transport';
import { ServerMode } from '../policies/peer-authentication';
import { Workload } from '../workloads/workload';

interface About {
  readonly key: string;
  readonly client: Workload;
  readonly area: Area;
  /** The unit that replaces the client's pods, and which of them call. */
  readonly rollout?: { readonly unit: number; readonly version: number };
}

/** What is known of an area's calls in some states, by caller: none of it depends on which changes lead to these states. */
interface Judged {
  readonly passage: Passage;
  /** Callers for whom their classes don't decide: a call names them, or decides about them apart, or their pods are replaced with a unit of the area. */
  readonly special: ReadonlySet<Caller>;
  /** Whether all calls of a group of callers are safe. */
  readonly groups: Map<number, boolean>;
  /** Whether all calls of a special caller are. */
  readonly callers: Map<Caller, boolean>;
}

/**
 * Checks whether calls of an area fall below their floors.
 *
 * Callers that are in the same classes in all states, and that no call of the area names or decides about apart, send the same in all
 * states, and so have the same floors and outcomes: they are judged once. That one of them is the server of a path isn't considered then, which is
 * stricter. If anything isn't safe, clients are judged one by one.
 */
export class CallCheck {
  readonly callers: Callers;
  private readonly callsByHost: ReadonlyMap<string, readonly string[]>;
  private readonly classes = new Map<StateRecords, readonly (readonly JointWorkload[])[]>();
  private readonly judged = new Map<Area, Map<StateRecords, Judged>>();
  private readonly verdicts = new Map<string, Verdict>();
  private readonly stable: readonly JointWorkload[];

  constructor(workloads: readonly JointWorkload[], before: Mesh, after: Mesh, private readonly passages: Passages, private readonly states: States) {
    this.callers = new Callers(workloads, passages.units);
    this.stable = workloads.filter(({ unit }) => unit === undefined);
    const calls = new Set(before.decisions.calls.map(({ key }) => key));
    this.callsByHost = new Map([...grouped(after.decisions.calls, ({ host }) => host)]
      .map(([host, ofHost]) => [host, ofHost.map(({ key }) => key).filter((key) => calls.has(key)).sort()]));
  }

  /** The calls of all clients whose pods stay. */
  * ofStable(area: Area, from: Versions, to: Versions): Generator<Verdict> {
    const judged = this.judgedOf(area, from, to);
    if (!judged) {
      yield tooMany(area);
    } else if (!this.areSafe(area, judged, this.callers.stable)) {
      yield this.once(area, from, to, '', () => worstVerdict(mapped(this.callsOf(area), (call) => this.ofCall(call, area, judged.passage))));
    }
  }

  /**
   * Those of clients whose pods are replaced.
   *
   * @param running the pods of these clients that run meanwhile
   */
  * ofRolling(area: Area, clients: readonly JointWorkload[], running: RunningCallers, from: Versions, to: Versions): Generator<Verdict> {
    const judged = this.judgedOf(area, from, to);
    if (!judged) {
      yield tooMany(area);
    } else if (!this.areSafe(area, judged, running)) {
      for (const client of clients) {
        const own = this.callers.of(client).filter((caller) => running.has(caller));
        if (own.every((caller) => this.isSafe(area, judged, caller))) continue;
        const unit = client.unit!;
        yield this.once(area, from, to, `by ${unit}:${from[unit]}-${to[unit]}`, () => this.ofClient(area, judged.passage, client, from, to));
      }
    }
  }

  private ofClient(area: Area, passage: Passage, client: JointWorkload, from: Versions, to: Versions): Verdict {
    const unit = client.unit!;
    const running = [...new Set([from[unit], to[unit]])].flatMap((version) => this.callers.of(client).filter((caller) => caller.version === version));
    const calls = this.callsOf(area).flatMap((call) => running.map((caller) => ({ call, caller })));
    return worstVerdict(mapped(calls, ({ call, caller }) => this.ofPods(call, area, passage, caller)));
  }

  /** Judged one by one, which takes long where clients are many. */
  private once(area: Area, from: Versions, to: Versions, by: string, make: () => Verdict): Verdict {
    const [host] = area.hosts;
    const key = `${host} ${passageKey(area.units, from, to)} ${by}`;
    let verdict = this.verdicts.get(key);
    if (!verdict) this.verdicts.set(key, verdict = make());
    return verdict;
  }

  private judgedOf(area: Area, from: Versions, to: Versions): Judged | undefined {
    const passage = this.passages.of(area.units, from, to);
    if (!passage) return undefined;
    let ofArea = this.judged.get(area);
    if (!ofArea) this.judged.set(area, ofArea = new Map());
    const known = ofArea.get(passage.shared);
    const judged = known ? { ...known, passage } : { passage, special: this.specialOf(area, passage), groups: new Map(), callers: new Map() };
    if (!known) ofArea.set(passage.shared, judged);
    return judged;
  }

  private specialOf(area: Area, { before, after, records }: StateRecords): ReadonlySet<Caller> {
    const units = new Set(area.units);
    const special = new Set(this.callers.rolling.filter(({ unit }) => units.has(unit!)).flatMap((client) => this.callers.of(client)));
    for (const key of this.callsOf(area)) {
      for (const { calls, clientsOf } of [before, after, ...records]) {
        const call = calls.get(key);
        if (!call) continue;
        const apart = Array.from(call.apart.keys(), (sender) => clientsOf.get(sender) ?? []).flat();
        for (const client of [...call.named, ...apart]) this.callers.ofPods(client).forEach((caller) => special.add(caller));
      }
    }
    return special;
  }

  private areSafe(area: Area, judged: Judged, running: RunningCallers): boolean {
    for (const group of running.groupsIn(judged.passage.shared)) if (!this.isGroupSafe(area, judged, group)) return false;
    for (const caller of judged.special) if (running.has(caller) && !this.isSafe(area, judged, caller)) return false;
    return true;
  }

  private isSafe(area: Area, judged: Judged, caller: Caller): boolean {
    if (!judged.special.has(caller)) return this.isGroupSafe(area, judged, this.callers.groupingIn(judged.passage.shared).groupOf[caller.number]);
    let isSafe = judged.callers.get(caller);
    if (isSafe === undefined) {
      isSafe = this.callsOf(area).every((key) => isEmpty(this.fallenOf(this.halvesOf(key, judged.passage, caller), judged.passage, caller.pods)));
      judged.callers.set(caller, isSafe);
    }
    return isSafe;
  }

  private isGroupSafe(area: Area, { passage, groups }: Judged, group: number): boolean {
    let isSafe = groups.get(group);
    if (isSafe === undefined) {
      const classes = this.callers.groupingIn(passage.shared).classes[group];
      const records = [passage.before, passage.after, ...passage.records];
      isSafe = this.callsOf(area).every((key) => {
        const halves = records.map(({ calls }, index) => generalHalf(halfOfClass(calls.get(key) ?? NOT_CALLED, classes[index])));
        return isEmpty(this.fallenOf(halves, passage));
      });
      groups.set(group, isSafe);
    }
    return isSafe;
  }

  private callsOf({ hosts }: Area): readonly string[] {
    return [...hosts].flatMap((host) => this.callsByHost.get(host) ?? []);
  }

  private ofCall(key: string, area: Area, passage: Passage): Verdict {
    const records = [passage.before, passage.after, ...passage.records];
    const calls = records.map(({ calls: of }) => of.get(key) ?? NOT_CALLED);
    const named = new Set(calls.flatMap((call) => [...call.named]));
    const judged = new Set<string>();
    const verdicts: Verdict[] = [];
    for (const together of this.classesOf(passage.shared, records)) {
      const [{ before: one }] = together;
      const halves = calls.map((call, index) => halfIn(call, records[index], one));
      const general = together.filter(({ before }) => !named.has(before));
      // Whoever serves the call has no calls to itself to lose, so it can't stand for others.
      const places = new Set(halves.flat().map(({ place }) => place));
      const other = general.find(({ before }) => !places.has(idKey(before)));
      if (!judged.has(this.states.keyOf(halves))) {
        const ofAll = halves.map(generalHalf);
        for (const { before: client } of other ? [other] : general) verdicts.push(this.ofHalves(ofAll, passage, { key, client, area }));
        if (other) judged.add(this.states.keyOf(halves));
      }
      if (named.size === 0) continue;
      for (const { before: client } of together) {
        if (named.has(client)) verdicts.push(this.ofHalves(halves.map((half) => halfOfClient(half, client)), passage, { key, client, area }));
      }
    }
    return worstVerdict(verdicts);
  }

  /** One call of some pods of a client. */
  private ofPods(key: string, area: Area, passage: Passage, caller: Caller): Verdict {
    const { client: { unit }, pods, version } = caller;
    const rollout = version === undefined ? undefined : { unit: unit!, version };
    return this.ofHalves(this.halvesOf(key, passage, caller), passage, { key, client: pods, area, rollout });
  }

  /** What some pods send for a call before and after the whole change, then in each state. */
  private halvesOf(key: string, { before, after, records }: StateRecords, { client, pods, version }: Caller): readonly ClientHalf[] {
    const halfOf = (record: StateRecord, one: Workload): ClientHalf =>
      halfOfClient(halfIn(record.calls.get(key) ?? NOT_CALLED, record, one), one);
    const ends = [halfOf(before, client.before), halfOf(after, version === undefined ? pods : client.after)];
    return [...ends, ...records.map((record) => halfOf(record, pods))];
  }

  private ofHalves(halves: readonly ClientHalf[], passage: Passage, about: About): Verdict {
    let unproven: Fallen | undefined;
    for (const fallen of this.fallenOf(halves, passage, about.client)) {
      if (fallen.verdict === 'unsafe') return witnessed(fallen, passage, about);
      unproven ??= fallen;
    }
    return unproven ? witnessed(unproven, passage, about) : SAFE;
  }

  /**
   * Whatever falls below its floor, or may.
   *
   * @param halves what is sent before and after the whole change, then in each state
   * @param client whose calls to itself don't count; undefined: any of several
   */
  private* fallenOf([former, latter, ...halves]: readonly ClientHalf[], { before, after, records }: Passage, client?: Workload): Generator<Fallen> {
    const floors = floorsOf(outcomesIn(former, before), outcomesIn(latter, after));
    if (floors.call === undefined && floors.places.size === 0) return;
    const seen = new Set<ClientHalf>();
    for (const [clientAt, half] of halves.entries()) {
      if (seen.has(half)) continue;
      seen.add(half);
      for (const path of half) {
        const floor = floorAt(floors, path.place);
        if (floor === undefined || (client && path.place === idKey(client))) continue;
        for (const fallen of fallenOn(path, floor, records)) yield { ...fallen, clientAt };
      }
    }
  }

  private classesOf(shared: StateRecords, records: readonly StateRecord[]): readonly (readonly JointWorkload[])[] {
    let classes = this.classes.get(shared);
    if (!classes) {
      classes = [...grouped(this.stable, ({ before }) => records.map(({ senderOf }) => senderOf.get(before)).join(' ')).values()];
      this.classes.set(shared, classes);
    }
    return classes;
  }
}

/** A path that falls below its floor while its client and its server are in some of the states of a passage. */
interface Fallen {
  readonly verdict: 'unsafe' | 'unproven';
  readonly path: PathHalf;
  readonly outcome: Outcome;
  readonly mode?: ServerMode;
  readonly clientAt: number;
  readonly serverAt: number;
}

function* fallenOn(path: PathHalf, floor: number, records: readonly StateRecord[]): Generator<Omit<Fallen, 'clientAt'>> {
  const seen = new Set<Receiver | undefined>();
  for (const [serverAt, record] of records.entries()) {
    if (path.server && !record.running.has(path.server)) continue;
    const receiver = path.receiver === undefined ? undefined : record.receivers.get(path.receiver);
    if (seen.has(receiver)) continue;
    seen.add(receiver);
    const outcome = path.receiver === undefined ? path.outcome : receiver ? outcomeAt(path, receiver) : 'undecided';
    const verdict = standing(outcome, floor);
    if (verdict !== 'safe') yield { verdict, path, outcome, mode: receiver?.server.mode, serverAt };
  }
}

function witnessed({ verdict, path, outcome, mode, clientAt, serverAt }: Fallen, { stateAt }: Passage, about: About): Verdict {
  const { key, client, units, clientState } = withRollout({ ...about, clientState: stateAt(clientAt) });
  const [host, port] = [key.slice(0, key.lastIndexOf(':')), Number(key.slice(key.lastIndexOf(':') + 1))];
  return { verdict, witness: { kind: 'call', client, host, port, path, outcome, mode, units, clientState, serverState: stateAt(serverAt) } };
}

function isEmpty(values: Generator<unknown>): boolean {
  return values.next().done === true;
}

/** Each only when it is needed: what follows something unsafe isn't. */
function* mapped<T, R>(values: Iterable<T>, make: (value: T) => R): Generator<R> {
  for (const value of values) yield make(value);
}

/** The client's pods exist, whether or not its part of the mesh depends on them. */
function withRollout({ key, client, area: { units }, clientState, rollout }: About & { clientState: State }) {
  if (!rollout || clientState[rollout.unit].includes(rollout.version)) return { key, client, units, clientState };
  const presence = [...new Set([...units.includes(rollout.unit) ? clientState[rollout.unit] : [], rollout.version])].sort();
  const state = clientState.map((one, unit) => (unit === rollout.unit ? presence : one));
  return { key, client, units: [...new Set([...units, rollout.unit])], clientState: state };
}

function tooMany({ units }: Area): Verdict {
  return { verdict: 'unproven', witness: { kind: 'too-many', units } };
}
