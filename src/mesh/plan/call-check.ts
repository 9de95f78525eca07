import { Area } from './areas';
import { floorAt, Floors, floorsOf, outcomesIn, standing } from './floors';
import { Passage, Passages, Versions } from './passage';
import { JointWorkload } from './port-check';
import { CallRecord, ClientHalf, generalHalf, halfOfClient, NOT_CALLED, outcomeAt, PathHalf, StateRecord } from './state-record';
import { State, States } from './states';
import { SAFE, Verdict, worstVerdict } from './verdict';
import { callKey } from '../compare/connection-changes';
import { Receiver } from '../dataplane/inbound';
import { grouped } from '../inventory/collections';
import { idKey } from '../inventory/object';
import { Mesh } from '../mesh';
import { Workload } from '../workloads/workload';

interface About {
  readonly key: string;
  readonly client: Workload;
  readonly area: Area;
  /** The unit that replaces the client's pods, and which of them call. */
  readonly rollout?: { readonly unit: number; readonly version: number };
}

/** Checks whether calls of an area fall below their floors. */
export class CallCheck {
  private readonly stable: readonly JointWorkload[];
  private readonly callsByHost: ReadonlyMap<string, readonly string[]>;
  private readonly classes = new Map<string, readonly (readonly JointWorkload[])[]>();

  constructor(workloads: readonly JointWorkload[], before: Mesh, after: Mesh, private readonly passages: Passages, private readonly states: States) {
    this.stable = workloads.filter(({ unit }) => unit === undefined);
    const calls = new Set(before.decisions.calls.map(callKey));
    this.callsByHost = new Map([...grouped(after.decisions.calls, ({ host }) => host)]
      .map(([host, ofHost]) => [host, ofHost.map(callKey).filter((key) => calls.has(key)).sort()]));
  }

  /** The calls of all clients whose pods stay. */
  ofStable(area: Area, from: Versions, to: Versions): Verdict {
    const passage = this.passages.of(area.units, from, to);
    return passage ? worstVerdict(this.callsOf(area).map((call) => this.ofCall(call, area, passage))) : tooMany(area);
  }

  /** Those of a client whose pods are replaced. */
  ofRolling(area: Area, client: JointWorkload, from: Versions, to: Versions): Verdict {
    const passage = this.passages.of(area.units, from, to);
    if (!passage) return tooMany(area);
    const unit = client.unit!;
    const running = [...new Set([from[unit], to[unit]])];
    const calls = this.callsOf(area).flatMap((call) => running.map((version) => ({ call, rollout: { unit, version } })));
    return worstVerdict(calls.map(({ call, rollout }) => this.ofClient(call, area, passage, client, rollout)));
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
    for (const together of this.classesOf(records)) {
      const [{ before: one }] = together;
      const halves = calls.map((call, index) => halfIn(call, records[index], one));
      const general = together.filter(({ before }) => !named.has(before));
      // Whoever serves the call has no calls to itself to lose, so it can't stand for others.
      const places = new Set(halves.flat().map(({ place }) => place));
      const other = general.find(({ before }) => !places.has(idKey(before)));
      if (!judged.has(this.states.keyOf(halves))) {
        for (const { before: client } of other ? [other] : general) verdicts.push(this.ofHalves(halves.map(generalHalf), passage, { key, client, area }));
        if (other) judged.add(this.states.keyOf(halves));
      }
      if (named.size === 0) continue;
      for (const { before: client } of together) {
        if (named.has(client)) verdicts.push(this.ofHalves(halves.map((half) => halfOfClient(half, client)), passage, { key, client, area }));
      }
    }
    return worstVerdict(verdicts);
  }

  /** One call of a client whose pods are replaced. */
  private ofClient(key: string, area: Area, passage: Passage, client: JointWorkload, rollout: Required<About>['rollout']): Verdict {
    const halfOf = (record: StateRecord, pods: Workload): ClientHalf => halfOfClient(halfIn(record.calls.get(key) ?? NOT_CALLED, record, pods), pods);
    const ends = [halfOf(passage.before, client.before), halfOf(passage.after, client.after)];
    const { pods } = this.passages.units[rollout.unit].versions[rollout.version];
    if (!pods) return SAFE;
    return this.ofHalves([...ends, ...passage.records.map((record) => halfOf(record, pods))], passage, { key, client: pods, area, rollout });
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
      const { key, client, units, clientState } = withRollout(about);
      const [host, port] = [key.slice(0, key.lastIndexOf(':')), Number(key.slice(key.lastIndexOf(':') + 1))];
      const serverState = states[index];
      verdicts.push({ verdict, witness: { kind: 'call', client, host, port, path, outcome, mode: receiver?.server.mode, units, clientState, serverState } });
    }
    return worstVerdict(verdicts);
  }

  /** Clients for which every examined state has the same decision. */
  private classesOf(records: readonly StateRecord[]): readonly (readonly JointWorkload[])[] {
    const key = records.map(({ number }) => number).join(' ');
    let classes = this.classes.get(key);
    if (!classes) {
      classes = [...grouped(this.stable, ({ before }) => records.map(({ senderOf }) => senderOf.get(before)).join(' ')).values()];
      this.classes.set(key, classes);
    }
    return classes;
  }
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

function halfIn({ usual, others }: CallRecord, { senderOf }: StateRecord, client: Workload): ClientHalf {
  return others.get(senderOf.get(client)!) ?? usual;
}
