import { Areas } from './areas';
import { Passage, passageKey, Passages, Versions } from './passage';
import { StateRecord } from './state-record';
import { States } from './states';
import { isRollout, Unit } from './unit';
import { SAFE, Verdict, worstVerdict } from './verdict';
import { ANY_OTHER, portsIn } from '../calls/named-ports';
import { RANKS } from '../change/acceptance';
import { JointClient } from '../compare/joint-clients';
import { idKey } from '../inventory/object';
import { Mesh } from '../mesh';
import { selects } from '../names/labels';
import { readPeerPolicy, ServerMode } from '../policies/peer-authentication';
import { Workload } from '../workloads/workload';

/** A workload before and after the change, and the unit that replaces its pods. */
export interface JointWorkload extends Required<JointClient> {
  readonly unit?: number;
}

interface Server {
  readonly workload: JointWorkload;
  readonly ports: readonly number[];
}

/** Servers whose ports the same units may open. */
interface Guarded {
  readonly units: readonly number[];
  readonly servers: readonly Server[];
}

/** Checks whether ports temporarily accept more plaintext than before and after. */
export class PortCheck {
  private readonly guarded: readonly Guarded[];

  constructor(
    workloads: readonly JointWorkload[], meshes: readonly Mesh[], areas: Areas,
    private readonly passages: Passages, private readonly states: States,
  ) {
    this.guarded = guardedBy(passages.units, workloads, meshes, areas);
  }

  * verdicts(from: Versions, to: Versions, moving: ReadonlySet<number>, once: (key: string, make: () => Verdict) => Verdict): Generator<Verdict> {
    for (const { units, servers } of this.guarded) {
      if (!units.some((unit) => moving.has(unit))) continue;
      yield once(`ports ${passageKey(units, from, to)}`, () => {
        const passage = this.passages.of(units, from, to);
        if (!passage) return { verdict: 'unproven', witness: { kind: 'too-many', units } };
        return worstVerdict(servers.flatMap(({ workload, ports }) => ports.map((port) => this.ofPort(workload, port, units, passage))));
      });
    }
  }

  private ofPort(joint: JointWorkload, port: number, units: readonly number[], { before, after, states, records }: Passage): Verdict {
    const modeIn = ({ receivers }: StateRecord, server: Workload): ServerMode | undefined =>
      receivers.get(this.states.receiverKey(server, port))?.server.mode;
    const [former, latter] = [modeIn(before, joint.before), modeIn(after, joint.after)];
    const floor = Math.min(RANKS[former ?? 'UNKNOWN'], RANKS[latter ?? 'UNKNOWN']);
    for (const [index, record] of records.entries()) {
      for (const server of new Set([joint.before, joint.after])) {
        const mode = modeIn(record, server);
        if (mode === undefined || RANKS[mode] >= floor) continue;
        const verdict = mode === 'UNKNOWN' ? 'unproven' : 'unsafe';
        return { verdict, witness: { kind: 'port', server, port, mode, units, serverState: states[index] } };
      }
    }
    return SAFE;
  }
}

function guardedBy(units: readonly Unit[], workloads: readonly JointWorkload[], meshes: readonly Mesh[], areas: Areas): readonly Guarded[] {
  const ports = portsIn(meshes);
  const isIdle = ({ object: { kind } }: Unit, index: number): boolean => kind === 'Namespace' && !areas.isEverywhere(index);
  const groups = new Map<string, Guarded & { readonly servers: Server[] }>();
  for (const workload of workloads) {
    const own = units.flatMap((unit, index) => (index === workload.unit || (mayGuard(unit, workload, meshes) && !isIdle(unit, index)) ? [index] : []));
    if (own.length === 0) continue;
    const group = groups.get(own.join(' ')) ?? { units: own, servers: [] };
    groups.set(own.join(' '), group);
    const named = ports.get(idKey(workload.before)) ?? [];
    group.servers.push({ workload, ports: [...named, ANY_OTHER].sort((one, other) => one - other) });
  }
  return [...groups.values()];
}

/** Whether a unit may change what the ports of others' pods accept. */
function mayGuard(unit: Unit, { before, after }: JointWorkload, meshes: readonly Mesh[]): boolean {
  const { object, former, change } = unit;
  if (isRollout(unit) || object.kind === 'DestinationRule' || object.kind === 'VirtualService') return false;
  if (object.kind !== 'PeerAuthentication') return true;
  if (meshes.some(({ planes }) => planes.default.config.rootNamespace === object.namespace)) return true;
  return object.namespace === before.namespace && [former, change?.after].some((policy) =>
    policy !== undefined && [before, after].some(({ labels }) => selects(readPeerPolicy(policy).selector ?? {}, labels)));
}
