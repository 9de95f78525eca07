import { ApiObject, ApiObjectProps, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { Caller, CallerIdentity } from './caller';
import { guardedWorkloads } from './guarded-workloads';
import { emptyList, renderConditions } from './request-conditions';
import * as security from '../../../imports/security.istio.io';
import { MeshFacts } from '../../integration/mesh-facts';
import { pathIn } from '../api-object';
import { IWorkload } from '../pods';
import { checkMadeBy, checkPortNumbers, Refuse, refusing } from '../refuse';
import { WorkloadSelection } from '../workload-selection';

const WORDS = {
  kind: 'AuthorizationPolicy',
  workload: 'workload',
  field: 'selector.matchLabels',
  everyPod: 'use an AllowedCallers for each workload',
};

/** Makes Istio only count and log what the policy would do. */
const DRY_RUN = { 'istio.io/dry-run': 'true' };

/** Properties of AllowedCallers. */
export interface AllowedCallersProps {
  /**
   * The workload that is called: a Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob, Argo
   * Rollout or Pod, of cdk8s-plus (any version), or an ApiObject in `Pods.of`. The policy selects pods by all labels of its pod
   * template, read at synth. To select pods by labels alone, pass `Pods.withLabels`.
   */
  readonly workload: IWorkload;

  /** Who may call; at least one. */
  readonly callers: Caller[];

  /**
   * The **container's** ports that callers may call, 1 to 65535. The Service's ports may differ. At least one.
   *
   * @default - all ports
   */
  readonly ports?: number[];

  /**
   * The HTTP methods that callers may use, in uppercase. gRPC uses POST. At least one.
   *
   * @default - all methods
   */
  readonly methods?: string[];

  /**
   * The paths that callers may request, without a query: exact, with a `*` at the start or end, or with `{*}` for one segment
   * and `{**}` for any number of segments. Case and a trailing slash matter. At least one.
   *
   * @default - all paths
   */
  readonly paths?: string[];

  /**
   * The hosts that callers may request, as in the Host header. An exact host without a port matches with any port too; one
   * with a `*` at the start or end is emitted as is. Case-insensitive. At least one.
   *
   * @default - all hosts
   */
  readonly hosts?: string[];

  /**
   * Headers that requests must have, each with the values of which one must match: exact, with a `*` at the start or end, or
   * `*` for any value. Callers set headers themselves, so headers don't prove who calls.
   *
   * @default - none
   */
  readonly headers?: { [name: string]: string[] };

  /**
   * Claims of the end user's token, each with the values of which one must match. The app must have a RequiredToken for the
   * workload: without one, no request has claims.
   *
   * @default - none
   */
  readonly claims?: { [claim: string]: string[] };

  /**
   * The namespace of the pods.
   *
   * @default - the workload's; with `Pods.withLabels`, the chart's; an error if there is none
   */
  readonly namespace?: string;

  /**
   * Whether Istio only counts and logs the requests that it would deny, and denies none.
   *
   * @default false
   */
  readonly dryRun?: boolean;

  /**
   * Name of the AuthorizationPolicy.
   *
   * @default - generated from the construct's path
   */
  readonly name?: string;
}

/**
 * Istio's AuthorizationPolicy for one workload: allows only the listed callers to call it, and **all other callers are denied**, on
 * all of its ports.
 *
 * Emits one AuthorizationPolicy with action ALLOW and one rule, in the workload's namespace. Callers are identified by the
 * certificates that their proxies present, in the trust domain of IstioMesh. A caller without a certificate is denied, even
 * if the workload accepts plaintext. Several for one workload add up: a call passes if one of them allows it. Calls that
 * bypass the proxy, such as probes that Istio rewrites, aren't affected.
 *
 * @throws if `workload` isn't a workload, or is `Pods.withLabels` without labels, if there is no namespace or no caller, if a list
 * is empty, or if a port, method, path, host, header or claim is invalid; at synth, as far as the app shows it, if a caller or the
 * workload has no proxy, if an HTTP condition is set for a port that isn't HTTP, if a port is the Service's, if claims are
 * required and nothing validates tokens, or if the namespace is the root namespace, where the labels would select pods in the
 * whole mesh
 * @see https://istio.io/latest/docs/reference/config/security/authorization-policy/
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import * as kplus from 'cdk8s-plus-28';
 * import { AllowedCallers, Caller } from 'cdk8s-istio-mtls';
 *
 * const shop = new Chart(new App(), 'shop', { namespace: 'shop' });
 * const account = new kplus.ServiceAccount(shop, 'web-account');
 * const web = new kplus.Deployment(shop, 'web', { serviceAccount: account, containers: [{ image: 'web:1' }] });
 * const ratings = new kplus.Deployment(shop, 'ratings', { containers: [{ image: 'ratings:1', portNumber: 9080 }] });
 *
 * new AllowedCallers(shop, 'ratings-callers', {
 *   workload: ratings,
 *   callers: [Caller.workload(web)],
 *   ports: [9080],
 *   methods: ['GET'],
 *   paths: ['/ratings/*'],
 * });
 */
export class AllowedCallers extends ApiObject {
  /** The namespace of the workload and the policy. */
  public readonly namespace: string;

  public constructor(scope: Construct, id: string, props: AllowedCallersProps) {
    const path = pathIn(scope, id);
    const refuse = refusing(WORDS.kind, path, props.name);
    const selection = new WorkloadSelection(scope, path, props, WORDS);
    const { namespace } = selection;
    const trustDomain = MeshFacts.of(scope).read('trustDomain', { kind: WORDS.kind, path });
    const callers = identitiesOf(props.callers, trustDomain, refuse);
    const ports = checkedPorts(props.ports, 'ports', refuse);
    const conditions = renderConditions(props, refuse);
    const operation = { ...ports.length > 0 && { ports: ports.map(String) }, ...present(conditions.operation) };
    super(scope, id, authorizationPolicy({ ...props, namespace }, {
      selector: selection.selector(),
      action: 'ALLOW',
      rules: Lazy.any({
        produce: () => [{
          from: sourcesOf(callers),
          ...Object.keys(operation).length > 0 && { to: [{ operation }] },
          ...conditions.when.length > 0 && { when: conditions.when },
        }],
      }),
    }));
    this.namespace = namespace;
    guardedWorkloads.add(this, {
      refuse,
      apiObject: this,
      namespace,
      labels: () => selection.labels(),
      ports: () => ports,
      isExcept: ports.length === 0,
      ofHttp: conditions.ofHttp === undefined ? undefined : {
        field: conditions.ofHttp,
        fix: "list only HTTP ports in 'ports', and allow the callers of other ports with another AllowedCallers, "
          + "or correct the port's name or appProtocol in the Service",
      },
      readsClaims: conditions.ofToken,
      callers: callers.flatMap(({ workload }, index) => (workload ? [{
        field: callerField(index), workload, otherwise: 'call through a workload that has one',
      }] : [])),
    });
  }
}

interface PolicyMetadata {
  readonly namespace: string;
  readonly name?: string;
  readonly dryRun?: boolean;
}

/** An AuthorizationPolicy as properties of a plain ApiObject. */
export function authorizationPolicy({ namespace, name, dryRun }: PolicyMetadata, spec: object): ApiObjectProps {
  const { apiVersion, kind } = security.AuthorizationPolicy.GVK;
  return {
    apiVersion, kind, metadata: { namespace, ...name && { name }, ...dryRun && { annotations: { ...DRY_RUN } } }, spec,
  } as ApiObjectProps;
}

/** Checked container ports; empty for all ports. */
export function checkedPorts(ports: readonly number[] | undefined, field: string, refuse: Refuse): readonly number[] {
  if (ports === undefined || ports === null) return [];
  if (ports.length === 0) throw emptyList(field, refuse);
  checkPortNumbers(ports, { field, entry: 'entry', owner: 'container' }, refuse);
  return [...ports];
}

function identitiesOf(callers: readonly Caller[], trustDomain: string, refuse: Refuse): readonly CallerIdentity[] {
  if (!Array.isArray(callers) || callers.length === 0) {
    throw refuse({
      code: 'API801',
      field: 'callers',
      actual: callers === undefined || callers === null ? 'missing' : 'empty',
      expected: 'at least one caller',
      because: 'Istio reads an empty list as everybody',
      fix: 'list who may call, or use DefaultDeny if nobody may',
    });
  }
  return callers.map((caller: Caller, index) => {
    const field = callerField(index);
    checkMadeBy('Caller', { field, value: caller, member: '_identity' }, refuse);
    return caller._identity({ trustDomain, refuse, field });
  });
}

function callerField(index: number): string {
  return `callers[${index}]`;
}

/** All lists of one source must match, but only one of several sources: so each list gets its own source. */
function sourcesOf(callers: readonly CallerIdentity[]): object[] {
  return (['principals', 'namespaces'] as const).flatMap((list) => {
    const values = [...new Set(callers.filter((one) => one.list === list).map(({ value }) => value()))];
    return values.length === 0 ? [] : [{ source: { [list]: values } }];
  });
}

function present(lists: object): object {
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list !== undefined));
}
