import { asksForName, NAMESPACE_NAME, NamespaceSelector, selectsNamespace } from './namespace-selector';
import { addTo } from '../grouped';
import { Labels, SelectorIndex } from '../names/selector';

/** Which namespaces' objects an istiod reads: what the `discoverySelectors` of its mesh config say. */
export class Discovery {
  private readonly byLabels = new SelectorIndex<NamespaceSelector>();
  /** Those that say something of the namespace's name, by the name in `matchLabels` if it is there. */
  private readonly byName = new Map<string | undefined, NamespaceSelector[]>();
  /** What the others say of a namespace of which only the name is known. */
  private readonly byOtherLabels: boolean | undefined;

  /** Whether it reads all of them, since nothing selects any. */
  readonly readsAll: boolean;

  constructor(selectors: readonly NamespaceSelector[]) {
    this.readsAll = selectors.length === 0;
    const others: NamespaceSelector[] = [];
    for (const selector of selectors) {
      this.byLabels.add(selector.matchLabels, selector);
      if (asksForName(selector)) addTo(this.byName, selector.matchLabels[NAMESPACE_NAME], selector);
      else others.push(selector);
    }
    this.byOtherLabels = either(others.map((selector) => selectsNamespace(selector, '', undefined)));
  }

  /** Whether istiod reads a namespace's objects; undefined when labels other than its name would say, and are unknown. */
  reads(namespace: string, labels: Labels | undefined): boolean | undefined {
    if (this.readsAll) return true;
    if (labels) return this.byLabels.matching(labels).some((selector) => selectsNamespace(selector, namespace, labels));
    const byName = [...this.byName.get(namespace) ?? [], ...this.byName.get(undefined) ?? []];
    return either([this.byOtherLabels, ...byName.map((selector) => selectsNamespace(selector, namespace, undefined))]);
  }
}

/** Of several answers one that is true, else one that isn't known. */
function either(answers: readonly (boolean | undefined)[]): boolean | undefined {
  return answers.includes(true) || (answers.includes(undefined) ? undefined : false);
}
