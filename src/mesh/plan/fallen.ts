import { Area, joined } from './areas';
import { standing } from './floors';
import { Meeting, Passage } from './passage';
import { outcomeAt, PathHalf, StateRecord } from './state-record';
import { State } from './states';
import { Verdict } from './verdict';
import { Receiver } from '../dataplane/inbound';
import { Outcome } from '../model/transport';
import { ServerMode } from '../policies/peer-authentication';
import { Workload } from '../workloads/workload';

/** A call of a client, and the units that affect it. */
export interface About {
  readonly key: string;
  readonly client: Workload;
  readonly area: Area;
  /** The units that affect what the client sends to whichever host. */
  readonly own: readonly number[];
  /** The unit that replaces the client's pods, and which of them call. */
  readonly rollout?: { readonly unit: number; readonly version: number };
}

/** A path that falls below its floor while its client and its server are in some of the states of a passage. */
export interface Fallen {
  readonly verdict: 'unsafe' | 'unproven';
  readonly path: PathHalf;
  readonly outcome: Outcome;
  readonly mode?: ServerMode;
  readonly clientAt: number;
  readonly serverAt: number;
}

/** What falls on a path, with each receiver that its server has in some state. */
export function* fallenOn(path: PathHalf, floor: number, records: readonly StateRecord[]): Generator<Omit<Fallen, 'clientAt'>> {
  const seen = new Set<Receiver | undefined>();
  for (const [serverAt, record] of records.entries()) {
    if (path.server && !record.running.has(path.server)) continue;
    const receiver = path.receiver === undefined ? undefined : record.receivers.get(path.receiver);
    if (seen.has(receiver)) continue;
    seen.add(receiver);
    const outcome = path.receiver === undefined ? path.outcome : receiver ? outcomeAt(path, receiver) : 'undecided';
    const verdict = path.isForwarded && outcome !== 'broken' ? 'unproven' : standing(outcome, floor);
    if (verdict !== 'safe') yield { verdict, path, outcome, mode: receiver?.server.mode, serverAt };
  }
}

/** The verdict, with what falls as its witness. */
export function witnessed(fallen: Fallen, { sending, receiving }: Meeting<Passage>, about: About): Verdict {
  const { verdict, path, outcome, mode, clientAt, serverAt } = fallen;
  const { area, own } = about;
  const serverState = completedBy(receiving.stateAt(serverAt), sending.stateAt(clientAt), own.filter((unit) => !area.receiving.includes(unit)));
  const onlyReceiving = area.receiving.filter((unit) => !area.units.includes(unit) && !own.includes(unit));
  const ofClient = completedBy(sending.stateAt(clientAt), receiving.stateAt(serverAt), onlyReceiving);
  const { key, client, units, clientState } = withRollout({ ...about, clientState: ofClient });
  const [host, port] = [key.slice(0, key.lastIndexOf(':')), Number(key.slice(key.lastIndexOf(':') + 1))];
  return { verdict, witness: { kind: 'call', client, host, port, path, outcome, mode, units, clientState, serverState } };
}

/** A state with what another one has of some units, which this one says nothing about. */
function completedBy(state: State, other: State, units: readonly number[]): State {
  return units.length === 0 ? state : state.map((one, unit) => (units.includes(unit) ? other[unit] : one));
}

/** The client's pods exist, whether or not its part of the mesh depends on them. */
function withRollout({ key, client, area, own, clientState, rollout }: About & { clientState: State }) {
  const units = unitsOf(area, own);
  if (!rollout || clientState[rollout.unit].includes(rollout.version)) return { key, client, units, clientState };
  const presence = [...new Set([...units.includes(rollout.unit) ? clientState[rollout.unit] : [], rollout.version])].sort();
  const state = clientState.map((one, unit) => (unit === rollout.unit ? presence : one));
  return { key, client, units: [...new Set([...units, rollout.unit])], clientState: state };
}

/** All units that affect calls of an area by callers with own units. */
export function unitsOf({ receiving }: Area, own: readonly number[]): readonly number[] {
  return joined(receiving, own);
}
