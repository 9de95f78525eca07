import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { apiObjectOf } from './api-object';
import { refusal } from '../findings/refusal';

/**
 * A construct that runs pods: a workload of cdk8s-plus (any version), or an ApiObject of cdk8s. In TypeScript, Python and Go
 * you can pass either directly. In Java, where a class must declare its interfaces, pass `Pods.of(ApiObject.of(deployment))`.
 * A Chart isn't a workload.
 *
 * For pods that no construct of the app runs, pass `Pods.withLabels`; for a selector of cdk8s-plus, `Pods.selectedBy`.
 */
export interface IWorkload {
  /** The API version of the object, such as `apps/v1`. */
  readonly apiVersion: string;

  /** The kind of the object, such as `Deployment`. */
  readonly kind: string;
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
   * Selects the pods of a workload. For a construct of cdk8s-plus, pass `ApiObject.of(workload)`.
   *
   * @param workload a Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob, Argo Rollout or Pod
   * @throws if there is no workload, where the language doesn't reject that itself
   */
  public static of(workload: ApiObject): Pods {
    return new Pods({ workload: given(workload, 'workload', 'a workload', 'pass ApiObject.of(…) of the workload') });
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
    const workload = apiObjectOf(given(selector, 'selector', 'a selector of cdk8s-plus', 'pass what Pods.select of cdk8s-plus returns'));
    return workload ? Pods.of(workload) : new Pods({ selector });
  }

  /** The API version of pods, `v1`. */
  public readonly apiVersion: string = 'v1';

  /** The kind of pods, `Pod`. */
  public readonly kind: string = 'Pod';

  /** @internal */
  public readonly _labels?: { readonly [key: string]: string };
  /** @internal */
  public readonly _workload?: ApiObject;
  /** @internal */
  public readonly _selector?: IConstruct;

  private constructor({ labels, workload, selector }: PodsSource) {
    this._labels = labels;
    this._workload = workload;
    this._selector = selector;
  }
}

/** Where the labels of pods come from: exactly one of these. */
interface PodsSource {
  readonly labels?: { readonly [key: string]: string };
  readonly workload?: ApiObject;
  readonly selector?: IConstruct;
}

/** Rejects a missing value, which plain JavaScript and Python can pass: later, it would fail at another construct. */
function given<T>(value: T, field: string, expected: string, fix: string): T {
  if (value !== undefined && value !== null) return value;
  throw refusal({ code: 'MTLS009', kind: 'Pods', field, actual: 'missing', expected, because: 'it is unclear which pods are meant', fix });
}
