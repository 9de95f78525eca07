import { ApiObject } from 'cdk8s';
import { qualifiedHost } from './destination-host';
import { audienceOf, checkExportTo } from './export-to';
import { SubsetPolicy, TrafficPolicy } from './traffic-policy';
import { RefusalDetails, refusalMessage } from '../../findings/refusal';
import { MeshFacts } from '../../integration/mesh-facts';
import { mapping } from '../../manifests/mapping';
import { AppCheck, foreignObjects, textsIn } from '../app-check';
import { Refuse } from '../refuse';

/** Rejects an `exportTo` that istiod rejects: for specific clients, everything except their own namespace. */
export function checkRuleExportTo(exportTo: readonly string[] | undefined, namespace: string, forClients: boolean, refuse: Refuse): void {
  checkExportTo(exportTo, namespace, refuse);
  if (!exportTo || !forClients || [...audienceOf(exportTo, namespace) ?? ['*']].join() === namespace) return;
  throw refuse({
    code: 'API032',
    field: 'exportTo',
    actual: `[${exportTo.map((entry) => `'${entry}'`).join(', ')}] for specific clients`,
    expected: "the rule's own namespace",
    because: 'a selector applies only to pods in its own namespace, and istiod rejects others',
    fix: "remove 'exportTo'",
  });
}

/** The host's policy comes first, then those of its subsets. */
export function checkSaysSomething(policies: readonly TrafficPolicy[], refuse: Refuse): void {
  if (policies.length > 1 || !policies[0].empty) return;
  throw refuse({
    code: 'API029',
    field: 'trafficPolicy',
    actual: 'missing, and so are subsets',
    expected: 'tls, connectionPool, another setting, ports or subsets',
    because: 'an empty rule still hides other rules for the host',
    fix: 'pass a setting, such as tls: ClientTls.istioMutual()',
  });
}

export function checkSubsetNames(subsets: readonly SubsetPolicy[], refuse: Refuse): void {
  const names = subsets.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice === undefined) return;
  throw refuse({
    code: 'API030',
    field: 'subsets.name',
    actual: `'${twice}' twice`,
    expected: 'unique names',
    because: 'istiod rejects duplicate names',
    fix: 'rename or remove one',
  });
}

/** For a rule that applies to all clients. */
export function checkCredentials(policies: readonly TrafficPolicy[], namespace: string, refuse: Refuse): void {
  const ignored = policies.flatMap(({ tls }) => tls).find(({ _credential }) => _credential?._needsClient);
  if (!ignored) return;
  const name = ignored._credential!._render(namespace);
  throw refuse({
    code: 'API026',
    field: 'tls.credentialName',
    actual: `'${name}' in a rule without workloadSelector`,
    expected: "a 'client'",
    because: 'without a selector, sidecars ignore the credential and send plaintext',
    fix: `pass the client, or use ClientCredential.secret('${name}', { gatewaysOnly: true }) if only gateways call the host`,
  });
}

/** The parts of a DestinationRule by which another can conflict with it. */
interface Rule {
  readonly apiObject: ApiObject;
  readonly host: string;
  readonly namespace?: string;
  readonly exportTo?: readonly string[];
  /** The client pods that it selects; undefined for all. */
  readonly labels?: Record<string, string>;
}

/** A DestinationRule that a construct of this library created; its labels are read at synth. */
export interface OwnRule extends Omit<Rule, 'labels'> {
  readonly labels: () => Record<string, string> | undefined;
  /** What is wrong with its subsets. */
  readonly errors: () => readonly string[];
}

/** Reports conflicts between the DestinationRules of a mesh, from this library or not, at synth. */
export const destinationRules = new AppCheck<OwnRule>((own, { facts }) => {
  const errors: string[] = [];
  const rules = new Map<string, Rule[]>();
  const add = (rule: Rule) => {
    const key = JSON.stringify([rule.namespace, rule.host]);
    const rivals = rules.get(key) ?? [];
    rules.set(key, [...rivals, rule]);
    return rivals;
  };
  foreignRules(facts, own).forEach(add);
  for (const rule of own) {
    errors.push(...rule.errors());
    try {
      const read = { ...rule, labels: rule.labels() };
      errors.push(...add(read).flatMap((rival) => collision(read, rival)));
    } catch (error) { // a pod template without labels
      errors.push((error as Error).message);
    }
  }
  return errors;
});

function collision(rule: Rule, rival: Rule): string[] {
  if (keyOf(rule.labels) === keyOf(rival.labels)) {
    return overlap(rule, rival) ? [sameClients(rule, rival)] : [];
  }
  const [general, selective] = rule.labels ? [rival, rule] : [rule, rival];
  return !general.labels && general.exportTo?.join() === '.' ? [swallowed(general, selective)] : [];
}

function sameClients(rule: Rule, rival: Rule): string {
  return refusalMessage({
    ...subjectOf(rule),
    code: 'API033',
    field: 'host',
    actual: `'${rule.host}', as in DestinationRule '${nameOf(rival)}' (${rival.apiObject.node.path}), for the same clients`,
    expected: 'one rule for each host, namespace and set of clients',
    because: 'Istio applies the settings of only one of them, chosen by age',
    fix: 'merge the two',
  });
}

/** As in istiod's mergeDestinationRule, which treats the exportTo of a rule with a selector as `.`. */
function swallowed(general: Rule, selective: Rule): string {
  return refusalMessage({
    ...subjectOf(general),
    code: 'API034',
    field: 'exportTo',
    actual: `with '.', beside DestinationRule '${nameOf(selective)}' (${selective.apiObject.node.path}) for specific clients of the host`,
    expected: "the namespace's name instead of '.'",
    because: 'Istio merges this rule into the other one, and all other clients lose it',
    fix: `replace '.' with '${general.namespace}', or remove 'exportTo'`,
  });
}

function overlap(one: Rule, other: Rule): boolean {
  const [seenBy, alsoBy] = [one, other].map(({ exportTo, namespace = '' }) => audienceOf(exportTo, namespace));
  return !seenBy || !alsoBy || [...seenBy].some((namespace) => alsoBy.has(namespace));
}

function keyOf(labels: Record<string, string> | undefined): string {
  return JSON.stringify(Object.entries(labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function foreignRules(mesh: MeshFacts, own: readonly OwnRule[]): Rule[] {
  return foreignObjects(mesh, own, { group: 'networking.istio.io', kind: 'DestinationRule' }).map(({ apiObject, namespace, spec }) => ({
    apiObject,
    host: qualifiedHost(String(spec.host), namespace ?? '', mesh.shared('clusterDomain')),
    namespace,
    exportTo: textsIn(spec.exportTo),
    labels: spec.workloadSelector ? (mapping(spec.workloadSelector).matchLabels ?? {}) as Record<string, string> : undefined,
  }));
}

function nameOf({ namespace, apiObject }: Rule): string {
  return [namespace, apiObject.name].filter(Boolean).join('/');
}

function subjectOf(rule: Rule): Pick<RefusalDetails, 'kind' | 'name' | 'path'> {
  return { kind: rule.apiObject.kind, name: nameOf(rule), path: rule.apiObject.node.path };
}
