import { AffectedCalls, joined, NO_UNITS } from './affected-calls';
import { CallingPods, Callers, RunningCallers } from './callers';
import { CallUnits, Fallen, fallenOn, affectingUnits, witnessed } from './fallen';
import { ClientHalf } from './links';
import { minimumProtectionOf, outcomesIn } from './minimum-protection';
import { JointWorkload } from './port-check';
import { Meeting, StageStates, stageStatesKey, StageStatesFinder, StateSet, Versions } from './stage-states';
import { generalHalf, halfIn, halfOfClass, halfOfClient, NOT_CALLED, StateOutcomes } from './state-outcomes';
import { States } from './states';
import { FallenCall } from './undeclared-call';
import { SAFE, StageVerdict, worstVerdict } from './verdict';
import { grouped } from '../collections';
import { idKey } from '../inventory/object';
import { Mesh } from '../mesh';
import { Workload } from '../workloads/workload';

/** The verdicts on a group of calls in some states, by caller. They don't depend on which changes lead to these states. */
interface Judged {
  readonly meeting: Meeting;
  /**
   * Callers that their class doesn't cover: a path names them, a call is
   * decided for them apart, or a unit of the group replaces their pods.
   */
  readonly special: ReadonlySet<CallingPods>;
  /** Whether all calls of a group of callers are safe. */
  readonly groups: Map<number, boolean>;
  /** Whether all calls of a special caller are safe. */
  readonly callers: Map<CallingPods, boolean>;
}

/**
 * Checks whether calls fall below their minimum protection.
 *
 * Callers that are in the same classes in all states send the same in all states, unless a path names one of them or a call is decided for
 * it apart. They have the same minimum and outcomes, so they are judged once, even if one of them is a path's server, which is stricter. If
 * anything isn't safe, clients are judged one by one.
 */
export class CallCheck {
  private readonly callsByHost: ReadonlyMap<string, readonly string[]>;
  private readonly judged = new Map<AffectedCalls, Map<StateSet, Map<StateSet, Judged>>>();
  private readonly verdicts = new Map<string, StageVerdict>();

  constructor(
    readonly callers: Callers, before: Mesh, after: Mesh, private readonly passages: StageStatesFinder, private readonly states: States,
  ) {
    const calls = new Set(before.decisions.calls.map(({ key }) => key));
    this.callsByHost = new Map([...grouped(after.decisions.calls, ({ host }) => host)]
      .map(([host, ofHost]) => [host, ofHost.map(({ key }) => key).filter((key) => calls.has(key)).sort()]));
  }

  /** Drops all cached verdicts. */
  forget(): void {
    this.judged.clear();
    this.verdicts.clear();
    this.callers.forget();
  }

  /** Checks the calls of clients whose pods stay. */
  * ofStable(area: AffectedCalls, running: RunningCallers, from: Versions, to: Versions): Generator<StageVerdict> {
    const judged = this.judgedOf(area, running.own, from, to);
    if (!judged) {
      yield tooMany(area, running.own);
    } else if (!this.areSafe(area, judged, running)) {
      for (const { own, all } of running.parts) {
        const meeting = this.meetingOf(area, own, from, to);
        const clients = all.map(({ client }) => client);
        const verdicts = mapped(this.callsOf(area), (call) => this.ofCall(call, { area, own }, meeting, clients));
        yield this.once(area, own, from, to, '', () => worstVerdict(verdicts));
      }
    }
  }

  /** Checks the calls of clients whose pods are replaced. */
  * ofRolling(area: AffectedCalls, running: RunningCallers, from: Versions, to: Versions): Generator<StageVerdict> {
    const judged = this.judgedOf(area, running.own, from, to);
    if (!judged) {
      yield tooMany(area, running.own);
    } else if (!this.areSafe(area, judged, running)) {
      for (const [client, callers] of grouped(running.all, (caller) => caller.client)) {
        if (callers.every((caller) => this.isSafe(area, judged, caller))) continue;
        const [unit, [{ own }]] = [client.unit!, callers];
        const meeting = this.meetingOf(area, own, from, to);
        yield this.once(area, own, from, to, `by ${unit}:${from[unit]}-${to[unit]}`, () => this.ofClient(area, meeting, client, from, to));
      }
    }
  }

