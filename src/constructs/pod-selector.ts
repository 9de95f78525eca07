import { IConstruct } from 'constructs';
import { shownConstruct } from './api-object';
import { labelValues, Refuse } from './refuse';
import { isMapping, Mapping, mapping } from '../manifests/mapping';

/** The pods that a cdk8s-plus selector selects, as far as an Istio selector can express it. */
export interface SelectedPods {
  readonly labels: Record<string, string>;
  /** Undefined: the namespace of the object with the selector. */
  readonly namespace?: string;
}

/** The method that selectors have in every version of cdk8s-plus. */
interface PodSelector {
  toPodSelectorConfig(): unknown;
}

/** Whether a construct is a cdk8s-plus selector. */
export function isPodSelector(construct: unknown): construct is PodSelector & IConstruct {
  return typeof (construct as Partial<PodSelector> | undefined)?.toPodSelectorConfig === 'function';
}

/** The field names to use in errors. */
interface FieldWords {
  /** The prop that takes the pods. */
  readonly workload: string;
  /** Istio's selector, as in YAML. */
  readonly field: string;
}

/** Reads a cdk8s-plus selector. */
export function selectedPods(selector: IConstruct, { workload: prop, field }: FieldWords, refuse: Refuse): SelectedPods {
  if (!isPodSelector(selector)) {
    throw refuse({
      code: 'API008',
      field: prop,
      actual: `Pods.selectedBy of ${shownConstruct(selector)}`,
      expected: 'a selector of cdk8s-plus',
      because: 'nothing else says which pods to select',
      fix: 'pass the result of Pods.select of cdk8s-plus',
    });
  }
  const { labelSelector, namespaces } = mapping(selector.toPodSelectorConfig());
  const { matchLabels = {}, matchExpressions } = selectorOf(labelSelector);
  if (matchExpressions !== undefined) {
    throw refuse({
      code: 'API087',
      field,
      actual: `from ${shownSelector(selector)} with expressions`,
      expected: 'labels only',
      because: "Istio's selectors have no expressions",
      fix: "pass Pods.select 'labels' and no 'expressions', or pass each workload",
    });
  }
  return {
    labels: labelValues(matchLabels as Record<string, string>, field, refuse),
    namespace: isMapping(namespaces) ? namespaceIn(namespaces, selector, refuse) : undefined,
  };
}

/** The one named namespace. Which namespaces have certain labels isn't known at synth. */
function namespaceIn({ names, labelSelector }: Mapping, selector: IConstruct, refuse: Refuse): string {
  const byLabels = Object.values(selectorOf(labelSelector)).some((part) => part !== undefined);
  const named: readonly unknown[] = Array.isArray(names) ? names : [];
  if (!byLabels && named.length === 1) return named[0] as string;
  const which = byLabels ? 'namespaces by their labels' : named.length > 1 ? `${named.length} namespaces` : 'all namespaces';
  throw refuse({
    code: 'API087',
    field: 'metadata.namespace',
    actual: `that of ${shownSelector(selector)} for ${which}`,
    expected: 'one namespace, by its name',
    because: 'a selector applies only to pods in its own namespace',
    fix: 'create a construct for each namespace, and pass each Pods.select one namespace name, or none',
  });
}

function shownSelector({ node }: IConstruct): string {
  return `the selector ${node.path}`;
}

/** `LabelSelector` of cdk8s-plus has no public method to read it; other classes may return the API's selector. */
function selectorOf(selector: unknown): Mapping {
  const { _toKube } = mapping(selector) as { readonly _toKube?: unknown };
  return mapping(typeof _toKube === 'function' ? _toKube.call(selector) : selector);
}
