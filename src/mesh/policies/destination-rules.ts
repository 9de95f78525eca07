import { DestinationRule, POLICY, RuleSubset, RuleTrafficPolicy } from './destination-rule';
import { limitError } from '../../findings/refusal';
import { shown } from '../../findings/safe-text';
import { FirstBy, addTo } from '../collections';
import { FieldRef } from '../inventory/field-ref';
import { MeshObject } from '../inventory/object';
import { HostIndex } from '../names/hosts';
import { Labels, sameLabels, selects } from '../names/labels';

/** The result of merging several DestinationRules in one namespace for one host. */
export interface MergedRule {
  readonly host: string;
  readonly namespace: string;
  readonly exportTo: ReadonlySet<string>;
  readonly workloadSelector?: Labels;
  /** The policy of the first rule that has one, as a whole. */
  readonly policy?: RuleTrafficPolicy;
  /** The field of that policy; if no rule has one, the field of the first rule. */
  readonly policyAt: FieldRef;
  readonly subsets: readonly RuleSubset[];
  /** The first rule, whose exportTo and workloadSelector also apply. */
  readonly object: MeshObject;
  /** All merged rules, in order. */
  readonly from: readonly MeshObject[];
}

const SUBSETS = new FirstBy<RuleSubset, string>(({ name }) => name);

/** The subset with a name; undefined if the rule defines none. */
export function subsetNamed({ subsets }: MergedRule, name: string | undefined): RuleSubset | undefined {
  return name === undefined ? undefined : SUBSETS.in(subsets, name);
}

/** The maximum number of unmerged rules in one namespace for one host. */
const MOST_APART = 1000;

/** The maximum number of rules that these contain in total: istiod merges a rule into each that it fits. */
const MOST_PARTS = 50_000;

/**
 * Merges the DestinationRules in one namespace for one host, one after another, in istiod's order. A rule is merged into an
 * earlier one only if both have the same `exportTo` (an absent one isn't the same as `['*']`), or if the later one's is wider.
 * Otherwise both remain, and the last one that fits a client applies. An istiod that ignores `exportTo` merges all.
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

  /** The merged rules. */
  get merged(): readonly MergedRule[] {
    return this.known ??= this.merging.map((one) => one.merged);
  }
}

/** A merged rule to which others may still be added. */
class Merging {
  private readonly from: MeshObject[];
  private added?: RuleSubset[];
  private policy: RuleTrafficPolicy | undefined;
  private names: Set<string> | undefined;

  constructor(readonly first: DestinationRule, readonly exportKey: string) {
    this.from = [first.object];
    this.policy = first.policy;
  }

  /** Whether every namespace that sees this merged rule also sees the given one; false if this one has no `exportTo`. */
  isExportedWithin({ exportTo }: DestinationRule): boolean {
    const { exportTo: own } = this.first;
    if (own.size === 0 || own.size > exportTo.size) return false;
    for (const entry of own) if (!exportTo.has(entry)) return false;
    return true;
  }

  /** If two rules define a subset, the first applies; if one rule defines it twice, both remain. */
  absorb(rule: DestinationRule): void {
    const names = this.names ??= new Set(this.first.subsets.map(({ name }) => name));
    const added = rule.subsets.filter(({ name }) => !names.has(name));
    const all = this.added ??= [];
    for (const subset of added) {
      all.push(subset);
      names.add(subset.name);
    }
    this.from.push(rule.object);
    this.policy ??= rule.policy;
  }

  get merged(): MergedRule {
    const { first: { host, object, exportTo, workloadSelector, subsets: own }, policy, added, from } = this;
    const subsets = added ? [...own, ...added] : own;
    const policyAt = policy?.at ?? { object, field: POLICY };
    return { host, namespace: object.namespace, exportTo, workloadSelector, policy, policyAt, subsets, object, from };
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
    because: 'rules with different exportTo lists or workloadSelectors don\'t merge',
    fix: 'merge them, or give them the same exportTo',
  });
}

type RulesByHost = HostIndex<RuleMerger>;

/** The namespaces in which istiod looks for rules, in this order; the first with any rules wins. */
export const LOOKUP_NAMESPACES = ['client', 'service', 'root'] as const;

export type LookupNamespace = typeof LOOKUP_NAMESPACES[number];

export interface FoundRules {
  readonly place: LookupNamespace;
  readonly rules: readonly MergedRule[];
}

/** The merged rules for one host in a namespace. */
export interface HostRules {
  /** Whether clients of the rules' own namespace see these, or clients of other namespaces. */
  readonly local: boolean;
  readonly rules: readonly MergedRule[];
}

/** istiod's settings for rules. */
interface RuleIndexOptions {
  /** Whether rules without `exportTo` only apply in their own namespace. */
  readonly privateByDefault: boolean;
  /** Whether rules only merge if they are exported to the same namespaces. */
  readonly mergeByExportTo: boolean;
}

const NO_RULES: FoundRules = Object.freeze({ place: 'root', rules: [] });

/** The DestinationRules of a mesh, as istiod looks them up for a client's namespace and a service. */
export class RuleIndex {
  private readonly local = new Map<string, RulesByHost>();
  private readonly exported = new Map<string, RulesByHost>();
  private readonly rootPrivate: RulesByHost = new HostIndex();
  private readonly concerned = new HostIndex<Set<string>>();
  private readonly selectors = new Map<string, Labels[]>();