  /** Each call of a client that falls, or may; undefined for one group of hosts with too many states. */
  * fallenCalls(area: AffectedCalls, running: RunningCallers, from: Versions, to: Versions): Generator<FallenCall | undefined> {
    const judged = this.judgedOf(area, running.own, from, to);
    if (!judged) return yield undefined;
    if (this.areSafe(area, judged, running)) return;
    for (const caller of running.all) {
      if (this.isSafe(area, judged, caller)) continue;
      for (const key of this.callsOf(area)) {
        const fallen = [...this.fallenOf(this.halvesOf(key, judged.meeting.sending, caller), judged.meeting, caller.pods)];
        const [first] = [...fallen.filter(({ verdict }) => verdict === 'unsafe'), ...fallen];
        if (first) yield { client: caller.client.after, key, verdict: first.verdict };
      }
    }
  }

  private ofClient(area: AffectedCalls, meeting: Meeting<StageStates>, client: JointWorkload, from: Versions, to: Versions): StageVerdict {
    const unit = client.unit!;
    const running = [...new Set([from[unit], to[unit]])].flatMap((version) => (
      this.callers.of(client).filter((caller) => caller.version === version)));
    const calls = this.callsOf(area).flatMap((call) => running.map((caller) => ({ call, caller })));
    return worstVerdict(mapped(calls, ({ call, caller }) => this.ofPods(call, area, meeting, caller)));
  }

  /** Judges clients one by one, which is slow for many clients; cached. */
  private once(
    area: AffectedCalls, own: readonly number[], from: Versions, to: Versions, by: string, make: () => StageVerdict,
  ): StageVerdict {
    const [host] = area.hosts;
    const key = `${host} ${stageStatesKey(affectingUnits(area, own), from, to)} ${own.join(' ')} ${by}`;
    let verdict = this.verdicts.get(key);
    if (!verdict) this.verdicts.set(key, verdict = make());
    return verdict;
  }

  /** @param own the units that affect what the callers send to any host */
  private judgedOf(area: AffectedCalls, own: readonly number[], from: Versions, to: Versions): Judged | undefined {
    const sending = this.passages.recordsOf(area.units, own, from, to);
    const receiving = sending && this.passages.recordsOf(area.receiving, NO_UNITS, from, to);
    if (!receiving) return undefined;
    let ofArea = this.judged.get(area);
    if (!ofArea) this.judged.set(area, ofArea = new Map());
    let ofSending = ofArea.get(sending);
    if (!ofSending) ofArea.set(sending, ofSending = new Map());
    let judged = ofSending.get(receiving);
    if (!judged) {
      judged = { meeting: { sending, receiving }, special: this.specialOf(area, sending), groups: new Map(), callers: new Map() };
      ofSending.set(receiving, judged);
    }
    return judged;
  }

  /** The states for witnesses; undefined if there are too many. */
  private meetingOf(area: AffectedCalls, own: readonly number[], from: Versions, to: Versions): Meeting<StageStates> {
    return { sending: this.passages.of(joined(area.units, own), from, to)!, receiving: this.passages.of(area.receiving, from, to)! };
  }

