import { ApiObject } from 'cdk8s';

/**
 * A construct that runs pods: a workload of cdk8s-plus, of whatever version, or an ApiObject of cdk8s. Each is one without
 * further ado in TypeScript, Python and Go; a Chart is none. In Java, where a class must name its interfaces, take
 * `Pods.of(ApiObject.of(deployment))`.
 *
 * Pods that no construct of the app runs are `Pods.withLabels`.
 */
export interface IWorkload {
  /** The API version of the object, such as `apps/v1`. */
  readonly apiVersion: string;

  /** The kind of the object, such as `Deployment`. */
  readonly kind: string;
}

/**
 * The pods of a workload, or those with certain labels.
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
   * The pods of a namespace that have all of these labels.
   *
   * @param labels at least one; none would mean all pods of the namespace, and is refused by the construct that they are given to
   */
  public static withLabels(labels: { [key: string]: string }): Pods {
    return new Pods(labels, undefined);
  }

  /**
   * The pods of a workload: what `ApiObject.of(workload)` gives for a construct of cdk8s-plus.
   *
   * @param workload a Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob, Argo Rollout or Pod
   */
  public static of(workload: ApiObject): Pods {
    return new Pods(undefined, workload);
  }

  /** The API version of pods, `v1`. */
  public readonly apiVersion: string = 'v1';

  /** The kind of pods, `Pod`. */
  public readonly kind: string = 'Pod';

  private constructor(
    /** @internal */
    public readonly _labels: { readonly [key: string]: string } | undefined,
    /** @internal */
    public readonly _workload: ApiObject | undefined,
  ) {}
}
