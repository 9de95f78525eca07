import { DestinationRule } from './destination-rule';
import { MergedRule, RuleMerger } from './merged-rule';
import { addTo } from '../grouped';
import { HostIndex } from '../names/host-index';
import { Labels, selects } from '../names/selector';

type RulesByHost = HostIndex<RuleMerger>;

/** Where in the mesh a rule was found: istiod looks there in this order and takes the first that has any. */
export const RULE_PLACES = ['client', 'service', 'root'] as const;

export type RulePlace = typeof RULE_PLACES[number];

export interface FoundRules {
  readonly place: RulePlace;
  readonly rules: readonly MergedRule[];
}

/** What the rules for one host of a namespace come to. */
export interface HostRules {
  /** Whether its own namespace's clients see them so, or those of other namespaces. */
  readonly local: boolean;
  readonly rules: readonly MergedRule[];
}

/** What istiod is told of rules. */
export interface RuleIndexOptions {
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
    const places: readonly [RulePlace, RulesByHost | undefined][] = [
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
