import { DestinationRule, Subset, TrafficPolicy } from './destination-rule';
import { limitError } from '../../findings/refusal';
import { shown } from '../../findings/safe-text';
import { FirstBy, addTo } from '../inventory/collections';
import { MeshObject } from '../inventory/object';
import { HostIndex } from '../names/hosts';
import { Labels, sameLabels, selects } from '../names/labels';

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
    because: 'rules with different exportTo lists or workloadSelectors don\'t merge',
    fix: 'merge them, or give them the same exportTo',
  });
}

type RulesByHost = HostIndex<RuleMerger>;

/** Where in the mesh a rule was found: istiod looks there in this order and takes the first that has any. */
export const LOOKUP_NAMESPACES = ['client', 'service', 'root'] as const;

export type LookupNamespace = typeof LOOKUP_NAMESPACES[number];

export interface FoundRules {
  readonly place: LookupNamespace;
  readonly rules: readonly MergedRule[];
}

/** What the rules for one host of a namespace come to. */
export interface HostRules {
  /** Whether its own namespace's clients see them so, or those of other namespaces. */
  readonly local: boolean;
  readonly rules: readonly MergedRule[];
}

/** What istiod is told of rules. */
interface RuleIndexOptions {
  /** Whether rules without `exportTo` are for their own namespace alone. */
  readonly privateByDefault: boolean;
  /** Whether rules merge only if they are exported to the same namespaces. */
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

  /** @param rules in the order in which istiod prefers them, see `compareRules` */
  constructor(rules: readonly DestinationRule[], private readonly rootNamespace: string, private readonly options: RuleIndexOptions) {
    for (const rule of rules) this.add(rule);
  }

  /** The rules that hold for a service as clients of a namespace see it; the first place that has any hides the rest. */
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
   * Every rule that covers a service, place by place in the order of looking, in each place the closest host
   * first. The rules that `find` gives are among them; those that it doesn't give are hidden, or not for the client.
   */
  covering(clientNamespace: string, { namespace, host }: { readonly namespace: string; readonly host: string }): readonly FoundRules[] {
    const own = clientNamespace === this.rootNamespace ? this.rootPrivate : this.local.get(clientNamespace);
    const places: readonly [LookupNamespace, RulesByHost | undefined][] = [
      ['client', own], ['service', this.exported.get(namespace)], ['root', this.exported.get(this.rootNamespace)],
    ];
    return places.map(([place, index]) => ({ place, rules: (index?.covering(host) ?? []).flatMap(({ merged }) => merged) }))
      .filter(({ rules }) => rules.length > 0);
  }

  /** All rules, host by host, as they were merged. */
  * byHost(): Generator<HostRules> {
    for (const index of this.local.values()) for (const { merged } of index.values()) yield { local: true, rules: merged };
    for (const index of this.exported.values()) for (const { merged } of index.values()) yield { local: false, rules: merged };
  }

  /** The namespaces that have rules for a host, or that such rules name: their clients may see it as no others do. */
  namespacesConcernedBy(host: string): readonly ReadonlySet<string>[] {
    return this.concerned.covering(host);
  }

  /** The workloads that a namespace's rules select: its clients may differ by them. */
  selectorsOf(namespace: string): readonly Labels[] {
    return this.selectors.get(namespace) ?? [];
  }

  /** Among the rules for the most specific host only; if none of them is for the client, there are none. */
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
    const isPrivate = exportTo.size === 0 ? this.options.privateByDefault : exportTo.size === 1 && (exportTo.has('.') || exportTo.has(namespace));
    if (!isPrivate) this.addTo(rulesOf(this.exported, namespace), rule);
    else if (namespace === this.rootNamespace) this.addTo(this.rootPrivate, rule);
  }

  private addTo(rules: RulesByHost, rule: DestinationRule): void {
    let merger = rules.get(rule.host);
    if (!merger) rules.set(rule.host, merger = new RuleMerger(this.options.mergeByExportTo));
    merger.add(rule);
  }
}

/** Whether a rule of the service's or the root namespace is for the clients of another. */
export function isExportedTo({ exportTo }: MergedRule, clientNamespace: string): boolean {
  return exportTo.size === 0 || exportTo.has('*') || exportTo.has(clientNamespace);
}

/** The one rule that counts for a client: one that selects it, else the last one for everybody. */
export function ruleForClient(rules: readonly MergedRule[], client: { readonly namespace: string; readonly labels: Labels }): MergedRule | undefined {
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