  /** @param rules in istiod's order of preference, see `compareRules` */
  constructor(rules: readonly DestinationRule[], private readonly rootNamespace: string, private readonly options: RuleIndexOptions) {
    for (const rule of rules) this.add(rule);
  }

  /** The rules that apply to a service for clients in a namespace. The first namespace with any rules hides those of the others. */
  find(clientNamespace: string, service: { readonly namespace: string; readonly host: string }): FoundRules {
    const own = clientNamespace === this.rootNamespace ? this.rootPrivate : this.local.get(clientNamespace);
    const local = own?.mostSpecific(service.host)?.merged;
    if (local) return { place: 'client', rules: local };
    const fromService = this.exportedFrom(service.namespace, service.host, clientNamespace);
    if (fromService.length > 0) return { place: 'service', rules: fromService };
    const fromRoot = this.exportedFrom(this.rootNamespace, service.host, clientNamespace);
    return fromRoot.length > 0 ? { place: 'root', rules: fromRoot } : NO_RULES;
  }

  /**
   * All rules that cover a service, by namespace in lookup order, each with the most specific host first.
   * Includes the rules that `find` returns; the others are hidden, or aren't exported to the client.
   */
  covering(clientNamespace: string, { namespace, host }: { readonly namespace: string; readonly host: string }): readonly FoundRules[] {
    const own = clientNamespace === this.rootNamespace ? this.rootPrivate : this.local.get(clientNamespace);
    const places: readonly [LookupNamespace, RulesByHost | undefined][] = [
      ['client', own], ['service', this.exported.get(namespace)], ['root', this.exported.get(this.rootNamespace)],
    ];
    return places.map(([place, index]) => ({ place, rules: (index?.covering(host) ?? []).flatMap(({ merged }) => merged) }))
      .filter(({ rules }) => rules.length > 0);
  }

  /** All merged rules, by host. */
  * byHost(): Generator<HostRules> {
    for (const index of this.local.values()) for (const { merged } of index.values()) yield { local: true, rules: merged };
    for (const index of this.exported.values()) for (const { merged } of index.values()) yield { local: false, rules: merged };
  }

  /** The namespaces that have rules for a host, or that such rules name in `exportTo`: their clients may see the host differently. */
  namespacesConcernedBy(host: string): readonly ReadonlySet<string>[] {
    return this.concerned.covering(host);
  }

  /** The workloadSelectors of a namespace's rules, which may distinguish its clients. */
  selectorsOf(namespace: string): readonly Labels[] {
    return this.selectors.get(namespace) ?? [];
  }

  /** Considers only rules for the most specific host, even if none of them is exported to the client. */
  private exportedFrom(namespace: string, host: string, clientNamespace: string): readonly MergedRule[] {
    const rules = this.exported.get(namespace)?.mostSpecific(host)?.merged ?? [];
    return rules.filter((rule) => isExportedTo(rule, clientNamespace));
  }

  private add(rule: DestinationRule): void {
    const { exportTo, workloadSelector, object: { namespace } } = rule;
    if (workloadSelector) addTo(this.selectors, namespace, workloadSelector);
    if (exportTo.size === 0 || exportTo.has('*') || exportTo.has('.') || exportTo.has(namespace)) {
      this.addTo(rulesOf(this.local, namespace), rule);
    }
    for (const name of [namespace, ...exportTo]) addName(this.concerned, rule.host, name);
    const isPrivate = exportTo.size === 0
      ? this.options.privateByDefault
      : exportTo.size === 1 && (exportTo.has('.') || exportTo.has(namespace));
    if (!isPrivate) this.addTo(rulesOf(this.exported, namespace), rule);
    else if (namespace === this.rootNamespace) this.addTo(this.rootPrivate, rule);
  }

  private addTo(rules: RulesByHost, rule: DestinationRule): void {
    let merger = rules.get(rule.host);
    if (!merger) rules.set(rule.host, merger = new RuleMerger(this.options.mergeByExportTo));
    merger.add(rule);
  }
}

/** Whether a rule of the service's or the root namespace is exported to clients of another namespace. */
export function isExportedTo({ exportTo }: MergedRule, clientNamespace: string): boolean {
  return exportTo.size === 0 || exportTo.has('*') || exportTo.has(clientNamespace);
}

/** The rule that applies to a client: one whose workloadSelector matches, or else the last one without. */
export function ruleForClient(
  rules: readonly MergedRule[], client: { readonly namespace: string; readonly labels: Labels },
): MergedRule | undefined {
  let forEverybody: MergedRule | undefined;
  for (const rule of rules) {
    if (rule.workloadSelector === undefined) forEverybody = rule;
    else if (rule.namespace === client.namespace && selects(rule.workloadSelector, client.labels)) return rule;
  }
  return forEverybody;
}

function rulesOf(byNamespace: Map<string, RulesByHost>, namespace: string): RulesByHost {
  let rules = byNamespace.get(namespace);
  if (!rules) byNamespace.set(namespace, rules = new HostIndex());
  return rules;
}

function addName(names: HostIndex<Set<string>>, host: string, name: string): void {
  const known = names.get(host);
  if (known) known.add(name);
  else names.set(host, new Set([name]));
}
