import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { MtlsMode, peerAuthentication, portLevelMtls, PortMtls } from './peer-authentication';
import { peerPolicies } from './peer-policies';
import { checkPortExceptions } from './port-exceptions';
import { pathIn } from '../api-object';
import { IWorkload } from '../pods';
import { Refuse, refusing } from '../refuse';
import { WorkloadSelection } from '../workload-selection';

const WORDS = {
  kind: 'PeerAuthentication',
  workload: 'workload',
  field: 'selector.matchLabels',
  everyPod: 'use NamespaceOverride',
};

/** Properties of WorkloadOverride. */
export interface WorkloadOverrideProps {
  /**
   * The workload: a Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob, Argo Rollout or Pod,
   * as a construct of cdk8s-plus (any version) or an ApiObject. All labels of its pod template are selected
   * by, as they are at synth. Or `Pods.withLabels`, for pods by their labels alone.
   */
  readonly workload: IWorkload;

  /**
   * What the workload's proxies accept, on all ports but the exceptions.
   *
   * @default - what the namespace or mesh says
   */
  readonly mode?: MtlsMode;

  /**
   * Exceptions for single ports of the pods' containers.
   *
   * @default - none
   */
  readonly ports?: PortMtls[];

  /**
   * The namespace of the pods.
   *
   * @default - the workload's; with `Pods.withLabels`, the chart's; without one it is an error
   */
  readonly namespace?: string;

  /**
   * Name of the PeerAuthentication.
   *
   * @default - generated from the construct's path
   */
  readonly name?: string;
}

/**
 * The mutual TLS mode of one workload, instead of its namespace's, with exceptions for single container ports.
 *
 * Is one PeerAuthentication with a selector, in the workload's namespace.
 *
 * @throws if the workload is none, or `Pods.withLabels` without labels, if no namespace can be found, if a port is given twice or is no port, if a mode is none of Istio's, or if neither mode nor ports are given; at synth, if the pod
 * template has no labels, if an exception names the port of a Service of the app instead of the container's, if the namespace is the root namespace (Istio never applies a selector there), or if
 * another override of the app selects the same labels (Istio applies only the oldest)
 * @see https://istio.io/latest/docs/reference/config/security/peer_authentication/
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import * as kplus from 'cdk8s-plus-28';
 * import { MtlsMode, WorkloadOverride } from 'cdk8s-istio-mtls';
 *
 * const shop = new Chart(new App(), 'shop', { namespace: 'shop' });
 * const ratings = new kplus.Deployment(shop, 'ratings', { containers: [{ image: 'ratings:1', portNumber: 9080 }] });
 *
 * new WorkloadOverride(shop, 'ratings-mtls', {
 *   workload: ratings,
 *   mode: MtlsMode.STRICT,
 *   ports: [{ port: 9090, mode: MtlsMode.PERMISSIVE }], // metrics, scraped in plaintext
 * });
 */
export class WorkloadOverride extends ApiObject {
  /** The namespace of the workload, where the policy lies. */
  public readonly namespace: string;

  public constructor(scope: Construct, id: string, props: WorkloadOverrideProps) {
    const { name } = props;
    const [mode, ports] = [props.mode ?? undefined, props.ports ?? []];
    const path = pathIn(scope, id);
    const refuse = refusing('PeerAuthentication', path);
    if (mode === undefined && ports.length === 0) throw saysNothing(refuse);
    const selection = new WorkloadSelection(scope, path, props, WORDS);
    super(scope, id, peerAuthentication({
      namespace: selection.namespace,
      name,
      mode,
      selector: selection.selector(),
      portLevelMtls: portLevelMtls(ports, refuse),
    }, refuse));
    this.namespace = selection.namespace;
    peerPolicies.add(this, { level: 'workload', apiObject: this, namespace: this.namespace, labels: () => selection.labels() });
    checkPortExceptions({ policy: this, selection, ports: ports.filter((exception) => exception.mode !== MtlsMode.UNSET).map(({ port }) => port) });
  }
}

function saysNothing(refuse: Refuse): Error {
  return refuse({
    code: 'MTLS011',
    field: 'mode',
    actual: "not given, and 'ports' is empty",
    expected: 'a mode, a port exception or both',
    because: 'a policy that says nothing still keeps Istio from applying a younger one to the same pods',
    fix: "pass 'mode'",
  });
}
