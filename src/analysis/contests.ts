import { Evidence } from './evidence';
import { ControlPlane } from '../mesh/control-plane';
import { grouped } from '../mesh/grouped';
import { NO_LABELS } from '../mesh/names/selector';
import { areAgesKnown } from '../mesh/objects/mesh-object';
import { Contest } from '../mesh/server/peer-policies';
import { PeerPolicy, PolicyMode } from '../mesh/server/peer-policy';
import { BY_DEFAULT, EnforcedMode, enforcedMode } from '../mesh/server/server-mode';
import { Workload } from '../mesh/workloads/workload';

/** Two PeerAuthentications for the same place, of which one is ignored. */
export interface Pair {
  readonly winner: PeerPolicy;
  readonly loser: PeerPolicy;
}

/** The pairs of policies for whole namespaces and the mesh. */
export function widePairs(contests: readonly Contest[]): readonly Pair[] {
  return contests.flatMap(({ winner, losers }) => losers.map((loser) => ({ winner: winner!, loser })));
}

/** Whether the policy that is ignored asks for what holds anyway: then nothing is lost with it. */
export function saysTheSame({ winner, loser }: Pair, plane: ControlPlane): boolean {
  return differing(winner, loser, inheritedMode(winner, plane).mode) === undefined;
}

/**
 * Whether creation order alone decides which mode holds: the manifests don't say which policy is older, and the two
 * don't come to the same.
 */
export function isChance(pair: Pair, plane: ControlPlane): boolean {
  return !areAgesKnown(pair.winner.object, pair.loser.object) && !saysTheSame(pair, plane);
}

/** Where two policies for one place come to different modes: in general, or on a port; undefined if nowhere. */
export function differing(one: PeerPolicy, other: PeerPolicy, inherited: PolicyMode): number | 'mtls' | undefined {
  const [base, otherBase] = [orInherited(one.mode, inherited), orInherited(other.mode, inherited)];
  if (base !== otherBase) return 'mtls';
  return [...one.ports.keys(), ...other.ports.keys()].find((port) => modeAt(one, port, base) !== modeAt(other, port, base));
}

/** The mode that holds where a policy says UNSET: that of its namespace, or of the mesh, or the default. */
export function inheritedMode({ object: { namespace }, selector }: PeerPolicy, { policies, config }: ControlPlane): EnforcedMode {
  if (selector) return enforcedMode(policies, { namespace, labels: NO_LABELS }, 0);
  return namespace === config.rootNamespace ? BY_DEFAULT : enforcedMode(policies, { namespace: '', labels: NO_LABELS }, 0);
}

export function modeAt({ ports }: PeerPolicy, port: number, base: PolicyMode): PolicyMode {
  return orInherited(ports.get(port) ?? 'UNSET', base);
}

export function orInherited(mode: PolicyMode, inherited: PolicyMode): PolicyMode {
  return mode === 'UNSET' ? inherited : mode;
}

/** Two policies with a selector, and the workloads that both select. */
export interface SelectedPair extends Pair {
  readonly workloads: readonly Workload[];
  /** Whether creation order alone decides which mode holds. */
  readonly byChance: boolean;
}

/** The pairs of policies for the same workloads; those without a sidecar have no use for either. */
export function selectedPairs(evidence: Evidence): readonly SelectedPair[] {
  const { selections } = evidence;
  return [...selections].flatMap(({ policy: loser, lost }) => [...lost].flatMap(([object, all]) => {
    const { policy: winner } = selections.of(object)!;
    const workloads = all.filter(({ proxy }) => proxy.kind !== 'none');
    const byChance = grouped(workloads, (workload) => isChance({ winner, loser }, evidence.planeOf(workload)));
    return [...byChance].map(([isByChance, those]) => ({ winner, loser, workloads: those, byChance: isByChance }));
  }));
}