  private specialOf(area: AffectedCalls, { before, after, records }: StateSet): ReadonlySet<CallingPods> {
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

  private areSafe(area: AffectedCalls, judged: Judged, running: RunningCallers): boolean {
    for (const group of running.groupsIn(judged.meeting.sending)) if (!this.isGroupSafe(area, judged, group)) return false;
    for (const caller of judged.special) if (running.has(caller) && !this.isSafe(area, judged, caller)) return false;
    return true;
  }

  private isSafe(area: AffectedCalls, judged: Judged, caller: CallingPods): boolean {
    const { meeting, special } = judged;
    if (!special.has(caller)) return this.isGroupSafe(area, judged, this.callers.groupingIn(meeting.sending).groupOf[caller.number]);
    let isSafe = judged.callers.get(caller);
    if (isSafe === undefined) {
      isSafe = this.callsOf(area).every((key) => isEmpty(this.fallenOf(this.halvesOf(key, meeting.sending, caller), meeting, caller.pods)));
      judged.callers.set(caller, isSafe);
    }
    return isSafe;
  }

  private isGroupSafe(area: AffectedCalls, { meeting, groups }: Judged, group: number): boolean {
    let isSafe = groups.get(group);
    if (isSafe === undefined) {
      const { sending } = meeting;
      const classes = this.callers.groupingIn(sending).classes[group];
      const records = [sending.before, sending.after, ...sending.records];
      isSafe = this.callsOf(area).every((key) => {
        const halves = records.map(({ calls }, index) => generalHalf(halfOfClass(calls.get(key) ?? NOT_CALLED, classes[index])));
        return isEmpty(this.fallenOf(halves, meeting));
      });
      groups.set(group, isSafe);
    }
    return isSafe;
  }

  private callsOf({ hosts }: AffectedCalls): readonly string[] {
    return [...hosts].flatMap((host) => this.callsByHost.get(host) ?? []);
  }

  private ofCall(
    key: string, { area, own }: Pick<CallUnits, 'area' | 'own'>, meeting: Meeting<StageStates>, clients: readonly JointWorkload[],
  ): StageVerdict {
    const { sending } = meeting;
    const records = [sending.before, sending.after, ...sending.records];
    const calls = records.map(({ calls: of }) => of.get(key) ?? NOT_CALLED);
    const named = new Set(calls.flatMap((call) => [...call.named]));
    const judged = new Set<string>();
    const verdicts: StageVerdict[] = [];
    for (const together of classesOf(clients, records)) {
      const [{ before: one }] = together;
      const halves = calls.map((call, index) => halfIn(call, records[index], one));
      const general = together.filter(({ before }) => !named.has(before));
      // The server's calls to itself don't count, so it can't represent the other callers.
      const places = new Set(halves.flat().map(({ place }) => place));
      const other = general.find(({ before }) => !places.has(idKey(before)));
      if (!judged.has(this.states.keyOf(halves))) {
        const ofAll = halves.map(generalHalf);
        for (const { before: client } of other ? [other] : general) {
          verdicts.push(this.ofHalves(ofAll, meeting, { key, client, area, own }));
        }
        if (other) judged.add(this.states.keyOf(halves));
      }
      if (named.size === 0) continue;
      for (const { before: client } of together) {
        if (named.has(client)) {
          verdicts.push(this.ofHalves(halves.map((half) => halfOfClient(half, client)), meeting, { key, client, area, own }));
        }
      }
    }
    return worstVerdict(verdicts);
  }

  /** Judges one call of some pods of a client. */
  private ofPods(key: string, area: AffectedCalls, meeting: Meeting<StageStates>, caller: CallingPods): StageVerdict {
    const { client: { unit }, pods, version, own } = caller;
    const rollout = version === undefined ? undefined : { unit: unit!, version };
    return this.ofHalves(this.halvesOf(key, meeting.sending, caller), meeting, { key, client: pods, area, own, rollout });
  }

  /** What some pods send for a call before and after the whole change, then in each state. */
  private halvesOf(key: string, { before, after, records }: StateSet, { client, pods, version }: CallingPods): readonly ClientHalf[] {
    const halfOf = (record: StateOutcomes, one: Workload): ClientHalf =>
      halfOfClient(halfIn(record.calls.get(key) ?? NOT_CALLED, record, one), one);
    const ends = [halfOf(before, client.before), halfOf(after, version === undefined ? pods : client.after)];
    return [...ends, ...records.map((record) => halfOf(record, pods))];
  }

  private ofHalves(halves: readonly ClientHalf[], meeting: Meeting<StageStates>, about: CallUnits): StageVerdict {
    let unproven: Fallen | undefined;
    for (const fallen of this.fallenOf(halves, meeting, about.client)) {
      if (fallen.verdict === 'unsafe') return witnessed(fallen, meeting, about);
      unproven ??= fallen;
    }
    return unproven ? witnessed(unproven, meeting, about) : SAFE;
  }

  /**
   * All links that fall below their minimum protection, or may.
   *
   * @param halves what is sent before and after the whole change, then in each state
   * @param client whose calls to itself don't count; undefined for a group of clients
   */
  private* fallenOf([former, latter, ...halves]: readonly ClientHalf[], { receiving }: Meeting, client?: Workload): Generator<Fallen> {
    const { before, after, records } = receiving;
    const floors = minimumProtectionOf(outcomesIn(former, before), outcomesIn(latter, after));
    if (floors.call === undefined && floors.places.size === 0) return;
    const seen = new Set<ClientHalf>();
    for (const [clientAt, half] of halves.entries()) {
      if (seen.has(half)) continue;
      seen.add(half);
      for (const path of half) {
        for (const fallen of fallenOn(path, floors, records, client)) yield { ...fallen, clientAt };
      }
    }
  }
}

/** Groups clients that are decided together in all states. */
function classesOf(clients: readonly JointWorkload[], records: readonly StateOutcomes[]): readonly (readonly JointWorkload[])[] {
  return [...grouped(clients, ({ before }) => records.map(({ senderOf }) => senderOf.get(before)).join(' ')).values()];
}

function isEmpty(values: Generator<unknown>): boolean {
  return values.next().done === true;
}

/** Maps lazily: values after an unsafe one aren't computed. */
function* mapped<T, R>(values: Iterable<T>, make: (value: T) => R): Generator<R> {
  for (const value of values) yield make(value);
}

function tooMany(area: AffectedCalls, own: readonly number[]): StageVerdict {
  return { verdict: 'unproven', witness: { kind: 'too-many', units: affectingUnits(area, own) } };
}
