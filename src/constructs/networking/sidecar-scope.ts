import { ApiObject, ApiObjectProps, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { CalledService, constructOf, isService, isServiceEntry, namedService } from './destination-host';
import { egressHosts, readHostFacts } from './egress-hosts';
import { ICallable } from './services';
import { checkSeen, sidecarScopes } from './sidecar-scope-checks';
import * as networking from '../../../imports/networking.istio.io';
import { apiObjectOf, pathIn, shownConstruct } from '../api-object';
import { OutboundTrafficPolicyMode } from '../installation/mesh-config-props';
import { namespaceOf } from '../namespace';
import { IWorkload } from '../pods';
import { refuseNonText, checkWord, Refuse, refusing } from '../refuse';
import { WorkloadSelection } from '../workload-selection';

const KIND = 'Sidecar';
/** The only modes that a Sidecar supports. */
const { REGISTRY_ONLY, ALLOW_ANY } = OutboundTrafficPolicyMode;
const WORDS = { kind: KIND, workload: 'workload', field: 'workloadSelector.labels', everyPod: "remove 'workload'" };

/** Properties of SidecarScope. */
export interface SidecarScopeProps {
  /**
   * The workload whose sidecars the scope applies to: of cdk8s-plus (any version), or an ApiObject in `Pods.of`. The Sidecar
   * selects pods by all labels of its pod template, read at synth. To select pods by labels alone, pass `Pods.withLabels`.
   *
   * @default - all pods in the namespace that no other scope selects
   */
  readonly workload?: IWorkload;

  /**
   * What the pods call: Services of cdk8s-plus (any version) and ExternalServices; for an ApiObject, or a Service that isn't in the
   * app, see `Services`. An empty list means that they call nothing.
   *
   * @default - only `hosts`
   */
  readonly calls?: ICallable[];

  /**
   * Other hosts that the pods call, as `namespace/host` with the namespace of the Service or ServiceEntry: `shop/*` for a whole
   * namespace, `./*` for their own.
   *
   * @default - only `calls`
   */
  readonly hosts?: string[];

  /**
   * What sidecars do with calls to a host outside the scope. REGISTRY_ONLY drops them. ALLOW_ANY forwards them as the application
   * sent them, **without mutual TLS**, even to a Service in the mesh.
   *
   * @default - the mesh config's, which is ALLOW_ANY by default
   */
  readonly outboundTrafficPolicy?: OutboundTrafficPolicyMode;

  /**
   * The namespace of the pods.
   *
   * @default - the workload's; with `Pods.withLabels`, or without `workload`, the chart's; an error if there is none
   */
  readonly namespace?: string;

  /**
   * Name of the Sidecar.
   *
   * @default - 'default' for a whole namespace, otherwise generated from the construct's path
   */
  readonly name?: string;
}

/**
 * Istio's Sidecar for one workload, or a namespace: limits the configuration of its sidecars to the hosts that their applications
 * call, so that they need less memory and get fewer updates from istiod.
 *
 * Emits one Sidecar. Besides the given hosts, it includes the whole root namespace, and the app's VirtualServices for these hosts
 * in any namespace, because sidecars would otherwise lose their routes. It isn't a firewall: see `outboundTrafficPolicy`.
 *
 * @throws if `workload` isn't a workload, or has no labels, if neither `calls` nor `hosts` is given, if one of `calls` has no host or
 * namespace, or if the scope is for the whole root namespace, where it would apply to the whole mesh; at synth, if another
 * Sidecar in the app is for the same pods, or if one of `calls` isn't exported to the namespace
 * @see https://istio.io/latest/docs/reference/config/networking/sidecar/
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import * as kplus from 'cdk8s-plus-28';
 * import { OutboundTrafficPolicyMode, SidecarScope } from 'cdk8s-istio-mtls';
 *
 * const shop = new Chart(new App(), 'shop', { namespace: 'shop' });
 * const web = new kplus.Deployment(shop, 'web', { containers: [{ image: 'web:1', portNumber: 8080 }] });
 * const reviews = new kplus.Service(shop, 'reviews', { ports: [{ port: 9080 }] });
 *
 * new SidecarScope(shop, 'web-scope', { workload: web, calls: [reviews], outboundTrafficPolicy: OutboundTrafficPolicyMode.REGISTRY_ONLY });
 */
export class SidecarScope extends ApiObject {
  /** The namespace of the pods and the Sidecar. */
  public readonly namespace: string;

  public constructor(scope: Construct, id: string, props: SidecarScopeProps) {
    const { workload, name, hosts = [], outboundTrafficPolicy } = props;
    const path = pathIn(scope, id);
    const refuse = refusing(KIND, path);
    const { rootNamespace } = readHostFacts(scope, path);
    const pods = workload && new WorkloadSelection(scope, path, { workload, namespace: props.namespace }, WORDS);
    const namespace = pods?.namespace ?? namespaceOf({ scope, path, kind: KIND, asked: props.namespace });
    if (!pods && namespace === rootNamespace) throw ofWholeMesh(namespace, refuse);
    for (const host of Array.isArray(hosts) ? hosts : []) refuseNonText('egress.hosts', host, 'API825', refuse);
    const services = calledBy(props, refuse);
    if (outboundTrafficPolicy !== undefined) {
      checkWord('outboundTrafficPolicy.mode', outboundTrafficPolicy, { REGISTRY_ONLY, ALLOW_ANY }, refuse);
    }
    super(scope, id, {
      ...networking.Sidecar.GVK,
      metadata: name || !pods ? { namespace, name: name ?? 'default' } : { namespace },
      spec: {
        workloadSelector: pods && Lazy.any({ produce: () => ({ labels: pods.labels() }) }),
        egress: [{ hosts: Lazy.any({ produce: () => egressHosts(this, services, hosts) }) }],
        outboundTrafficPolicy: outboundTrafficPolicy && { mode: outboundTrafficPolicy },
      },
    } as ApiObjectProps);
    this.namespace = namespace;
    sidecarScopes.add(this, {
      apiObject: this,
      namespace,
      labels: () => pods?.labels() ?? {},
      check: () => services.forEach(({ object }) => object && checkSeen(object, namespace, refuse)),
    });
  }
}

/** The Services and external hosts in `calls`. */
function calledBy({ calls, hosts }: SidecarScopeProps, refuse: Refuse): CalledService[] {
  if (calls === undefined && hosts === undefined) {
    throw refuse({
      code: 'API825',
      field: 'egress.hosts',
      actual: "without 'calls' and 'hosts'",
      expected: 'what the pods call',
      because: 'their sidecars would know none of the hosts that they call',
      fix: "pass 'calls', or an empty list if they call nothing",
    });
  }
  return (calls ?? []).map((call) => {
    const named = namedService(call, 'calls', refuse);
    if (named) return named;
    const object = apiObjectOf(constructOf(call));
    const namespace = object?.metadata.namespace;
    if (object && (isService(object) || isServiceEntry(object)) && namespace) return { object, name: object.name, namespace };
    throw refuse({
      code: 'API825',
      field: 'egress.hosts',
      actual: `with ${shownConstruct(constructOf(call))}`,
      expected: 'a Service (v1), a ServiceEntry or an ExternalService with a namespace',
      because: 'an entry is a namespace and a host',
      fix: "pass the Service itself, or its namespace and host in 'hosts'",
    });
  });
}

function ofWholeMesh(namespace: string, refuse: Refuse): Error {
  return refuse({
    code: 'API825',
    field: 'metadata.namespace',
    actual: `the root namespace '${namespace}'`,
    expected: 'another namespace, or a workload',
    because: 'without a selector, it would apply to every namespace that has no Sidecar',
    fix: "pass 'workload', or another namespace",
  });
}
