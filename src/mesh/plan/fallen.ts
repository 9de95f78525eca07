import { AffectedCalls, joined } from './affected-calls';
import { Link, OnwardLink, PathHalf } from './links';
import { minimumAt, MinimumProtection, standing } from './minimum-protection';
import { Meeting, StageStates } from './stage-states';
import { outcomeAt, StateOutcomes } from './state-outcomes';
import { State } from './states';
import { StageVerdict } from './verdict';
import { idKey } from '../inventory/object';
import { Receiver } from '../model/receiver';
import { Outcome } from '../model/transport';
import { ServerMode } from '../policies/peer-authentication';
import { Workload } from '../workloads/workload';

/** A call of a client, and the units that affect it. */
export interface CallUnits {
  readonly key: string;
  readonly client: Workload;
  readonly area: AffectedCalls;
  /** The units that affect what the client sends to any host. */
  readonly own: readonly number[];
  /** The unit that replaces the client's pods, and the version of the pods that call. */
  readonly rollout?: { readonly unit: number; readonly version: number };
}

/** A link of a path that falls below its minimum protection, with its sender and its server each in one state of the stage. */
export interface Fallen {
  readonly verdict: 'unsafe' | 'unproven';
  readonly link: Link;
  readonly outcome: Outcome;
  readonly mode?: ServerMode;
  readonly clientAt: number;
  readonly serverAt: number;
  /** The proxy that forwards the call, and its state; undefined if the client itself sends on this link. */
  readonly from?: { readonly link: OnwardLink; readonly at: number };
}

/** A fallen link without the state of its client. */
type FallenLink = Omit<Fallen, 'clientAt'>;

/**
 * The fallen links of a path: the client's, or those of a proxy in between in any state.
 * Each link is judged by itself, because a path is as good as its worst link.
 *
 * @param client whose calls to itself don't count; undefined: any of several
 */
export function* fallenOn(
  path: PathHalf, floors: MinimumProtection, records: readonly StateOutcomes[], client?: Workload,
): Generator<FallenLink> {
  if (path.arrival !== undefined) return yield* fallenThrough(path, path.arrival, floors, records);
  const floor = minimumAt(floors, path.place);
  // Of a workload whose pods are replaced, either version is the client itself; pods that call each other have no such path.
  const isOwn = client && path.self && idKey(path.self) === idKey(client);
  if (floor !== undefined && !isOwn) yield* fallenOnLink(path, floor, records);
}

/** The same of a path through a proxy that may be in another state than the client and the server. */
function* fallenThrough(
  path: PathHalf, arrival: string, floors: MinimumProtection, records: readonly StateOutcomes[],
): Generator<FallenLink> {
  const seen = new Set<readonly OnwardLink[] | undefined>();
  for (const [at, record] of records.entries()) {
    const links = record.onward.get(arrival);
    if (!record.running.has(path.server!) || seen.has(links)) continue;
    seen.add(links);
    if (!links || links.length === 0) yield { verdict: 'unproven', link: path, outcome: 'undecided', serverAt: at };
    for (const link of links ?? []) {
      const floor = minimumAt(floors, link.place);
      if (floor === undefined) continue;
      yield* fallenOnLink(path, floor, records);
      for (const fallen of fallenOnLink(link, floor, records)) yield { ...fallen, from: { link, at } };
    }
  }
}

/** Judges a link with each receiver that its server has in some state. */
function* fallenOnLink(link: Link, floor: number, records: readonly StateOutcomes[]): Generator<FallenLink> {
  const seen = new Set<Receiver | undefined>();
  for (const [serverAt, record] of records.entries()) {
    if (link.server && !record.running.has(link.server)) continue;
    const receiver = link.receiver === undefined ? undefined : record.receivers.get(link.receiver);
    if (seen.has(receiver)) continue;
    seen.add(receiver);
    const outcome = link.receiver === undefined ? link.outcome : receiver ? outcomeAt(link, receiver) : 'undecided';
    const verdict = link.isUnexamined && outcome !== 'broken' ? 'unproven' : standing(outcome, floor);
    if (verdict !== 'safe') yield { verdict, link, outcome, mode: receiver?.mode, serverAt };
  }
}

/** The verdict, with the fallen link as its witness. */
export function witnessed(fallen: Fallen, { sending, receiving }: Meeting<StageStates>, about: CallUnits): StageVerdict {
  const { verdict, link: path, outcome, mode, clientAt, serverAt, from } = fallen;
  const { area, own } = about;
  if (from) {
    const { sender: client, host, port } = from.link;
    const [clientState, serverState] = [receiving.stateAt(from.at), receiving.stateAt(serverAt)];
    return { verdict, witness: { kind: 'call', client, host, port, path, outcome, mode, units: area.receiving, clientState, serverState } };
  }
  const serverState = completedBy(receiving.stateAt(serverAt), sending.stateAt(clientAt),
    own.filter((unit) => !area.receiving.includes(unit)));
  const onlyReceiving = area.receiving.filter((unit) => !area.units.includes(unit) && !own.includes(unit));
  const ofClient = completedBy(sending.stateAt(clientAt), receiving.stateAt(serverAt), onlyReceiving);
  const { key, client, units, clientState } = withRollout({ ...about, clientState: ofClient });
  const [host, port] = [key.slice(0, key.lastIndexOf(':')), Number(key.slice(key.lastIndexOf(':') + 1))];
  return { verdict, witness: { kind: 'call', client, host, port, path, outcome, mode, units, clientState, serverState } };
}

/** Takes the versions of some units from another state, because this state leaves them open. */
function completedBy(state: State, other: State, units: readonly number[]): State {
  return units.length === 0 ? state : state.map((one, unit) => (units.includes(unit) ? other[unit] : one));
}

/** Adds the client's pods to its state, even if none of its calls depends on them. */
function withRollout({ key, client, area, own, clientState, rollout }: CallUnits & { clientState: State }) {
  const units = affectingUnits(area, own);
  if (!rollout || clientState[rollout.unit].includes(rollout.version)) return { key, client, units, clientState };
  const presence = [...new Set([...units.includes(rollout.unit) ? clientState[rollout.unit] : [], rollout.version])].sort();
  const state = clientState.map((one, unit) => (unit === rollout.unit ? presence : one));
  return { key, client, units: [...new Set([...units, rollout.unit])], clientState: state };
}

/** All units that affect calls of an area by callers with own units. */
export function affectingUnits({ receiving }: AffectedCalls, own: readonly number[]): readonly number[] {
  return joined(receiving, own);
}
