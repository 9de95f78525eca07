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
   * of cdk8s-plus (any version), or an ApiObject in `Pods.of`. The policy selects pods by all labels of its pod template,
   * read at synth. To select pods by labels alone, pass `Pods.withLabels`.
   */
  readonly workload: IWorkload;

  /**
   * What the workload's proxies accept on all ports without an exception.
   *
   * @default - the mode of the namespace or mesh
   */
  readonly mode?: MtlsMode;

  /**
   * Exceptions for individual ports of the pods' containers.
   *
   * @default - none
   */
  readonly ports?: PortMtls[];

  /**
   * The namespace of the pods.
   *
   * @default - the workload's; with `Pods.withLabels`, the chart's; an error if there is none
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
 * Istio's PeerAuthentication for one workload: sets its mutual TLS mode, which overrides its namespace's, with exceptions for
 * individual container ports.
 *
 * Emits one PeerAuthentication with a selector, in the workload's namespace.
 *
 * @throws if `workload` isn't a workload, or is `Pods.withLabels` without labels, if there is no namespace, if a port is invalid or
 * a duplicate, if a mode isn't a mode of Istio, or if neither `mode` nor `ports` is given; at synth, if the pod template has no
 * labels, if an exception is for a Service's port instead of the container's, if the namespace is the root namespace (Istio
 * never applies a policy with a selector there), or if another override in the app selects the same labels (Istio applies
 * only the oldest)
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
  /** The namespace of the workload and the policy. */
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
    checkPortExceptions({
      policy: this, selection, ports: ports.filter((exception) => exception.mode !== MtlsMode.UNSET).map(({ port }) => port),
    });
  }
}

function saysNothing(refuse: Refuse): Error {
  return refuse({
    code: 'API011',
    field: 'mode',
    actual: "missing, and 'ports' is empty",
    expected: 'a mode, a port exception or both',
    because: 'an empty policy still shadows newer ones for the same pods',
    fix: "pass 'mode'",
  });
}
