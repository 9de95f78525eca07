import { DestinationRule, Subset } from './destination-rule';
import { TrafficPolicy } from './traffic-policy';
import { Labels, NO_LABELS, sameLabels } from '../names/selector';
import { MeshObject } from '../objects/mesh-object';

/** What several DestinationRules of one namespace for one host come to. */
export interface MergedRule {
  readonly host: string;
  readonly namespace: string;
  readonly exportTo: ReadonlySet<string>;
  readonly workloadSelector?: Labels;
  readonly policy?: TrafficPolicy;
  /** The rule whose policy counts: that of the first that has any, whole. */
  readonly policyFrom?: MeshObject;
  readonly subsets: readonly Subset[];
  /** All rules that took part, the first first. */
  readonly from: readonly MeshObject[];
}

export function mergedFrom(rule: DestinationRule): MergedRule {
  const { object, host, exportTo, workloadSelector, policy, subsets } = rule;
  return {
    host, namespace: object.namespace, exportTo, workloadSelector, policy, policyFrom: policy && object, subsets, from: [object],
  };
}

/**
 * Adds a rule to those already known for its host and namespace. Rules merge only if they are exported to
 * the same namespaces (an absent `exportTo` and `['*']` are not the same), or the new one to more of them;
 * otherwise both stand, and the last one that fits a client counts.
 */
export function withRule(known: readonly MergedRule[], rule: DestinationRule): readonly MergedRule[] {
  let separate = true;
  const merged = known.map((existing) => {
    const equal = sameEntries(rule.exportTo, existing.exportTo);
    if (equal) separate = false;
    else separate = true;
    if (!equal && !(existing.exportTo.size > 0 && includesAll(rule.exportTo, existing.exportTo))) return existing;
    const both = existing.workloadSelector !== undefined && rule.workloadSelector !== undefined;
    const neither = existing.workloadSelector === undefined && rule.workloadSelector === undefined;
    const same = sameLabels(existing.workloadSelector ?? NO_LABELS, rule.workloadSelector ?? NO_LABELS);
    if (both && !same) {
      separate = true;
      return existing;
    }
    if (neither || both) separate = false;
    return absorbed(existing, rule);
  });
  return separate ? [...merged, mergedFrom(rule)] : merged;
}

function absorbed(existing: MergedRule, { object, policy, subsets }: DestinationRule): MergedRule {
  const names = new Set(existing.subsets.map(({ name }) => name));
  return {
    ...existing,
    policy: existing.policy ?? policy,
    policyFrom: existing.policyFrom ?? (policy && object),
    subsets: [...existing.subsets, ...subsets.filter(({ name }) => !names.has(name))],
    from: [...existing.from, object],
  };
}

function sameEntries(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  return left.size === right.size && includesAll(left, right);
}

function includesAll(wider: ReadonlySet<string>, entries: ReadonlySet<string>): boolean {
  return [...entries].every((entry) => wider.has(entry));
}
