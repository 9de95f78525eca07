import { DestinationRule, Subset } from './destination-rule';
import { TrafficPolicy } from './traffic-policy';
import { limitError } from '../../findings/refusal';
import { shown } from '../../findings/shown';
import { FirstBy } from '../first-by';
import { Labels, sameLabels } from '../names/selector';
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

const SUBSETS = new FirstBy<Subset, string>(({ name }) => name);

/** The subset of a name; undefined if the rule defines none. */
export function subsetNamed({ subsets }: MergedRule, name: string | undefined): Subset | undefined {
  return name === undefined ? undefined : SUBSETS.in(subsets, name);
}

/** How many rules of one namespace for one host may stand apart. */
const MOST_APART = 1000;

/** In how many merged rules such rules may take part, counted together: istiod adds a rule to each that it fits. */
const MOST_PARTS = 50_000;

/**
 * Merges the DestinationRules of one namespace for one host, one after another, in istiod's order. Rules merge only if
 * they are exported to the same namespaces (an absent `exportTo` and `['*']` are not the same), or the new one to more of
 * them; otherwise both stand, and the last one that fits a client counts. An istiod that doesn't look at that merges all.
 */
export class RuleMerger {
  private readonly merging: Merging[] = [];
  private parts = 0;
  private known?: readonly MergedRule[];

  constructor(private readonly byExportTo = true) {}

  /** @throws LimitError if too many rules don't merge */
  add(rule: DestinationRule): void {
    const exportKey = keyOf(rule.exportTo);
    let separate = true;
    for (const existing of this.merging) {
      if (this.byExportTo) {
        separate = existing.exportKey !== exportKey;
        if (separate && !existing.isExportedWithin(rule)) continue;
      }
      const selectors = [existing.first.workloadSelector, rule.workloadSelector].filter((selector) => selector !== undefined);
      if (selectors.length === 2 && !sameLabels(selectors[0], selectors[1])) {
        separate = true;
        continue;
      }
      if (selectors.length !== 1) separate = false;
      existing.absorb(rule);
      this.parts++;
    }
    if (separate) this.merging.push(new Merging(rule, exportKey));
    if (this.merging.length > MOST_APART || (this.merging.length > 1 && this.parts > MOST_PARTS)) throw tooManyRules(rule);
    this.known = undefined;
  }

  /** What the rules come to. */
  get merged(): readonly MergedRule[] {
    return this.known ??= this.merging.map((one) => one.merged);
  }
}

/** A merged rule that others may still be added to. */
class Merging {
  private readonly from: MeshObject[];
  private added?: Subset[];
  private policyOwner: DestinationRule | undefined;
  private names: Set<string> | undefined;

  constructor(readonly first: DestinationRule, readonly exportKey: string) {
    this.from = [first.object];
    this.policyOwner = first.policy && first;
  }

  /** Whether all namespaces that see it see a rule too; of one that names none nobody can tell. */
  isExportedWithin({ exportTo }: DestinationRule): boolean {
    const { exportTo: own } = this.first;
    if (own.size === 0 || own.size > exportTo.size) return false;
    for (const entry of own) if (!exportTo.has(entry)) return false;
    return true;
  }

  /** Of two rules' subsets with one name the first counts; of one rule's own two both stay. */
  absorb(rule: DestinationRule): void {
    const names = this.names ??= new Set(this.first.subsets.map(({ name }) => name));
    const added = rule.subsets.filter(({ name }) => !names.has(name));
    const all = this.added ??= [];
    for (const subset of added) {
      all.push(subset);
      names.add(subset.name);
    }
    this.from.push(rule.object);
    if (rule.policy) this.policyOwner ??= rule;
  }

  get merged(): MergedRule {
    const { first: { host, object, exportTo, workloadSelector, subsets: own }, policyOwner, added, from } = this;
    const subsets = added ? [...own, ...added] : own;
    return {
      host, namespace: object.namespace, exportTo, workloadSelector, policy: policyOwner?.policy, policyFrom: policyOwner?.object, subsets, from,
    };
  }
}

function keyOf(exportTo: ReadonlySet<string>): string {
  return exportTo.size === 0 ? '' : JSON.stringify([...exportTo].sort());
}

function tooManyRules({ object: { namespace, name }, host }: DestinationRule): Error {
  return limitError({
    kind: 'DestinationRule',
    name: `${namespace}/${name}`,
    field: 'spec.host',
    actual: `${shown(host)}, for which namespace ${namespace} has too many rules that don't merge`,
    expected: `at most ${MOST_APART} such rules, and fewer if some merge with several others`,
    because: 'rules with unequal exportTo lists or workloadSelectors each stand for themselves',
    fix: 'merge them, or give them the same exportTo',
  });
}
