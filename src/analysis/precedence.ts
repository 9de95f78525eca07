import { Evidence } from './evidence';
import { DecidedHop } from '../mesh/calls/decisions';
import { grouped } from '../mesh/collections';
import { ControlPlane } from '../mesh/control-planes/control-plane';
import { areAgesKnown } from '../mesh/inventory/object';
import { NO_LABELS } from '../mesh/names/labels';
import { policyForPort, settingsText, TlsSettings, RuleSubset } from '../mesh/policies/destination-rule';
import { FoundRules, isExportedTo, MergedRule } from '../mesh/policies/destination-rules';
import { Precedence, PeerPolicy, PolicyMode, BY_DEFAULT, EnforcedMode, enforcedMode } from '../mesh/policies/peer-authentication';
import { Workload } from '../mesh/workloads/workload';

/** Two PeerAuthentications with the same scope, one of which is ignored. */
export interface Pair {
  readonly winner: PeerPolicy;
  readonly loser: PeerPolicy;
}

/** The pairs of policies for whole namespaces and the mesh. */
export function widePairs(precedences: readonly Precedence[]): readonly Pair[] {
  return precedences.flatMap(({ winner, losers }) => losers.map((loser) => ({ winner: winner!, loser })));
}

/** Whether the ignored policy sets what applies anyway. */
export function saysTheSame({ winner, loser }: Pair, plane: ControlPlane): boolean {
  return differing(winner, loser, inheritedMode(winner, plane).mode) === undefined;
}

/**
 * Whether only the order of creation decides which mode applies: the manifests don't show which policy is older, and their effects differ.
 */
export function isChance(pair: Pair, plane: ControlPlane): boolean {
  return !areAgesKnown(pair.winner.object, pair.loser.object) && !saysTheSame(pair, plane);
}

/** The first difference between two policies with the same scope: the general mode, or a port's; undefined if there is none. */
export function differing(one: PeerPolicy, other: PeerPolicy, inherited: PolicyMode): number | 'mtls' | undefined {
  const [base, otherBase] = [orInherited(one.mode, inherited), orInherited(other.mode, inherited)];
  if (base !== otherBase) return 'mtls';
  return [...one.ports.keys(), ...other.ports.keys()].find((port) => modeAt(one, port, base) !== modeAt(other, port, base));
}

/** The mode that replaces UNSET in a policy: that of its namespace, of the mesh, or the default. */
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
  /** Whether only the order of creation decides which mode applies. */
  readonly byChance: boolean;
}

/** The pairs of policies for the same workloads; workloads without a sidecar don't count. */
export function selectedPairs(evidence: Evidence): readonly SelectedPair[] {
  const { policyTargets } = evidence;
  return [...policyTargets].flatMap(({ policy: loser, lost }) => [...lost].flatMap(([object, all]) => {
    const { policy: winner } = policyTargets.of(object)!;
    const workloads = all.filter(({ proxy }) => proxy.encrypts !== false);
    const byChance = grouped(workloads, (workload) => isChance({ winner, loser }, evidence.planeOf(workload)));
    return [...byChance].map(([isByChance, those]) => ({ winner, loser, workloads: those, byChance: isByChance }));
  }));
}

/** A rule's TLS settings: its policy and its subsets. */
type RuleSettings = Pick<MergedRule, 'policy' | 'subsets'>;

/** Settings of a rule without effect, because another rule applies. */
interface LostSettings {
  /** The lost TLS settings, for all ports or for one. */
  readonly tls?: { readonly mode: TlsSettings['mode']; readonly port?: number };
  /** The names of subsets that the other rule doesn't have, or defines differently. */
  readonly subsets: readonly string[];
}

const NOTHING: RuleSettings = Object.freeze({ subsets: [] });

/** The settings of a rule that the applied rule lacks or sets differently. */
export function lostSettings({ policy, subsets }: RuleSettings, counting: RuleSettings = NOTHING): LostSettings {
  const known = settingsOf(counting.subsets);
  const port = policy?.ports.find((entry) => entry.tls && !sameTls(entry.tls, policyForPort(counting.policy, entry.port)?.tls));
  const wide = policy?.tls && !sameTls(policy.tls, counting.policy?.tls) ? { mode: policy.tls.mode } : undefined;
  return {
    tls: wide ?? (port && { mode: port.tls!.mode, port: port.port }),
    subsets: subsets.filter((subset) => known.get(subset.name) !== settingText(subset)).map(({ name }) => name),
  };
}

const SETTINGS = new WeakMap<readonly RuleSubset[], ReadonlyMap<string, string>>();

/** The settings of subsets by name; cached for each list, since many rules may be compared with one. */
function settingsOf(subsets: readonly RuleSubset[]): ReadonlyMap<string, string> {
  let settings = SETTINGS.get(subsets);
  if (!settings) SETTINGS.set(subsets, settings = new Map(subsets.map((subset) => [subset.name, settingText(subset)])));
  return settings;
}

function settingText({ labels, policy }: RuleSubset): string {
  return `${JSON.stringify(labels)} ${settingsText(policy)}`;
}

/** `tls SIMPLE for port 443 and subset v1`; undefined if nothing is lost. */
export function lostText({ tls, subsets }: LostSettings): string | undefined {
  const named = subsets.length === 0 ? undefined : `subset${subsets.length === 1 ? '' : 's'} ${subsets.join(', ')}`;
  const mode = tls && `tls ${tls.mode}${tls.port === undefined ? '' : ` for port ${tls.port}`}`;
  return mode && named ? `${mode} and ${named}` : mode ?? named;
}

function sameTls(left: TlsSettings, right: TlsSettings | undefined): boolean {
  return settingsText(left) === settingsText(right);
}

/** The rules that istiod finds for a hop's client and destination, and the rules that these hide. */
interface RulesForWay extends FoundRules {
  /** The rules that would apply without those found, the closest namespace and host first. */
  readonly hidden: readonly MergedRule[];
}

/** Whether the hop's client sent anything, according to a rule or without one. */
export function isSent({ hop: { brokenBecause } }: DecidedHop): boolean {
  return brokenBecause !== 'unknown-destination' && brokenBecause !== 'undefined-subset';
}

/** Undefined if no sidecar sends the call to a service. */
export function rulesFor({ hop: { sender, travel, target: { service } } }: DecidedHop): RulesForWay | undefined {
  if (!service || !sender.plane || travel !== 'service') return undefined;
  const { namespace, plane: { rules: index } } = sender;
  const found = index.find(namespace, service);
  const hidden = index.covering(namespace, service)
    .flatMap(({ place, rules }) => (place === 'client' ? rules : rules.filter((rule) => isExportedTo(rule, namespace))))
    .filter((rule) => !rule.from.every((object) => found.rules.some(({ from }) => from.includes(object))));
  return { ...found, hidden };
}
