import { NamespaceSelector, readNamespaceSelector, selectsNamespace } from './namespace-selector';
import { byYamlNames } from './proto-yaml';
import { Labels } from '../names/selector';
import { isShape, Shape, shape, shapes } from '../objects/shape';

/** Who may see a ServiceEntry at most: everybody, its own namespace, nobody. */
export type EntryVisibility = 'PUBLIC' | 'NAMESPACE' | 'NONE';

/** By the numbers that the API gives them. */
const VISIBILITIES: readonly EntryVisibility[] = ['PUBLIC', 'NONE', 'NAMESPACE', 'PUBLIC'];

/** What the mesh config lets a namespace's ServiceEntries be seen by, whatever their `exportTo` says. */
export class ServiceEntryVisibility {
  /** Undefined: it is for ztunnels and waypoints alone, or not set. */
  static of(written: unknown): ServiceEntryVisibility | undefined {
    const { applyToSidecars, defaultVisibility, policies } = byYamlNames(shape(written));
    if (applyToSidecars !== true) return undefined;
    return new ServiceEntryVisibility(shapes(policies).map(byYamlNames).map(readPolicy), visibilityOf(defaultVisibility));
  }

  private constructor(private readonly policies: readonly Policy[], private readonly otherwise: EntryVisibility) {}

  /** The first policy that a namespace meets decides; undefined when labels other than its name would say, and are unknown. */
  ofNamespace(namespace: string, labels: Labels | undefined): EntryVisibility | undefined {
    for (const { selectors, visibility } of this.policies) {
      const answers = selectors.map((selector) => selector !== undefined && selectsNamespace(selector, namespace, labels));
      if (answers.includes(false)) continue;
      return answers.includes(undefined) ? undefined : visibility;
    }
    return this.otherwise;
  }
}

interface Policy {
  readonly visibility: EntryVisibility;
  /** All must match; undefined: a rule that asks for nothing, which never does. */
  readonly selectors: readonly (NamespaceSelector | undefined)[];
}

function readPolicy({ visibility, matchingRules }: Shape): Policy {
  const written = shapes(matchingRules).map((rule) => byYamlNames(rule).namespaceSelector);
  const selectors = written.map((selector) => (isShape(selector) ? readNamespaceSelector(selector) : undefined));
  return { visibility: visibilityOf(visibility), selectors };
}

function visibilityOf(written: unknown): EntryVisibility {
  return VISIBILITIES.find((name, number) => written === name || written === number) ?? 'PUBLIC';
}
