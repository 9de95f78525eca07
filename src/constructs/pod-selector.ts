import { IConstruct } from 'constructs';
import { shownConstruct } from './api-object';
import { labelValues, Refuse } from './refuse';
import { isMapping, Mapping, mapping } from '../manifests/mapping';

/** The pods that a selector of cdk8s-plus means, as far as a selector of Istio can say it. */
export interface SelectedPods {
  readonly labels: Record<string, string>;
  /** Undefined: the namespace of whatever selects by it. */
  readonly namespace?: string;
}

/** What makes a construct a selector, in cdk8s-plus of every version. */
interface PodSelector {
  toPodSelectorConfig(): unknown;
}

/** Whether a construct is a selector of cdk8s-plus. */
export function isPodSelector(construct: unknown): construct is PodSelector & IConstruct {
  return typeof (construct as Partial<PodSelector> | undefined)?.toPodSelectorConfig === 'function';
}

/** How what selects by it calls its fields. */
interface FieldWords {
  /** The prop that takes the pods. */
  readonly workload: string;
  /** Istio's selector, as in YAML. */
  readonly field: string;
}

/** Reads a selector of cdk8s-plus. */
export function selectedPods(selector: IConstruct, { workload: prop, field }: FieldWords, refuse: Refuse): SelectedPods {
  if (!isPodSelector(selector)) {
    throw refuse({
      code: 'MTLS008',
      field: prop,
      actual: `Pods.selectedBy of ${shownConstruct(selector)}`,
      expected: 'a selector of cdk8s-plus',
      because: 'nothing else tells which pods are meant',
      fix: 'give Pods.selectedBy what Pods.select of cdk8s-plus makes',
    });
  }
  const { labelSelector, namespaces } = mapping(selector.toPodSelectorConfig());
  const { matchLabels = {}, matchExpressions } = selectorOf(labelSelector);
  if (matchExpressions !== undefined) {
    throw refuse({
      code: 'MTLS087',
      field,
      actual: `made of ${shownSelector(selector)} with expressions`,
      expected: 'labels alone',
      because: 'what Istio selects by has no expressions',
      fix: "give Pods.select 'labels' and no 'expressions', or pass each workload",
    });
  }
  return {
    labels: labelValues(matchLabels as Record<string, string>, field, refuse),
    namespace: isMapping(namespaces) ? namespaceIn(namespaces, selector, refuse) : undefined,
  };
}

/** The one namespace that is named; labels of namespaces are never looked up, since what has them isn't known at synth. */
function namespaceIn({ names, labelSelector }: Mapping, selector: IConstruct, refuse: Refuse): string {
  const byLabels = Object.values(selectorOf(labelSelector)).some((part) => part !== undefined);
  const named: readonly unknown[] = Array.isArray(names) ? names : [];
  if (!byLabels && named.length === 1) return named[0] as string;
  const which = byLabels ? 'namespaces by their labels' : named.length > 1 ? `${named.length} namespaces` : 'all namespaces';
  throw refuse({
    code: 'MTLS087',
    field: 'metadata.namespace',
    actual: `that of ${shownSelector(selector)} for ${which}`,
    expected: 'one namespace, by its name',
    because: 'a selector reaches pods of its own namespace only',
    fix: 'make a construct for each namespace, and give Pods.select of each one name of a namespace, or none',
  });
}

function shownSelector({ node }: IConstruct): string {
  return `the selector ${node.path}`;
}

/** `LabelSelector` of cdk8s-plus has no public word for what it says; other classes may give what Kubernetes takes. */
function selectorOf(selector: unknown): Mapping {
  const { _toKube } = mapping(selector) as { readonly _toKube?: unknown };
  return mapping(typeof _toKube === 'function' ? _toKube.call(selector) : selector);
}
