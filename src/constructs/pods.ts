import { ApiObject, ApiObjectMetadataDefinition, App, Chart } from 'cdk8s';
import { IConstruct } from 'constructs';
import { apiObjectOf } from './api-object';
import { selectedPods } from './pod-selector';
import { ownPodMetadata, podLabels } from './pod-template';
import { refusing } from './refuse';
import { refusal } from '../findings/refusal';

/**
 * A construct that runs pods: a workload of cdk8s-plus (any version). In TypeScript, Python and Go you can pass it directly. In
 * Java, where a class must declare its interfaces, pass `Pods.of(deployment)`; for an ApiObject, which keeps no metadata of pods,
 * do so in all languages. A Service, a ServiceAccount or a Chart isn't a workload.
 *
 * For pods that no construct of the app runs, pass `Pods.withLabels`; for a selector of cdk8s-plus, `Pods.selectedBy`.
 */
export interface IWorkload {
  /** The API version of the object, such as `apps/v1`. */
  readonly apiVersion: string;

  /** The kind of the object, such as `Deployment`. */
  readonly kind: string;

  /** The metadata of the pods, with their labels. */
  readonly podMetadata: ApiObjectMetadataDefinition;
}

/**
 * Selects the pods of a workload, pods with certain labels, or those of a cdk8s-plus selector.
 *
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { MtlsMode, Pods, WorkloadOverride } from 'cdk8s-istio-mtls';
 *
 * const shop = new Chart(new App(), 'shop', { namespace: 'shop' });
 * new WorkloadOverride(shop, 'ratings', { workload: Pods.withLabels({ app: 'ratings' }), mode: MtlsMode.STRICT });
 */
export class Pods implements IWorkload {
  /**
   * Selects the pods in a namespace that have all of these labels.
   *
   * @param labels at least one: without labels, all pods in the namespace would be selected, so the construct that gets the pods throws
   * @throws if there are no labels at all, where the language doesn't reject that itself
   */
  public static withLabels(labels: { [key: string]: string }): Pods {
    return new Pods({ labels: given(labels, 'labels', 'labels of the pods', 'pass at least one label') });
  }

  /**
   * Selects the pods of a workload: an ApiObject, or a construct of cdk8s-plus or your own that contains one. The construct that
   * gets the pods throws if it is something else.
   *
   * @param workload a Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob, Argo Rollout or Pod
   * @throws if there is no workload, where the language doesn't reject that itself
   */
  public static of(workload: IConstruct): Pods {
    return new Pods({ workload: given(workload, 'workload', 'a workload', 'pass the construct of the workload') });
  }

  /**
   * Selects the pods of a cdk8s-plus selector (any version): `Pods.select` with labels and at most one namespace. The
   * construct that gets the pods reads the selector when it is created. A workload, which is also a selector in cdk8s-plus,
   * works as with `Pods.of`.
   *
   * Without `namespaces`, the pods are in the namespace of the construct that gets them. That construct throws if the
   * selector has no labels, has expressions or namespace labels, or has `namespaces` with other than one name: Istio's
   * selectors have only labels and apply to one namespace.
   *
   * @param selector the result of `Pods.select` of cdk8s-plus
   * @throws if there is no selector, where the language doesn't reject that itself
   * @example
   *
   * import { App, Chart } from 'cdk8s';
   * import * as kplus from 'cdk8s-plus-28';
   * import { MtlsMode, Pods, WorkloadOverride } from 'cdk8s-istio-mtls';
   *
   * const platform = new Chart(new App(), 'platform', { namespace: 'platform' });
   * const ratings = kplus.Pods.select(platform, 'ratings', {
   *   labels: { app: 'ratings' },
   *   namespaces: kplus.Namespaces.select(platform, 'shop', { names: ['shop'] }),
   * });
   * new WorkloadOverride(platform, 'ratings-mtls', { workload: Pods.selectedBy(ratings), mode: MtlsMode.STRICT });
   */
  public static selectedBy(selector: IConstruct): Pods {
    const construct = given(selector, 'selector', 'a selector of cdk8s-plus', 'pass what Pods.select of cdk8s-plus returns');
    return apiObjectOf(construct) ? Pods.of(construct) : new Pods({ selector: construct });
  }

  /** The API version of pods, `v1`. */
  public readonly apiVersion: string = 'v1';

  /** The kind of pods, `Pod`. */
  public readonly kind: string = 'Pod';

  /** @internal */
  public readonly _labels?: { readonly [key: string]: string };
  /** @internal */
  public readonly _workload?: IConstruct;
  /** @internal */
  public readonly _selector?: IConstruct;

  private constructor({ labels, workload, selector }: PodsSource) {
    this._labels = labels;
    this._workload = workload;
    this._selector = selector;
  }

  /**
   * The metadata of the pods. For a workload of cdk8s-plus it is the workload's own, to which labels can be added; otherwise a copy
   * with the labels as they are now.
   */
  public get podMetadata(): ApiObjectMetadataDefinition {
    const object = this._workload && apiObjectOf(this._workload);
    return (object && ownPodMetadata(object)) ?? podWith(object ? podLabels(object) : this.givenLabels());
  }

  private givenLabels(): Record<string, string> {
    const words = { workload: 'workload', field: 'labels' };
    return this._selector ? selectedPods(this._selector, words, refusing('Pods', this._selector.node.path)).labels : { ...this._labels };
  }
}

/** The metadata of a pod with these labels, in an app of its own. */
function podWith(labels: Record<string, string>): ApiObjectMetadataDefinition {
  return new ApiObject(new Chart(new App(), 'pods'), 'pod', { apiVersion: 'v1', kind: 'Pod', metadata: { labels } }).metadata;
}

/** Where the labels of pods come from: exactly one of these. */
interface PodsSource {
  readonly labels?: { readonly [key: string]: string };
  readonly workload?: IConstruct;
  readonly selector?: IConstruct;
}

/** Rejects a missing value, which plain JavaScript and Python can pass: later, it would fail at another construct. */
function given<T>(value: T, field: string, expected: string, fix: string): T {
  if (value !== undefined && value !== null) return value;
  throw refusal({ code: 'API009', kind: 'Pods', field, actual: 'missing', expected, because: 'it is unclear which pods are meant', fix });
}
