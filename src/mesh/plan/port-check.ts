import { AffectedCallsIndex } from './affected-calls';
import { isRollout, ChangeUnit } from './change-unit';
import { EVERYWHERE, UnitFootprint } from './footprints';
import { StageStates, stageStatesKey, StageStatesFinder, Versions } from './stage-states';
import { StateOutcomes } from './state-outcomes';
import { States } from './states';
import { SAFE, StageVerdict, worstVerdict } from './verdict';
import { RANKS } from '../change/acceptance';
import { addTo, grouped } from '../collections';
import { JointClient } from '../compare/joint-clients';
import { isOf, KIND, Kinds } from '../inventory/kinds';
import { idKey } from '../inventory/object';
import { Mesh } from '../mesh';
import { selects } from '../names/labels';
import { readPeerPolicy, ServerMode } from '../policies/peer-authentication';
import { ANY_OTHER, portsIn } from '../queries/named-ports';
import { Workload } from '../workloads/workload';

/** A workload before and after the change, and the unit that replaces its pods. */
export interface JointWorkload extends Required<JointClient> {
  readonly unit?: number;
}

interface Server {
  readonly workload: JointWorkload;
  readonly ports: readonly number[];
}

/** Servers whose ports are affected by the same units. */
interface Guarded {
  readonly units: readonly number[];
  readonly servers: readonly Server[];
}

/** Checks whether ports temporarily accept more plaintext than before and after, or refuse mTLS that they accept both before and after. */
export class PortCheck {
  /** The indices of the guarded servers that each unit affects. */
  private readonly byUnit = new Map<number, number[]>();
  private readonly known = new Map<string, StageVerdict>();

  constructor(private readonly guarded: readonly Guarded[], private readonly passages: StageStatesFinder, private readonly states: States) {
    for (const [index, { units }] of guarded.entries()) for (const unit of units) addTo(this.byUnit, unit, index);
  }

  /** Drops all cached verdicts. */
  forget(): void {
    this.known.clear();
  }

  /** @param moving only servers that some of these units affect are examined */
  * verdicts(from: Versions, to: Versions, moving: readonly number[]): Generator<StageVerdict> {
    const some = new Set(moving.flatMap((unit) => this.byUnit.get(unit) ?? []));
    for (const index of [...some].sort((one, other) => one - other)) {
      const key = stageStatesKey(this.guarded[index].units, from, to);
      const verdict = this.known.get(key) ?? this.ofGuarded(this.guarded[index], from, to);
      this.known.set(key, verdict);
      yield verdict;
    }
  }

  private ofGuarded({ units, servers }: Guarded, from: Versions, to: Versions): StageVerdict {
    const passage = this.passages.of(units, from, to);
    if (!passage) return { verdict: 'unproven', witness: { kind: 'too-many', units } };
    return worstVerdict(servers.flatMap(({ workload, ports }) => ports.map((port) => this.ofPort(workload, port, units, passage))));
  }

  private ofPort(
    joint: JointWorkload, port: number, units: readonly number[], { before, after, stateAt, records }: StageStates,
  ): StageVerdict {
    const modeIn = ({ receivers }: StateOutcomes, server: Workload): ServerMode | undefined =>
      receivers.get(this.states.receiverKey(server, port))?.mode;
    const [former, latter] = [modeIn(before, joint.before), modeIn(after, joint.after)];
    const floor = Math.min(RANKS[former ?? 'UNKNOWN'], RANKS[latter ?? 'UNKNOWN']);
    for (const [index, record] of records.entries()) {
      for (const server of new Set([joint.before, joint.after])) {
        const mode = modeIn(record, server);
        if (mode === undefined || RANKS[mode] >= floor) continue;
        const verdict = mode === 'UNKNOWN' ? 'unproven' : 'unsafe';
        return { verdict, witness: { kind: 'port', server, port, mode, units, serverState: stateAt(index) } };
      }
    }
    return SAFE;
  }
}

/** Groups servers by the units that may affect their ports. */
export function guardedBy(
  units: readonly ChangeUnit[], workloads: readonly JointWorkload[], meshes: readonly Mesh[], areas: AffectedCallsIndex,
): readonly Guarded[] {
  const ports = portsIn(meshes);
  // A Namespace whose labels have no effect affects no ports.
  const isIdle = (index: number): boolean => isOf(units[index].object, KIND.Namespace) && isEmptyFootprint(areas.footprintOf(index));
  const some = [...units.keys()].filter((index) => guardsOthers(units[index]) && !isIdle(index));
  // Most kinds may affect servers in any namespace; some only those of one.
  const namespaceOf = (index: number): string | undefined => areas.footprintOf(index).servers;
  const anywhere = some.filter((index) => namespaceOf(index) === undefined);
  const byNamespace = grouped(some.filter((index) => namespaceOf(index) !== undefined), (index) => namespaceOf(index)!);
  const groups = new Map<string, Guarded & { readonly servers: Server[] }>();
  for (const workload of workloads) {
    const there = (byNamespace.get(workload.before.namespace) ?? []).filter((index) => mayGuard(units[index], workload));
    const own = [...new Set([...anywhere, ...there, ...workload.unit === undefined ? [] : [workload.unit]])].sort((one, other) => (
      one - other));
    if (own.length === 0) continue;
    const group = groups.get(own.join(' ')) ?? { units: own, servers: [] };
    groups.set(own.join(' '), group);
    const named = ports.get(idKey(workload.before)) ?? [];
    group.servers.push({ workload, ports: [...named, ANY_OTHER].sort((one, other) => one - other) });
  }
  return [...groups.values()];
}

/** Kinds that affect where calls go, but no port's mode. */
const NO_GUARDS = Kinds.of('DestinationRule', 'VirtualService', 'Service');

/** Whether a unit may change what the ports of others' pods accept. */
function guardsOthers(unit: ChangeUnit): boolean {
  return !isRollout(unit) && !NO_GUARDS.has(unit.object);
}

function isEmptyFootprint({ hosts, servers }: UnitFootprint): boolean {
  return hosts !== EVERYWHERE && hosts.size === 0 && servers === undefined;
}

/** Whether a unit may affect a workload of its namespace: a PeerAuthentication only if its selector matches, other objects always. */
function mayGuard({ object, former, change }: ChangeUnit, { before, after }: JointWorkload): boolean {
  if (!isOf(object, KIND.PeerAuthentication)) return true;
  return [former, change?.after].some((policy) =>
    policy !== undefined && [before, after].some(({ labels }) => selects(readPeerPolicy(policy).selector ?? {}, labels)));
}
