import { DiscoverySelector, LabelExpression } from './mesh-config';
import { addTo } from '../grouped';
import { Labels, SelectorIndex } from '../names/selector';

/** The label that every namespace has. */
export const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/** Which namespaces' objects an istiod reads: what the `discoverySelectors` of its mesh config say. */
export class Discovery {
  private readonly byLabels = new SelectorIndex<DiscoverySelector>();
  /** Those that say something of the namespace's name, by the name in `matchLabels` if it is there. */
  private readonly byName = new Map<string | undefined, DiscoverySelector[]>();
  /** What the others say of a namespace of which only the name is known. */
  private readonly byOtherLabels: boolean | undefined;

  /** Whether it reads all of them, since nothing selects any. */
  readonly readsAll: boolean;

  constructor(selectors: readonly DiscoverySelector[]) {
    this.readsAll = selectors.length === 0;
    const others: DiscoverySelector[] = [];
    for (const selector of selectors) {
      this.byLabels.add(selector.matchLabels, selector);
      if (asksForName(selector)) addTo(this.byName, selector.matchLabels[NAMESPACE_NAME], selector);
      else others.push(selector);
    }
    this.byOtherLabels = either(others.map((selector) => matches(selector, '', undefined)));
  }

  /** Whether istiod reads a namespace's objects; undefined when labels other than its name would say, and are unknown. */
  reads(namespace: string, labels: Labels | undefined): boolean | undefined {
    if (this.readsAll) return true;
    if (labels) return this.byLabels.matching(labels).some((selector) => matches(selector, namespace, labels));
    const byName = [...this.byName.get(namespace) ?? [], ...this.byName.get(undefined) ?? []];
    return either([this.byOtherLabels, ...byName.map((selector) => matches(selector, namespace, undefined))]);
  }
}

function asksForName({ matchLabels, matchExpressions }: DiscoverySelector): boolean {
  return matchLabels[NAMESPACE_NAME] !== undefined || matchExpressions.some(({ key }) => key === NAMESPACE_NAME);
}

/** Of several answers one that is true, else one that isn't known. */
function either(answers: readonly (boolean | undefined)[]): boolean | undefined {
  return answers.includes(true) || (answers.includes(undefined) ? undefined : false);
}

function matches({ matchLabels, matchExpressions }: DiscoverySelector, namespace: string, labels: Labels | undefined): boolean | undefined {
  const equalities = Object.entries(matchLabels).map(([key, value]) => ({ key, operator: 'In', values: new Set([value]) }));
  const answers = [...equalities, ...matchExpressions].map((expression) =>
    (labels || expression.key === NAMESPACE_NAME ? holds(expression, labels ?? { [NAMESPACE_NAME]: namespace }) : undefined));
  return !answers.includes(false) && (answers.includes(undefined) ? undefined : true);
}

function holds({ key, operator, values }: LabelExpression, labels: Labels): boolean {
  switch (operator) {
    case 'In': return Object.hasOwn(labels, key) && values.has(labels[key]);
    case 'NotIn': return !(Object.hasOwn(labels, key) && values.has(labels[key]));
    case 'Exists': return Object.hasOwn(labels, key);
    default: return !(Object.hasOwn(labels, key)); // DoesNotExist
  }
}
