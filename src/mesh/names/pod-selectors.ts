import { goesByGiven, isGiven } from './given-labels';
import { Labels } from './selector';
import { addTo } from '../grouped';

/**
 * The selectors by labels that Kubernetes gives to pods, as `statefulset.kubernetes.io/pod-name`: they may select some
 * pods of a workload and not others, and its manifest doesn't say which.
 */
export class PodSelectors {
  private readonly byNamespace = new Map<string | undefined, Labels[]>();

  /** @param namespace where it selects; undefined: everywhere */
  add(namespace: string | undefined, selector?: Labels): void {
    if (selector && goesByGiven(selector)) addTo(this.byNamespace, namespace, selector);
  }

  /** Whether any of them may tell the pods of a workload apart. */
  tellApart({ namespace, labels }: { readonly namespace: string; readonly labels: Labels }): boolean {
    if (this.byNamespace.size === 0) return false;
    return [namespace, undefined].some((place) => this.byNamespace.get(place)?.some((selector) => isOpen(selector, labels)));
  }
}

/** Whether a selector asks nothing else of labels than some that are given to pods. */
function isOpen(selector: Labels, labels: Labels): boolean {
  const missing = Object.keys(selector).filter((key) => labels[key] !== selector[key]);
  return missing.length > 0 && missing.every((key) => labels[key] === undefined && isGiven(key));
}
